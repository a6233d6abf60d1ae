"""Work on batches of facts and on approvals of many entries. Each task takes one id and does nothing where that has moved on."""

from __future__ import annotations

from archive.intake.models import Batch
from archive.records import actions
from archive.records.bulk_models import BulkApproval
from profiles.common.jobs import task
from profiles.common.permissions import System

WORKER = System("worker")


@task("records.rehearse_batch")
def rehearse_batch(batch_id: int) -> None:
    actions.rehearse_batch(batch_id=batch_id, by=WORKER)


@task("records.admit_batch")
def admit_batch(batch_id: int) -> None:
    actions.admit_batch(batch_id=batch_id, by=WORKER)


@task("records.pick_up_left_batches")
def pick_up_left_batches() -> None:
    """A worker that was killed leaves its batch behind; here it is taken up again."""
    for batch in Batch.objects.left_behind().filter(kind=Batch.Kind.ENTRIES):
        job = admit_batch if batch.state == Batch.State.ADMITTING else rehearse_batch
        job.delay(batch.pk)


@task("records.carry_out_approval")
def carry_out_approval(approval_id: int) -> None:
    actions.carry_out_approval(approval_id=approval_id, by=WORKER)


@task("records.pick_up_left_approvals")
def pick_up_left_approvals() -> None:
    for approval in BulkApproval.objects.left_behind():
        carry_out_approval.delay(approval.pk)
