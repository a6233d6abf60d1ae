"""What having the reports of a list made will do, told before anybody confirms it. Nothing is read from an archive."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.access import actions as access
from archive.access.models import Authorisation
from archive.reports.actions.bodies import CLOSED
from archive.reports.models import BundleLine
from archive.vetoes.models import Answer, Check
from profiles.common import moments
from profiles.organisations.models import Organisation

Why = BundleLine.Why

REMEDIES: dict[str, Any] = {
    Why.NOT_FOUND: _("Compare the number with the card and check again."),
    Why.NAME_MISMATCH: _("Compare name and number with the card and check again."),
    Why.UNAUTHORISED: _("Ask the person for an authorisation, then check again."),
    Why.UNREADABLE: _("Correct the number and check again."),
    Why.SAME_ROW: _("The report is with that row."),
    Why.NO_AUTHORISATION: _("Ask the person for an authorisation for this event, then have the reports made again."),
    Why.NOT_COMPETENT: _("Ask the system administrator to enter its legal basis."),
    Why.CANCELLED: _("Have the reports made again."),
    Why.FAILED: _("Have the reports made again; if it fails again, tell the system administrator."),
}
REPLACED = _("An entry in it has changed since it was made")
REPLACED_REMEDY = _("Have the report made again: only a new one says what holds now.")


@dataclass(frozen=True)
class Plan:
    """How many reports would be made; why others would not: `(label, remedy, number of rows)`."""

    ready: int
    without: list[tuple[Any, Any, int]]
    rows: int


def why_none(answer: Answer) -> str:
    """Why the row of an answer can have no report of its own, by the answer alone; "" where it can."""
    if answer.outcome in CLOSED or answer.person_id is None:
        return str(answer.outcome)
    return Why.SAME_ROW.value if answer.same_as_row else ""


def plan_of(asked: Check, *, organisation: Organisation, day: dt.date) -> Plan:
    """Raises ActionRefused where the body is not competent today."""
    competence = access.entitlement(organisation=organisation, group=asked.group, event=asked.event, day=day)
    counts: Counter[str] = Counter()
    people = []
    for answer in asked.answers.only("outcome", "person_id", "same_as_row").iterator():
        why = why_none(answer)
        counts[why] += 1
        if not why:
            people.append(answer.person_id)
    if competence.needs_authorisation:
        authorised = Authorisation.objects.for_check(
            organisation=organisation,
            group=asked.group,
            event=asked.event,
            person_ids=people,
            day=day,
            moment=moments.of_a_question(),
        )
        lacking = sum(1 for person_id in people if person_id not in authorised)
        counts[Why.NO_AUTHORISATION] += lacking
        counts[""] -= lacking
    labels = dict(Why.choices)
    return Plan(
        ready=counts[""],
        without=[(labels[why], REMEDIES[why], counts[why]) for why in Why.values if counts[why]],
        rows=counts.total(),
    )
