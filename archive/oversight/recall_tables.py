"""Recalls by body, as a list."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models import RecallTask

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class RecallBodyFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(
        field_name="organisation__name", lookup_expr="icontains", label=_("Name of the body")
    )

    class Meta:
        model = RecallTask
        fields = ["name"]


class RecallBodyTable(tables.Table):
    name = tables.Column(accessor="organisation__name", verbose_name=_("body"), attrs={"td": {"class": "wide"}})
    open = tables.Column(verbose_name=_("to be looked at"), attrs=NUMBER)
    overdue = tables.TemplateColumn(
        '{% if record.overdue %}{% icon "alert-triangle" label=_("overdue") %} {% endif %}{{ record.overdue }}',
        verbose_name=_("overdue"),
        attrs=NUMBER,
    )
    next_deadline = tables.DateColumn(verbose_name=_("next day"), default="—", attrs={"td": {"class": "nowrap"}})
    done = tables.Column(verbose_name=_("done"), attrs=NUMBER)
    stands = tables.Column(verbose_name=_("the decision stood"), attrs=NUMBER)
    withdrawn = tables.Column(verbose_name=_("the decision was withdrawn"), attrs=NUMBER)

    class Meta:
        attrs = {"class": "table wrap-heads stacks"}

    def value_overdue(self, record: Any) -> int:
        return int(record["overdue"])
