"""Lists of continuous checks and their alerts."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models import Outcome, Watch, WatchAlert, WatchOrder
from profiles.common.filters import YesNoFilter
from profiles.common.identity import mask
from profiles.common.vocabulary import Event, Group
from profiles.templatetags.ui import state

WATCHING = _("watching")
STANDINGS: dict[str, Any] = {"watching": WATCHING, **dict(Watch.EndReason.choices)}
CAUSES: dict[str, Any] = {
    "entry.in_force": _("An entry came into force."),
    "entry.changed": _("An entry was changed."),
    "entry.ended": _("An entry was repaired, withdrawn or replaced."),
    "person.changed": _("A name or number was changed, or archives were joined or parted."),
}
NOWRAP = {"td": {"class": "nowrap"}}
STANDING = "{% load watches %}{% watch_standing record.standing %}"
PURPOSE = "{{ record.get_group_display }} · {{ record.get_event_display }}"


def cause_text(kind: str) -> Any:
    return CAUSES.get(kind, _("An entry was changed."))


class WatchFilter(django_filters.FilterSet):
    matter_number = django_filters.CharFilter(method="by_matter", label=_("Matter number"))
    group = django_filters.ChoiceFilter(choices=Group.choices, label=_("Group"))
    event = django_filters.ChoiceFilter(choices=Event.choices, label=_("Event"))
    standing = django_filters.ChoiceFilter(choices=list(STANDINGS.items()), label=_("State"))
    soon = django_filters.ChoiceFilter(
        choices=[("yes", _("yes"))], method="by_soon", label=_("Ends within 30 days"), empty_label=_("all")
    )

    class Meta:
        model = Watch
        fields = ["matter_number", "group", "event", "standing", "soon"]

    def by_matter(self, queryset, name, value):
        orders = WatchOrder.objects.filter(matter_number__icontains=value)
        return queryset.filter(order_id__in=orders.values("pk"))

    def by_soon(self, queryset, name, value):
        return queryset.ending_soon(timezone.localdate())


class WatchTable(tables.Table):
    """Rows `with_standing` and `with_words`."""

    name = tables.Column(orderable=False, verbose_name=_("name"), linkify=("vetoes:watch", [tables.A("code")]))
    number = tables.Column(orderable=False, verbose_name=_("identity number"), attrs=NOWRAP)
    purpose = tables.TemplateColumn(PURPOSE, order_by=("group", "event"), verbose_name=_("for what"))
    matter_number = tables.Column(verbose_name=_("matter number"))
    valid_until = tables.DateColumn(verbose_name=_("last day"), attrs=NOWRAP)
    outcome = tables.Column(verbose_name=_("answer now"))
    standing = tables.TemplateColumn(STANDING, order_by="standing", verbose_name=_("state"))

    class Meta:
        model = Watch
        fields = ("name", "number", "purpose", "matter_number", "valid_until", "outcome", "standing")
        order_by = "valid_until"
        attrs = {"class": "table stacks"}

    def render_number(self, value):
        return mask(value)

    def render_outcome(self, value):
        return state(value, Outcome(value).label)

    def value_outcome(self, value):
        return Outcome(value).label

    def value_purpose(self, record):
        return f"{record.get_group_display()} · {record.get_event_display()}"

    def value_standing(self, record):
        return STANDINGS[record.standing]


class AlertFilter(django_filters.FilterSet):
    matter_number = django_filters.CharFilter(
        field_name="order__matter_number", lookup_expr="icontains", label=_("Matter number")
    )
    outcome = django_filters.ChoiceFilter(field_name="answer__outcome", choices=Outcome.choices, label=_("Answer now"))
    seen = YesNoFilter(field_name="seen_at", lookup_expr="isnull", exclude=True, label=_("Noted"))

    class Meta:
        model = WatchAlert
        fields = ["matter_number", "outcome", "seen"]


class AlertTable(tables.Table):
    person = tables.Column(
        accessor="answer__name", orderable=False, verbose_name=_("name"),
        linkify=("vetoes:watch_alert", [tables.A("code")]),
    )  # fmt: skip
    matter_number = tables.Column(accessor="order__matter_number", verbose_name=_("matter number"))
    purpose = tables.TemplateColumn(
        "{{ record.answer.check_asked.get_group_display }} · {{ record.answer.check_asked.get_event_display }}",
        orderable=False,
        verbose_name=_("for what"),
    )
    before = tables.TemplateColumn(
        "{% state record.before.outcome record.before.get_outcome_display %}", order_by="before__outcome",
        verbose_name=_("before"),
    )  # fmt: skip
    now = tables.TemplateColumn(
        "{% state record.answer.outcome record.answer.get_outcome_display %}", order_by="answer__outcome",
        verbose_name=_("now"),
    )  # fmt: skip
    state = tables.TemplateColumn(
        '{% if record.seen_at %}{% state "seen" _("noted") %}{% else %}{% state "due" _("new") %}{% endif %}',
        verbose_name=_("state"),
        order_by="seen_at",
    )

    class Meta:
        model = WatchAlert
        fields = ("raised_at", "person", "matter_number", "purpose", "before", "now", "state")
        order_by = "-raised_at"
        attrs = {"class": "table stacks"}

    def value_purpose(self, record):
        asked = record.answer.check_asked
        return f"{asked.get_group_display()} · {asked.get_event_display()}"

    def value_before(self, record):
        return record.before.get_outcome_display()

    def value_now(self, record):
        return record.answer.get_outcome_display()

    def value_state(self, record):
        return _("noted") if record.seen_at else _("new")


class MyWatchFilter(django_filters.FilterSet):
    class Meta:
        model = Watch
        fields = ["event"]


class MyWatchTable(tables.Table):
    """For the person: which bodies watch the own archive. Rows `with_standing` and `with_words`."""

    body = tables.Column(verbose_name=_("body"))
    purpose = tables.TemplateColumn(PURPOSE, order_by=("group", "event"), verbose_name=_("for what"))
    matter_number = tables.Column(verbose_name=_("matter number"))
    basis = tables.Column(empty_values=(), order_by="authorisation_id", verbose_name=_("basis"))
    valid_from = tables.DateColumn(verbose_name=_("from"), attrs=NOWRAP)
    valid_until = tables.DateColumn(verbose_name=_("last day"), attrs=NOWRAP)
    standing = tables.TemplateColumn(STANDING, order_by="standing", verbose_name=_("state"))

    class Meta:
        model = Watch
        fields = ("body", "purpose", "matter_number", "basis", "valid_from", "valid_until", "standing")
        order_by = "-valid_from"
        attrs = {"class": "table stacks"}

    def render_basis(self, record):
        return _("your authorisation") if record.authorisation_id else _("statutory duty")

    def value_purpose(self, record):
        return f"{record.get_group_display()} · {record.get_event_display()}"

    def value_standing(self, record):
        return STANDINGS[record.standing]
