"""What the uploader decides about a batch."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake.fixfile import refused_rows
from archive.intake.models import Batch
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require


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
    current.let_go_of_file()
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
