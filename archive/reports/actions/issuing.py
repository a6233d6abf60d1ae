"""Making what was asked for: rendered, signed and stored by a worker; time stamps that were waited for."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from archive.common import documents, feed, signing
from archive.common.models import Change
from archive.pledges.models import Pledge
from archive.reports import recall
from archive.reports.models import Report
from archive.reports.render import make_pdf
from archive.vetoes.models import Certificate, CheckProof, Slip
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission, System, require

ATTEMPTS = 3


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
