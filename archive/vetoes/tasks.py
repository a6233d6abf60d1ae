"""Work on lists to check."""

from __future__ import annotations

from archive.intake.models import Batch
from archive.vetoes import actions
from archive.vetoes.models import CarriedList
from profiles.common.jobs import task
from profiles.common.permissions import System

WORKER = System("worker")


@task("vetoes.read_list")
def read_list(batch_id: int) -> None:
    actions.read_list(batch_id=batch_id, by=WORKER)


@task("vetoes.answer_list")
def answer_list(batch_id: int) -> None:
    actions.answer_list(batch_id=batch_id, by=WORKER)


@task("vetoes.carry_list")
def carry_list(check_id: int) -> None:
    actions.carry_list(check_id=check_id, by=WORKER)


@task("vetoes.carry_left_lists")
def carry_left_lists() -> None:
    """Lists that go through, whose worker was lost before they were handed over."""
    for asked in CarriedList.objects.to_take_up():
        carry_list.delay(asked)


@task("vetoes.pick_up_left_checks")
def pick_up_left_checks() -> None:
    """A worker that was killed leaves its list behind; here it is taken up again."""
    for batch in Batch.objects.left_behind().filter(kind=Batch.Kind.CHECK):
        job = answer_list if batch.state == Batch.State.ADMITTING else read_list
        job.delay(batch.pk)
