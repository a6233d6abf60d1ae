"""Recalls as a list of tasks."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models import RecallTask

STATES = [("open", _("to be looked at")), ("overdue", _("overdue")), ("done", _("done"))]
NOWRAP = {"td": {"class": "nowrap"}}


class RecallFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("State"))
    outcome = django_filters.ChoiceFilter(choices=RecallTask.Outcome.choices, label=_("Outcome"))
    matter_number = django_filters.CharFilter(
        field_name="answer__check_asked__matter_number", lookup_expr="icontains", label=_("Matter number")
    )

    class Meta:
        model = RecallTask
        fields = ["state", "outcome", "matter_number"]

    def by_state(self, queryset, name, value):
        if value == "overdue":
            return queryset.overdue(timezone.localdate())
        return queryset.open() if value == "open" else queryset.exclude(done_at=None)


class RecallTable(tables.Table):
    person = tables.Column(
        accessor="answer__name", orderable=False, verbose_name=_("name"),
        linkify=("vetoes:recall", [tables.A("code")]),
    )  # fmt: skip
    matter_number = tables.Column(accessor="answer__check_asked__matter_number", verbose_name=_("matter number"))
    purpose = tables.TemplateColumn(
        "{{ record.answer.check_asked.get_group_display }} · {{ record.answer.check_asked.get_event_display }}",
        orderable=False,
        verbose_name=_("for what"),
    )
    answered = tables.TemplateColumn(
        "{% state record.answer.outcome record.answer.get_outcome_display %}",
        order_by="answer__outcome",
        verbose_name=_("answered then"),
    )
    decided = tables.TemplateColumn(
        "{% if record.answer.decision %}{% state record.answer.decision.kind record.answer.decision.get_kind_display %}"
        "{% else %}—{% endif %}",
        orderable=False,
        verbose_name=_("decision"),
    )
    deadline = tables.DateColumn(attrs=NOWRAP)
    state = tables.TemplateColumn(
        template_name="vetoes/recall_state.html", order_by=("-done_at", "deadline"), verbose_name=_("state")
    )

    class Meta:
        model = RecallTask
        fields = ("opened_at", "person", "matter_number", "purpose", "answered", "decided", "deadline", "state")
        order_by = "state"
        attrs = {"class": "table stacks"}

    def before_render(self, request):
        self.context["today"] = timezone.localdate()

    def value_purpose(self, record):
        asked = record.answer.check_asked
        return f"{asked.get_group_display()} · {asked.get_event_display()}"

    def value_answered(self, record):
        return record.answer.get_outcome_display()

    def value_decided(self, record):
        return record.answer.decision.get_kind_display() if hasattr(record.answer, "decision") else ""

    def value_state(self, record):
        if record.done_at:
            return record.get_outcome_display()
        return _("overdue") if record.is_overdue(timezone.localdate()) else _("to be looked at")
