"""Approving many: the frozen set, the page of what will happen, steps that may be killed, stopped and run twice."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import ApprovalLine, BulkApproval, CheckFact, Entry, Notice
from archive.records import actions, tasks
from archive.records.actions import bulk_approval
from archive.records.plan import STAYS, plan_of
from archive.records.rules import may_approve
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests import factories as f
from tests.archive.lives import demo_clerk, standing
from tests.archive.sheets import WORKER, approver_beside, clerk
from tests.archive.test_changes import correct
from tests.archive.workers import Worker, notices_locked
from tests.world import sign_in

State, Outcome = BulkApproval.State, ApprovalLine.Outcome
DAY = dt.timedelta(days=1)


def served(by: Account, number: int = 1, **more: Any) -> list[Entry]:
    """Drafted by `by`, hearing window over."""
    return [
        f.EntryFactory(record=f.RecordFactory(organisation=by.organisation), drafted_by=by, notified=True, **more)
        for _entry in range(number)
    ]


def mixed(by: Account, second: Account) -> dict[str, Entry]:
    """One entry for each thing that may be said of it."""
    today = timezone.localdate()
    unread = served(by)[0]
    f.HearingAnswerFactory(entry=unread)
    own = f.EntryFactory(record=f.RecordFactory(organisation=by.organisation), drafted_by=second, notified=True)
    decided = f.EntryFactory(
        in_force=True, record=f.RecordFactory(organisation=by.organisation), drafted_by=by, approved_by=second
    )
    return {
        "": served(by)[0],
        "unread": unread,
        "window": served(by, approvable_from=today + DAY)[0],
        "not_served": f.EntryFactory(record=f.RecordFactory(organisation=by.organisation), drafted_by=by),
        "own_draft": own,
        "decided": decided,
    }


def proposed(entries: list[Entry], by: Account, query: str = "") -> BulkApproval:
    return actions.propose_approval(entries=Entry.objects.filter(pk__in=[e.pk for e in entries]), query=query, by=by)


def confirmed(entries: list[Entry], by: Account) -> BulkApproval:
    return actions.confirm_approval(approval=proposed(entries, by), by=by)


def carried_out(approval: BulkApproval) -> BulkApproval:
    actions.carry_out_approval(approval_id=approval.pk, by=WORKER)
    approval.refresh_from_db()
    return approval


@pytest.fixture
def by(db: None) -> Account:
    return clerk()


@pytest.fixture
def second(by: Account) -> Account:
    return approver_beside(by)


def test_the_refusal_in_sql_is_the_refusal_of_the_rule(by: Account, second: Account) -> None:
    today = timezone.localdate()
    for code, entry in mixed(by, second).items():
        said = Entry.objects.with_refusal(approver_id=second.pk, day=today).get(pk=entry.pk)
        assert said.refusal == code
        if code != "decided":
            rule = may_approve(
                drafted_by_id=entry.drafted_by_id,
                approver_id=second.pk,
                unread_answers=entry.answers.filter(read_at=None).count(),
                approvable_from=entry.approvable_from,
                needs_hearing=entry.is_adverse and not entry.eases,
                today=today,
            )
            assert (rule or "") == code
        assert not code or code in STAYS


def test_nothing_is_decided_by_looking_and_all_is_said(by: Account, second: Account) -> None:
    entries = mixed(by, second)
    f.AccountFactory(a_person=True, person=entries[""].person, email="")
    approval = proposed(list(entries.values()), second)
    plan = plan_of(approval, approver=second, day=timezone.localdate())
    assert plan.ready == 1
    assert {stay.code: stay.number for stay in plan.stays} == {code: 1 for code in entries if code}
    assert [(group.item.code, group.number) for group in plan.groups] == [("STU-04", 1)]
    assert (plan.persons, plan.by_account, plan.by_mail, plan.by_paper) == (1, 1, 0, 0)
    assert not Entry.objects.filter(pk=entries[""].pk, state=Entry.State.IN_FORCE).exists()
    page = sign_in(second).get(f"/entries/approvals/{approval.code}/").content.decode()
    for entry in entries.values():
        assert entry.record.number in page


def test_what_may_be_approved_takes_effect_and_the_rest_stays_with_the_reason(by: Account, second: Account) -> None:
    entries = mixed(by, second)
    approval = carried_out(confirmed(list(entries.values()), second))
    assert (approval.state, approval.rows_done, approval.approved, approval.stayed) == (State.DONE, 6, 1, 5)
    lines = {line.entry_id: line for line in approval.lines.all()}
    for code, entry in entries.items():
        line = lines[entry.pk]
        assert (line.outcome, line.reason) == ((Outcome.STAYS, code) if code else (Outcome.APPROVED, ""))
    entries[""].refresh_from_db()
    assert (entries[""].state, entries[""].approved_by_id) == (Entry.State.IN_FORCE, second.pk)
    assert CheckFact.objects.get().entry_id == entries[""].pk
    verbs = AuditEvent.objects.filter(object_type="bulkapproval").order_by("at").values_list("verb", flat=True)
    assert list(verbs) == [Verb.APPROVAL_PROPOSED, Verb.APPROVAL_CONFIRMED, Verb.APPROVAL_FINISHED]
    page = (
        sign_in(second).get(f"/entries/approvals/{approval.code}/", headers={"accept-language": "en"}).content.decode()
    )
    assert entries["unread"].record.number in page
    assert entries[""].record.number not in page


def test_a_statement_that_comes_while_the_approval_runs_keeps_its_entry_back(
    by: Account, second: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_approval, "STEP", 2)
    entries = served(by, 4)
    approval = confirmed(entries, second)
    assert bulk_approval._step(approval.pk)  # the first two
    late = entries[3]
    account = f.AccountFactory(a_person=True, person=late.person)
    actions.answer(entry=late, text="我没有作弊。", by=account)
    approval = carried_out(approval)
    assert (approval.approved, approval.stayed) == (3, 1)
    assert approval.lines.get(outcome=Outcome.STAYS).reason == "unread"
    late.refresh_from_db()
    assert late.state == Entry.State.IN_HEARING


def test_one_entry_that_something_of_its_own_stands_against_keeps_no_other_back(db: None) -> None:
    by = demo_clerk()
    second = approver_beside(by)
    person = f.PersonFactory()
    first = standing(by, second, person=person)
    other = standing(by, second, person=person, document_number="示学〔2026〕2号")
    twin = correct(other, by, document_number=first.document_number)
    entries = [*served(by, 3), twin, *served(by, 3)]
    approval = carried_out(confirmed(entries, second))
    assert (approval.state, approval.approved, approval.stayed) == (State.DONE, 6, 1)
    line = approval.lines.get(outcome=Outcome.STAYS)
    assert (line.entry_id, line.reason) == (twin.pk, "other")
    page = sign_in(second).get(f"/entries/approvals/{approval.code}/")
    assert other.record.number in page.content.decode()


def test_a_change_is_told_as_one_before_it_is_approved(db: None) -> None:
    by = demo_clerk()
    second = approver_beside(by)
    void = actions.propose_change(entry=standing(by, second), kind=Entry.Kind.VOID, reason="认定有误。", by=by)
    plan = plan_of(proposed([void, *served(by)], second), approver=second, day=timezone.localdate())
    assert sorted(str(group.kind) for group in plan.groups) == ["", "void"]


def test_stopping_ends_after_the_step_and_says_what_is_left(
    by: Account, second: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_approval, "STEP", 2)
    approval = confirmed(served(by, 5), second)
    assert bulk_approval._step(approval.pk)
    actions.cancel_approval(approval=approval, by=second)
    approval = carried_out(approval)
    assert (approval.state, approval.approved) == (State.CANCELLED, 2)
    assert Entry.objects.filter(state=Entry.State.IN_FORCE).count() == 2
    event = AuditEvent.objects.get(verb=Verb.APPROVAL_CANCELLED)
    assert (event.details["approved"], event.details["left"]) == (2, 3)
    with pytest.raises(ActionRefused):
        actions.cancel_approval(approval=approval, by=second)


def test_the_same_work_delivered_twice_is_done_once(by: Account, second: Account) -> None:
    approval = carried_out(confirmed(served(by, 3), second))
    assert carried_out(approval).approved == 3
    assert Notice.objects.filter(kind=Notice.Kind.ENTRY_IN_FORCE).count() == 3
    assert AuditEvent.objects.filter(verb=Verb.ENTRY_APPROVED).count() == 3


def test_whoever_lost_the_right_meanwhile_approves_nothing(by: Account, second: Account) -> None:
    approval = confirmed(served(by, 2), second)
    second.role_grants.update(revoked_at=timezone.now(), revoked_by=by)
    with pytest.raises(PermissionDenied):
        actions.carry_out_approval(approval_id=approval.pk, by=WORKER)
    approval.refresh_from_db()
    assert (approval.state, approval.error) == (State.FAILED, "PermissionDenied")
    assert not Entry.objects.filter(state=Entry.State.IN_FORCE).exists()


def test_only_who_saw_it_confirms_and_only_once(by: Account, second: Account) -> None:
    approval = proposed(served(by), second)
    with pytest.raises(ActionRefused):
        actions.confirm_approval(approval=approval, by=approver_beside(by))
    with pytest.raises(PermissionDenied):
        actions.confirm_approval(approval=approval, by=by)
    actions.confirm_approval(approval=approval, by=second)
    with pytest.raises(ActionRefused):
        actions.confirm_approval(approval=approval, by=second)


def test_a_new_proposal_throws_the_old_one_away_and_too_many_are_refused(
    by: Account, second: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = served(by, 3)
    old = proposed(entries, second)
    assert proposed(entries[:1], second).rows_total == 1
    assert not BulkApproval.objects.filter(pk=old.pk).exists()
    monkeypatch.setattr(bulk_approval, "LIMIT", 2)
    with pytest.raises(ActionRefused, match="More than 2"):
        proposed(entries, second)
    with pytest.raises(ActionRefused):
        proposed([], second)


def test_a_step_costs_the_same_for_three_and_for_thirty(by: Account, second: Account) -> None:
    def queries(number: int) -> int:
        approval = confirmed(served(by, number), second)
        with CaptureQueriesContext(connection) as captured:
            carried_out(approval)
        assert approval.approved == number
        return len(captured)

    assert queries(30) <= queries(3) <= 60


def test_without_the_tick_nothing_happens_and_one_entry_leads_on_to_the_next(by: Account, second: Account) -> None:
    first, following = served(by, 2)
    browser = sign_in(second)
    plan = browser.post("/entries/approve/", {"entry": first.record.number}).url
    assert browser.post(f"{plan}confirm/").url == plan
    assert BulkApproval.objects.get().state == State.PROPOSED
    assert browser.post(f"{plan}confirm/", {"stand": "on", "go": "next"}).url == f"/entries/{following.record.number}/"
    first.refresh_from_db()
    assert first.state == Entry.State.IN_FORCE


def test_all_that_match_are_taken_from_the_filter_and_the_undecided_only(
    by: Account,
    second: Account,
    at_once: None,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    minor, general = served(by, 3, severity="minor"), served(by, 2)
    f.EntryFactory(in_force=True, record=f.RecordFactory(organisation=by.organisation), severity="minor", drafted_by=by)
    served(clerk(), 1, severity="minor")  # of another body
    browser = sign_in(second)
    plan = browser.post("/entries/approve/", {"what": "all", "query": "severity=minor&per_page=50"}).url
    assert BulkApproval.objects.get().rows_total == 3
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(f"{plan}confirm/", {"stand": "on"}).url == plan
    assert {e.state for e in Entry.objects.filter(pk__in=[e.pk for e in minor])} == {Entry.State.IN_FORCE}
    assert {e.state for e in Entry.objects.filter(pk__in=[e.pk for e in general])} == {Entry.State.IN_HEARING}


def test_a_filter_with_a_mistake_matches_nothing_instead_of_everything(by: Account, second: Account) -> None:
    served(by, 2)
    answer = sign_in(second).post("/entries/approve/", {"what": "all", "query": "severity=nonsense"})
    assert answer.url == "/entries/?severity=nonsense"
    assert not BulkApproval.objects.exists()


# On connections of their own


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_step_leaves_nothing_of_it_and_the_next_ends_the_work(
    catalogue: None, at_once: None
) -> None:
    by = clerk()
    approval = confirmed(served(by, 3), approver_beside(by))
    with notices_locked():
        worker = Worker(lambda: actions.carry_out_approval(approval_id=approval.pk, by=WORKER))
        worker.wait_until_held()
        worker.kill()
    assert isinstance(worker.died, OperationalError)
    approval.refresh_from_db()
    assert (approval.state, approval.rows_done) == (State.RUNNING, 0)
    assert not Entry.objects.filter(state=Entry.State.IN_FORCE).exists()
    BulkApproval.objects.update(heartbeat_at=timezone.now() - dt.timedelta(seconds=121))
    tasks.pick_up_left_approvals()
    approval.refresh_from_db()
    assert (approval.state, approval.approved) == (State.DONE, 3)
    assert Notice.objects.filter(kind=Notice.Kind.ENTRY_IN_FORCE).count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_with_the_same_set_one_approves_and_the_other_is_told(catalogue: None) -> None:
    by = clerk()
    entries = served(by, 5)
    approvals = [confirmed(entries, approver_beside(by)) for _approver in range(2)]
    gate = threading.Barrier(2)

    def job(approval: BulkApproval) -> None:
        gate.wait(10)
        actions.carry_out_approval(approval_id=approval.pk, by=WORKER)

    workers = [Worker(lambda approval=approval: job(approval)) for approval in approvals]
    for worker in workers:
        worker.end()
    assert [worker.died for worker in workers] == [None, None]
    for approval in approvals:
        approval.refresh_from_db()
    assert sorted((a.state, a.approved, a.stayed) for a in approvals) == [(State.DONE, 0, 5), (State.DONE, 5, 0)]
    assert set(ApprovalLine.objects.filter(outcome=Outcome.STAYS).values_list("reason", flat=True)) == {"decided"}
    assert AuditEvent.objects.filter(verb=Verb.ENTRY_APPROVED).count() == 5
