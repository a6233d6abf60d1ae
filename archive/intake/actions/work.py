"""A worker's hold on a batch: claim, progress, what the rehearsal found, the end."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from archive.intake.actions.receiving import refuse
from archive.intake.files import Table
from archive.intake.models import Batch, Row
from archive.intake.problems import Cancelled, Problem, Refused
from archive.intake.spool import RowSpool
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.faults import is_disk_full, was_taken_meanwhile
from profiles.common.permissions import Actor, Permission, System, require

ATTEMPTS = 3


@transaction.atomic
def claim(*, batch_id: int, states: tuple[Batch.State, ...], to: Batch.State, by: System) -> Batch | None:
    """Take a batch for work, or None if it moved on or another worker has it. The third failure ends in `failed`."""
    require(by, Permission.RUN_SYSTEM)
    batch = Batch.objects.select_for_update(skip_locked=True).filter(pk=batch_id, state__in=states).first()
    if batch is None:
        return None
    if batch.attempts and batch.heartbeat_at > timezone.now() - dt.timedelta(seconds=30):
        return None  # a second delivery of the same message: the first is at work
    if not Batch.objects.hold(batch.pk):
        return None  # no progress for long, but the first is in the middle of its transaction
    if batch.attempts >= ATTEMPTS:
        _fail(batch, "worker lost three times", by=by)
        return None
    batch.state, batch.heartbeat_at = to, timezone.now()
    batch.started_at = batch.heartbeat_at
    batch.attempts += 1
    batch.save(update_fields=["state", "heartbeat_at", "started_at", "attempts"])
    return batch


@contextmanager
def at_work(*, batch: Batch, by: System) -> Iterator[None]:
    """Around the work on a claimed batch: a refusal is told, a cancellation ends it, an error of ours is noted and raised.

    Where the database went away, or somebody else stored the same at the same moment, nothing was written and nothing is said:
    the batch is taken up again. A full disk stops it until somebody has freed space.
    """
    gc.freeze()  # while millions of values come and go, the collector need not look through all that was there before
    try:
        yield
    except Refused as refusal:
        refuse(batch=batch, refusal=refusal, by=by)
    except Cancelled:
        pass
    except Exception as error:
        if is_disk_full(error):
            fail(batch=batch, error=error, code=Batch.DISK_FULL, by=by)
        elif not isinstance(error, OperationalError | InterfaceError) and not was_taken_meanwhile(error):
            fail(batch=batch, error=error, by=by)
        raise
    finally:
        gc.unfreeze()


def beat(batch: Batch, rows_done: int, rows_total: int) -> bool:
    """Show progress. False when somebody cancelled the batch meanwhile."""
    updated = (
        Batch.objects.filter(pk=batch.pk)
        .exclude(state=Batch.State.CANCELLED)
        .update(rows_done=rows_done, rows_total=rows_total, heartbeat_at=timezone.now())
    )
    return bool(updated)


@transaction.atomic
def store_rehearsal(
    *, batch: Batch, table: Table, rows: RowSpool, outlook: dict[str, Any] | None = None, by: System
) -> Batch:
    """Keep what the rehearsal found and wait for the decision. `outlook`: what carrying it out will do."""
    require(by, Permission.RUN_SYSTEM)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state != Batch.State.READING:
        return current  # cancelled meanwhile
    Row.objects.filter(batch=batch).delete()
    rows.store()
    current.sheet_name, current.header_row = table.sheet_name[:100], table.header_row
    current.columns = {name: table.header_of(name) for name in table.columns.values()}
    told = {"unknown_column"} if current.layout is not None else set()  # when the columns were settled
    current.remarks += [
        said
        for remark in table.remarks
        if (said := remark.as_json()) not in current.remarks and remark.code not in told
    ]
    current.outlook = outlook or {}
    current.let_go_of_fix_files()
    current.counts = dict(rows.counts)
    current.rows_total = current.rows_done = rows.count
    current.state, current.attempts = Batch.State.READY, 0
    current.save()
    record(
        by=by,
        verb=Verb.BATCH_REHEARSED,
        obj=current,
        organisation_id=current.organisation_id,
        good=current.good_rows,
        refused=current.refused_rows,
    )
    return current


def refuse_rows(*, batch: Batch, rows: list[tuple[int, list[Problem]]]) -> None:
    """Rows that were good in the rehearsal and are so no more: the world has changed since."""
    for number, problems in rows:
        told = [problem.as_json() for problem in problems]
        batch.rows.filter(number=number).update(verdict=Row.Verdict.REFUSED, problems=told)


@transaction.atomic
def finish(*, batch: Batch, notices: int = 0, by: Actor) -> Batch:
    """All rows are carried out; in the transaction that did it. `notices` are still to be written."""
    batch.state, batch.finished_at, batch.counts = Batch.State.DONE, timezone.now(), batch.rows.tally()
    batch.rows_done, batch.heartbeat_at = batch.rows_total, timezone.now()
    batch.notices_total = batch.notices_left = notices
    batch.attempts = 0
    batch.let_go_of_fix_files()
    batch.save()
    record(by=by, verb=Verb.BATCH_ADMITTED, obj=batch, organisation_id=batch.organisation_id, **batch.counts)
    return batch


def note_notices(*, batch: Batch, left: int, total: int | None = None) -> None:
    """So many notices to the batch's persons are still to be written; in the transaction that wrote some, or called for them."""
    batch.notices_left, batch.heartbeat_at = max(left, 0), timezone.now()
    if total is not None:
        batch.notices_total = total
    batch.save(update_fields=["notices_left", "notices_total", "heartbeat_at"])


@transaction.atomic
def fail(*, batch: Batch, error: BaseException, code: str = "", by: System) -> None:
    """An error that is ours. The kind of error is kept, not its text, which could hold personal data."""
    require(by, Permission.RUN_SYSTEM)
    _fail(batch, code or type(error).__name__, by=by)


def _fail(batch: Batch, error: str, *, by: System) -> None:
    batch.state, batch.finished_at, batch.error = Batch.State.FAILED, timezone.now(), error
    batch.save(update_fields=["state", "finished_at", "error"])
    record(by=by, verb=Verb.BATCH_FAILED, obj=batch, organisation_id=batch.organisation_id, error=error)
