"""From a file's rows to decisions, chunk by chunk: set-wise look-ups, then the rules, row by row in the order of the sheet."""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from archive.catalogue.models import Item
from archive.catalogue.periods import terms_of
from archive.intake.problems import Problem
from archive.records.models import Entry
from archive.records.resources import EntrySheet
from archive.records.rules import Context, Decision, FactKey, KnownPerson, decide
from profiles.organisations.models import Competence, Organisation
from profiles.people.models import FormerName, IdentityDocument, Person, PersonMerge

CHUNK = 5_000  # rows that are judged and written together


@dataclass(slots=True)
class PlannedRow:
    """One row: its cells as written, the values read, what the rules say; the keys of person and entry once they are there."""

    number: int
    cells: dict[str, Any]
    values: dict[str, Any]
    warnings: list[Problem]
    decision: Decision
    person_id: int = 0  # 0: not yet
    entry_id: int = 0

    @property
    def verdict(self) -> str:
        if not self.decision.ok:
            return "refused"
        return "new" if self.decision.person is None and not self.decision.seen_in_file else "known"


class Planner:
    """Judges the rows of one file in the order of the sheet, a chunk at a time; memory does not grow with the file.

    Chunks before are in the tables already, in the same transaction, so looking up finds them: persons in `opened` were opened by
    this file, entries with its `batch_id` are facts that stand in it.
    """

    def __init__(
        self, *, headers: dict[str, str], organisation: Organisation, today: dt.date, batch_id: int | None = None
    ) -> None:
        self.batch_id = batch_id
        self.opened = array("q")
        self.reader = EntrySheet.reader(headers, today=today)
        items, codes = _catalogue()
        self.context = Context(
            today=today,
            organisation_name=organisation.name,
            organisation_kind=organisation.kind,
            groups=frozenset(Competence.objects.to_report(organisation, today)),
            items=items,
            codes=codes,
            terms=terms_of(organisation.jurisdiction),
            headers=headers,
        )

    def plan(self, rows: Iterable[tuple[int, dict[str, Any]]]) -> list[PlannedRow]:
        """Judge one chunk. Reads the database, writes nothing."""
        planned = []
        for number, cells in rows:
            values, problems, warnings = self.reader.read(cells)
            planned.append(PlannedRow(number, cells, values, warnings, Decision(problems=problems)))
        keys, context = self._look_up(planned)
        for row in planned:
            row.decision = decide(row.number, row.values, row.decision.problems, context)
            row.warnings += row.decision.warnings
            if row.decision.ok:
                row.person_id = keys.get(row.values["identity_number"].number, 0)
        return planned

    def note_opened(self, person_ids: Iterable[int]) -> None:
        """Archives that were opened for the chunk just judged. Keys come from a sequence: they ascend."""
        self.opened.extend(person_ids)

    def _look_up(self, planned: list[PlannedRow]) -> tuple[dict[str, int], Context]:
        """(identity number → person, what the rules need to know of this chunk)"""
        numbers = {row.values["identity_number"].number for row in planned if "identity_number" in row.values}
        found = IdentityDocument.objects.people_by_numbers(numbers)
        keys = {number: key for number, (key, _name, _birth) in found.items()}
        people = _known({number: row for number, row in found.items() if not self._is_opened(row[0])})
        told = {}
        if len(people) < len(found):
            rows = Entry.objects.first_rows(self.batch_id, [keys[number] for number in found if number not in people])
            told = {number: (found[number][1], rows[keys[number]]) for number in found if number not in people}
        context = replace(self.context, people=people, names_in_file=told, facts_in_file={}, facts_on_file={})
        context.facts_in_file, context.facts_on_file = self._facts(planned, keys, context)
        return keys, context

    def _is_opened(self, person_id: int) -> bool:
        place = bisect_left(self.opened, person_id)
        return place < len(self.opened) and self.opened[place] == person_id

    def _facts(
        self, planned: list[PlannedRow], keys: dict[str, int], context: Context
    ) -> tuple[dict[FactKey, int], dict[FactKey, tuple[str, str]]]:
        """Facts of these persons, days and documents that are on file: (from rows of this file, from elsewhere)."""
        asked, who = [], {}
        for row in planned:
            reading = row.values.get("identity_number")
            if reading is not None and reading.number in keys:
                known = context.people.get(reading.number)
                members = (keys[reading.number],) if known is None else known.members
                for key in members:
                    who[key] = context.who(reading.number)
                    asked.append((key, row.values.get("act_date"), row.values.get("document_number")))
        here: dict[FactKey, int] = {}
        elsewhere: dict[FactKey, tuple[str, str]] = {}
        for person_id, item_code, act_date, document, batch_id, row_number, record, ended in Entry.objects.same_facts(
            asked
        ):
            fact = (who[person_id], item_code, act_date, document)
            if batch_id is not None and batch_id == self.batch_id:
                here[fact] = row_number
            else:
                elsewhere[fact] = ("opted_out" if ended == Entry.EndReason.OPTED_OUT else "duplicate_on_file", record)
        return here, elsewhere


def _known(found: dict[str, tuple[int, str, dt.date]]) -> dict[str, KnownPerson]:
    """Identity number → person, with former names and the archives that are joined as one. Few have either."""
    ids = {key for key, _name, _birth in found.values()}
    families = PersonMerge.objects.families(ids)
    former = FormerName.objects.by_person({member for family in families.values() for member in family})
    special = {key: name for key, name, _birth in found.values() if len(families[key]) > 1 or key in former}
    names = Person.objects.names(special) if special else {}
    return {
        number: KnownPerson(
            key, name, birth, tuple(sorted(families[key])), names[key].all if key in names else frozenset()
        )
        for number, (key, name, birth) in found.items()
    }


def _catalogue() -> tuple[dict[str, list[Any]], dict[str, list[str]]]:
    """(code → versions, newest first; name in lower case → codes)"""
    items: dict[str, list[Any]] = {}
    codes: dict[str, list[str]] = {}
    for item in Item.objects.order_by("code", "-version"):
        versions = items.setdefault(item.code, [])
        versions.append(item)
        if len(versions) == 1:
            for name in {item.code, item.name_zh, item.name_en, *item.aliases}:
                codes.setdefault(name.casefold(), []).append(item.code)
    return items, codes
