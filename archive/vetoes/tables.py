"""Lists of checks, answers and rules."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models import (
    Answer,
    Check,
    Contest,
    Outcome,
    RuleAdoption,
    RuleDraft,
    RuleVersion,
)
from profiles.common.filters import YesNoFilter
from profiles.common.vocabulary import Event, Group


class CheckFilter(django_filters.FilterSet):
    matter_number = django_filters.CharFilter(lookup_expr="icontains", label=_("Matter number"))

    class Meta:
        model = Check
        fields = ["matter_number", "group", "event"]


class CheckTable(tables.Table):
    matter_number = tables.Column(linkify=("vetoes:check", [tables.A("code")]))
    account = tables.Column(verbose_name=_("asked by"))
    result = tables.TemplateColumn(template_name="vetoes/counts.html", verbose_name=_("result"), orderable=False)
    kind = tables.TemplateColumn(
        '{% if record.batch_id %}{% translate "list" %}{% elif record.watch_code %}{% translate "continuous check" %}'
        '{% else %}{% translate "one person" %}{% endif %}',
        verbose_name=_("kind"),
        order_by="batch_id",
    )

    class Meta:
        model = Check
        fields = ("asked_at", "matter_number", "kind", "group", "event", "account", "result")
        order_by = "-asked_at"

    def value_result(self, record):
        labels = dict(Outcome.choices)
        return " · ".join(f"{labels[key]} {count}" for key, count in record.counts.items())

    def value_kind(self, record):
        if record.watch_code:
            return _("continuous check")
        return _("list") if record.batch_id else _("one person")


class AnswerFilter(django_filters.FilterSet):
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label=_("Outcome"))
    decided = YesNoFilter(field_name="decision", lookup_expr="isnull", exclude=True, label=_("Decided"))

    class Meta:
        model = Answer
        fields = ["outcome", "decided"]


class AnswerTable(tables.Table):
    row = tables.Column(attrs={"td": {"class": "number"}})
    name = tables.Column(orderable=False, verbose_name=_("name"), linkify=("vetoes:answer", [tables.A("code")]))
    number = tables.Column(accessor="masked_number", orderable=False, verbose_name=_("identity number"))
    outcome = tables.TemplateColumn(template_name="vetoes/outcome.html", verbose_name=_("outcome"))
    decision = tables.TemplateColumn(template_name="vetoes/decision.html", orderable=False, verbose_name=_("decision"))

    class Meta:
        model = Answer
        fields = ("row", "name", "number", "outcome", "decision")
        order_by = "row"

    def value_outcome(self, record):
        return record.get_outcome_display()

    def value_decision(self, record):
        return record.decision.get_kind_display() if hasattr(record, "decision") else ""


class DraftFilter(django_filters.FilterSet):
    rule_code = django_filters.CharFilter(lookup_expr="icontains", label=_("Rule"))

    class Meta:
        model = RuleDraft
        fields = ["rule_code", "state"]


class DraftTable(tables.Table):
    code = tables.Column(linkify=("vetoes:draft", [tables.A("code")]))
    state = tables.TemplateColumn("{% state record.state record.get_state_display %}")
    drafted_by = tables.Column(verbose_name=_("drafted by"))
    approved_by = tables.Column(verbose_name=_("approved by"))

    class Meta:
        model = RuleDraft
        fields = ("code", "rule_code", "state", "drafted_by", "changed_at", "valid_from", "approved_by")
        order_by = "-changed_at"

    def value_state(self, record):
        return record.get_state_display()


class AdoptionFilter(django_filters.FilterSet):
    rule_code = django_filters.CharFilter(lookup_expr="icontains", label=_("Rule"))
    waiting = YesNoFilter(field_name="approved_at", lookup_expr="isnull", label=_("Waits for approval"))

    class Meta:
        model = RuleAdoption
        fields = ["rule_code", "waiting"]


class AdoptionTable(tables.Table):
    code = tables.Column(linkify=("vetoes:adoption", [tables.A("code")]), verbose_name=_("number"))
    organisation = tables.Column(verbose_name=_("body"))
    state = tables.TemplateColumn(
        "{% state record.state record.get_state_display %}", verbose_name=_("state"), orderable=False
    )

    class Meta:
        model = RuleAdoption
        fields = ("code", "rule_code", "organisation", "document_number", "valid_from", "valid_to", "state")
        order_by = "-code"

    def value_state(self, record):
        return record.get_state_display()


class ContestFilter(django_filters.FilterSet):
    open = YesNoFilter(field_name="reviewed_at", lookup_expr="isnull", label=_("Open"))

    class Meta:
        model = Contest
        fields = ["open", "outcome"]


class ContestTable(tables.Table):
    matter = tables.Column(
        accessor="decision__answer__check_asked__matter_number",
        verbose_name=_("matter number"),
        linkify=("vetoes:review", [tables.A("decision__answer__code")]),
    )
    person = tables.Column(accessor="decision__answer__name", orderable=False, verbose_name=_("name"))
    decider = tables.Column(verbose_name=_("decided by"))
    outcome = tables.TemplateColumn(
        '{% if record.outcome %}{% state record.outcome record.get_outcome_display %}{% else %}{% translate "open" %}{% endif %}',
        verbose_name=_("state"),
    )

    class Meta:
        model = Contest
        fields = ("review_until", "matter", "person", "decider", "made_at", "outcome")
        order_by = "review_until"

    def value_outcome(self, record):
        return record.get_outcome_display() if record.outcome else _("open")


class RuleFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="by_text", label=_("Name or code"))
    group = django_filters.ChoiceFilter(choices=Group.choices, method="by_group", label=_("Group"))
    event = django_filters.ChoiceFilter(choices=Event.choices, method="by_event", label=_("Event"))

    class Meta:
        model = RuleVersion
        fields = ["text", "group", "event", "effect", "status"]

    def by_text(self, queryset, name, value):
        return queryset.filter(Q(code__icontains=value) | Q(name_zh__icontains=value) | Q(name_en__icontains=value))

    def by_group(self, queryset, name, value):
        return queryset.filter(groups__overlap=[value, "*"])

    def by_event(self, queryset, name, value):
        return queryset.filter(events__contains=[value])


class RuleTable(tables.Table):
    code = tables.Column(linkify=("vetoes:rule", [tables.A("code")]))
    name = tables.Column(order_by="name_zh", verbose_name=_("rule"))
    effect = tables.TemplateColumn("{% state record.effect record.get_effect_display %}")
    status = tables.TemplateColumn("{% state record.status record.get_status_display %}")

    class Meta:
        model = RuleVersion
        fields = ("code", "name", "effect", "level", "status", "mark")
        order_by = "code"

    def value_effect(self, record):
        return record.get_effect_display()

    def value_status(self, record):
        return record.get_status_display()
