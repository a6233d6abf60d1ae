"""The owner's control over a report: how long it is valid, one link a reader, the file, the end."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.reports.models import Report, ReportLink
from archive.reports.wishes import READER_LIMIT, end_of_validity, one_line
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require


@transaction.atomic
def set_validity(*, report: Report, days: int, by: Account) -> Report:
    """Longer or shorter from today: what the verification page says; the date on the paper stays as printed."""
    require(by, Permission.REQUEST_REPORT, report)
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.ended_at or report.replaced_at:
        raise ActionRefused(_("This report has ended. Make a new one."))
    report.valid_until = end_of_validity(as_of=timezone.localdate(report.as_of), today=timezone.localdate(), days=days)
    report.save(update_fields=["valid_until"])
    record(by=by, verb=Verb.REPORT_VALIDITY_SET, obj=report, until=report.valid_until.isoformat())
    return report


@transaction.atomic
def make_link(*, report: Report, reader: str, shows: ReportLink.Shows, days: int, by: Account) -> ReportLink:
    """An own code for one reader, that ends by itself with the report at the latest."""
    require(by, Permission.REQUEST_REPORT, report)
    reader = one_line(reader, READER_LIMIT)
    if not reader:
        raise ActionRefused(_("Say for whom the link is, so that you can tell its uses apart."))
    if not report.is_valid_on(timezone.localdate()):
        raise ActionRefused(_("Only a valid report can be shown. Make a new one."))
    until = end_of_validity(as_of=timezone.localdate(report.as_of), today=timezone.localdate(), days=days)
    link = ReportLink.objects.create(
        report=report, reader=reader, shows=shows, valid_until=min(until, report.valid_until)
    )
    record(by=by, verb=Verb.REPORT_LINK_MADE, obj=report, shows=str(shows))
    return link


@transaction.atomic
def end_link(*, link: ReportLink, by: Account) -> ReportLink:
    require(by, Permission.REQUEST_REPORT, link.report)
    if link.ended_at is None:
        link.ended_at = timezone.now()
        link.save(update_fields=["ended_at"])
        record(by=by, verb=Verb.REPORT_LINK_ENDED, obj=link.report)
    return link


@transaction.atomic
def read_by_link(*, link: ReportLink, by: System) -> bytes:
    """The file for whoever holds the link, where its owner allowed that."""
    if link.shows != ReportLink.Shows.FILE or not link.is_valid_on(timezone.localdate()):
        raise ActionRefused(_("Its owner does not show the report itself by this link."))
    record(by=by, verb=Verb.REPORT_READ_BY_LINK, obj=link.report)
    return link.report.read_pdf()


@transaction.atomic
def download(*, report: Report, by: Account) -> bytes:
    require(by, Permission.REQUEST_REPORT, report)
    if report.state != Report.State.READY:
        raise ActionRefused(_("The report is not ready yet."))
    record(by=by, verb=Verb.REPORT_DOWNLOADED, obj=report)
    return report.read_pdf()


@transaction.atomic
def end(*, report: Report, by: Account) -> Report:
    """The owner ends the code: from now on the verification page says so."""
    require(by, Permission.REQUEST_REPORT, report)
    if report.ended_at is None:
        report.ended_at = timezone.now()
        report.save(update_fields=["ended_at"])
        record(by=by, verb=Verb.REPORT_ENDED, obj=report)
    return report
