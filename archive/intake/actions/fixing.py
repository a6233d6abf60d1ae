"""The fix file: at once for small files, by a worker for large ones."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from archive.intake.actions.receiving import open_file
from archive.intake.fixfile import Progress, write_fix_file
from archive.intake.models import Batch, FixFile
from archive.intake.problems import Cancelled
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

AT_ONCE = 2_000  # rows of the source; more take longer than a request
ATTEMPTS = 3


def _require_refused(batch: Batch) -> None:
    if not batch.refused_rows or not batch.file:
        raise ActionRefused(_("No row of this file was refused."))


@transaction.atomic
def request_fix_file(*, batch: Batch, all_rows: bool, permission: Permission, by: Account) -> FixFile:
    """Have a worker make it, in the language of who asks. A failed one is made anew."""
    require(by, permission, batch)
    _require_refused(batch)
    now = timezone.now()
    fix, is_new = FixFile.objects.select_for_update().get_or_create(
        batch=batch, all_rows=all_rows, language=get_language() or "zh-hans", defaults={"requested_by": by}
    )
    if not is_new and fix.state == FixFile.State.FAILED:
        fix.state, fix.attempts, fix.error, fix.started_at, fix.heartbeat_at = FixFile.State.REQUESTED, 0, "", now, now
        fix.save()
    record(by=by, verb=Verb.BATCH_FIX_REQUESTED, obj=batch, all_rows=all_rows)
    return fix


def make_fix_file(*, fix_id: int, by: System) -> None:
    """Make it and keep it as ciphertext. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    with transaction.atomic():
        fix = (
            FixFile.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("batch")
            .filter(pk=fix_id, state=FixFile.State.REQUESTED)
            .first()
        )
        if fix is None:
            return
        fix.attempts += 1
        fix.started_at = fix.heartbeat_at = timezone.now()
        fix.rows_total = (fix.batch.header_row or 0) + fix.batch.rows_total
        if fix.attempts > ATTEMPTS:
            fix.state, fix.error = FixFile.State.FAILED, "worker lost three times"
        fix.save()
    if fix.state == FixFile.State.REQUESTED:
        _make(fix)


def _make(fix: FixFile) -> None:
    def progress(done: int) -> bool:
        """False when the file was cancelled or rehearsed anew meanwhile."""
        return bool(FixFile.objects.filter(pk=fix.pk).update(rows_done=done, heartbeat_at=timezone.now()))

    try:
        data = _workbook(fix.batch, all_rows=fix.all_rows, language=fix.language, progress=progress)
    except Cancelled:
        return
    except Exception as error:
        FixFile.objects.filter(pk=fix.pk).update(state=FixFile.State.FAILED, error=type(error).__name__)
        raise
    with transaction.atomic():
        current = FixFile.objects.select_for_update().filter(pk=fix.pk, state=FixFile.State.REQUESTED).first()
        if current is not None:
            current.state, current.rows_done = FixFile.State.DONE, current.rows_total
            current.file.save("fix", ContentFile(data))


def _workbook(batch: Batch, *, all_rows: bool, language: str, progress: Progress = lambda done: True) -> bytes:
    out = io.BytesIO()
    with override(language):
        write_fix_file(batch, open_file(batch=batch), out, all_rows=all_rows, progress=progress)
    return out.getvalue()


@transaction.atomic
def take_fix_file(*, batch: Batch, all_rows: bool, permission: Permission, by: Account) -> bytes:
    """The fix file. It holds identity numbers as sent, so the trail notes it."""
    require(by, permission, batch)
    _require_refused(batch)
    language = get_language() or "zh-hans"
    if batch.rows_total <= AT_ONCE:
        data = _workbook(batch, all_rows=all_rows, language=language)
    else:
        fix = batch.fix_files.filter(all_rows=all_rows, language=language, state=FixFile.State.DONE).first()
        if fix is None:
            raise ActionRefused(_("This file is still being made."))
        with fix.file.open("rb") as file:
            data = file.read()
    record(by=by, verb=Verb.BATCH_REFUSED_TAKEN, obj=batch, rows=batch.refused_rows, all_rows=all_rows)
    return data
