"""`manage.py up` on a machine where nothing is there yet: it starts everything, stops all of it, and loses nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT
from tests.journeys.conftest import STOP_LIMIT, wait_for

pytestmark = pytest.mark.journey

SECOND_START_LIMIT = 15  # seconds to the login page
# What a person who starts the product cannot do anything about.
NOISE = re.compile(r"warning|superuser|hostname|Traceback|ERROR", re.IGNORECASE)


class Running:
    """One `manage.py up` in a folder of its own, as the first command on a fresh machine."""

    def __init__(self, var: Path, port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        kept = {name: value for name, value in kept.items() if not name.endswith("_FILE") and name != "XDG_RUNTIME_DIR"}
        self.log = var.parent / f"up-{time.monotonic_ns()}.log"
        began = time.monotonic()
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(port)],
                cwd=ROOT,
                env={**kept, "ARCHIVE_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.local"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_for(f"http://127.0.0.1:{port}/accounts/login/", self.process, self.log)
        self.seconds = time.monotonic() - began
        self.server = psutil.Process(int((var / "postgres/postmaster.pid").read_text().split()[0]))
        self.children = psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        assert self.process.wait(STOP_LIMIT) == 0, self.said()
        assert self.said().rstrip().endswith("Stopped.")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def left(self) -> list[psutil.Process]:
        _gone, alive = psutil.wait_procs([self.server, *self.children], timeout=10)
        return alive


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="machine-"))
    folder.chmod(0o755)  # as root, PostgreSQL runs under another user, who must get there
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def running(var: Path, port: int) -> Iterator[Running]:
    product = Running(var, port)
    yield product
    if product.process.poll() is None:
        product.process.kill()


def test_a_first_start_makes_all_and_an_interrupt_stops_all(running: Running, var: Path, port: int) -> None:
    names = {process.name() for process in running.children}
    assert {"gunicorn", "celery"} <= names
    second = subprocess.run(
        [sys.executable, "manage.py", "up", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.local"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert re.fullmatch(rf"CommandError: 127\.0\.0\.1:{port} cannot be used .*\n", second.stderr), second.stderr
    assert second.stdout == ""
    assert NOISE.search(running.said()) is None, running.said()
    running.stop(signal.SIGINT)
    assert running.left() == []


def test_a_second_start_is_quick_and_a_termination_stops_all(running: Running) -> None:
    assert running.seconds < SECOND_START_LIMIT
    assert "The demo world is there already." in running.said()
    running.stop(signal.SIGTERM)
    assert running.left() == []
    assert NOISE.search(running.said()) is None, running.said()
