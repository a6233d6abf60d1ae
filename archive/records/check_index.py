"""Lines of the check index, from entries. They are written together with the entry, by `records.actions` only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from psycopg.types.range import DateRange

from archive.records.models import CheckFact, Entry
from profiles.people.models import IdentityDocument


def index_lines(entries: Iterable[Entry], *, known_from: dt.datetime) -> list[CheckFact]:
    """One line for each identity number of the person: checks find the entry by any of them."""
    rows = list(entries)
    indexes: dict[int, list[bytes]] = {}
    for person_id, index in IdentityDocument.objects.filter(
        person_id__in={entry.person_id for entry in rows}
    ).values_list("person_id", "index"):
        indexes.setdefault(person_id, []).append(bytes(index))
    return [
        CheckFact(
            identity_index=index,
            entry_id=entry.pk,
            known_from=known_from,
            person_id=entry.person_id,
            organisation_id=entry.organisation_id,
            item_code=entry.item_code,
            severity=entry.severity,
            polarity=entry.polarity,
            document_date=entry.document_date,
            sanction_months=entry.sanction_months,
            display=_within(entry.display, entry.retention),
            bar=entry.bar,
            bar_groups=entry.bar_groups,
        )
        for entry in rows
        for index in indexes.get(entry.person_id, ())
    ]


def enter_index(entries: list[Entry], *, known_from: dt.datetime) -> None:
    CheckFact.objects.bulk_create(index_lines(entries, known_from=known_from), batch_size=2_000)


def _within(display: DateRange | None, retention: DateRange) -> DateRange | None:
    """Display never outlasts retention."""
    if display is None:
        return None
    ends = [day for day in (display.upper, retention.upper) if day is not None]
    return DateRange(display.lower, min(ends)) if ends else display
