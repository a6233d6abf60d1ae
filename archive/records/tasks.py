"""Work on batches of facts and on approvals of many entries. Each task takes one id and does nothing where that has moved on."""

from __future__ import annotations

from archive.intake.models import Batch
from archive.records import actions
from archive.records.models import BulkApproval
from profiles.common.jobs import task
from profiles.common.permissions import System

WORKER = System("worker")


@task("records.rehearse_batch")
def rehearse_batch(batch_id: int) -> None:
    actions.rehearse_batch(batch_id=batch_id, by=WORKER)


@task("records.admit_batch")
def admit_batch(batch_id: int) -> None:
    actions.admit_batch(batch_id=batch_id, by=WORKER)
    notify_batch.delay(batch_id)


@task("records.notify_batch")
def notify_batch(batch_id: int) -> None:
    actions.notify_batch(batch_id=batch_id, by=WORKER)


@task("records.close_over")
def close_over() -> None:
    actions.close_over(by=WORKER)


@task("records.pick_up_left_batches")
def pick_up_left_batches() -> None:
    """A worker that was killed leaves its batch behind; here it is taken up again."""
    entries = Batch.objects.filter(kind=Batch.Kind.ENTRIES)
    for batch in entries.left_behind():
        job = admit_batch if batch.state == Batch.State.ADMITTING else rehearse_batch
        job.delay(batch.pk)
    for batch in entries.unnotified():
        notify_batch.delay(batch.pk)


@task("records.discard_forgotten_drafts")
def discard_forgotten_drafts() -> None:
    actions.discard_forgotten_drafts(by=WORKER)


@task("records.carry_out_approval")
def carry_out_approval(approval_id: int) -> None:
    actions.carry_out_approval(approval_id=approval_id, by=WORKER)


@task("records.pick_up_left_approvals")
def pick_up_left_approvals() -> None:
    for approval in BulkApproval.objects.left_behind():
        carry_out_approval.delay(approval.pk)
