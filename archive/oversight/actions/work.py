"""The worker's part of a change of law: entries are withdrawn in steps, each in a transaction of its own."""

from __future__ import annotations

import datetime as dt

from django.db import OperationalError, transaction
from django.utils import timezone

from archive.oversight import impact
from archive.oversight.models import LawChange
from archive.records import actions as records
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import Actor, Permission, System, require

STEP = 1_000
ATTEMPTS = 3


def carry_out(*, change_id: int, by: System) -> None:
    """Withdraw what is left to withdraw, until nothing is. Safe to run twice, to be killed and to be taken up again."""
    require(by, Permission.RUN_SYSTEM)
    if not _claim(change_id, by=by):
        return
    try:
        while _step(change_id, by=by):
            pass
    except OperationalError:
        raise  # the database went away; the step was not written and is taken up again
    except Exception as error:
        _fail(change_id, type(error).__name__, by=by)
        raise


@transaction.atomic
def _claim(change_id: int, *, by: Actor) -> bool:
    change = LawChange.objects.select_for_update(skip_locked=True).filter(pk=change_id, state="approved").first()
    if change is None:
        return False
    if change.attempts and change.heartbeat_at > timezone.now() - dt.timedelta(seconds=30):
        return False  # a second delivery of the same message: the first is at work
    if change.attempts >= ATTEMPTS:
        _note_failure(change, "worker lost three times", by=by)
        return False
    change.attempts += 1
    change.heartbeat_at = timezone.now()
    change.save(update_fields=["attempts", "heartbeat_at"])
    return True


@transaction.atomic
def _step(change_id: int, *, by: System) -> bool:
    """One step; False when it was the last. The row's lock keeps a second worker from the same step."""
    change = LawChange.objects.select_for_update().get(pk=change_id)
    if change.state != LawChange.State.APPROVED:
        return False
    assert change.approved_by is not None, "a constraint says so"
    entries = list(
        impact.affected(change, impact.ended_items(change.plan)).order_by("pk").values_list("pk", flat=True)[:STEP]
    )
    if not entries:
        _finish(change, by=by)
        return False
    done = sum(
        records.withdraw_many(
            entries=entries,
            reason=change.told,
            proposed_by=change.proposed_by,
            proposed_at=change.proposed_at,
            by=change.approved_by,
        )
    )
    if not done:
        return False  # all of them moved on this moment: left behind, taken up again, and given up after the third time
    change.rows_done += done
    change.rows_total = max(change.rows_total, change.rows_done)
    change.heartbeat_at, change.attempts = timezone.now(), 1
    change.save(update_fields=["rows_done", "rows_total", "heartbeat_at", "attempts"])
    record(by=by, verb=Verb.LAW_CHANGE_STEP, obj=change, law_change=change.code, entries=done)
    return True


def _finish(change: LawChange, *, by: Actor) -> None:
    change.state, change.finished_at, change.attempts = LawChange.State.DONE, timezone.now(), 0
    change.rows_total = change.rows_done
    change.save(update_fields=["state", "finished_at", "attempts", "rows_total"])
    record(by=by, verb=Verb.LAW_CHANGE_DONE, obj=change, law_change=change.code, entries=change.rows_done)


@transaction.atomic
def _fail(change_id: int, error: str, *, by: Actor) -> None:
    """The kind of error is kept, not its text, which could hold personal data."""
    change = LawChange.objects.select_for_update().get(pk=change_id)
    if change.state == LawChange.State.APPROVED:
        _note_failure(change, error, by=by)


def _note_failure(change: LawChange, error: str, *, by: Actor) -> None:
    change.state, change.error = LawChange.State.FAILED, error
    change.save(update_fields=["state", "error"])
    record(by=by, verb=Verb.LAW_CHANGE_FAILED, obj=change, law_change=change.code, error=error)
