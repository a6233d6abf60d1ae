"""The result workbook of a list: asked for, made by a worker, downloaded while it lasts, deleted after its days."""

from __future__ import annotations

import datetime as dt
import tempfile

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from archive.catalogue.periods import terms_of
from archive.intake.problems import Cancelled
from archive.vetoes.models import Check, ResultFile
from archive.vetoes.results import let_go_of_result
from archive.vetoes.workbook import write_result
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

ATTEMPTS = 3


@transaction.atomic
def request_result(*, check: Check, by: Account) -> ResultFile:
    """Have a worker make it, in the language of who asks. One that is there stays; an expired or failed one is made anew."""
    require(by, Permission.VIEW_CHECK, check)
    if check.known_at is None or check.batch_id is None:
        raise ActionRefused(_("This check has not been answered yet."))
    if check.list_erased_on is not None:
        raise ActionRefused(_("The list has been deleted after its period; there is no result to write any more."))
    result, is_new = ResultFile.objects.select_for_update().get_or_create(
        check_asked=check,
        language=get_language() or "zh-hans",
        defaults={"organisation": check.organisation, "requested_by": by, "rows_total": sum(check.counts.values())},
    )
    if is_new or result.state in {ResultFile.State.EXPIRED, ResultFile.State.FAILED}:
        now = timezone.now()
        result.state, result.attempts, result.error, result.rows_done = ResultFile.State.REQUESTED, 0, "", 0
        result.requested_by, result.requested_at, result.heartbeat_at, result.expires_at = by, now, now, None
        result.save()
        record(by=by, verb=Verb.RESULT_REQUESTED, obj=result)
    return result


def make_result(*, result_id: int, by: System) -> None:
    """Make it and keep it as ciphertext. Safe to run twice; the third lost worker ends the attempts."""
    require(by, Permission.RUN_SYSTEM)
    with transaction.atomic():
        result = (
            ResultFile.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=result_id, state=ResultFile.State.REQUESTED)
            .first()
        )
        if result is None:
            return
        result.attempts += 1
        result.heartbeat_at = timezone.now()
        if result.attempts > ATTEMPTS:
            result.state, result.error = ResultFile.State.FAILED, "worker lost three times"
        result.save()
    if result.state == ResultFile.State.REQUESTED:
        _make(result)


def _make(result: ResultFile) -> None:
    def progress(done: int) -> bool:
        """False when the list was erased meanwhile."""
        waiting = ResultFile.objects.filter(pk=result.pk, state=ResultFile.State.REQUESTED)
        return bool(waiting.update(rows_done=done, heartbeat_at=timezone.now()))

    check = Check.objects.select_related("organisation").get(pk=result.check_asked_id)
    try:
        with tempfile.TemporaryFile() as out, override(result.language):
            write_result(check, out, progress=progress)
            out.seek(0)
            _keep(result, out, days=terms_of(check.organisation.jurisdiction).number("result_file_days"))
    except Cancelled:
        return
    except Exception as error:
        ResultFile.objects.filter(pk=result.pk).update(state=ResultFile.State.FAILED, error=type(error).__name__)
        raise


@transaction.atomic
def _keep(result: ResultFile, out: object, *, days: int) -> None:
    current = ResultFile.objects.select_for_update().filter(pk=result.pk, state=ResultFile.State.REQUESTED).first()
    if current is not None:
        current.state, current.rows_done = ResultFile.State.READY, current.rows_total
        current.expires_at = timezone.now() + dt.timedelta(days=days)
        current.file.save("result", File(out))  # type: ignore[arg-type]


@transaction.atomic
def take_result(*, check: Check, by: Account) -> bytes:
    """The workbook, while it lasts; each download is in the trail."""
    require(by, Permission.VIEW_CHECK, check)
    language = get_language() or "zh-hans"
    result = ResultFile.objects.filter(check_asked=check, language=language, state=ResultFile.State.READY).first()
    if result is None:
        raise ActionRefused(_("There is no workbook of this result now. Have it made."))
    if result.expires_at is not None and result.expires_at <= timezone.now():
        raise ActionRefused(_("The workbook has expired. Have it made again."))
    record(by=by, verb=Verb.RESULT_DOWNLOADED, obj=result, rows=result.rows_total)
    with result.file.open("rb") as file:
        data: bytes = file.read()
    return data


@transaction.atomic
def expire_results(*, by: System) -> int:
    """Delete the files whose days are over. Returns how many. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    over = ResultFile.objects.select_for_update(skip_locked=True).filter(
        state=ResultFile.State.READY, expires_at__lte=timezone.now()
    )
    done = 0
    for result in over:
        let_go_of_result(result)
        record(by=by, verb=Verb.RESULT_EXPIRED, obj=result, organisation_id=result.organisation_id)
        done += 1
    return done
