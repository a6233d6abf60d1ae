"""Single checks over HTTP, through the interface for systems: the product's web server with four workers, a client beside it.

The client is a process of its own with keep-alive connections (`BENCH_CONNECTIONS`); each request has an Idempotency-Key of its
own and asks about another person. Answers, register lines and trail events are counted afterwards: none may be missing.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.figure import Figure, percentile

WORKERS = 4
WARM_UP = int(os.environ.get("BENCH_WARM_UP", "200"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "4000"))
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "8"))
PATH = "/api/v1/checks"


def measure() -> Iterator[Figure]:
    from benchmarks import world

    world.huge()
    token, bodies = _token(), _bodies(world.ALL_PEOPLE)
    before = _counts()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = _serve(port)
    try:
        _wait(port)
        told = _run_client({"port": port, "token": token, "bodies": bodies})
    finally:
        server.terminate()
        server.wait(20)
    grown = [after - earlier for earlier, after in zip(before, _counts(), strict=True)]
    asked = WARM_UP + REQUESTS
    assert grown == [asked] * 3, f"answers, register lines, trail events: {grown}, asked {asked}"
    times = sorted(told["times"])
    note = f"{REQUESTS} requests, {CONNECTIONS} connections, {WORKERS} workers, errors {told['errors']}"
    # The limit is a floor: at least so many.
    yield Figure("checks_per_s", REQUESTS / told["seconds"], "requests/s", limit=200, note=f"{note}; more is better")
    yield Figure(
        "checks_http_p95_ms", percentile(times, 95) * 1000, "ms", note=f"median {percentile(times, 50) * 1000:.3g} ms"
    )


def _token() -> str:
    from django.utils import timezone

    from archive.api import actions
    from profiles.accounts.permissions import Role
    from profiles.models import Account

    examiner = Account.objects.get(username="bench-examiner")
    administrator, made = Account.objects.get_or_create(
        username="bench-sysadmin", defaults={"full_name": "压测管理员", "organisation": examiner.organisation}
    )
    if made:
        administrator.role_grants.create(role=Role.SYSTEM_ADMIN)
    _key, token = actions.make_key(
        account=examiner,
        name="压测",
        reach=["check"],
        per_minute=60_000,
        valid_until=timezone.localdate() + dt.timedelta(days=1),
        by=administrator,
    )
    return token


def _bodies(people: int) -> list[dict[str, Any]]:
    from archive.management.commands.bench_data import name_of, numbers_of

    numbers = list(numbers_of(people))
    step = max(1, people // (WARM_UP + REQUESTS))
    return [
        {
            "group": "TEA",
            "event": "access",
            "matter_number": f"压测〔2026〕{n}号",
            "name": name_of(n * step % people),
            "identity_number": numbers[n * step % people][0],
        }
        for n in range(WARM_UP + REQUESTS)
    ]


def _counts() -> list[int]:
    from django.db import connection

    from archive.models import Answer, QueryLine
    from profiles.models import AuditEvent

    counts = [Answer.objects.count(), QueryLine.objects.count(), AuditEvent.objects.filter(verb="veto.checked").count()]
    connection.close()
    return counts


def _serve(port: int) -> subprocess.Popen[bytes]:
    """The web process of `manage.py up` and docker-compose.yml, with four workers."""
    command = [
        str(Path(sys.executable).parent / "gunicorn"), "--config", "python:config.gunicorn", "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_ROLE": "app", "LOG_LEVEL": "WARNING", "WEB_CONCURRENCY": str(WORKERS)}
    return subprocess.Popen(command, env=environment)


def _wait(port: int) -> None:
    for _try in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def _run_client(task: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.checks_http"],
        input=json.dumps(task).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def client() -> None:
    """Reads its task from standard input, writes times and errors to standard output."""
    task = json.load(sys.stdin)
    sent = [
        (json.dumps(body).encode(), {"Authorization": f"Bearer {task['token']}", "Content-Type": "application/json",
                                     "Idempotency-Key": f"bench-{os.getpid()}-{n}"})
        for n, body in enumerate(task["bodies"])
    ]  # fmt: skip
    _round(task["port"], sent[:WARM_UP])
    started = perf_counter()
    times, errors = _round(task["port"], sent[WARM_UP:])
    json.dump({"seconds": perf_counter() - started, "times": times, "errors": errors}, sys.stdout)


def _round(port: int, sent: list[tuple[bytes, dict[str, str]]]) -> tuple[list[float], int]:
    work: queue.SimpleQueue[tuple[bytes, dict[str, str]]] = queue.SimpleQueue()
    for item in sent:
        work.put(item)
    times: list[float] = []
    errors: list[int] = []

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            try:
                body, headers = work.get_nowait()
            except queue.Empty:
                return
            started = perf_counter()
            connection.request("POST", PATH, body, headers)
            response = connection.getresponse()
            text = response.read()
            times.append(perf_counter() - started)
            if response.status != 200:
                errors.append(response.status)
                print(text.decode(), file=sys.stderr)

    threads = [threading.Thread(target=run) for _connection in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(errors)


if __name__ == "__main__":
    client()
