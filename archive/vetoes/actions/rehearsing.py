"""Rehearsing a draft in a worker: asked, run, kept; safe to run twice, taken up again after a worker was killed."""

from __future__ import annotations

import datetime as dt

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.vetoes.compiler import faults
from archive.vetoes.loader import lookups
from archive.vetoes.models import RuleDraft, RuleRehearsal, RuleVersion
from archive.vetoes.rehearsal import rehearse
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, System, require

ATTEMPTS = 3


@transaction.atomic
def ask_for_rehearsal(*, draft: RuleDraft, by: Account) -> RuleRehearsal:
    """Run the draft as it stands; a draft with faults is refused by the compiler's first sentence."""
    require(by, Permission.DRAFT_RULE)
    draft = RuleDraft.objects.select_for_update().get(pk=draft.pk)
    if not draft.is_open:
        raise ActionRefused(_("This draft is closed; there is nothing to rehearse."))
    found = faults(draft.written, lookups())
    if found:
        raise ActionRefused(f"{found[0].place}: {found[0]}")
    if draft.rehearsals.filter(state="working", text_sha256=draft.fingerprint).exists():
        raise ActionRefused(_("This text is being rehearsed already."))
    asked = RuleRehearsal.objects.create(draft=draft, text_sha256=draft.fingerprint, asked_by=by)
    record(by=by, verb=Verb.RULE_REHEARSED, obj=asked, rule=draft.rule_code, draft=draft.code)
    return asked


def run_rehearsal(*, rehearsal_id: int, by: System) -> None:
    """Count what the draft would do, and keep the counts."""
    require(by, Permission.RUN_SYSTEM)
    rehearsal = _claim(rehearsal_id)
    if rehearsal is None:
        return
    try:
        with transaction.atomic():
            old = RuleVersion.objects.current().filter(code=rehearsal.draft.rule_code).first()
            result = rehearse(rehearsal.draft.compiled(), old, beat=_Beat(rehearsal.pk))
        _keep(rehearsal.pk, result, by=by)
    except OperationalError:
        raise  # the database went away; it is taken up again
    except Exception as error:
        _fail(rehearsal.pk, type(error).__name__, by=by)
        raise


class _Beat:
    """Progress, written beside the reading transaction on a connection of its own, at most once a second."""

    def __init__(self, pk: int) -> None:
        self.pk, self.last = pk, timezone.now() - dt.timedelta(minutes=1)

    def __call__(self, done: int, total: int) -> None:
        now = timezone.now()
        if now - self.last < dt.timedelta(seconds=1):
            return
        self.last = now
        beside = connection.copy()
        try:
            with beside.cursor() as cursor:
                cursor.execute(
                    "UPDATE archive_rulerehearsal SET rows_done = %s, rows_total = %s, heartbeat_at = clock_timestamp()"
                    " WHERE id = %s",
                    [done, total, self.pk],
                )
        finally:
            beside.close()


@transaction.atomic
def _claim(pk: int) -> RuleRehearsal | None:
    rehearsal = (
        RuleRehearsal.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("draft")
        .filter(pk=pk, state=RuleRehearsal.State.WORKING)
        .first()
    )
    if rehearsal is None:
        return None
    if rehearsal.attempts and rehearsal.heartbeat_at > timezone.now() - dt.timedelta(seconds=30):
        return None  # a second delivery of the same message: the first is at work
    if rehearsal.attempts >= ATTEMPTS:
        rehearsal.state, rehearsal.error = RuleRehearsal.State.FAILED, "worker lost three times"
        rehearsal.save(update_fields=["state", "error"])
        return None
    rehearsal.attempts += 1
    rehearsal.heartbeat_at = timezone.now()
    rehearsal.save(update_fields=["attempts", "heartbeat_at"])
    return rehearsal


@transaction.atomic
def _keep(pk: int, result: dict[str, object], *, by: Actor) -> None:
    rehearsal = RuleRehearsal.objects.select_for_update().get(pk=pk)
    if rehearsal.state != RuleRehearsal.State.WORKING:
        return
    rehearsal.state, rehearsal.result, rehearsal.finished_at = RuleRehearsal.State.DONE, result, timezone.now()
    rehearsal.save(update_fields=["state", "result", "finished_at"])
    record(by=by, verb=Verb.RULE_REHEARSAL_DONE, obj=rehearsal)


@transaction.atomic
def _fail(pk: int, error: str, *, by: Actor) -> None:
    """The kind of error is kept, not its text."""
    RuleRehearsal.objects.filter(pk=pk, state="working").update(state="failed", error=error)
    record(by=by, verb=Verb.RULE_REHEARSAL_FAILED, obj=RuleRehearsal.objects.get(pk=pk), error=error)
