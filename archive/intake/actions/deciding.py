"""What the uploader decides about a batch."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake.actions.receiving import open_file
from archive.intake.models import Batch
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require

CANCELLABLE = {
    Batch.State.RECEIVED,
    Batch.State.READING,
    Batch.State.COLUMNS,
    Batch.State.READY,
    Batch.State.HELD,
    Batch.State.FAILED,
}


@transaction.atomic
def confirm(*, batch: Batch, permission: Permission, by: Account) -> Batch:
    """Somebody looked at the rehearsal and says: carry out the good rows."""
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state not in Batch.TO_DECIDE:
        raise ActionRefused(_("This file is not waiting for a decision any more."))
    if not current.good_rows:
        raise ActionRefused(_("There is no good row in this file. Correct it and upload it again."))
    current.state, current.confirmed_by, current.confirmed_at = Batch.State.ADMITTING, by, timezone.now()
    current.rows_done, current.heartbeat_at = 0, timezone.now()
    current.save()
    record(by=by, verb=Verb.BATCH_CONFIRMED, obj=current, good=current.good_rows)
    _put_away_earlier(current, permission=permission, by=by)
    return current


def _put_away_earlier(batch: Batch, *, permission: Permission, by: Account) -> None:
    """The corrected file is carried out: what it corrects, and was not carried out, waits for nothing any more."""
    earlier = batch.continues
    while earlier is not None:
        if earlier.state in Batch.TO_DECIDE:
            cancel(batch=earlier, permission=permission, by=by)
        earlier = earlier.continues


@transaction.atomic
def hold(*, batch: Batch, permission: Permission, by: Account) -> Batch:
    """Nothing of this file until all of its rows are good: it waits for the corrected one."""
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state != Batch.State.READY:
        raise ActionRefused(_("This file is not waiting for a decision any more."))
    current.state = Batch.State.HELD
    current.save(update_fields=["state"])
    record(by=by, verb=Verb.BATCH_HELD, obj=current, refused=current.refused_rows)
    return current


@transaction.atomic
def retry(*, batch: Batch, permission: Permission, by: Account) -> Batch:
    """Set a file going again that an error of ours stopped, from where it stood: the rehearsal or the admission."""
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state != Batch.State.FAILED:
        raise ActionRefused(_("This file is not stopped."))
    current.state = Batch.State.ADMITTING if current.confirmed_at is not None else Batch.State.RECEIVED
    current.attempts, current.error, current.finished_at = 0, "", None
    current.rows_done, current.heartbeat_at = 0, timezone.now()
    current.save()
    record(by=by, verb=Verb.BATCH_RETRIED, obj=current)
    return current


@transaction.atomic
def cancel(*, batch: Batch, permission: Permission, by: Account) -> Batch:
    """Stop before anything was carried out. The file and what was read from it are deleted."""
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state not in CANCELLABLE:
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
def mark_reversed(*, batch: Batch, permission: Permission, reason: str, by: Account) -> Batch:
    """The file as a whole counts no more. What became of its rows is withdrawn downstream, in the same transaction."""
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state != Batch.State.DONE:
        raise ActionRefused(_("Only a file that was carried out can be reversed."))
    if not reason.strip():
        raise ActionRefused(_("Say in a sentence why the file is reversed."))
    current.state, current.reversed_by, current.reversed_at = Batch.State.REVERSED, by, timezone.now()
    current.reverse_reason = reason.strip()[:300]
    current.save()
    record(by=by, verb=Verb.BATCH_REVERSED, obj=current)
    return current


@transaction.atomic
def take_source(*, batch: Batch, permission: Permission, by: Account) -> bytes:
    """The file as it was sent. It holds identity numbers, so the trail notes it."""
    require(by, permission, batch)
    if not batch.file:
        raise ActionRefused(_("The file is not kept any more."))
    record(by=by, verb=Verb.BATCH_SOURCE_TAKEN, obj=batch, sha256=batch.sha256[:16])
    return open_file(batch=batch).read()
