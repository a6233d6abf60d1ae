"""kill -9 of real worker processes that make reports: none is lost, none is made twice, and two share a list."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from archive.models import QueryLine, Report, ReportBundle
from archive.reports import actions, tasks
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.storage import private_storage
from tests import factories as f
from tests.archive.bundles import WORKER, answered, finished, opened
from tests.archive.checking import examiner

pytestmark = [pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
LATER = dt.timedelta(minutes=5)
SCRIPT = """
import sys
name, private, job, number = sys.argv[1:]
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.PRIVATE_ROOT = name, private
import django
django.setup()
from archive.reports import actions
from profiles.common.permissions import System
by = System("test")
print("ready", flush=True)
if job == "issue":
    actions.issue(report_id=int(number), by=by)
else:
    while actions.make_reports(bundle_id=int(number), by=by):
        pass
    actions.pack_bundle(bundle_id=int(number), by=by)
print("done", flush=True)
"""


class Process:
    """`job`: issue a report, or make a bundle."""

    def __init__(self, job: str, pk: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SCRIPT,
             connection.settings_dict["NAME"], str(settings.PRIVATE_ROOT), job, str(pk)],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said == "ready\n", self.process.communicate()[1]

    def kill(self) -> bool:
        """True: it was in the middle."""
        self.process.send_signal(signal.SIGKILL)
        return "done" not in self.process.communicate(timeout=30)[0]

    def end(self) -> None:
        said, errors = self.process.communicate(timeout=90)
        assert (self.process.returncode, said) == (0, "done\n"), errors


def wait_until(condition: object) -> None:
    deadline = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def two_minutes_later() -> None:
    then = timezone.now() - LATER
    Report.objects.filter(state="requested").update(heartbeat_at=then)
    ReportBundle.objects.filter(state__in=ReportBundle.OPEN).update(heartbeat_at=then)


def files(folder: str) -> int:
    return sum(path.is_file() for path in (Path(private_storage().location) / folder).rglob("*"))


def test_a_report_whose_worker_was_killed_is_made_by_the_next(catalogue: None, at_once: None) -> None:
    owner = f.AccountFactory(a_person=True)
    report = actions.request_report(wish=actions.Wish(purpose="应聘"), by=owner)
    worker = Process("issue", report.pk)
    wait_until(lambda: Report.objects.get().attempts == 1)
    assert worker.kill()
    report.refresh_from_db()
    assert report.state == "requested"
    two_minutes_later()
    tasks.pick_up_left.apply(throw=True)
    report.refresh_from_db()
    assert (report.state, report.attempts) == ("ready", 2)
    assert report.read_pdf()
    assert AuditEvent.objects.filter(verb=Verb.REPORT_ISSUED).count() == 1


def test_a_list_whose_worker_was_killed_is_finished_by_the_next(catalogue: None, at_once: None) -> None:
    by = examiner()
    bundle = actions.ask_for_bundle(asked=answered([f.PersonFactory() for _n in range(12)], by=by), by=by)
    for made in (2, 5):
        worker = Process("bundle", bundle.pk)
        wait_until(lambda made=made: bundle.lines.filter(state="made").count() >= made)
        assert worker.kill()
    bundle.refresh_from_db()
    assert (bundle.state, bundle.lines.open().exists()) == ("running", True)
    two_minutes_later()
    tasks.pick_up_left.apply(throw=True)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.lines.tally()) == ("done", {"made": 12})
    assert len(opened(bundle).namelist()) == 13
    assert QueryLine.objects.filter(purpose="report").values("person_id").distinct().count() == 12
    assert AuditEvent.objects.filter(verb=Verb.REPORT_ISSUED).count() == Report.objects.count() == 12


def test_a_packer_that_was_killed_leaves_nothing_behind(catalogue: None, at_once: None) -> None:
    by = examiner()
    bundle = actions.ask_for_bundle(asked=answered([f.PersonFactory() for _n in range(3)], by=by), by=by)
    while actions.make_reports(bundle_id=bundle.pk, by=WORKER):
        pass
    worker = Process("bundle", bundle.pk)
    wait_until(lambda: ReportBundle.objects.get().state != "running")
    worker.kill()
    two_minutes_later()
    tasks.pick_up_left.apply(throw=True)
    assert finished(bundle).state == "done"
    assert files("bundles") == 1
    assert len(opened(bundle).namelist()) == 4


def test_two_workers_share_a_list_and_one_of_them_packs(catalogue: None) -> None:
    by = examiner()
    bundle = actions.ask_for_bundle(asked=answered([f.PersonFactory() for _n in range(10)], by=by), by=by)
    workers = [Process("bundle", bundle.pk) for _n in range(2)]
    for worker in workers:
        worker.end()
    bundle.refresh_from_db()
    assert (bundle.state, bundle.lines.tally(), files("bundles")) == ("done", {"made": 10}, 1)
    assert AuditEvent.objects.filter(verb=Verb.BUNDLE_PACKED).count() == 1
    assert QueryLine.objects.filter(purpose="report").count() == Report.objects.count() == 10
