"""Whatever the order of joining, parting, reporting and changing numbers: each number finds exactly what it should."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import CheckFact, Entry
from profiles.common import ciphers
from profiles.common.exceptions import ActionRefused
from profiles.models import IdentityDocument, PersonMerge
from tests import factories as f
from tests import numbers
from tests.archive.checking import on_file
from tests.archive.persons import add_number, correct_number, join, part

pytestmark = pytest.mark.django_db
PEOPLE = 4
WHO = st.integers(0, PEOPLE - 1)
ACTS = st.one_of(
    st.tuples(st.just("join"), WHO, WHO),
    st.tuples(st.just("part"), WHO, WHO),
    st.tuples(st.just("report"), WHO, WHO),
    st.tuples(st.just("number"), WHO, WHO),
    st.tuples(st.just("correct"), WHO, WHO),
)
Lines = frozenset[tuple[bytes, int]]


@dataclass
class Model:
    """What should be: who is joined to whom, who has which numbers, which entries."""

    people: list[Any]
    head: dict[int, int] = field(default_factory=dict)  # joined → kept
    numbers: dict[int, set[bytes]] = field(default_factory=dict)
    entries: dict[int, set[int]] = field(default_factory=dict)
    answers: list[tuple[dt.datetime, Lines]] = field(default_factory=list)

    def family(self, who: int) -> set[int]:
        top = self.head.get(who, who)
        return {top} | {member for member, kept in self.head.items() if kept == top}

    def lines(self) -> Lines:
        return frozenset(
            (index, entry)
            for who in range(PEOPLE)
            for member in self.family(who)
            for index in self.numbers[member]
            for entry in self.entries[who]
        )

    def may_join(self, kept: int, merged: int) -> bool:
        top = self.head.get(kept, kept)
        return merged not in self.family(top) and merged not in self.head and merged not in self.head.values()


def act(model: Model, what: str, one: int, other: int) -> None:
    person = model.people[one]
    if what == "join" and one != other:
        if model.may_join(one, other):
            join(person, model.people[other])
            model.head[other] = model.head.get(one, one)
        else:
            with pytest.raises(ActionRefused):
                join(person, model.people[other])
    elif what == "part" and one in model.head:
        part(PersonMerge.objects.live().get(merged=person))
        del model.head[one]
    elif what == "report":
        model.entries[one].add(on_file(person, "TEA-02").pk)
    elif what in {"number", "correct"}:
        fresh = numbers.resident(person.birth_date)
        if what == "correct":
            model.numbers[one].discard(bytes(person.main_identity.index))
            correct_number(person, fresh)
        else:
            add_number(person, fresh)
        model.numbers[one].add(ciphers.blind_index(fresh))


def known_at(moment: dt.datetime) -> Lines:
    rows = CheckFact.objects.known_at(moment).values_list("identity_index", "entry_id")
    found = [(bytes(index), entry_id) for index, entry_id in rows]
    assert len(found) == len(set(found)), "no fact is told twice"
    return frozenset(found)


def walk(acts: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        people = f.PersonFactory.create_batch(PEOPLE)
        owned = {who: {bytes(people[who].identities.get().index)} for who in range(PEOPLE)}
        model = Model(people, numbers=owned, entries={who: set() for who in range(PEOPLE)})
        for what, one, other in acts:
            act(model, what, one, other)
            moment = timezone.now()
            assert known_at(moment) == model.lines()
            model.answers.append((moment, model.lines()))
        for moment, lines in model.answers:
            assert known_at(moment) == lines, "what was known at a moment stays known"
        for who, person in enumerate(people):
            assert PersonMerge.objects.family(person.pk) == {people[member].pk for member in model.family(who)}
            assert set(Entry.objects.filter(person=person).values_list("pk", flat=True)) == model.entries[who]
            live = IdentityDocument.objects.live().filter(person=person).values_list("index", flat=True)
            assert {bytes(index) for index in live} == model.numbers[who]
        transaction.set_rollback(True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=3, max_size=9))
def test_any_course_of_acts(catalogue: None, acts: list[tuple[str, int, int]]) -> None:
    walk(acts)


@pytest.mark.deep
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=5, max_size=25))
def test_any_long_course_of_acts(catalogue: None, acts: list[tuple[str, int, int]]) -> None:
    walk(acts)


def test_a_course_in_which_everything_happens(catalogue: None) -> None:
    walk(
        [
            ("report", 0, 0),
            ("join", 0, 1),
            ("report", 1, 0),
            ("join", 1, 2),
            ("number", 2, 0),
            ("correct", 1, 0),
            ("join", 3, 0),
            ("part", 1, 0),
            ("report", 2, 0),
            ("part", 2, 0),
            ("join", 3, 0),
        ]
    )
