"""`manage.py up`: the whole product on one machine until Ctrl-C: database, web, worker, scheduler, demo world."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from io import StringIO
from typing import Any

import honcho.manager
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from honcho.compat import ProcessManager
from honcho.printer import Printer

from profiles.management.commands import prepare

START_LIMIT = 60  # seconds
STOP_LIMIT = 20  # for work in hand; what is cut off is taken up at the next start
ASKED_TO_STOP = {130, 143}  # honcho's codes for SIGINT and SIGTERM


class Command(BaseCommand):
    help = "Prepares the database and runs web, worker and scheduler together. Ctrl-C stops all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):  # a closed window stops everything too
            signal.signal(number, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):
            self._run(options)
        self.stdout.write("Stopped.")

    def _run(self, options: dict[str, Any]) -> None:
        started = time.monotonic()
        self._refuse_busy_port(options["host"], options["port"])
        if not prepare.is_done():
            self._prepare()
        call_command("load_catalogue")
        call_command("load_pages")
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO:
            call_command("demo")
        address = f"http://{options['host']}:{options['port']}"
        os.environ.setdefault("PUBLIC_URL", address)
        manager = Manager(then=threading.Thread(target=self._announce, args=(address, started), daemon=True))
        quiet = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}
        for name, command in processes(options["host"], options["port"]).items():
            manager.add_process(name, f"exec {command}", env={**os.environ, **quiet})
        manager.loop()
        if manager.returncode not in ASKED_TO_STOP:
            raise CommandError(f"A process ended by itself (status {manager.returncode}); its last lines stand above.")

    def _refuse_busy_port(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"{host}:{port} cannot be used ({error.strerror}). Stop what runs there, or choose another port:"
                    f" PORT={port + 1} make run"
                ) from None

    def _prepare(self) -> None:
        """In a process of its own: it connects as the owner of the tables, this one as the restricted application."""
        command = [sys.executable, sys.argv[0], "prepare", "-v", "0"]
        if subprocess.run(command, env={**os.environ, "DATABASE_ROLE": "owner"}, check=False).returncode:  # noqa: S603
            raise CommandError("The database could not be prepared; the reason stands above.")

    def _announce(self, address: str, started: float) -> None:
        """Print the banner when the login page answers."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            try:
                with direct.open(f"{address}/accounts/login/", timeout=5):
                    break
            except OSError:
                time.sleep(0.2)
        else:
            self.stderr.write(f"The login page did not answer within {START_LIMIT} seconds.")
            return
        lines = [
            "",
            f"  Integrity archive: {address}   (ready after {time.monotonic() - started:.0f} s, Ctrl-C stops everything)",
        ]
        if settings.DEMO:
            banner = StringIO()
            call_command("demo", "--accounts", stdout=banner)
            lines += ["", banner.getvalue()]
        self.stdout.write("\n".join(lines))


def processes(host: str, port: int) -> dict[str, str]:
    """What runs besides the database; docker-compose.yml runs the same."""
    binaries = os.path.dirname(sys.executable)
    return {
        "web": f"{binaries}/gunicorn --config python:config.gunicorn --bind {host}:{port} --workers 2 --threads 4",
        "worker": f"{binaries}/celery -A config --quiet worker --concurrency 2 --loglevel WARNING"
        " --without-gossip --without-mingle",
        "scheduler": f"{binaries}/celery -A config --quiet beat --loglevel WARNING --pidfile=",
    }


class Manager(honcho.manager.Manager):
    """Stops gently: the first process of each is asked and lets its children finish; after `STOP_LIMIT` all are killed."""

    def __init__(self, *, then: threading.Thread) -> None:
        super().__init__(Printer(sys.stdout))
        self._procmgr = _FirstProcess()
        self._then = then
        honcho.manager.KILL_WAIT = STOP_LIMIT

    def _start(self) -> None:
        super()._start()
        signal.signal(signal.SIGHUP, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))
        self._then.start()  # after the forks: a thread and a fork do not mix


class _FirstProcess(ProcessManager):
    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
