"""Making reports."""

from __future__ import annotations

from archive.reports import actions, looks, recall
from archive.reports.models import Report, ReportBundle
from profiles.common.jobs import task
from profiles.common.permissions import System


@task("reports.issue")
def issue(report_id: int) -> None:
    actions.issue(report_id=report_id, by=System("worker"))


@task("reports.add_waiting_stamps")
def add_waiting_stamps() -> None:
    actions.add_waiting_stamps(by=System("worker"))


@task("reports.follow_feed")
def follow_feed() -> None:
    recall.follow_feed(by=System("worker"))


@task("reports.pick_up_left")
def pick_up_left() -> None:
    """A worker that was killed leaves its report behind; here it is taken up again."""
    for report in Report.objects.left_behind():
        issue.delay(report.pk)
    for bundle in ReportBundle.objects.left_behind():
        make_bundle.delay(bundle.pk)


@task("reports.make_bundle")
def make_bundle(bundle_id: int) -> None:
    """One turn, then the next one waits behind other work. Sent as often as workers shall share the list."""
    if actions.make_reports(bundle_id=bundle_id, by=System("worker")):
        make_bundle.delay(bundle_id)
    else:
        actions.pack_bundle(bundle_id=bundle_id, by=System("worker"))


@task("reports.forget_looks")
def forget_looks() -> None:
    looks.forget_looks(by=System("worker"))


@task("reports.discard_bundles")
def discard_bundles() -> None:
    actions.discard_bundles(by=System("worker"))
