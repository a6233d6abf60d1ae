"""Work on lists to check."""

from __future__ import annotations

from archive.intake.models import Batch
from archive.vetoes import actions
from archive.vetoes.models import (
    CarriedList,
    ResultFile,
    RuleRehearsal,
    WatchOrder,
)
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


@task("vetoes.run_rehearsal")
def run_rehearsal(rehearsal_id: int) -> None:
    actions.run_rehearsal(rehearsal_id=rehearsal_id, by=WORKER)


@task("vetoes.pick_up_left_rehearsals")
def pick_up_left_rehearsals() -> None:
    for rehearsal in RuleRehearsal.objects.left_behind():
        run_rehearsal.delay(rehearsal.pk)


@task("vetoes.enrol_watches")
def enrol_watches(order_id: int) -> None:
    actions.enrol_watches(order_id=order_id, by=WORKER)


@task("vetoes.pick_up_left_watches")
def pick_up_left_watches() -> None:
    """A worker that was killed leaves an order of a continuous check behind; here it is taken up again."""
    for order in WatchOrder.objects.left_behind():
        enrol_watches.delay(order.pk)


@task("vetoes.follow_watches")
def follow_watches() -> None:
    actions.follow_watches(by=WORKER)
    actions.mail_alerts(by=WORKER)


@task("vetoes.close_lapsed_watches")
def close_lapsed_watches() -> None:
    actions.close_lapsed(by=WORKER)


@task("vetoes.follow_recalls")
def follow_recalls() -> None:
    actions.follow_recalls(by=WORKER)


@task("vetoes.make_result")
def make_result(result_id: int) -> None:
    actions.make_result(result_id=result_id, by=WORKER)


@task("vetoes.pick_up_left_results")
def pick_up_left_results() -> None:
    """A worker that was killed leaves its workbook behind; here it is taken up again."""
    for result in ResultFile.objects.left_behind():
        make_result.delay(result.pk)


@task("vetoes.expire_results")
def expire_results() -> None:
    actions.expire_results(by=WORKER)


@task("vetoes.erase_lists")
def erase_lists() -> None:
    actions.erase_lists(by=WORKER)
