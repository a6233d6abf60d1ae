"""Lists of programmes and of applicants."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.gate_text import LABELS, badge, stands
from archive.vetoes.models import Applicant, Outcome, ReviewProgramme
from profiles.templatetags.ui import state

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class ProgrammeFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label=_("Name"))
    open = django_filters.ChoiceFilter(
        choices=[("yes", _("open today")), ("no", _("not open today"))], method="by_open", label=_("Open")
    )

    class Meta:
        model = ReviewProgramme
        fields = ["name", "event", "open"]

    def by_open(self, queryset, name, value):
        open_now = ReviewProgramme.objects.open_on(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=open_now) if value == "yes" else queryset.exclude(pk__in=open_now)


class ProgrammeTable(tables.Table):
    name = tables.Column(linkify=("vetoes:programme", [tables.A("code")]))
    people = tables.Column(verbose_name=_("applicants"), attrs=NUMBER)
    decided = tables.Column(verbose_name=_("decided"), attrs=NUMBER)

    class Meta:
        model = ReviewProgramme
        fields = ("name", "group", "event", "opens_on", "closes_on", "people", "decided")
        order_by = "-made_at"


class ApplicantFilter(django_filters.FilterSet):
    position = django_filters.NumberFilter(label=_("Applicant number"))
    standing = django_filters.ChoiceFilter(
        choices=[(now.value, label) for now, label in LABELS.items()],
        method="by_standing",
        label=_("What it waits for"),
    )
    outcome = django_filters.ChoiceFilter(field_name="answer__outcome", choices=Outcome.choices, label=_("Outcome"))

    class Meta:
        model = Applicant
        fields = ["position", "standing", "outcome"]

    def __init__(self, *args, programme, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme, self.now = programme, now

    def by_standing(self, queryset, name, value):
        return queryset.in_standing(value, self.programme, now=self.now)


class ApplicantTable(tables.Table):
    position = tables.Column(attrs=NUMBER, verbose_name=_("no."))
    name = tables.Column(orderable=False, linkify=("vetoes:applicant", [tables.A("code")]))
    number = tables.Column(accessor="masked_number", orderable=False, verbose_name=_("identity number"))
    outcome = tables.Column(accessor="answer__outcome", verbose_name=_("answer"), default="")
    asked = tables.DateTimeColumn(accessor="answer__check_asked__asked_at", verbose_name=_("asked"), default="")
    standing = tables.Column(accessor="code", verbose_name=_("what it waits for"), orderable=False)
    decided = tables.DateTimeColumn(accessor="final__decided_at", verbose_name=_("decided"), default="")

    class Meta:
        model = Applicant
        fields = ("position", "name", "number", "outcome", "asked", "standing", "decided")
        order_by = "position"

    def render_standing(self, record):
        name, label = badge(stands(record, fresh=record.is_fresh))
        return state(name, label)

    def value_standing(self, record):
        return str(badge(stands(record, fresh=record.is_fresh))[1])

    def render_outcome(self, record):
        return state(record.answer.outcome, record.answer.get_outcome_display())

    def value_outcome(self, record):
        return record.answer.get_outcome_display() if record.answer else ""
