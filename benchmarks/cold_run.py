"""`make run` as on a new machine: a fresh copy of the tracked files, no environment, to the login page; then once more."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600  # seconds


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="integrity-archive-") as folder:
        copy = Path(folder) / "clone"
        _copy_tracked(copy)
        yield Figure("cold_run_s", _run(copy), "s", limit=180, note="warm package caches")
        yield Figure("warm_run_s", _run(copy), "s", limit=15)


def _copy_tracked(target: Path) -> None:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _run(folder: Path) -> float:
    """Seconds from `make run` to the login page; stopped as by Ctrl-C afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE", "ARCHIVE", "DJANGO", "VIRTUAL_ENV", "MAKE"))
        and name not in {"SECRET_KEY", "CIPHER_KEYS", "INDEX_KEYS"}
    }
    started = time.monotonic()
    with (folder.parent / "run.log").open("w+") as log:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            env={**environment, "PORT": str(port)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while not _answers(f"http://127.0.0.1:{port}/accounts/login/"):
                if process.poll() is not None or time.monotonic() - started > PATIENCE:
                    log.seek(0)
                    raise RuntimeError(f"make run did not come up:\n{log.read()[-4000:]}")
                time.sleep(0.1)
            return time.monotonic() - started
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
                process.wait(60)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False
