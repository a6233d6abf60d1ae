"""Answering: one engine for one person and for a hundred thousand. Reads the identity table and the check index, set-wise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from archive.access.models import Authorisation
from archive.records.models import CheckFact
from archive.vetoes.compiled import compiled
from archive.vetoes.models import RuleVersion
from archive.vetoes.rules import Fact, Finding, Outcome, Question, Rule, findings, outcome
from profiles.common import ciphers
from profiles.organisations.models import Organisation
from profiles.people.models import IdentityDocument

STEP = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One person as the body wrote it; the number is normalised."""

    row: int
    name: str
    number: str


@dataclass(slots=True)
class Answered:
    asked: Asked
    outcome: Outcome
    person_id: int | None = None
    findings: list[Finding] = field(default_factory=list)
    same_as_row: int | None = None
    authorisation: Authorisation | None = None
    former_name_until: dt.date | None = None


def answer(
    people: Iterable[Asked],
    *,
    question: Question,
    organisation: Organisation,
    known_at: dt.datetime,
    needs_authorisation: bool,
) -> list[Answered]:
    """What is known at `known_at` about each person for the question. Only reads; the caller registers in the same transaction."""
    people = list(people)
    rules = compiled(RuleVersion.objects.for_checks_of(organisation, moment=known_at, day=question.day))
    answered: list[Answered] = []
    first_row: dict[str, int] = {}
    for start in range(0, len(people), STEP):
        answered += _answer_step(
            people[start : start + STEP], rules, question, organisation, known_at, needs_authorisation, first_row
        )
    return answered


def _answer_step(
    people: list[Asked],
    rules: list[Rule],
    question: Question,
    organisation: Organisation,
    known_at: dt.datetime,
    needs_authorisation: bool,
    first_row: dict[str, int],
) -> list[Answered]:
    known, names = IdentityDocument.objects.known_by_numbers((person.number for person in people), known_at=known_at)
    authorisations: dict[int, Authorisation] = {}
    if needs_authorisation:
        authorisations = Authorisation.objects.for_check(
            organisation=organisation,
            group=question.group,
            event=question.event,
            person_ids=list(known.values()),
            day=question.day,
            moment=known_at,
        )
    facts = _facts({number: ciphers.blind_index(number) for number in known}, known_at=known_at)
    result = []
    for person in people:
        person_id = known.get(person.number)
        given = Answered(person, Outcome.NOT_FOUND, same_as_row=first_row.get(person.number))
        first_row.setdefault(person.number, person.row)
        if person_id is not None:
            given.person_id = person_id
            given.authorisation = authorisations.get(person_id)
            given.former_name_until = names[person_id].former_until(person.name)
            if not names[person_id].fits(person.name):
                given.outcome = Outcome.NAME_MISMATCH
            elif needs_authorisation and given.authorisation is None:
                given.outcome = Outcome.UNAUTHORISED
            else:
                given.findings = findings(facts.get(person.number, ()), rules, question)
                given.outcome = outcome(given.findings)
        result.append(given)
    return result


def _facts(indexes: dict[str, bytes], *, known_at: dt.datetime) -> dict[str, list[Fact]]:
    numbers = {index: number for number, index in indexes.items()}
    facts: dict[str, list[Fact]] = {}
    rows: Any = (
        CheckFact.objects.of(numbers)
        .known_at(known_at)
        .filter(polarity="adverse")
        .values_list(
            "identity_index",
            "entry_id",
            "item_code",
            "document_date",
            "sanction_months",
            "display",
            "bar",
            "bar_groups",
        )
    )
    for index, entry_id, item_code, document_date, sanction_months, display, bar, bar_groups in rows:
        facts.setdefault(numbers[bytes(index)], []).append(
            Fact(entry_id, item_code, document_date, sanction_months, display, bar, tuple(bar_groups))
        )
    return facts
