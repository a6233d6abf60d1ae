"""Requesting, issuing, downloading, showing and ending reports."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access import actions as access
from archive.access.models import Purpose
from archive.common import documents, feed, signing
from archive.common.models import Change
from archive.pledges.models import Pledge
from archive.records.models import Entry
from archive.reports import recall, rules
from archive.reports.compile import canonical, compile_report, shown_entries
from archive.reports.models import Report, ReportEntry, ReportLink
from archive.reports.render import make_pdf
from archive.vetoes.models import Certificate, CheckProof, Slip
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

ATTEMPTS = 3
PURPOSE_LIMIT = 100
READER_LIMIT = 120


@dataclass(frozen=True)
class Wish:
    """What the person wants: edition, profession, language, reader, how many days it is to be valid, which report it renews."""

    purpose: str = ""
    edition: Report.Edition = Report.Edition.FULL
    group: str = ""
    language: Report.Language = Report.Language.CHINESE
    reader: str = ""
    days: int = rules.LONGEST
    renews: Report | None = None


@transaction.atomic
def request_report(*, wish: Wish, by: Account) -> Report:
    """The person's own report: compiled and frozen now, made into a signed PDF by a worker."""
    require(by, Permission.REQUEST_REPORT)
    assert by.person is not None, "only persons hold REQUEST_REPORT"
    now = timezone.now()
    today = timezone.localdate(now)
    report = Report(
        person=by.person,
        requested_by=by,
        purpose=_line(wish.purpose, PURPOSE_LIMIT) or ("本人查阅" if wish.language == "zh" else "own reading"),
        edition=wish.edition,
        group=wish.group,
        language=wish.language,
        reader=_line(wish.reader, READER_LIMIT),
        as_of=now,
        valid_until=_until(as_of=today, today=today, days=wish.days),
        renews=wish.renews,
    )
    if wish.group and not by.person.memberships.filter(group=wish.group).exists():
        raise ActionRefused(_("You are not enrolled in this profession. Choose one of yours, or the general report."))
    entries = shown_entries(report)
    content = compile_report(report, entries)
    if wish.edition == Report.Edition.CERTIFICATE and content["adverse"]:
        raise ActionRefused(
            _(
                "Adverse entries are on display (%(count)s), so this certificate cannot be made."
                " A full report shows them as they are."
            )
            % {"count": len(content["adverse"])}
        )
    if wish.edition == Report.Edition.CERTIFICATE:
        content |= {name: [] for name in ("memberships", "positive", "pledges", "queries", "coverage")}
        content["counts"] = dict.fromkeys(content["counts"], 0)
        entries = []
    freeze(report, content, entries)
    access.register(purpose=Purpose.OWN_REPORT, asked=[access.Asked(report.person_id)], organisation=None, by=by)
    record(by=by, verb=Verb.REPORT_REQUESTED, obj=report, edition=str(wish.edition))
    return report


def freeze(report: Report, content: dict[str, Any], entries: list[Entry]) -> None:
    """Store what was compiled and which entries it holds, in the transaction that read them."""
    text = canonical(content)
    report.content, report.content_hash = text, hashlib.sha256(text.encode()).hexdigest()
    report.save()
    ReportEntry.objects.bulk_create([ReportEntry(report=report, entry=entry) for entry in entries])


def _line(text: str, limit: int) -> str:
    text = identity.mask_in_text(" ".join(text.split()))
    if len(text) > limit:
        raise ActionRefused(_("Write at most %(limit)s characters.") % {"limit": limit})
    return text


def _until(*, as_of: dt.date, today: dt.date, days: int) -> dt.date:
    until = rules.valid_until(as_of=as_of, today=today, days=days)
    if until is None:
        raise ActionRefused(
            _("Choose between 1 and 90 days; no report counts after %(day)s. For longer, make a new one.")
            % {"day": rules.last_day(as_of).isoformat()}
        )
    return until


@transaction.atomic
def set_validity(*, report: Report, days: int, by: Account) -> Report:
    """Longer or shorter from today: what the verification page says; the date on the paper stays as printed."""
    require(by, Permission.REQUEST_REPORT, report)
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.ended_at or report.replaced_at:
        raise ActionRefused(_("This report has ended. Make a new one."))
    report.valid_until = _until(as_of=timezone.localdate(report.as_of), today=timezone.localdate(), days=days)
    report.save(update_fields=["valid_until"])
    record(by=by, verb=Verb.REPORT_VALIDITY_SET, obj=report, until=report.valid_until.isoformat())
    return report


@transaction.atomic
def make_link(*, report: Report, reader: str, shows: ReportLink.Shows, days: int, by: Account) -> ReportLink:
    """An own code for one reader, that ends by itself with the report at the latest."""
    require(by, Permission.REQUEST_REPORT, report)
    reader = _line(reader, READER_LIMIT)
    if not reader:
        raise ActionRefused(_("Say for whom the link is, so that you can tell its uses apart."))
    if not report.is_valid_on(timezone.localdate()):
        raise ActionRefused(_("Only a valid report can be shown. Make a new one."))
    until = _until(as_of=timezone.localdate(report.as_of), today=timezone.localdate(), days=days)
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


def issue(*, report_id: int, by: System) -> None:
    """Render, sign and store the PDF of a requested report. Safe to run twice; the third failure is told to the person."""
    require(by, Permission.RUN_SYSTEM)
    report = _claim(report_id, by=by)
    if report is None:
        return
    signed = make_pdf(report)
    with transaction.atomic():
        current = Report.objects.select_for_update(of=("self",)).get(pk=report_id)
        if current.state != Report.State.REQUESTED:
            return
        current.store_pdf(signed)
        current.state = Report.State.READY
        current.save()
        if current.renews_id is not None:
            recall.replace(Report.objects.filter(pk=current.renews_id), why=Report.Replaced.RENEWED)
        feed.announce(Change.Kind.REPORT_ISSUED, person_id=current.person_id, object_id=current.pk)
        record(by=by, verb=Verb.REPORT_ISSUED, obj=current)
        recall.recall_if_overtaken(report=current, by=by)


@transaction.atomic
def _claim(report_id: int, *, by: System) -> Report | None:
    report = (
        Report.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=report_id, state=Report.State.REQUESTED)
        .first()
    )
    if report is None or (report.attempts and report.heartbeat_at > timezone.now() - dt.timedelta(seconds=30)):
        return None
    if report.attempts >= ATTEMPTS:
        report.state = Report.State.FAILED
        report.save(update_fields=["state"])
        record(by=by, verb=Verb.REPORT_FAILED, obj=report)
        return None
    report.attempts += 1
    report.heartbeat_at = timezone.now()
    report.save(update_fields=["attempts", "heartbeat_at"])
    return report


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


def add_waiting_stamps(*, by: System) -> int:
    """Time stamps for documents that were signed while the server did not answer, one transaction each. Returns how many."""
    require(by, Permission.RUN_SYSTEM)
    done = 0
    for model in (Report, Slip, Pledge, CheckProof, Certificate):
        for pk in model.objects.filter(stamp=documents.Stamp.WAITING).order_by("pk").values_list("pk", flat=True):
            try:
                done += _stamp(model, pk, by=by)
            except signing.NoTimestamp:
                return done  # still down: the next run tries again
    return done


@transaction.atomic
def _stamp(model: type[Report | Slip | Pledge | CheckProof | Certificate], pk: int, *, by: System) -> int:
    document = (
        model.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, stamp=documents.Stamp.WAITING)
        .first()
    )
    if document is None:
        return 0
    document.store_stamped(signing.add_timestamp(document.read_pdf()))
    document.save(update_fields=["pdf", "sha256", "first_sha256", "stamp"])
    record(by=by, verb=Verb.DOCUMENT_STAMPED, obj=document, person_id=document.person_id)
    return 1
