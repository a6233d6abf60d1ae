"""From a batch's rows to decisions: set-wise look-ups, then the rules, row by row in the order of the sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from archive.catalogue.models import Item
from archive.catalogue.periods import Terms, terms_of
from archive.intake.problems import Cancelled, Problem
from archive.records.models import Entry
from archive.records.resources import EntrySheet
from archive.records.rules import Context, Decision, FactKey, KnownPerson, decide
from profiles.organisations.models import Competence, Organisation
from profiles.people.models import IdentityDocument, Person, PersonMerge

STEP = 500
Progress = Callable[[int], bool]


@dataclass
class PlannedRow:
    """One row: its cells as written, the values read, and what the rules say."""

    number: int
    cells: dict[str, Any]
    values: dict[str, Any]
    warnings: list[Problem]
    decision: Decision


def plan(
    rows: Iterable[tuple[int, dict[str, Any]]],
    *,
    headers: dict[str, str],
    organisation: Organisation,
    today: dt.date,
    progress: Progress = lambda done: True,
) -> list[PlannedRow]:
    """Judge all rows. Reads the database, writes nothing."""
    planned = []
    for number, cells in rows:
        values, problems, warnings = EntrySheet.read(cells, headers, today=today)
        planned.append(PlannedRow(number, cells, values, warnings, Decision(problems=problems)))
        if len(planned) % STEP == 0 and not progress(len(planned)):
            raise Cancelled
    context = _context(planned, headers=headers, organisation=organisation, today=today)
    for row in planned:
        row.decision = decide(row.number, row.values, row.decision.problems, context)
        row.warnings += row.decision.warnings
    if not progress(len(planned)):
        raise Cancelled
    return planned


def _context(
    planned: list[PlannedRow], *, headers: dict[str, str], organisation: Organisation, today: dt.date
) -> Context:
    numbers = [row.values["identity_number"].number for row in planned if "identity_number" in row.values]
    documents = IdentityDocument.objects.by_numbers(numbers)
    persons = {document.person_id: document.person for document in documents.values()}
    families = PersonMerge.objects.families(persons)
    names = Person.objects.names({pk: person.name for pk, person in persons.items()})
    known = {
        pk: KnownPerson(pk, person.name, person.birth_date, min(families[pk]), names[pk].all)
        for pk, person in persons.items()
    }
    people = {number: known[document.person_id] for number, document in documents.items()}
    items: dict[str, list[Any]] = {}
    codes: dict[str, list[str]] = {}
    for item in Item.objects.order_by("code", "-version"):
        versions = items.setdefault(item.code, [])
        versions.append(item)
        if len(versions) == 1:
            for name in {item.code, item.name_zh, item.name_en, *item.aliases}:
                codes.setdefault(name.casefold(), []).append(item.code)
    return Context(
        today=today,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        groups=frozenset(Competence.objects.to_report(organisation, today)),
        items=items,
        codes=codes,
        terms=terms_of(organisation.jurisdiction),
        people=people,
        facts_on_file=_facts_on_file(families),
        headers=headers,
    )


def _facts_on_file(families: dict[int, frozenset[int]]) -> dict[FactKey, str]:
    """What is on file about these persons, under whichever of their numbers → its record."""
    family_of = {member: min(family) for family in families.values() for member in family}
    found: dict[FactKey, str] = {}
    ids = list(family_of)
    for start in range(0, len(ids), 5_000):
        rows = (
            Entry.objects.filter(person_id__in=ids[start : start + 5_000])
            .exclude(state__in=[Entry.State.DECLINED, Entry.State.WITHDRAWN])
            .exclude(end_reason__in=Entry.GONE)
            .values_list("person_id", "item_code", "act_date", "document_number", "record__number")
        )
        for person_id, item_code, act_date, document_number, record_number in rows:
            found[(family_of[person_id], item_code, act_date, document_number)] = record_number
    return found


def terms_for(organisation: Organisation) -> Terms:
    return terms_of(organisation.jurisdiction)
