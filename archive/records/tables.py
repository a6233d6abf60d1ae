"""Lists of files and entries."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.intake.models import Batch
from archive.records.models import BulkApproval, Entry

NOWRAP = {"td": {"class": "nowrap"}}


class BatchFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(field_name="file_name", lookup_expr="icontains", label=_("File name contains"))

    class Meta:
        model = Batch
        fields = ["state", "name"]


class BatchTable(tables.Table):
    file_name = tables.Column(linkify=("records:batch", [tables.A("code")]))
    code = tables.Column(verbose_name=_("number"), attrs=NOWRAP)
    uploaded_by = tables.Column(verbose_name=_("uploaded by"))
    state = tables.TemplateColumn("{% state record.state record.get_state_display %}")
    rows_total = tables.Column(verbose_name=_("rows"), attrs={"td": {"class": "number"}})
    good = tables.Column(
        accessor="good_rows", verbose_name=_("good rows"), orderable=False, attrs={"td": {"class": "number"}}
    )
    refused = tables.Column(
        accessor="refused_rows", verbose_name=_("refused"), orderable=False, attrs={"td": {"class": "number"}}
    )

    class Meta:
        model = Batch
        fields = ("uploaded_at", "file_name", "code", "uploaded_by", "state", "rows_total", "good", "refused")
        order_by = "-uploaded_at"

    def value_state(self, record):
        return record.get_state_display()


class EntryTable(tables.Table):
    pick = tables.TemplateColumn(
        template_name="records/pick.html", verbose_name="", orderable=False, exclude_from_export=True
    )
    number = tables.Column(
        accessor="record__number",
        verbose_name=_("record"),
        linkify=("records:entry", [tables.A("record__number")]),
        attrs=NOWRAP,
    )
    person = tables.Column(accessor="person__name", verbose_name=_("name"), attrs=NOWRAP)
    item = tables.Column(
        accessor="item__name", order_by="item_code", verbose_name=_("item"), attrs={"td": {"class": "wide"}}
    )
    act_date = tables.Column(attrs=NOWRAP)
    approvable_from = tables.Column(attrs=NOWRAP)
    state = tables.TemplateColumn(
        "{% state record.state record.get_state_display %}"
        '{% if record.is_disputed %} {% state "in_dispute" _("in dispute") %}{% endif %}'
    )
    statement = tables.TemplateColumn(
        '{% if record.answered %}{% state "review" _("statement") %}{% endif %}',
        verbose_name=_("statement"),
        orderable=False,
    )

    class Meta:
        model = Entry
        fields = (
            "pick",
            "number",
            "person",
            "item",
            "act_date",
            "document_number",
            "state",
            "approvable_from",
            "statement",
        )
        attrs = {"class": "table stacks"}

    def __init__(self, *args: Any, may_choose: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_choose:
            self.columns.hide("pick")

    def value_state(self, record):
        state = record.get_state_display()
        return f"{state}, {gettext('in dispute')}" if record.is_disputed else state

    def value_statement(self, record):
        return _("yes") if record.answered else ""


class ApprovalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=[choice for choice in BulkApproval.State.choices if choice[0] != "proposed"], label=_("State")
    )

    class Meta:
        model = BulkApproval
        fields = ["state"]


class ApprovalTable(tables.Table):
    code = tables.Column(verbose_name=_("approval"), linkify=("records:approval", [tables.A("code")]), attrs=NOWRAP)
    account = tables.Column(accessor="account__full_name", verbose_name=_("approved by"))
    state = tables.TemplateColumn("{% state record.state record.get_state_display %}")
    rows_total = tables.Column(verbose_name=_("chosen"), attrs={"td": {"class": "number"}})
    approved = tables.Column(verbose_name=_("took effect"), attrs={"td": {"class": "number"}})
    stayed = tables.Column(verbose_name=_("stayed"), orderable=False, attrs={"td": {"class": "number"}})

    class Meta:
        model = BulkApproval
        fields = ("confirmed_at", "code", "account", "state", "rows_total", "approved", "stayed")
        attrs = {"class": "table stacks"}
        order_by = "-confirmed_at"

    def value_state(self, record):
        return record.get_state_display()
