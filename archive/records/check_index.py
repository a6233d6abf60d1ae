"""Lines of the check index: from entries, and after numbers or families changed. Written by `records.actions` only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from psycopg.types.range import DateRange

from archive.records.models import CheckFact, Dispute, Entry
from profiles.people.models import IdentityDocument, PersonMerge


def index_lines(entries: Iterable[Entry], *, known_from: dt.datetime) -> list[CheckFact]:
    """The lines of entries in force: one for each number of the person, under whichever archive it is on file."""
    entries = list(entries)
    indexes = _indexes_by_person({entry.person_id for entry in entries})
    changed = [entry.record_id for entry in entries if entry.kind != Entry.Kind.INITIAL]
    disputed = Dispute.objects.open_by_record(changed) if changed else {}
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
            disputed=entry.record_id in disputed,
        )
        for entry in entries
        for index in indexes[entry.person_id]
    ]


def _indexes_by_person(person_ids: Iterable[int]) -> dict[int, list[bytes]]:
    """Person id → all numbers by which its entries are found: its own and those of the persons that are joined with it."""
    families = PersonMerge.objects.families(person_ids)
    members = {member for family in families.values() for member in family}
    own: dict[int, list[bytes]] = {}
    documents = IdentityDocument.objects.live().filter(person_id__in=members)
    for person_id, index in documents.order_by("pk").values_list("person_id", "index"):
        own.setdefault(person_id, []).append(bytes(index))
    return {
        person_id: [index for member in sorted(family) for index in own.get(member, ())]
        for person_id, family in families.items()
    }


def enter_index(entries: list[Entry], *, known_from: dt.datetime) -> None:
    CheckFact.objects.bulk_create(index_lines(entries, known_from=known_from), batch_size=2_000)


def _within(display: DateRange | None, retention: DateRange) -> DateRange | None:
    """Display never outlasts retention."""
    if display is None:
        return None
    ends = [day for day in (display.upper, retention.upper) if day is not None]
    return DateRange(display.lower, min(ends)) if ends else display


def reindex(*, person_ids: Iterable[int], moment: dt.datetime) -> None:
    """Numbers or families changed at `moment`: close the lines by which these persons are no longer found, add those that lack.

    What a line says is taken over from the lines there are. Part of an act that holds `moments.of_a_lone_change`, so that no other
    writes lines of these persons meanwhile.
    """
    families = PersonMerge.objects.families(person_ids)
    indexes = _indexes_by_person({member for family in families.values() for member in family})
    known = list(CheckFact.objects.filter(person_id__in=indexes, known_until=None))
    for person_id, found_by in indexes.items():
        CheckFact.objects.filter(person_id=person_id, known_until=None).exclude(identity_index__in=found_by).update(
            known_until=moment
        )
    told = {(bytes(line.identity_index), line.entry_id) for line in known}
    lacking = {
        (index, line.entry_id): _copied(line, index, moment)
        for line in known
        for index in indexes[line.person_id]
        if (index, line.entry_id) not in told
    }
    CheckFact.objects.bulk_create(lacking.values(), batch_size=2_000)


def mark_lines(entries: Iterable[Entry], *, disputed: bool, moment: dt.datetime) -> None:
    """From `moment` on entries that hold are known to be in dispute, or no longer: their lines are closed and others opened."""
    lines = CheckFact.objects.open_of(entries).exclude(disputed=disputed)
    marked = [_copied(line, bytes(line.identity_index), moment, disputed=disputed) for line in lines]
    lines.update(known_until=moment)
    CheckFact.objects.bulk_create(marked)


def _copied(line: CheckFact, index: bytes, moment: dt.datetime, **changed: object) -> CheckFact:
    said = {field.attname: getattr(line, field.attname) for field in CheckFact._meta.concrete_fields}
    return CheckFact(**{**said, "identity_index": index, "known_from": moment, **changed})
