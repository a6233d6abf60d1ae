"""A body's own duty: which years it has to state, what the system counted, how many days are left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from archive.catalogue.models import Item
from archive.oversight import figures, rules
from archive.oversight.models import Attestation, Reminder
from archive.records.rules import may_report
from profiles.common.vocabulary import ANY_GROUP, Group
from profiles.organisations.models import Competence, Organisation

SHOWN_YEARS = 5


@dataclass(frozen=True)
class ItemLine:
    """What was reported under one item."""

    item: Item
    groups: list[Any]
    reported: int
    late: int


@dataclass
class Duty:
    """A body's duty for a year. `days_left` counts working days until the due day, negative once it is over."""

    organisation: Organisation
    year: int
    groups: list[str]
    due: dt.date
    days_left: int
    statement: Attestation | None
    reminder: Reminder | None
    is_over: bool  # the year is over: it can be stated
    figures: figures.Figures = field(default_factory=figures.Figures)

    @property
    def is_open(self) -> bool:
        return self.statement is None and self.is_over

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.days_left < 0

    @property
    def days_over(self) -> int:
        return -self.days_left

    @property
    def state(self) -> str:
        if self.statement is not None:
            return "signed"
        if not self.is_over:
            return "not_due"
        return "overdue" if self.is_overdue else "due"

    @property
    def group_labels(self) -> list[Any]:
        return [Group(code).label for code in self.groups]


def duties(organisation: Organisation, *, day: dt.date, with_figures: bool = True) -> list[Duty]:
    """The last years, newest first, in which the body had a competence to report. A fixed number of queries."""
    years = range(day.year - SHOWN_YEARS + 1, day.year + 1)
    competences = list(Competence.objects.filter(organisation=organisation, role=Competence.Role.REPORT))
    if not competences:
        return []
    stated = {row.year: row for row in Attestation.objects.standing().filter(organisation=organisation, year__in=years)}
    reminders: dict[int, Reminder] = {}
    for reminder in Reminder.objects.filter(organisation=organisation, year__in=years).order_by("sent_at"):
        reminders[reminder.year] = reminder
    deadlines = figures.Deadlines()
    counted = figures.by_body(years, organisation=organisation) if with_figures else {}
    found = []
    for year in reversed(years):
        groups = figures.groups_in(competences, year)
        if not groups:
            continue
        due = deadlines.due(organisation.jurisdiction, year)
        found.append(
            Duty(
                organisation=organisation,
                year=year,
                groups=groups,
                due=due,
                days_left=rules.working_days_between(day, due, deadlines.calendar) if day <= due
                else -max(1, rules.working_days_between(due, day, deadlines.calendar)),
                statement=stated.get(year),
                reminder=reminders.get(year),
                is_over=year < day.year,
                figures=counted.get((organisation.pk, year), figures.Figures()),
            )
        )  # fmt: skip
    return found


def asked_now(organisation: Organisation, *, day: dt.date) -> Duty | None:
    """The statement that the body owes now: the one about last year, unless it is signed."""
    for duty in duties(organisation, day=day, with_figures=False):
        if duty.year == day.year - 1:
            return duty if duty.is_open else None
    return None


def lines(duty: Duty) -> tuple[list[ItemLine], list[Item]]:
    """(items with entries, other items that the body may report) for the duty's groups. Two queries."""
    items = {item.code: item for item in Item.objects.newest()}
    found = []
    for code, reported, late in figures.by_item(duty.year, organisation=duty.organisation):
        item = items[code]
        groups = (
            duty.group_labels if ANY_GROUP in item.groups else [Group(g).label for g in item.groups if g in duty.groups]
        )
        found.append(ItemLine(item, groups, reported, late))
    with_entries = {line.item.code for line in found}
    others = [
        item
        for item in items.values()
        if item.valid_to is None
        and item.code not in with_entries
        and may_report(item, kind=duty.organisation.kind, groups=frozenset(duty.groups))
    ]
    return found, others
