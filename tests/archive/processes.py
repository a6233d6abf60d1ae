"""Workers as processes of their own on the test's database, to kill as the kernel does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from archive.intake.queries import HOLD
from archive.models import Batch

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
name, private, job, batch_id, chunk = sys.argv[1:]
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.PRIVATE_ROOT = name, private
import django
django.setup()
from archive.records import actions
from archive.records.actions import admission, notifying
from profiles.common.permissions import System
admission.CHUNK = notifying.STEP = int(chunk)
print("ready", flush=True)
getattr(actions, job)(batch_id=int(batch_id), by=System("test"))
print("done", flush=True)
"""


class Process:
    """`job` is the name of an action on a batch; it begins once the process is ready."""

    def __init__(self, job: str, batch: Batch, *, chunk: int = 20) -> None:
        self.batch = batch
        arguments = [connection.settings_dict["NAME"], str(settings.PRIVATE_ROOT), job, str(batch.pk), str(chunk)]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SCRIPT, *arguments],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said == "ready\n", self.process.communicate()[1]

    def kill_after(self, seconds: float) -> bool:
        """True: cut off in the middle. Its hold on the batch ends when the database notices."""
        time.sleep(seconds)
        self.process.send_signal(signal.SIGKILL)
        said, _errors = self.process.communicate(timeout=30)
        deadline = time.monotonic() + 30
        while self._is_held():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return "done" not in said

    def end(self) -> tuple[int, str]:
        """(exit code, what it said on its way out)"""
        said, errors = self.process.communicate(timeout=60)
        return self.process.returncode, said + errors

    def _is_held(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                [HOLD >> 32, self.batch.pk],
            )
            return bool(cursor.fetchone()[0])
