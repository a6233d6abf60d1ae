"""Checks beside changes that run at the same time, on real PostgreSQL: one consistent answer each, and one day for a whole list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from archive.intake import actions as intake
from archive.models import Answer, Check, Entry
from archive.records import actions as records
from archive.vetoes import actions as vetoes
from archive.vetoes import engine
from profiles.accounts.permissions import Role
from profiles.common.permissions import Permission
from profiles.models import Account, Person
from tests import factories as f
from tests.archive.checking import check, examiner, on_file
from tests.archive.demo_lists import WORKER, sheet, upload
from tests.archive.disputing import approver_of, clerk_of, dispute
from tests.archive.test_replay import replay, stored
from tests.archive.workers import Worker, feed_locked

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6
STEP = 2


def barred(count: int = PEOPLE) -> tuple[list[Person], list[Entry]]:
    """Persons of one school, each barred by one entry."""
    people = f.PersonFactory.create_batch(count)
    return people, [on_file(person, "TEA-02") for person in people]


def listed(people: list[Person], by: Account) -> Check:
    rows = [(person.name, str(person.identities.get().number)) for person in people]
    asked = upload(sheet(*rows), by=by)
    intake.confirm(batch=asked.batch, permission=Permission.CHECK_PERSON, by=by)
    return asked


def between_steps(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    """Small steps; `act` runs after each, while the transaction of the list is open."""
    monkeypatch.setattr(engine, "STEP", STEP)
    whole = engine.in_steps

    def stepping(*args: Any, **kwargs: Any) -> Iterator[list[engine.Answered]]:
        for number, given in enumerate(whole(*args, **kwargs), 1):
            act(number)
            yield given

    monkeypatch.setattr(engine, "in_steps", stepping)


def outcomes(asked: Check) -> list[str]:
    return list(asked.answers.order_by("row").values_list("outcome", flat=True))


# What is prepared before, and the act that ends it.


def repair(entry: Entry) -> Callable[[], None]:
    by = approver_of(entry)
    return lambda: records.mark_repaired(entries=[entry], by=by) and None


def void(entry: Entry) -> Callable[[], None]:
    clerk, by = f.AccountFactory(organisation=entry.organisation, holds=[Role.CLERK]), approver_of(entry)
    change = records.propose_change(entry=entry, kind="void", reason="核查后确认误报。", by=clerk)
    return lambda: records.approve(entries=[change], by=by) and None


def mark(entry: Entry) -> Callable[[], None]:
    by = clerk_of(entry)
    return lambda: dispute(entry, by=by) and None


@pytest.mark.parametrize("change", [repair, void, mark], ids=["repaired", "voided", "disputed"])
def test_what_ends_in_the_middle_of_a_list_is_of_the_time_after_it(
    catalogue: None, monkeypatch: pytest.MonkeyPatch, change: Callable[[Entry], Callable[[], None]]
) -> None:
    """The change is committed by another connection before the steps that still have to come: none of them sees it."""
    people, entries = barred()
    by = examiner()
    asked, ending = listed(people, by), change(entries[-1])
    workers: list[Worker] = []

    def act(number: int) -> None:
        if number == 1:
            worker = Worker(ending)
            worker.end()
            workers.append(worker)

    between_steps(monkeypatch, act)
    vetoes.answer_list(batch_id=asked.batch_id, by=WORKER)
    asked.refresh_from_db()
    assert [worker.died for worker in workers] == [None]
    assert outcomes(asked) == ["veto"] * PEOPLE
    monkeypatch.undo()
    answers = list(asked.answers.order_by("row").select_related("check_asked__organisation"))
    assert replay(answers) == [stored(answer) for answer in answers]
    assert check(people[-1], by).outcome == ("in_dispute" if change is mark else "clear")


@pytest.mark.parametrize("change", [repair, void, mark], ids=["repaired", "voided", "disputed"])
def test_a_list_waits_for_a_change_whose_moment_has_passed(
    catalogue: None, change: Callable[[Entry], Callable[[], None]]
) -> None:
    """Begun before the list and committed after it asked: the list waits, and every step of it sees the change."""
    people, entries = barred(3)
    by = examiner()
    asked, ending = listed(people, by), change(entries[0])
    with feed_locked():
        changing = Worker(ending)
        changing.wait_until_held()
        answering = Worker(lambda: vetoes.answer_list(batch_id=asked.batch_id, by=WORKER))
        answering.wait_until_held()
        assert not Answer.objects.exists()
    changing.end()
    answering.end()
    assert (changing.died, answering.died) == (None, None)
    asked.refresh_from_db()
    assert outcomes(asked) == ["in_dispute" if change is mark else "clear", "veto", "veto"]
    answers = list(asked.answers.order_by("row").select_related("check_asked__organisation"))
    assert replay(answers) == [stored(answer) for answer in answers]


def test_many_repairs_beside_many_checks_agree_with_their_moment(catalogue: None) -> None:
    """Whatever comes first: an answer is clear if, and only if, the repair is known at its moment."""
    people, entries = barred()
    by = examiner()
    approvers = [approver_of(entry) for entry in entries]
    repairing = Worker(
        lambda: (
            [
                records.mark_repaired(entries=[entry], by=approver)
                for entry, approver in zip(entries, approvers, strict=True)
            ]
            and None
        )
    )
    checking = Worker(lambda: [check(person, by) for _ in range(3) for person in people] and None)
    repairing.end()
    checking.end()
    assert (repairing.died, checking.died) == (None, None)
    ended = dict(Entry.objects.values_list("person_id", "ended_at"))
    answers = list(Answer.objects.select_related("check_asked__organisation"))
    assert len(answers) == 3 * PEOPLE
    for answer in answers:
        known = answer.check_asked.known_at >= ended[answer.person_id]
        assert answer.outcome == ("clear" if known else "veto")
        assert replay([answer]) == [stored(answer)]


def test_midnight_in_the_middle_of_a_list_makes_no_second_day(catalogue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bars of all end with the day on which the list began; its later steps are answered after midnight, for that day."""
    today = timezone.localdate()
    document = today.replace(year=today.year - 5)
    people = f.PersonFactory.create_batch(PEOPLE)
    for person in people:
        on_file(person, "TEA-02", document=document)
    by = examiner()
    asked = listed(people, by)
    clock = {"day": today}
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: real(*args, **kwargs) if args else clock["day"])
    between_steps(monkeypatch, lambda number: clock.update(day=today + dt.timedelta(days=1)))
    vetoes.answer_list(batch_id=asked.batch_id, by=WORKER)
    asked.refresh_from_db()
    assert clock["day"] > asked.day == today
    assert outcomes(asked) == ["veto"] * PEOPLE
    assert check(people[0], by).outcome == "clear"
