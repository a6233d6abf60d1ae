"""Answering: one engine for one person and for a million. Reads the identity table and the check index, set-wise.

The database finds: numbers, names, and the facts whose items a rule of the question names. `rules` judges: there is one definition
of what counts on a day, and it is not written a second time in SQL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.access.models import Authorisation
from archive.records.models import CheckFact
from archive.vetoes.compiled import compiled_for
from archive.vetoes.rules import Fact, Finding, Outcome, Question, Rule, findings, outcome, that_apply
from profiles.common import ciphers
from profiles.common.copying import parted
from profiles.organisations.models import Organisation
from profiles.people.models import IdentityDocument, Person
from profiles.people.rules import Names, name_key

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
    steps = in_steps(
        people,
        question=question,
        organisation=organisation,
        known_at=known_at,
        needs_authorisation=needs_authorisation,
    )
    return [given for step in steps for given in step]


def in_steps(
    people: Iterable[Asked],
    *,
    question: Question,
    organisation: Organisation,
    known_at: dt.datetime,
    needs_authorisation: bool,
) -> Iterator[list[Answered]]:
    """The same for as many as there are, ten thousand at a time: memory and the number of queries a person stay what they are."""
    asking = _Asking(
        question=question,
        organisation=organisation,
        known_at=known_at,
        needs_authorisation=needs_authorisation,
        rules=that_apply(compiled_for(organisation.pk, moment=known_at, day=question.day), question),
    )
    for part in parted(people, STEP):
        yield asking.step(part)


class _Asking:
    """One question on its way through a list."""

    def __init__(
        self,
        *,
        question: Question,
        organisation: Organisation,
        known_at: dt.datetime,
        needs_authorisation: bool,
        rules: list[Rule],
    ) -> None:
        self.question, self.organisation, self.known_at = question, organisation, known_at
        self.needs_authorisation, self.rules = needs_authorisation, rules
        self.items = sorted({code for rule in rules for clause in rule.clauses for code in clause.items})
        self.first_row: dict[bytes, int] = {}

    def step(self, people: list[Asked]) -> list[Answered]:
        indexes = ciphers.blind_indexes(person.number for person in people)
        found = IdentityDocument.objects.known_at(set(indexes), moment=self.known_at)
        uncommon = {key: name for key, name, more in found.values() if more}
        names = Person.objects.names(uncommon, known_at=self.known_at) if uncommon else {}
        authorised = self._authorised([key for key, _name, _more in found.values()])
        facts = self._facts(found)
        given = []
        for person, index in zip(people, indexes, strict=True):
            one = Answered(person, Outcome.NOT_FOUND, same_as_row=self.first_row.setdefault(index, person.row))
            if one.same_as_row == person.row:
                one.same_as_row = None
            on_file = found.get(index)
            if on_file is not None:
                self._judge(one, on_file[0], on_file[1], names.get(on_file[0]), authorised, facts.get(index))
            given.append(one)
        return given

    def _judge(
        self,
        one: Answered,
        person_id: int,
        name: str,
        names: Names | None,
        authorised: dict[int, Authorisation],
        facts: list[Fact] | None,
    ) -> None:
        one.person_id, one.authorisation = person_id, authorised.get(person_id)
        if names is None:
            fits = one.asked.name == name or name_key(one.asked.name) == name_key(name)
        else:
            fits, one.former_name_until = names.fits(one.asked.name), names.former_until(one.asked.name)
        if not fits:
            one.outcome = Outcome.NAME_MISMATCH
        elif self.needs_authorisation and one.authorisation is None:
            one.outcome = Outcome.UNAUTHORISED
        elif facts is None:
            one.outcome = Outcome.CLEAR
        else:
            one.findings = findings(facts, self.rules, self.question)
            one.outcome = outcome(one.findings)

    def _authorised(self, person_ids: list[int]) -> dict[int, Authorisation]:
        if not self.needs_authorisation:
            return {}
        return Authorisation.objects.for_check(
            organisation=self.organisation,
            group=self.question.group,
            event=self.question.event,
            person_ids=person_ids,
            day=self.question.day,
            moment=self.known_at,
        )

    def _facts(self, indexes: Iterable[bytes]) -> dict[bytes, list[Fact]]:
        return facts_by_index(indexes, items=self.items, known_at=self.known_at)


def facts_by_index(indexes: Iterable[bytes], *, items: list[str], known_at: dt.datetime) -> dict[bytes, list[Fact]]:
    """Key of a number → the adverse lines about `items` that are found by it, as known at a moment."""
    facts: dict[bytes, list[Fact]] = {}
    rows = CheckFact.objects.adverse_about(indexes, items=items, moment=known_at)
    for index, entry_id, item_code, document_date, months, display, bar, bar_groups, severity, disputed in rows:
        facts.setdefault(bytes(index), []).append(
            Fact(entry_id, item_code, document_date, months, display, bar, tuple(bar_groups), severity, disputed)
        )
    return facts
