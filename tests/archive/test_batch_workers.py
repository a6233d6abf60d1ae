"""Two workers at once, and workers cut off in the middle: on connections of their own, with transactions that commit."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError

from archive.models import Batch, Entry
from archive.records import actions as records
from archive.records import tasks
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from tests.archive.sheets import WORKER, clerk, confirm, receive, rehearse, xlsx
from tests.archive.test_batch_faults import TWICE, stored, untouched_for
from tests.archive.workers import Worker, feed_locked


@pytest.mark.django_db(transaction=True)
def test_a_worker_cut_off_in_the_middle_of_the_admission_leaves_nothing_and_the_next_ends_it(
    catalogue: None, at_once: None
) -> None:
    by = clerk()
    batch = confirm(rehearse(xlsx(*TWICE), by=by), by=by)
    before = stored()
    with feed_locked():
        worker = Worker(lambda: records.admit_batch(batch_id=batch.pk, by=WORKER))
        worker.wait_until_held()
        worker.kill()
    assert isinstance(worker.died, OperationalError)
    batch.refresh_from_db()
    assert (batch.state, batch.attempts) == (Batch.State.ADMITTING, 1)
    assert stored() == before
    untouched_for(batch, 121)
    tasks.pick_up_left_batches()
    batch.refresh_from_db()
    assert (batch.state, batch.counts) == (Batch.State.DONE, {"new": 2})
    assert Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_cut_off_in_the_middle_of_the_rehearsal_is_replaced(catalogue: None, at_once: None) -> None:
    batch = receive(xlsx(*TWICE), by=clerk())
    with feed_locked():
        worker = Worker(lambda: records.rehearse_batch(batch_id=batch.pk, by=WORKER))
        worker.wait_until_held()
        worker.kill()
    assert isinstance(worker.died, OperationalError)
    untouched_for(batch, 121)
    tasks.pick_up_left_batches()
    batch.refresh_from_db()
    assert (batch.state, batch.good_rows) == (Batch.State.READY, 2)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_long_rehearsal_is_left_in_peace_while_its_worker_lives(catalogue: None, at_once: None) -> None:
    """A great file is longer in its transaction than the two minutes after which a batch seems left behind."""
    batch = receive(xlsx(*TWICE), by=clerk())
    with feed_locked():
        worker = Worker(lambda: records.rehearse_batch(batch_id=batch.pk, by=WORKER))
        worker.wait_until_held()
        for _minute in range(4):
            untouched_for(batch, 121)
            tasks.pick_up_left_batches()
    worker.end()
    assert worker.died is None
    batch.refresh_from_db()
    assert (batch.state, batch.good_rows) == (Batch.State.READY, 2)
    assert AuditEvent.objects.filter(verb=Verb.BATCH_REHEARSED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_the_same_moment_one_carries_out(catalogue: None) -> None:
    by = clerk()
    batch = confirm(rehearse(xlsx(*TWICE), by=by), by=by)
    gate = threading.Barrier(2)

    def job() -> None:
        gate.wait(10)
        records.admit_batch(batch_id=batch.pk, by=WORKER)

    workers = [Worker(job), Worker(job)]
    for worker in workers:
        worker.end()
    assert [worker.died for worker in workers] == [None, None]
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    assert Entry.objects.count() == 2
    assert AuditEvent.objects.filter(verb=Verb.BATCH_ADMITTED).count() == 1
