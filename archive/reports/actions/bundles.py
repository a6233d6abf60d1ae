"""Reports for a whole list that was checked: asked for, made row by row, stopped, taken up again."""

from __future__ import annotations

import logging
from time import monotonic

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive.access import actions as access
from archive.intake.models import let_go
from archive.reports.actions.bodies import NotAuthorised, NotOpened, request_for_body
from archive.reports.actions.issuing import issue
from archive.reports.models import BundleLine, Report, ReportBundle
from archive.reports.plan import why_none
from archive.vetoes.models import Check
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.faults import is_disk_full
from profiles.common.permissions import Permission, System, require

log = logging.getLogger(__name__)
LIMIT = 10_000  # rows of one list: some 700 MB
TURN = 20.0  # seconds; then other work has its turn, a single person's report for example
State, Why = ReportBundle.State, BundleLine.Why
Line = BundleLine.State


@transaction.atomic
def ask_for_bundle(*, asked: Check, by: Account) -> ReportBundle:
    """Have the reports of an answered list made, through the door of the check: each person is asked about by itself.

    Rows that can have none are told why at once. Workers open the archives one by one, each with its line in the register.
    """
    require(by, Permission.CHECK_PERSON, asked)
    assert by.organisation is not None, "only staff hold CHECK_PERSON"
    if asked.batch_id is None or not asked.is_answered:
        raise ActionRefused(_("Reports are made for a list that has been answered."))
    access.entitlement(organisation=by.organisation, group=asked.group, event=asked.event, day=timezone.localdate())
    answers = list(asked.answers.only("outcome", "person_id", "same_as_row").order_by("row")[: LIMIT + 1])
    if len(answers) > LIMIT:
        raise ActionRefused(
            _("The list has more than %(limit)s rows. Check it in parts and have the reports of each part made.")
            % {"limit": LIMIT}
        )
    if all(why_none(answer) for answer in answers):
        raise ActionRefused(_("No archive was opened for any row of this list, so there is nothing to report."))
    try:
        with transaction.atomic():
            bundle = ReportBundle.objects.create(
                check_asked=asked,
                organisation=by.organisation,
                account=by,
                language=get_language() or "zh-hans",
                rows_total=len(answers),
                started_at=timezone.now(),
            )
    except IntegrityError:
        raise ActionRefused(_("The reports of this list are being made already.")) from None
    BundleLine.objects.bulk_create(
        [
            BundleLine(bundle=bundle, answer=answer, state=Line.NONE if why else Line.WAITING, why=why)
            for answer, why in ((answer, why_none(answer)) for answer in answers)
        ],
        batch_size=2_000,
    )
    record(by=by, verb=Verb.BUNDLE_ASKED, obj=bundle, rows=len(answers))
    return bundle


@transaction.atomic
def cancel_bundle(*, bundle: ReportBundle, by: Account) -> ReportBundle:
    """Stop after the report that is being made. What was made stays with its answers; its lines stay in the register."""
    require(by, Permission.CHECK_PERSON, bundle)
    current = ReportBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    if not current.is_working:
        raise ActionRefused(_("It is not running any more."))
    current.state, current.finished_at = State.CANCELLED, timezone.now()
    let_go(current)
    current.save()
    current.lines.filter(state=Line.WAITING).update(state=Line.NONE, why=Why.CANCELLED)
    record(by=by, verb=Verb.BUNDLE_CANCELLED, obj=current, made=current.lines.filter(report__isnull=False).count())
    return current


@transaction.atomic
def resume_bundle(*, bundle: ReportBundle, by: Account) -> ReportBundle:
    """Set going again what an error stopped, in the name of who does so: from where it stood."""
    require(by, Permission.CHECK_PERSON, bundle)
    current = ReportBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    if current.state != State.FAILED:
        raise ActionRefused(_("It is not stopped."))
    if ReportBundle.objects.filter(check_asked_id=current.check_asked_id, state__in=ReportBundle.OPEN).exists():
        raise ActionRefused(_("The reports of this list are being made already."))
    current.state, current.finished_at, current.attempts, current.error = State.RUNNING, None, 0, ""
    current.account, current.started_at, current.heartbeat_at = by, timezone.now(), timezone.now()
    current.save()
    record(by=by, verb=Verb.BUNDLE_RESUMED, obj=current)
    return current


def make_reports(*, bundle_id: int, turn: float = TURN, by: System) -> bool:
    """Make reports of a bundle for `turn` seconds, one at least. True: rows may be left for another turn.

    Any number of workers may do so at the same time, and any of them may be killed: a row is taken, its archive opened and
    frozen in one transaction; its paper is made from what was frozen.
    """
    require(by, Permission.RUN_SYSTEM)
    until = monotonic() + turn
    try:
        while True:
            taken = _take(bundle_id)
            if taken is None:
                _settle(bundle_id, by=by)
                return False
            if taken:
                _make(taken, by=by)
            ReportBundle.objects.filter(pk=bundle_id).update(heartbeat_at=timezone.now())
            if monotonic() >= until:
                return True
    except (OperationalError, InterfaceError):
        raise  # the database went away: what was taken up is found again
    except PermissionDenied:
        stop_bundle(bundle_id=bundle_id, error=ReportBundle.NOT_PERMITTED, by=by)
        return False
    except Exception as error:
        stop_bundle(
            bundle_id=bundle_id, error=ReportBundle.DISK_FULL if is_disk_full(error) else type(error).__name__, by=by
        )
        raise


@transaction.atomic
def _take(bundle_id: int) -> int | None:
    """The id of a report that was frozen for the next row; 0 where the row gets none; None where no row is left."""
    bundle = (
        ReportBundle.objects.select_related("account__organisation").filter(pk=bundle_id, state=State.RUNNING).first()
    )
    line = bundle and (
        bundle.lines.select_for_update(skip_locked=True, of=("self",))
        .select_related("answer__check_asked", "answer__organisation")
        .filter(state=Line.WAITING)
        .first()
    )
    if bundle is None or line is None:
        return None
    try:
        with transaction.atomic():
            line.report = request_for_body(answer=line.answer, by=bundle.account)
            line.state = Line.MAKING
    except NotOpened:
        line.state, line.why = Line.NONE, line.answer.outcome
    except NotAuthorised:
        line.state, line.why = Line.NONE, Why.NO_AUTHORISATION
    except ActionRefused:
        line.state, line.why = Line.NONE, Why.NOT_COMPETENT
    except (OperationalError, InterfaceError, PermissionDenied):
        raise
    except Exception as error:
        if is_disk_full(error):
            raise
        log.exception("A report of %s could not be compiled.", bundle.code)
        line.state, line.why = Line.NONE, Why.FAILED
    line.save(update_fields=["report", "state", "why"])
    return line.report_id or 0


def _make(report_id: int, *, by: System) -> None:
    """The paper. An error with one report holds up no other: it is tried again, and told after the third time."""
    try:
        issue(report_id=report_id, by=by)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if is_disk_full(error):
            raise
        log.exception("A report of a list could not be made.")
    _note(report_id)


def _note(report_id: int) -> None:
    """What became of the report stands on its row."""
    state = Report.objects.values_list("state", flat=True).get(pk=report_id)
    line = BundleLine.objects.filter(report_id=report_id, state=Line.MAKING)
    if state == Report.State.READY:
        line.update(state=Line.MADE)
    elif state == Report.State.FAILED:
        line.update(state=Line.NONE, why=Why.FAILED)


def _settle(bundle_id: int, *, by: System) -> None:
    """No row waits. What a lost worker left half made is made now, if nobody else is at it."""
    for report_id in BundleLine.objects.filter(bundle_id=bundle_id, state=Line.MAKING).values_list("report", flat=True):
        _make(report_id, by=by)


@transaction.atomic
def stop_bundle(*, bundle_id: int, error: str, by: System) -> None:
    """The kind of error is kept, not its text, which could hold personal data."""
    require(by, Permission.RUN_SYSTEM)
    bundle = ReportBundle.objects.select_for_update(of=("self",)).get(pk=bundle_id)
    if bundle.is_working:
        bundle.state, bundle.finished_at, bundle.error = State.FAILED, timezone.now(), error[:200]
        let_go(bundle)
        bundle.save()
        record(by=by, verb=Verb.BUNDLE_FAILED, obj=bundle, error=bundle.error)
