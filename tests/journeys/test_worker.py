"""Work in hand is not lost: a worker whose process is killed in the middle of a task takes the task up again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from tests.conftest import ROOT
from tests.journeys.conftest import STOP_LIMIT, Product

pytestmark = pytest.mark.journey

PATIENCE = 60
SEND = "import django; django.setup(); from archive.notices.tasks import deliver_waiting as d; d.apply_async(queue='journey')"


def until(answer: Callable[[], Any], why: str) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := answer():
            return found
        time.sleep(0.2)
    raise AssertionError(why)


@pytest.fixture
def worker(product: Product, tmp_path: Path) -> Iterator[psutil.Process]:
    """A worker with one child and a queue of its own, as `manage.py up` runs it otherwise."""
    celery = [str(Path(sys.executable).parent / "celery"), "-A", "config", "--quiet", "worker", "--loglevel", "WARNING"]
    with (tmp_path / "worker.log").open("w") as log:
        process = subprocess.Popen(
            [*celery, "--concurrency", "1", "-Q", "journey", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=product.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    yield psutil.Process(process.pid)
    process.terminate()
    process.wait(STOP_LIMIT)


def test_a_task_whose_process_was_killed_comes_again_and_is_done(product: Product, worker: psutil.Process) -> None:
    def in_hand() -> list[tuple[int, int]]:
        """(message, how often it was handed out)"""
        return product.sql("SELECT msg_id, read_ct FROM pgmq.q_journey WHERE read_ct > 0")

    # The task waits at this table for as long as we hold it.
    with psycopg.connect(product.environment["DATABASE_OWNER_URL"]) as holding:
        holding.execute("LOCK TABLE archive_delivery IN ACCESS EXCLUSIVE MODE")
        subprocess.run([sys.executable, "-c", SEND], cwd=ROOT, env=product.environment, check=True, timeout=60)
        message, times = until(in_hand, "nobody took the task")[0]
        child = until(worker.children, "the worker has no child")[0]
        time.sleep(1)  # well inside the task
        assert in_hand() == [(message, times)]
        child.kill()
        until(lambda: in_hand() == [(message, times + 1)], "the task did not come again")
        assert [process.pid for process in worker.children()] != [child.pid]
    until(lambda: not in_hand(), "the task was not done")
