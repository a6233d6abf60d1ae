"""Threads with connections of their own, to stop and to kill in the middle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection


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


def feed_locked() -> AbstractContextManager[None]:
    """Whoever writes a line of the feed waits: by then archives and entries are written."""
    return _locked("archive_change")


def notices_locked() -> AbstractContextManager[None]:
    """Whoever writes a notice waits: by then what it tells of is written."""
    return _locked("archive_notice")


@contextmanager
def _locked(table: str) -> Iterator[None]:
    other = connection.copy()
    try:
        with other.cursor() as cursor, connection.cursor() as ours:
            ours.execute("SET lock_timeout = '5s'")  # this thread must never come to wait for its own lock
            cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
            cursor.execute("ROLLBACK")
            ours.execute("RESET lock_timeout")
    finally:
        other.close()
