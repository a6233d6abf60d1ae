"""The catalogue as a list."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item, Mark, Polarity, Severity
from profiles.common.vocabulary import Group


class ItemFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="by_text", label=_("Name or code"))
    group = django_filters.ChoiceFilter(choices=Group.choices, method="by_group", label=_("Group"))
    severity = django_filters.ChoiceFilter(choices=Severity.choices, label=_("Severity"))
    polarity = django_filters.ChoiceFilter(choices=Polarity.choices, label=_("Polarity"))
    mark = django_filters.ChoiceFilter(choices=Mark.choices, label=_("Provenance"))

    class Meta:
        model = Item
        fields = ["text", "group", "severity", "polarity", "mark"]

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(code__icontains=value)
            | Q(name_zh__icontains=value)
            | Q(name_en__icontains=value)
            | Q(aliases__icontains=value)
        )

    def by_group(self, queryset, name, value):
        return queryset.filter(groups__contains=[value])


class ItemTable(tables.Table):
    code = tables.Column(linkify=("catalogue:item", [tables.A("code")]))
    name = tables.Column(order_by="name_zh", verbose_name=_("item"))
    severity = tables.TemplateColumn(template_name="catalogue/severity.html")
    mark = tables.Column(verbose_name=_("provenance"))

    class Meta:
        model = Item
        fields = ("code", "name", "severity", "display", "mark")
        order_by = "code"

    def value_severity(self, record):
        return record.get_severity_display()
