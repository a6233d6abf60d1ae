"""Lists of members."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from profiles.common.filters import YesNoFilter
from profiles.people.models import Membership, Person
from profiles.people.rules import normalise_name


class MemberFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(method="by_name", label=_("Name begins with"))
    current = YesNoFilter(field_name="left_on", lookup_expr="isnull", label=_("Still a member"))

    class Meta:
        model = Membership
        fields = ["name", "group", "current"]

    def by_name(self, queryset, name, value):
        """Also who was formerly called exactly so."""
        return queryset.filter(
            Q(person__name__istartswith=value) | Q(person__in=Person.objects.called(normalise_name(value)))
        )


class MemberTable(tables.Table):
    person = tables.Column(
        accessor="person__name",
        verbose_name=_("name"),
        linkify=lambda record: reverse("people:person", args=[record.person.code]),
    )
    left = tables.TemplateColumn(
        template_name="people/left.html", verbose_name=_("state"), orderable=False, exclude_from_export=True
    )

    class Meta:
        model = Membership
        fields = ("person", "group", "unit", "licence_number", "joined_on", "left_on", "left")
        order_by = "person"
