"""An answer can be given again years later: asked "as known at" its own time, the engine finds what it found then."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from psycopg.types.range import DateRange

from archive.access import actions as access
from archive.models import Answer, CheckFact, RuleAdoption
from archive.vetoes import actions, engine, loader
from archive.vetoes.rules import Question
from profiles.common.permissions import System
from profiles.common.vocabulary import Event, Group
from profiles.models import Account, Person
from tests import factories as f
from tests import numbers
from tests.archive import demo_lists
from tests.archive.checking import adopt, check, examiner, months_ago, on_file

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)

Given = tuple[str, int | None, list[tuple[Any, ...]]]


def stored(answer: Answer) -> Given:
    rows = answer.findings.all()
    found = [(row.rule_id, row.clause, row.entry_id, row.effect, row.until, row.doubt) for row in rows]
    return answer.outcome, answer.person_id, found


def replay(answers: list[Answer], *, at: dt.datetime | None = None) -> list[Given]:
    """The engine once more, for the moment and the day that the check wrote down."""
    asked = answers[0].check_asked
    given = engine.answer(
        [engine.Asked(answer.row, answer.name, answer.number) for answer in answers],
        question=Question(asked.group, asked.event, asked.day, asked.post),
        organisation=asked.organisation,
        known_at=at or asked.known_at,
        needs_authorisation=asked.organisation.competences.get(
            group=asked.group, event=asked.event
        ).needs_authorisation,
    )
    return [
        (
            item.outcome.value,
            item.person_id,
            [(x.rule_id, x.clause, x.entry_id, x.effect.value, x.until, x.doubt or "") for x in item.findings],
        )
        for item in given
    ]


def facts_of(answer: Answer) -> Any:
    return CheckFact.objects.filter(person_id=answer.person_id, known_until=None)


# What may happen to an answer's ground after it was given


def the_entry_is_voided(answer: Answer, by: Account) -> None:
    """A void closes the line of the index and opens none: the contract of `CheckFact`."""
    facts_of(answer).update(known_until=timezone.now())


def the_entry_is_corrected(answer: Answer, by: Account) -> None:
    """A correction closes the line and opens another with the new facts."""
    for fact in list(facts_of(answer)):
        now = timezone.now()
        facts_of(answer).filter(entry_id=fact.entry_id).update(known_until=now)
        fact.known_from, fact.document_date = now, fact.document_date - 900 * DAY
        fact.bar, fact.display = DateRange(fact.document_date, fact.document_date + DAY), None
        CheckFact.objects.bulk_create([fact])


def another_entry_is_recorded(answer: Answer, by: Account) -> None:
    on_file(answer_person(answer), "TEA-03")
    on_file(answer_person(answer), "TEA-01")


def the_rule_is_versioned(answer: Answer, by: Account) -> None:
    data = copy.deepcopy(loader.read())
    rule = next(rule for rule in data.rules if rule["code"] == "V-TEA-1")
    rule["clause"] = [{**clause, "term": "life"} for clause in rule["clause"]]
    assert actions.load_rules(data=data, by=System("test"))


def the_rule_is_given_up(answer: Answer, by: Account) -> None:
    data = copy.deepcopy(loader.read())
    data.rules[:] = [rule for rule in data.rules if rule["code"] not in {"V-TEA-1", "V-GEN-05-ACCESS"}]
    assert actions.load_rules(data=data, by=System("test"))


def another_rule_is_adopted(answer: Answer, by: Account) -> None:
    adopt("V-GEN-13-REVIEW", by.organisation, valid_from=months_ago(12))


def the_adoption_ends_tomorrow(answer: Answer, by: Account) -> None:
    RuleAdoption.objects.filter(organisation=by.organisation).update(valid_to=timezone.localdate() + DAY)


def answer_person(answer: Answer) -> Any:
    return Person.objects.get(pk=answer.person_id)


CHANGES = [
    the_entry_is_voided,
    the_entry_is_corrected,
    another_entry_is_recorded,
    the_rule_is_versioned,
    the_rule_is_given_up,
    another_rule_is_adopted,
    the_adoption_ends_tomorrow,
]


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def person(by: Account) -> Any:
    """Barred by law, and by a rule that the body adopted; a third entry waits for a rule that it has not adopted."""
    person = f.PersonFactory()
    adopt("V-GEN-05-ACCESS", by.organisation)
    for item in ("TEA-02", "GEN-05", "GEN-13"):
        on_file(person, item)
    return person


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_an_answer_stays_what_it_was_when_afterwards(
    change: Callable[[Answer, Account], None], person: Any, by: Account
) -> None:
    answer = check(person, by)
    before = stored(answer)
    assert (before[0], len(before[2])) == ("veto", 2)
    change(answer, by)
    assert replay([answer]) == [before]


def test_all_changes_together_leave_the_old_answer_alone_and_change_the_next(person: Any, by: Account) -> None:
    first = check(person, by)
    the_entry_is_voided(first, by)
    second = check(person, by)
    another_entry_is_recorded(first, by)
    third = check(person, by)
    the_rule_is_versioned(first, by)
    fourth = check(person, by)
    answers = [first, second, third, fourth]
    assert [answer.outcome for answer in answers] == ["veto", "clear", "veto", "veto"]
    assert stored(third) != stored(fourth)
    for answer in answers:
        assert replay([answer]) == [stored(answer)]
    assert replay([first], at=fourth.check_asked.known_at) == [stored(fourth)]


def test_a_change_in_the_very_moment_of_the_check_belongs_to_the_time_after_it(person: Any, by: Account) -> None:
    """Lines are half open: closed at T they are not known at T any more, opened at T they are."""
    answer = check(person, by)
    moment, tick = answer.check_asked.known_at, dt.timedelta(microseconds=1)
    facts_of(answer).update(known_until=moment)
    assert replay([answer])[0][0] == "clear"
    assert replay([answer], at=moment - tick)[0][0] == "veto"
    facts_of(answer).update(known_until=None)
    CheckFact.objects.filter(person_id=person.pk).update(known_from=moment, known_until=None)
    assert replay([answer])[0][0] == "veto"
    assert replay([answer], at=moment - tick)[0][0] == "clear"


def test_a_day_of_the_past_is_judged_by_the_day_that_the_check_wrote_down(by: Account) -> None:
    """The bar ends today: a check of today is clear, yesterday's question still meets the bar."""
    person = f.PersonFactory()
    document = timezone.localdate().replace(day=1)
    entry = on_file(person, "TEA-02", document=document.replace(year=document.year - 5))
    answer = check(person, by)
    assert answer.outcome == "clear"
    asked = answer.check_asked
    asked.day = entry.document_date.replace(year=document.year) - DAY
    assert replay([answer])[0][0] == "veto"


def test_an_adopted_rule_is_judged_by_that_day_too(by: Account) -> None:
    """A body ends its rule today: it does not hold for today, and did for yesterday."""
    person = f.PersonFactory()
    on_file(person, "GEN-05")
    adopt("V-GEN-05-ACCESS", by.organisation, valid_from=months_ago(6))
    RuleAdoption.objects.update(valid_to=timezone.localdate())
    answer = check(person, by)
    assert answer.outcome == "clear"
    answer.check_asked.day -= DAY
    assert replay([answer])[0][0] == "review"


def test_somebody_who_was_unknown_then_is_unknown_in_the_replay(by: Account) -> None:
    number = numbers.resident()
    answer = check(f.PersonFactory(), by, number=number)
    person = f.PersonFactory(name=answer.name, number=number)
    on_file(person, "TEA-02")
    assert check(person, by).outcome == "veto"
    assert replay([answer]) == [stored(answer)] == [("not_found", None, [])]


@pytest.mark.parametrize("once", [True, False])
def test_an_authorisation_that_was_used_up_or_withdrawn_since_still_carries_the_old_answer(once: bool) -> None:
    by, owner = examiner(event=Event.AWARD, needs_authorisation=True), f.AccountFactory(a_person=True)
    adopt("V-TEA-10-AWARD", by.organisation)
    on_file(owner.person, "TEA-10", sanction_months=24)
    refused = check(owner.person, by, event=Event.AWARD)
    given = access.authorise(
        organisation=by.organisation,
        group=Group.TEA,
        event=Event.AWARD,
        once=once,
        valid_until=timezone.localdate(),
        by=owner,
    )
    answered = check(owner.person, by, event=Event.AWARD)
    access.withdraw(authorisation=given, by=owner)
    assert (refused.outcome, answered.outcome) == ("unauthorised", "review")
    assert check(owner.person, by, event=Event.AWARD).outcome == "unauthorised"
    for answer in (refused, answered):
        assert replay([answer]) == [stored(answer)]


def test_the_answers_of_a_whole_list_come_again_after_facts_and_rules_changed() -> None:
    demo_lists.make()
    by = demo_lists.account("examiner")
    asked = demo_lists.answer(demo_lists.upload(demo_lists.APPLICANTS.read_bytes(), by=by))
    answers = list(asked.answers.exclude(outcome="unreadable").select_related("check_asked__organisation"))
    before = [stored(answer) for answer in answers]
    barred = next(answer for answer in answers if answer.outcome == "veto")
    for change in (another_entry_is_recorded, the_entry_is_corrected, the_rule_is_given_up, the_adoption_ends_tomorrow):
        change(barred, by)
    f.PersonFactory(number=next(answer.number for answer in answers if answer.outcome == "not_found"))
    assert replay(answers) == before
