"""Lists of members."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from profiles.common.filters import YesNoFilter
from profiles.people.models import Membership


class MemberFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(field_name="person__name", lookup_expr="istartswith", label=_("Name begins with"))
    current = YesNoFilter(field_name="left_on", lookup_expr="isnull", label=_("Still a member"))

    class Meta:
        model = Membership
        fields = ["name", "group", "current"]


class MemberTable(tables.Table):
    person = tables.Column(accessor="person__name", verbose_name=_("name"))
    left = tables.TemplateColumn(
        template_name="people/left.html", verbose_name=_("state"), orderable=False, exclude_from_export=True
    )

    class Meta:
        model = Membership
        fields = ("person", "group", "unit", "licence_number", "joined_on", "left_on", "left")
        order_by = "person"
