"""Reports of a list by worker processes that share it: two against one, and the memory of one after many.

`report_scaling`: seconds of one worker ÷ seconds of two for a list of REPORT_ROWS people each (1,000). `report_rss_growth`: the
resident memory of a worker after REPORT_RSS_ROWS reports (5,000) ÷ after a tenth of them.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from benchmarks import world
from benchmarks.figure import Figure

ROWS = int(os.environ.get("REPORT_ROWS", "1000"))
RSS_ROWS = int(os.environ.get("REPORT_RSS_ROWS", "5000"))


def measure() -> Iterator[Figure]:
    world.large()
    one, work = _seconds(_bundle(ROWS, after=0), workers=1)
    two, _work = _seconds(_bundle(ROWS, after=ROWS), workers=2)
    yield Figure(
        "report_scaling",
        one / two,
        "",
        limit=1.7,
        note=f"{ROWS} reports: {one:.1f} s by one worker ({work / one:.0%} of it on a processor), {two:.1f} s by two,"
        f" load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors",
    )
    marks = _run(_bundle(RSS_ROWS, after=2 * ROWS), marks=(RSS_ROWS // 10, RSS_ROWS))[0].communicate()[0]
    early, late = json.loads(marks.splitlines()[-1])
    yield Figure(
        "report_rss_growth",
        late / early,
        "",
        limit=1.1,
        note=f"{early:.0f} MB after {RSS_ROWS // 10} reports, {late:.0f} MB after {RSS_ROWS}",
    )


def _bundle(rows: int, *, after: int) -> int:
    """An answered list of invented people, whose reports are asked for by the examiner. Its id."""
    from django.db import transaction
    from django.utils import timezone

    from archive.models import Answer, Batch, Check
    from archive.reports import actions
    from archive.vetoes.models import Outcome
    from profiles.common.vocabulary import Event, Group
    from profiles.models import Account, Person

    examiner, now = Account.objects.get(username="bench-examiner"), timezone.now()
    people = list(Person.objects.order_by("pk")[after : after + rows])
    assert len(people) == rows
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=Batch.Kind.CHECK, organisation=examiner.organisation, uploaded_by=examiner, file_name="list.csv",
            file_format="csv", size=1, sha256="0" * 64, state=Batch.State.DONE, confirmed_by=examiner, confirmed_at=now,
        )  # fmt: skip
        asked = Check.objects.create(
            organisation=examiner.organisation, account=examiner, group=Group.TEA, event=Event.ACCESS,
            matter_number=f"压测〔2026〕{after}号", batch=batch, known_at=now, day=timezone.localdate(),
        )  # fmt: skip
        Answer.objects.bulk_create(
            [
                Answer(
                    check_asked=asked, organisation=examiner.organisation, row=row, name=person.name, number="",
                    person_id=person.pk, outcome=Outcome.CLEAR,
                )
                for row, person in enumerate(people, 2)
            ],
            batch_size=1_000,
        )  # fmt: skip
        return actions.ask_for_bundle(asked=asked, by=examiner).pk


def _run(bundle_id: int, *, workers: int = 1, marks: tuple[int, ...] = ()) -> list[subprocess.Popen[str]]:
    """Workers that have loaded what they need and made a first report; they begin when they are told."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.report_worker", str(bundle_id), *map(str, marks)],
            env={**os.environ, "DATABASE_ROLE": "app"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _worker in range(workers)
    ]
    for worker in started:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in started:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return started


def _seconds(bundle_id: int, *, workers: int) -> tuple[float, float]:
    """From the word to the packed file; and the seconds of processor that the workers had, loading included."""
    running: list[Any] = _run(bundle_id, workers=workers)
    started, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for worker in running:
        worker.wait()
    taken, after = perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    from archive.models import ReportBundle

    bundle = ReportBundle.objects.get(pk=bundle_id)
    assert (bundle.state, bundle.lines.tally()) == (ReportBundle.State.DONE, {"made": bundle.rows_total})
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
