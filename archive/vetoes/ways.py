"""The way out of a veto: until when it holds and why, what can be done from which day, whom to ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from archive.records.models import Entry
from archive.vetoes import text
from archive.vetoes.explain import explain
from archive.vetoes.models import Answer
from profiles.common.vocabulary import OrganisationKind
from profiles.organisations.models import Organisation


@dataclass(frozen=True)
class Step:
    """One entry on which the answer rests. Of an entry whose story is not told, only the number and the end are here."""

    entry: Any
    position: int  # of the entry in its record, for the page that counts a date anew
    told: bool
    term: str
    counted_from: dt.date | None
    last_day: dt.date | None
    repair_from: dt.date | None
    source: Any
    clause: dict[str, Any]


@dataclass(frozen=True)
class WayOut:
    """`clear_from` is the first day on which nothing of this bars any more; None where an end is not known or not in law."""

    steps: list[Step] = field(default_factory=list)
    clear_from: dt.date | None = None
    repair_from: dt.date | None = None
    office: Organisation | None = None


def way_out(answer: Answer) -> WayOut:
    """From an answer's findings other than notes."""
    steps = []
    for row in explain(answer):
        if row["finding"].effect == "NOTE":
            continue
        entry, told = row["entry"], row["story"]
        counted_from = entry.document_date if row["clause"]["from"] == "document" else entry.bar and entry.bar.lower
        steps.append(
            Step(
                entry=entry,
                position=Entry.objects.filter(record=entry.record, pk__lte=entry.pk).count(),
                told=told,
                term=text.term(row["clause"]),
                counted_from=(counted_from or None) if told else None,
                last_day=row["finding"].last_day,
                repair_from=entry.repair_from if told else None,
                source=entry.organisation if told else None,
                clause=row["clause"],
            )
        )
    ends = [step.last_day for step in steps]
    repairs = [step.repair_from for step in steps if step.repair_from is not None]
    known = [day for day in ends if day is not None]
    return WayOut(
        steps=steps,
        clear_from=max(known) + dt.timedelta(days=1) if known and len(known) == len(ends) else None,
        repair_from=min(repairs) if repairs else None,
        office=credit_office(answer.organisation),
    )


def credit_office(organisation: Organisation) -> Organisation | None:
    """The credit office of the body's jurisdiction, else any that works under the national values."""
    offices = Organisation.objects.active_on(timezone.localdate()).filter(kind=OrganisationKind.CREDIT_OFFICE)
    own = offices.filter(jurisdiction=organisation.jurisdiction).order_by("pk").first()
    return own or offices.filter(jurisdiction="national").order_by("pk").first()
