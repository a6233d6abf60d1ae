"""An entry that no longer holds re-opens every answer that leaned on it, once, with a clock; a named person concludes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.common import calendar, feed
from archive.common.workdays import deadline
from archive.models import Change, Entry, Jurisdiction, Notice, QueryLine, RecallCause, RecallTask, Slip
from archive.records.actions.effect import take_effect
from archive.reports.verify import Verdict, look_up
from archive.vetoes import actions as vetoes
from archive.vetoes import comparing, tasks
from archive.vetoes.actions import recall
from archive.vetoes.models import Answer, Decision
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account, Competence, Person
from tests import factories as f
from tests import numbers
from tests.archive.checking import check, examiner, heard, on_file
from tests.archive.persons import add_number, correct_number, join, part
from tests.archive.watching import DAY, WORKER, R, end

pytestmark = pytest.mark.django_db
O = RecallTask.Outcome  # noqa: E741
REASONS = "已复核原认定文书。"


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def person() -> Person:
    return f.PersonFactory()


def read() -> None:
    vetoes.follow_recalls(by=WORKER)


def decided(person: Person, by: Account, kind: Decision.Kind = Decision.Kind.CONFIRMED) -> Answer:
    answer: Answer = check(person, by)
    if kind == Decision.Kind.CONFIRMED:
        heard(answer, by)
    vetoes.decide(answer=answer, kind=kind, reasons=REASONS, by=by)
    return answer


def recalled(answer: Answer) -> RecallTask:
    read()
    return RecallTask.objects.get(answer=answer)


# Finding


@pytest.mark.parametrize("reason", [R.VOIDED, R.REPAIRED, R.REVOKED, R.CORRECTED, R.REVISED, R.OPTED_OUT])
def test_each_way_in_which_an_entry_ends_recalls_the_answer_once(person: Person, by: Account, reason: Any) -> None:
    entry = on_file(person, "TEA-02")
    answer = check(person, by)
    end(entry, reason=reason)
    tasks.follow_recalls.apply(throw=True)
    task = RecallTask.objects.get()
    assert (task.answer, task.organisation_id, task.person_id) == (answer, by.organisation_id, person.pk)
    assert [(cause.entry_id, cause.reason) for cause in task.causes.all()] == [(entry.pk, reason)]
    assert (task.state, task.is_overdue(timezone.localdate())) == ("open", False)
    event = AuditEvent.objects.get(verb=Verb.RECALL_OPENED)
    assert (event.organisation_id, event.person_id) == (by.organisation_id, person.pk)
    read()
    feed.announce(Change.Kind.ENTRY_ENDED, person_id=person.pk, object_id=entry.pk)
    read()
    assert (RecallTask.objects.count(), RecallCause.objects.count()) == (1, 1)


def test_a_change_that_takes_effect_recalls_what_leaned_on_the_old_entry(person: Person, by: Account) -> None:
    old = on_file(person, "TEA-02")
    answer = check(person, by)
    approver = f.AccountFactory(organisation=old.organisation)
    new = f.EntryFactory(
        kind="correction",
        supersedes=old,
        change_reason="日期写错",
        eases=True,
        record=old.record,
        item=old.item,
        display=old.display,
        retention=old.retention,
        approved_by=approver,
        approved_at=timezone.now(),
        approved_on=timezone.localdate(),
        state="approved",
    )
    take_effect(entries=[new], known_from=timezone.now(), by=approver)
    assert [cause.reason for cause in recalled(answer).causes.all()] == ["corrected"]


def test_what_did_not_lean_on_it_and_the_end_of_a_display_recall_nothing(person: Person, by: Account) -> None:
    entry, other = on_file(person, "TEA-02"), on_file(f.PersonFactory(), "TEA-02")
    check(person, by)
    check(f.PersonFactory(), by)
    end(other)
    Entry.objects.filter(pk=entry.pk).update(state="ended", end_reason="display_over", ended_at=timezone.now())
    feed.announce(Change.Kind.ENTRY_DISPLAY_OVER, person_id=person.pk, object_id=entry.pk)
    feed.announce(Change.Kind.ENTRY_ENDED, person_id=person.pk, object_id=entry.pk)
    read()
    assert not RecallTask.objects.exists()


def test_two_entries_of_one_answer_are_one_task_and_one_after_it_was_done_a_new_one(
    person: Person, by: Account
) -> None:
    first, second, third = (on_file(person, item) for item in ("TEA-02", "TEA-03", "TEA-01"))
    answer = check(person, by)
    assert answer.findings.count() == 3
    end(first, second)
    task = recalled(answer)
    assert {cause.entry_id for cause in task.causes.all()} == {first.pk, second.pk}
    vetoes.conclude_recall(recalled=task, outcome=O.NOTHING_DECIDED, reasons=REASONS, by=by)
    end(third)
    read()
    again = RecallTask.objects.open().get(answer=answer)
    assert [cause.entry_id for cause in again.causes.all()] == [third.pk]


def test_an_entry_that_ends_while_its_task_is_open_joins_it(person: Person, by: Account) -> None:
    first, second = on_file(person, "TEA-02"), on_file(person, "TEA-03")
    answer = check(person, by)
    end(first)
    read()
    end(second)
    assert recalled(answer).causes.count() == 2


def test_every_body_and_every_answer_with_as_many_queries(by: Account) -> None:
    read()
    counts = []
    for people in (1, 4):
        entries = [on_file(f.PersonFactory(), "TEA-02") for _ in range(people)]
        for entry in entries:
            for asking in (by, examiner()):
                check(entry.person, asking)
        end(*entries)
        with CaptureQueriesContext(connection) as queries:
            read()
        counts.append(len(queries))
    assert RecallTask.objects.count() == 2 + 8
    assert counts[0] == counts[1]


def test_parting_two_archives_recalls_what_rested_on_the_other_ones_entry(
    person: Person, by: Account, catalogue: None
) -> None:
    other = f.PersonFactory()
    own, foreign = on_file(person, "TEA-02"), on_file(other, "TEA-03")
    merge = join(person, other)
    joined = [check(person, by), check(other, by)]
    read()
    assert not RecallTask.objects.exists()
    part(merge)
    read()
    causes = {(cause.answer_id, cause.entry_id): cause.reason for cause in RecallCause.objects.all()}
    assert causes == {
        (joined[0].pk, foreign.pk): "another_person",
        (joined[1].pk, own.pk): "another_person",
    }


def test_a_number_that_was_wrong_recalls_what_was_answered_by_it(person: Person, by: Account) -> None:
    on_file(person, "TEA-02")
    by_wrong = check(person, by)
    right = numbers.resident()
    correct_number(person, right)
    by_right = check(person, by, number=right)
    assert [cause.reason for cause in recalled(by_wrong).causes.all()] == ["another_person"]
    add_number(person, numbers.resident())
    read()
    assert not RecallTask.objects.filter(answer=by_right).exists()


def test_a_crash_in_the_middle_neither_loses_nor_doubles(person: Person, by: Account, monkeypatch: Any) -> None:
    entry = on_file(person, "TEA-02")
    answer = check(person, by)
    end(entry)
    monkeypatch.setattr(recall, "record_many", lambda events: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read()
    assert not RecallTask.objects.exists()
    monkeypatch.undo()
    assert recalled(answer).state == "open"


# The clock


def test_five_working_days_or_what_the_place_has_set(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    national = check(person, by)
    local = examiner()
    assert local.organisation is not None
    Jurisdiction.objects.create(
        code="here", name_zh="此地", name_en="here", complete=True, settings={"recall_working_days": {"value": 2}}
    )
    type(local.organisation).objects.filter(pk=local.organisation_id).update(jurisdiction="here")
    elsewhere = check(person, local)
    end(entry)
    read()
    today, table = timezone.localdate(), calendar.current()
    for answer, days in ((national, 5), (elsewhere, 2)):
        task = RecallTask.objects.get(answer=answer)
        assert (task.working_days, task.deadline) == (days, deadline(today, days, table).last_day)
        assert not task.is_overdue(task.deadline)
        assert task.is_overdue(task.deadline + DAY)
    assert Jurisdiction.objects.get(code="national").settings["recall_working_days"]["mark"] == "D"


def test_by_body_for_those_who_oversee(by: Account) -> None:
    today = timezone.localdate()
    f.RecallTaskFactory(organisation=by.organisation, deadline=today - DAY)
    f.RecallTaskFactory(organisation=by.organisation, deadline=today)
    done = f.RecallTaskFactory(organisation=by.organisation, deadline=today - 9 * DAY)
    vetoes.conclude_recall(recalled=done, outcome=O.NOTHING_DECIDED, reasons=REASONS, by=by)
    f.RecallTaskFactory()
    rows = list(RecallTask.objects.by_body(today))
    assert [(row["open"], row["overdue"], row["done"]) for row in rows] == [(2, 1, 1), (1, 0, 0)]
    assert rows[0]["next_deadline"] == today - DAY


# Looking again, concluding


def test_looking_again_is_an_ordinary_check_with_its_line(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    task_answer = check(person, by)
    assert comparing.replays(task_answer) is True
    end(entry)
    task = recalled(task_answer)
    before = QueryLine.objects.count()
    new = vetoes.recheck(recalled=task, by=by)
    task.refresh_from_db()
    assert (task.rechecked, new.outcome, QueryLine.objects.count()) == (new, "clear", before + 1)
    assert new.check_asked.matter_number == task_answer.check_asked.matter_number
    assert comparing.replays(task_answer) is True, "as known then it stays what it was"
    with pytest.raises(PermissionDenied):
        vetoes.recheck(recalled=task, by=examiner())


def test_a_withdrawn_decision_is_told_and_its_slip_ends(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    answer = decided(person, by)
    slip = Slip.objects.get(answer=answer)
    assert look_up(typed=slip.verification_code, by=System("test")).verdict == Verdict.VALID
    end(entry)
    task = vetoes.conclude_recall(recalled=recalled(answer), outcome=O.WITHDRAWN, reasons=REASONS, by=by)
    assert (task.outcome, task.done_by, task.state) == ("withdrawn", by, "done")
    slip.refresh_from_db()
    assert slip.withdrawn_at == task.done_at
    assert task.code in slip.withdrawn_reason
    assert look_up(typed=slip.verification_code, by=System("test")).verdict == Verdict.WITHDRAWN
    notice = Notice.objects.get(kind="veto_withdrawn")
    assert (notice.person_id, notice.about_id) == (person.pk, slip.pk)
    for text in (notice.body_zh, notice.body_en):
        assert REASONS in text
        assert slip.number in text
    assert Change.objects.get(kind="veto.withdrawn").object_id == answer.decision.pk
    assert AuditEvent.objects.filter(verb__in=[Verb.RECALL_DONE, Verb.VETO_WITHDRAWN]).count() == 2
    with pytest.raises(ActionRefused, match="concluded already"):
        vetoes.conclude_recall(recalled=task, outcome=O.WITHDRAWN, reasons=REASONS, by=by)


def test_what_stands_stands_on_what_holds_now(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    answer = decided(person, by)
    end(entry)
    task = recalled(answer)
    with pytest.raises(ActionRefused, match="Run the check again first"):
        vetoes.conclude_recall(recalled=task, outcome=O.STANDS, reasons=REASONS, by=by)
    vetoes.recheck(recalled=task, by=by)
    with pytest.raises(ActionRefused, match="cannot stand"):
        vetoes.conclude_recall(recalled=task, outcome=O.STANDS, reasons=REASONS, by=by)
    on_file(person, "TEA-03")
    vetoes.recheck(recalled=task, by=by)
    vetoes.conclude_recall(recalled=task, outcome=O.STANDS, reasons=REASONS, by=by)
    assert Slip.objects.get(answer=answer).withdrawn_at is None
    assert not Notice.objects.filter(kind="veto_withdrawn").exists()


def test_a_repair_leaves_what_was_right_on_its_day(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    answer = decided(person, by)
    end(entry, reason=R.REPAIRED)
    task = recalled(answer)
    vetoes.recheck(recalled=task, by=by)
    vetoes.conclude_recall(recalled=task, outcome=O.STANDS, reasons=REASONS, by=by)
    assert RecallTask.objects.get().outcome == "stands"


def test_a_body_that_may_no_longer_ask_can_still_conclude(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    answer = decided(person, by)
    end(entry)
    task = recalled(answer)
    Competence.objects.filter(organisation=by.organisation).update(valid_until=timezone.localdate())
    with pytest.raises(ActionRefused, match="not competent"):
        vetoes.recheck(recalled=task, by=by)
    vetoes.conclude_recall(recalled=task, outcome=O.STANDS, reasons=REASONS, by=by)
    assert RecallTask.objects.get().outcome == "stands"


@pytest.mark.parametrize("kind", [None, Decision.Kind.LIFTED])
@pytest.mark.parametrize("outcome", [O.STANDS, O.WITHDRAWN])
def test_where_no_veto_was_confirmed_nothing_can_stand(person: Person, by: Account, kind: Any, outcome: Any) -> None:
    entry = on_file(person, "TEA-02")
    answer = decided(person, by, kind) if kind else check(person, by)
    end(entry)
    task = recalled(answer)
    with pytest.raises(ActionRefused, match="No veto was confirmed"):
        vetoes.conclude_recall(recalled=task, outcome=outcome, reasons=REASONS, by=by)
    vetoes.conclude_recall(recalled=task, outcome=O.NOTHING_DECIDED, reasons=REASONS, by=by)


def test_a_confirmed_veto_is_not_passed_over(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    answer = decided(person, by)
    end(entry)
    with pytest.raises(ActionRefused, match="say whether it stands"):
        vetoes.conclude_recall(recalled=recalled(answer), outcome=O.NOTHING_DECIDED, reasons=REASONS, by=by)


def test_reasons_and_the_own_body(by: Account) -> None:
    task = f.RecallTaskFactory(organisation=by.organisation)
    with pytest.raises(ActionRefused, match="reasons"):
        vetoes.conclude_recall(recalled=task, outcome=O.NOTHING_DECIDED, reasons="  无 ", by=by)
    with pytest.raises(PermissionDenied):
        vetoes.conclude_recall(recalled=task, outcome=O.NOTHING_DECIDED, reasons=REASONS, by=examiner())
    with pytest.raises(PermissionDenied):
        vetoes.follow_recalls(by=by)  # type: ignore[arg-type]


def test_no_veto_is_confirmed_on_what_was_recalled(person: Person, by: Account) -> None:
    entry = on_file(person, "TEA-02")
    answer = check(person, by)
    end(entry)
    read()
    with pytest.raises(ActionRefused, match="no longer holds"):
        vetoes.decide(answer=answer, kind=Decision.Kind.CONFIRMED, reasons=REASONS, by=by)
    assert vetoes.decide(answer=answer, kind=Decision.Kind.LIFTED, reasons=REASONS, by=by).kind == "lifted"
    assert isinstance(timezone.localdate(), dt.date)
