"""Requesting, issuing, downloading, ending and verifying reports."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.access import actions as access
from archive.access.models import Purpose
from archive.catalogue.periods import terms_of
from archive.common import documents, feed, signing
from archive.common.models import Change
from archive.pledges.models import Pledge
from archive.reports.compile import canonical, compile_report
from archive.reports.models import Report
from archive.vetoes.models import Slip
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

ATTEMPTS = 3
PURPOSE_LIMIT = 100


@transaction.atomic
def request_report(*, purpose: str, by: Account) -> Report:
    """The person's own report: compiled and frozen now, made into a signed PDF by a worker."""
    require(by, Permission.REQUEST_REPORT)
    assert by.person is not None, "only persons hold REQUEST_REPORT"
    purpose = identity.mask_in_text(" ".join(purpose.split()))
    if len(purpose) > PURPOSE_LIMIT:
        raise ActionRefused(_("Describe the purpose in at most %(limit)s characters.") % {"limit": PURPOSE_LIMIT})
    now = timezone.now()
    report = Report(
        person=by.person,
        requested_by=by,
        purpose=purpose or "本人查阅",
        as_of=now,
        valid_until=timezone.localtime(now).date()
        + dt.timedelta(days=terms_of("national").number("report_validity_days")),
    )
    text = canonical(compile_report(report))
    report.content, report.content_hash = text, hashlib.sha256(text.encode()).hexdigest()
    report.save()
    access.register(purpose=Purpose.OWN_REPORT, asked=[access.Asked(report.person_id)], organisation=None, by=by)
    record(by=by, verb=Verb.REPORT_REQUESTED, obj=report)
    return report


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
        feed.announce(Change.Kind.REPORT_ISSUED, person_id=current.person_id, object_id=current.pk)
        record(by=by, verb=Verb.REPORT_ISSUED, obj=current)


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


def report_html(report: Report) -> str:
    """The frozen content as HTML; the same content gives the same bytes."""
    if hashlib.sha256(report.content.encode()).hexdigest() != report.content_hash:
        raise ValueError(f"The content of report {report.pk} is not the one that was compiled.")
    with override("zh-hans"):
        return documents.render_html(
            "documents/report.html",
            {
                "content": json.loads(report.content),
                "qr": documents.qr_svg(report.signed_url),
                "verification_url": report.verification_url,
            },
        )


def make_pdf(report: Report) -> signing.Signed:
    """Render and sign."""
    return signing.sign_pdf(documents.render_pdf(report_html(report)), reason="职业信用报告", location="个人诚信档案")


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
    for model in (Report, Slip, Pledge):
        for pk in model.objects.filter(stamp=documents.Stamp.WAITING).order_by("pk").values_list("pk", flat=True):
            try:
                done += _stamp(model, pk, by=by)
            except signing.NoTimestamp:
                return done  # still down: the next run tries again
    return done


@transaction.atomic
def _stamp(model: type[Report] | type[Slip] | type[Pledge], pk: int, *, by: System) -> int:
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
