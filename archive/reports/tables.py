"""What bodies were shown and has changed since; the rows of a list's reports."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from archive.reports.models import BundleLine, ReaderNotice
from profiles.common.filters import YesNoFilter


class ReaderNoticeFilter(django_filters.FilterSet):
    matter_number = django_filters.CharFilter(
        field_name="answer__check_asked__matter_number", lookup_expr="icontains", label=_("Matter number")
    )
    person = django_filters.CharFilter(field_name="person__code", lookup_expr="iexact", label=_("Person code"))
    seen = YesNoFilter(field_name="seen_at", lookup_expr="isnull", exclude=True, label=_("Noted"))

    class Meta:
        model = ReaderNotice
        fields = ["matter_number", "person", "seen"]


class ReaderNoticeTable(tables.Table):
    matter_number = tables.Column(
        accessor="answer__check_asked__matter_number",
        verbose_name=_("matter number"),
        linkify=("vetoes:answer", [tables.A("answer__code")]),
    )
    person = tables.Column(accessor="person__code", verbose_name=_("person"))
    asked_at = tables.DateTimeColumn(accessor="answer__check_asked__asked_at", verbose_name=_("checked at"))
    told_at = tables.DateTimeColumn(verbose_name=_("changed, told"))
    state = tables.TemplateColumn(
        '{% if record.seen_at %}{% state "seen" _("noted") %}{% else %}{% state "due" _("new") %}{% endif %}',
        verbose_name=_("state"),
        order_by="seen_at",
    )

    class Meta:
        model = ReaderNotice
        fields = ("matter_number", "person", "asked_at", "told_at", "state")
        order_by = "-told_at"

    def value_state(self, record):
        return _("noted") if record.seen_at else _("new")


class BundleLineFilter(django_filters.FilterSet):
    class Meta:
        model = BundleLine
        fields = ["state", "why"]


class BundleLineTable(tables.Table):
    row = tables.Column(accessor="answer__row", verbose_name=_("row"), attrs={"td": {"class": "number"}})
    name = tables.Column(
        accessor="answer__name",
        orderable=False,
        verbose_name=_("name"),
        linkify=("vetoes:answer", [tables.A("answer__code")]),
    )
    number = tables.Column(accessor="answer__masked_number", orderable=False, verbose_name=_("identity number"))
    state = tables.TemplateColumn(template_name="reports/bundle_state.html", verbose_name=_("state"))
    report = tables.Column(
        accessor="report__number", verbose_name=_("report"), linkify=("reports:for_body", [tables.A("answer__code")]),
        attrs={"td": {"class": "mono"}},
    )  # fmt: skip

    class Meta:
        model = BundleLine
        fields = ("row", "name", "number", "state", "report")
        order_by = "row"
        attrs = {"class": "table table-vcenter card-table stacks"}

    def value_state(self, record):
        return record.get_why_display() or record.get_state_display()
