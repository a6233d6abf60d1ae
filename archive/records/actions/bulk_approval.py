"""Approving many entries: propose (a frozen set and what would happen), confirm, carry out in steps, stop."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import OperationalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.records.actions.approval import approve
from archive.records.models import ApprovalLine, BulkApproval, Entry
from archive.records.queries import EntryQuerySet
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

LIMIT = 100_000  # entries in one approval
STEP = 1_000  # entries in one transaction
AT_ONCE = 200  # entries that are carried out while the approver waits
ATTEMPTS = 3
State = BulkApproval.State


@transaction.atomic
def propose_approval(*, entries: models.QuerySet[Entry], query: str = "", by: Account) -> BulkApproval:
    """Freeze the set that the approver will see. Nothing is decided; the approver's earlier proposals are thrown away."""
    require(by, Permission.APPROVE_ENTRY)
    assert by.organisation_id is not None
    pks = list(entries.order_by("pk").values_list("pk", flat=True)[: LIMIT + 1])
    if not pks:
        raise ActionRefused(_("Choose at least one entry."))
    if len(pks) > LIMIT:
        raise ActionRefused(
            _("More than %(limit)s entries match. Narrow the filter, by file for example, and approve in parts.")
            % {"limit": LIMIT}
        )
    BulkApproval.objects.filter(account=by, state=State.PROPOSED).delete()
    approval = BulkApproval.objects.create(
        organisation_id=by.organisation_id, account=by, query=query, rows_total=len(pks)
    )
    ApprovalLine.objects.bulk_create([ApprovalLine(approval=approval, entry_id=pk) for pk in pks], batch_size=10_000)
    record(by=by, verb=Verb.APPROVAL_PROPOSED, obj=approval, entries=len(pks))
    return approval


@transaction.atomic
def confirm_approval(*, approval: BulkApproval, by: Account) -> BulkApproval:
    """The approver has read what will happen and stands for it."""
    require(by, Permission.APPROVE_ENTRY, approval)
    current = BulkApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    if current.account_id != by.pk:
        raise ActionRefused(_("Only who was shown what will happen can confirm it. Choose the entries yourself."))
    if current.state != State.PROPOSED:
        raise ActionRefused(_("This approval was confirmed already."))
    current.state, current.confirmed_at, current.heartbeat_at = State.RUNNING, timezone.now(), timezone.now()
    current.save(update_fields=["state", "confirmed_at", "heartbeat_at"])
    record(by=by, verb=Verb.APPROVAL_CONFIRMED, obj=current, entries=current.rows_total)
    return current


@transaction.atomic
def cancel_approval(*, approval: BulkApproval, by: Account) -> BulkApproval:
    """Stop after the step that is under way; what was approved stays approved."""
    require(by, Permission.APPROVE_ENTRY, approval)
    current = BulkApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    if current.state != State.RUNNING:
        raise ActionRefused(_("This approval is not running any more."))
    current.state, current.finished_at = State.CANCELLED, timezone.now()
    current.save(update_fields=["state", "finished_at"])
    record(by=by, verb=Verb.APPROVAL_CANCELLED, obj=current, approved=current.approved, left=_left(current))
    return current


def carry_out_approval(*, approval_id: int, by: System) -> None:
    """Work off a confirmed approval step by step. Safe to run twice and to kill: each step is one transaction."""
    require(by, Permission.RUN_SYSTEM)
    if not _claim(approval_id, by=by):
        return
    try:
        while _step(approval_id):
            pass
    except OperationalError:
        raise  # the database went away: the step was not stored, the approval is taken up again
    except Exception as error:
        _fail(approval_id, type(error).__name__, by=by)
        raise


@transaction.atomic
def _claim(approval_id: int, *, by: System) -> bool:
    approval = (
        BulkApproval.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=approval_id, state=State.RUNNING)
        .first()
    )
    if approval is None:
        return False
    if approval.attempts and approval.heartbeat_at > timezone.now() - dt.timedelta(seconds=30):
        return False  # a second delivery of the same message: the first is at work
    if approval.attempts >= ATTEMPTS:
        _end_failed(approval, "worker lost three times", by=by)
        return False
    approval.attempts, approval.heartbeat_at = approval.attempts + 1, timezone.now()
    approval.save(update_fields=["attempts", "heartbeat_at"])
    return True


@transaction.atomic
def _step(approval_id: int) -> bool:
    """Up to `STEP` entries, in a number of queries that does not depend on how many. False when there is nothing more to do."""
    approval = (
        BulkApproval.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("account")
        .filter(pk=approval_id, state=State.RUNNING)
        .first()
    )
    if approval is None:
        return False  # stopped meanwhile, or another worker has it
    by, today = approval.account, timezone.localdate()
    pks = list(approval.lines.waiting().order_by("entry_id").values_list("entry_id", flat=True)[:STEP])
    if not pks:
        _finish(approval)
        return False
    refusals: dict[str, list[int]] = defaultdict(list)
    for pk, refusal in _lock(pks).with_refusal(approver_id=by.pk, day=today).values_list("pk", "refusal"):
        refusals[refusal].append(pk)
    ready = _approve_what_can(refusals.pop("", []), by=by)
    approval.lines.filter(entry_id__in=ready).update(outcome=ApprovalLine.Outcome.APPROVED)
    refusals["other"] = sorted(set(pks) - set(ready) - {pk for stay in refusals.values() for pk in stay})
    for refusal, stay in refusals.items():
        approval.lines.filter(entry_id__in=stay).update(outcome=ApprovalLine.Outcome.STAYS, reason=refusal)
    approval.rows_done += len(pks)
    approval.approved += len(ready)
    approval.heartbeat_at = timezone.now()
    approval.save(update_fields=["rows_done", "approved", "heartbeat_at"])
    return True


def _approve_what_can(pks: list[int], *, by: Account) -> list[int]:
    """Those of `pks` that were approved. What stands against one keeps no other back: the set is halved."""
    if not pks:
        return []
    try:
        with transaction.atomic():
            approve(entries=[Entry(pk=pk) for pk in pks], by=by)
    except ActionRefused:
        half = len(pks) // 2
        return _approve_what_can(pks[:half], by=by) + _approve_what_can(pks[half:], by=by) if half else []
    return pks


def _lock(pks: list[int]) -> EntryQuerySet:
    """Nobody changes these entries, or others of their records, or answers, until the step ends."""
    records = Entry.objects.filter(pk__in=pks).values("record_id")
    rows = Entry.objects.select_for_update(of=("self",)).filter(record_id__in=records).order_by("pk")
    list(rows.values_list("pk", flat=True))
    return Entry.objects.filter(pk__in=pks)


def _finish(approval: BulkApproval) -> None:
    approval.state, approval.finished_at, approval.attempts = State.DONE, timezone.now(), 0
    approval.save(update_fields=["state", "finished_at", "attempts"])
    record(
        by=approval.account,
        verb=Verb.APPROVAL_FINISHED,
        obj=approval,
        approved=approval.approved,
        stayed=approval.stayed,
    )


@transaction.atomic
def _fail(approval_id: int, error: str, *, by: System) -> None:
    approval = BulkApproval.objects.select_for_update(of=("self",)).get(pk=approval_id)
    if approval.state == State.RUNNING:
        _end_failed(approval, error, by=by)


def _end_failed(approval: BulkApproval, error: str, *, by: System) -> None:
    """An error that is ours. The kind of error is kept, not its text, which could hold personal data."""
    approval.state, approval.finished_at, approval.error = State.FAILED, timezone.now(), error
    approval.save(update_fields=["state", "finished_at", "error"])
    record(
        by=by,
        verb=Verb.APPROVAL_FAILED,
        obj=approval,
        organisation_id=approval.organisation_id,
        error=error,
        approved=approval.approved,
        left=_left(approval),
    )


def _left(approval: BulkApproval) -> int:
    return approval.rows_total - approval.rows_done
