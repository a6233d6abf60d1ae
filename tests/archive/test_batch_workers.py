"""Two workers at once, and workers cut off in the middle: on connections of their own, with transactions that commit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from archive.models import Batch, Entry
from archive.records import actions as records
from archive.records import tasks
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from tests.archive.sheets import WORKER, clerk, confirm, receive, rehearse, xlsx
from tests.archive.test_batch_faults import TWICE, stored, untouched_for


class Worker:
    """A worker in a thread with its own connection. `died` is how it ended."""

    def __init__(self, job: Callable[[], None]) -> None:
        self.job, self.pid = job, 0
        self.died: BaseException | None = None
        self.started = threading.Event()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()
        assert self.started.wait(10)

    def _work(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self.started.set()
            self.job()
        except Exception as error:
            self.died = error
        finally:
            connection.close()

    def wait_until_held(self) -> None:
        """It waits for a lock: it is in the middle."""
        deadline = time.monotonic() + 20
        while not self._is_held():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def _is_held(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self.pid])
            return bool(cursor.fetchone()[0])

    def kill(self) -> None:
        """As kill -9 does it: the database sees the connection end."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [self.pid])
        self.end()

    def end(self) -> None:
        self.thread.join(30)
        assert not self.thread.is_alive()


@contextmanager
def notices_locked() -> Iterator[None]:
    """Whoever writes a notice waits: by then archives and entries are written."""
    other = connection.copy()
    try:
        with other.cursor() as cursor, connection.cursor() as ours:
            ours.execute("SET lock_timeout = '5s'")  # this thread must never come to wait for its own lock
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE archive_notice IN ACCESS EXCLUSIVE MODE")
            yield
            cursor.execute("ROLLBACK")
            ours.execute("RESET lock_timeout")
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_worker_cut_off_in_the_middle_of_the_admission_leaves_nothing_and_the_next_ends_it(
    catalogue: None, at_once: None
) -> None:
    by = clerk()
    batch = confirm(rehearse(xlsx(*TWICE), by=by), by=by)
    before = stored()
    with notices_locked():
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
    with notices_locked():
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
    with notices_locked():
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
