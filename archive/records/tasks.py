"""Work on batches of facts. Each task takes a batch id and does nothing where the batch has moved on."""

from __future__ import annotations

from archive.intake.models import Batch
from archive.records import actions
from profiles.common.jobs import task
from profiles.common.permissions import System

WORKER = System("worker")


@task("records.rehearse_batch")
def rehearse_batch(batch_id: int) -> None:
    actions.rehearse_batch(batch_id=batch_id, by=WORKER)


@task("records.admit_batch")
def admit_batch(batch_id: int) -> None:
    actions.admit_batch(batch_id=batch_id, by=WORKER)


@task("records.close_over")
def close_over() -> None:
    actions.close_over(by=WORKER)


@task("records.pick_up_left_batches")
def pick_up_left_batches() -> None:
    """A worker that was killed leaves its batch behind; here it is taken up again."""
    for batch in Batch.objects.left_behind().filter(kind=Batch.Kind.ENTRIES):
        job = admit_batch if batch.state == Batch.State.ADMITTING else rehearse_batch
        job.delay(batch.pk)
