"""Taking a file in and moving a batch along. What its rows mean is decided downstream (records, vetoes)."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake.files import Table, read_table, sniff
from archive.intake.fixfile import refused_rows
from archive.intake.models import Batch, Row
from archive.intake.problems import Cancelled, Problem, Refused
from archive.intake.resources import SheetResource
from archive.intake.workbooks import Cell, Formula, guard_against_bombs
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Actor, Permission, System, require

ATTEMPTS = 3
MEGABYTE = 1024 * 1024


@transaction.atomic
def receive(*, upload: Any, kind: Batch.Kind, permission: Permission, by: Account) -> Batch:
    """Check what an uploaded file is and keep it as ciphertext. Raises `Refused` with its problem; then nothing is stored."""
    require(by, permission)
    assert by.organisation is not None
    if (upload.size or 0) > settings.UPLOAD_LIMIT_BYTES:
        raise Refused(
            "file_too_large",
            size=round((upload.size or 0) / MEGABYTE, 1),
            limit=settings.UPLOAD_LIMIT_BYTES // MEGABYTE,
        )
    data = upload.read()
    file_format = sniff(data)
    if file_format == "xlsx":
        guard_against_bombs(data)
    sha256 = hashlib.sha256(data).hexdigest()
    earlier = Batch.objects.same_file(organisation_id=by.organisation.pk, kind=kind, sha256=sha256).first()
    remarks = []
    if earlier is not None:
        day = timezone.localtime(earlier.uploaded_at).date().isoformat()
        remarks.append(Problem("same_file", params={"day": day, "code": earlier.code}).as_json())
    batch = Batch(
        kind=kind,
        organisation=by.organisation,
        uploaded_by=by,
        file_name=mask_in_text(upload.name or "")[:200],
        file_format=file_format,
        size=len(data),
        sha256=sha256,
        remarks=remarks,
    )
    batch.save()
    record(by=by, verb=Verb.BATCH_UPLOADED, obj=batch, kind=str(kind), bytes=len(data), sha256=sha256[:16])
    batch.file.save("upload", ContentFile(data))  # last: what cannot be recorded leaves no file behind
    return batch


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
    batch.attempts += 1
    batch.save(update_fields=["state", "heartbeat_at", "attempts"])
    return batch


@contextmanager
def at_work(*, batch: Batch, by: System) -> Iterator[None]:
    """Around the work on a claimed batch: a refusal is told, a cancellation ends it, an error of ours is noted and raised."""
    try:
        yield
    except Refused as refusal:
        refuse(batch=batch, refusal=refusal, by=by)
    except Cancelled:
        pass
    except OperationalError:
        raise  # the database went away, nothing was written: the batch is taken up again
    except Exception as error:
        fail(batch=batch, error=error, by=by)
        raise


def beat(batch: Batch, rows_done: int, rows_total: int) -> bool:
    """Show progress. False when somebody cancelled the batch meanwhile."""
    updated = (
        Batch.objects.filter(pk=batch.pk)
        .exclude(state=Batch.State.CANCELLED)
        .update(rows_done=rows_done, rows_total=rows_total, heartbeat_at=timezone.now())
    )
    return bool(updated)


def open_table(*, batch: Batch, resource: type[SheetResource]) -> Table:
    """The batch's table; raises `Refused` with the file's problem."""
    with batch.file.open("rb") as file:
        data = file.read()
    return read_table(data, batch.file_format, resource.match, resource.required_headers())


@transaction.atomic
def refuse(*, batch: Batch, refusal: Refused, by: System) -> Batch:
    """The file as a whole cannot be used. A file with data that may never be collected is not kept either."""
    require(by, Permission.RUN_SYSTEM)
    problem = Problem(refusal.code, params=refusal.params)
    batch.state, batch.finished_at = Batch.State.REFUSED, timezone.now()
    batch.remarks = [*batch.remarks, problem.as_json()]
    if refusal.code == "file_forbidden_column":
        _drop_file(batch)
    batch.save(update_fields=["state", "finished_at", "remarks", "file"])
    record(by=by, verb=Verb.BATCH_REFUSED, obj=batch, organisation_id=batch.organisation_id, code=refusal.code)
    return batch


def _drop_file(batch: Batch) -> None:
    """The row lets go of the file now; the file goes once that is stored, so that neither is without the other."""
    storage, name = batch.file.storage, batch.file.name
    batch.file = ""
    if name:
        transaction.on_commit(functools.partial(storage.delete, name))


@transaction.atomic
def store_rehearsal(*, batch: Batch, table: Table, rows: Iterable[Row], by: System) -> Batch:
    """Keep what the rehearsal found and wait for the decision."""
    require(by, Permission.RUN_SYSTEM)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state != Batch.State.READING:
        return current  # cancelled meanwhile
    Row.objects.filter(batch=batch).delete()
    stored = Row.objects.bulk_create(rows, batch_size=2_000)
    current.sheet_name, current.header_row = table.sheet_name[:100], table.header_row
    current.columns = {name: table.headers[index] for index, name in table.columns.items()}
    current.remarks = [*current.remarks, *(remark.as_json() for remark in table.remarks)]
    current.counts = dict(Counter(row.verdict for row in stored))
    current.rows_total = current.rows_done = len(stored)
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


@transaction.atomic
def confirm(*, batch: Batch, permission: Permission, by: Account) -> Batch:
    """Somebody looked at the rehearsal and says: carry out the good rows."""
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state != Batch.State.READY:
        raise ActionRefused(_("This file is not waiting for a decision any more."))
    if not current.good_rows:
        raise ActionRefused(_("There is no good row in this file. Correct it and upload it again."))
    current.state, current.confirmed_by, current.confirmed_at = Batch.State.ADMITTING, by, timezone.now()
    current.rows_done, current.heartbeat_at = 0, timezone.now()
    current.save()
    record(by=by, verb=Verb.BATCH_CONFIRMED, obj=current, good=current.good_rows)
    return current


@transaction.atomic
def cancel(*, batch: Batch, permission: Permission, by: Account) -> Batch:
    """Stop before anything was carried out. The file and what was read from it are deleted."""
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state not in {Batch.State.RECEIVED, Batch.State.READING, Batch.State.READY, Batch.State.FAILED}:
        raise ActionRefused(_("This file can no longer be cancelled."))
    if current.confirmed_at is not None:
        raise ActionRefused(_("This file was confirmed already."))
    current.state, current.finished_at = Batch.State.CANCELLED, timezone.now()
    current.rows.all().delete()
    _drop_file(current)
    current.save()
    record(by=by, verb=Verb.BATCH_CANCELLED, obj=current)
    return current


@transaction.atomic
def take_refused_rows(*, batch: Batch, permission: Permission, by: Account) -> bytes:
    """The refused rows as a workbook, with what is wrong. They hold identity numbers as sent, so the trail notes it."""
    require(by, permission, batch)
    if not batch.refused_rows:
        raise ActionRefused(_("No row of this file was refused."))
    record(by=by, verb=Verb.BATCH_REFUSED_TAKEN, obj=batch, rows=batch.refused_rows)
    return refused_rows(batch)


@transaction.atomic
def finish(*, batch: Batch, counts: dict[str, int], by: Actor) -> Batch:
    """All rows are carried out; in the transaction that did it."""
    batch.state, batch.finished_at, batch.counts = Batch.State.DONE, timezone.now(), counts
    batch.rows_done = batch.rows_total
    batch.attempts = 0
    batch.save()
    record(by=by, verb=Verb.BATCH_ADMITTED, obj=batch, organisation_id=batch.organisation_id, **counts)
    return batch


@transaction.atomic
def fail(*, batch: Batch, error: BaseException, by: System) -> None:
    """An error that is ours. The kind of error is kept, not its text, which could hold personal data."""
    require(by, Permission.RUN_SYSTEM)
    _fail(batch, type(error).__name__, by=by)


def _fail(batch: Batch, error: str, *, by: System) -> None:
    batch.state, batch.finished_at, batch.error = Batch.State.FAILED, timezone.now(), error
    batch.save(update_fields=["state", "finished_at", "error"])
    record(by=by, verb=Verb.BATCH_FAILED, obj=batch, organisation_id=batch.organisation_id, error=error)


def storable(cells: dict[str, Cell]) -> dict[str, Any]:
    """Raw cells as JSON; reading them again gives the same values."""
    return {name: _storable(value) for name, value in cells.items() if value not in (None, "")}


def _storable(value: Cell) -> Any:
    if isinstance(value, Formula):
        return str(value)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # a lone surrogate has no JSON form
    return value
