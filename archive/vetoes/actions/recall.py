"""Recall: what leaned on an entry that no longer holds is opened again, looked at, and concluded by a named person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.access.actions import entitlement
from archive.catalogue.periods import terms_of
from archive.common import calendar, feed
from archive.common.models import Change
from archive.common.workdays import deadline
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.models import CheckFact, Entry
from archive.vetoes.actions.checks import check_person
from archive.vetoes.models import Answer, Decision, Outcome, RecallCause, RecallTask, Slip
from archive.vetoes.recall_queries import leaning_on
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common import ciphers, identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require
from profiles.common.querysets import locked
from profiles.people.models import PersonMerge

READER = "recall"
WORKING_DAYS = 5  # this product's proposal; a jurisdiction sets its own (`recall_working_days`)
REASONS_LEAST = 8
OBSTACLES = (Outcome.VETO, Outcome.CONDITION, Outcome.REVIEW)
# The entry should never have counted against this person; a repair or a change leaves what it meant on that day.
NEVER_RIGHT = (RecallCause.Reason.VOIDED, RecallCause.Reason.REVOKED, RecallCause.Reason.ANOTHER_PERSON)


def follow_recalls(*, by: System) -> int:
    """Act on the lines of the change feed that were not read yet. Returns how many there were.

    An entry that is corrected or revised is announced as ended too. The end of a display period recalls nothing: the answer said
    when it comes.
    """
    require(by, Permission.RUN_SYSTEM)

    def act(lines: list[Change]) -> None:
        _recall_entries({line.object_id for line in lines if line.kind == Change.Kind.ENTRY_ENDED}, by=by)
        _recall_lost({line.object_id for line in lines if line.kind == Change.Kind.PERSON_CHANGED}, by=by)

    return feed.follow(READER, act)


def _recall_entries(ids: Collection[int], *, by: System) -> None:
    reasons = dict(
        Entry.objects.filter(pk__in=ids, state=Entry.State.ENDED)
        .exclude(end_reason=Entry.EndReason.DISPLAY_OVER)
        .values_list("pk", "end_reason")
    )
    _open([(entry_id, answer_id, reasons[entry_id]) for entry_id, answer_id in leaning_on(reasons)], by=by)


def _recall_lost(person_ids: Collection[int], *, by: System) -> None:
    """Numbers or families changed: answers that rest on an entry which their number no longer finds."""
    if not person_ids:
        return
    members = {member for family in PersonMerge.objects.families(person_ids).values() for member in family}
    lines = CheckFact.objects.filter(person_id__in=members)
    found = {
        (bytes(index), entry)
        for index, entry in lines.filter(known_until=None).values_list("identity_index", "entry_id")
    }
    lost: dict[int, set[bytes]] = defaultdict(set)
    for index, entry_id in lines.exclude(known_until=None).values_list("identity_index", "entry_id"):
        if (bytes(index), entry_id) not in found:
            lost[entry_id].add(bytes(index))
    pairs = leaning_on(lost)
    numbers = {
        answer.pk: ciphers.blind_index(answer.number)
        for answer in Answer.objects.filter(pk__in={answer_id for _entry, answer_id in pairs}).only("pk", "number")
    }
    ended = dict(
        Entry.objects.filter(pk__in=lost, state=Entry.State.ENDED)
        .exclude(end_reason=Entry.EndReason.DISPLAY_OVER)
        .values_list("pk", "end_reason")
    )
    _open(
        [
            (entry_id, answer_id, ended.get(entry_id, RecallCause.Reason.ANOTHER_PERSON.value))
            for entry_id, answer_id in pairs
            if numbers[answer_id] in lost[entry_id]
        ],
        by=by,
    )


@transaction.atomic
def _open(causes: Iterable[tuple[int, int, str]], *, by: System) -> None:
    """`(entry id, answer id, reason)`: one open task an answer, each entry once. Queries do not depend on how many there are."""
    wanted = {(answer_id, entry_id): reason for entry_id, answer_id, reason in causes}
    answer_ids = {answer_id for answer_id, _entry in wanted}
    for known in RecallCause.objects.filter(answer__in=answer_ids).values_list("answer_id", "entry_id"):
        wanted.pop(known, None)
    answers = Answer.objects.select_related("organisation").in_bulk({answer_id for answer_id, _entry in wanted})
    tasks = {task.answer_id: task for task in RecallTask.objects.open().filter(answer__in=answers)}
    new = [answer for key, answer in sorted(answers.items()) if key not in tasks]
    due = _clock(timezone.localdate())
    made = RecallTask.objects.bulk_create(
        [
            RecallTask(
                answer=answer,
                organisation=answer.organisation,
                person_id=answer.person_id or 0,
                working_days=due(answer.organisation.jurisdiction)[0],
                deadline=due(answer.organisation.jurisdiction)[1],
            )
            for answer in new
        ],
        batch_size=2_000,
    )
    tasks.update({task.answer_id: task for task in made})
    RecallCause.objects.bulk_create(
        [
            RecallCause(task=tasks[answer_id], answer_id=answer_id, entry_id=entry_id, reason=reason)
            for (answer_id, entry_id), reason in sorted(wanted.items())
        ],
        batch_size=2_000,
    )
    record_many(
        draft(by=by, verb=Verb.RECALL_OPENED, obj=task, organisation_id=task.organisation_id, answer=task.answer_id)
        for task in made
    )


def _clock(start: dt.date) -> Callable[[str], tuple[int, dt.date]]:
    """Jurisdiction → (working days, last day), each read once."""
    table = calendar.current()

    @cache
    def due(jurisdiction: str) -> tuple[int, dt.date]:
        days = int(terms_of(jurisdiction).values.get("recall_working_days", WORKING_DAYS))
        return days, deadline(start, days, table).last_day

    return due


@transaction.atomic
def recheck(*, recalled: RecallTask, by: Account) -> Answer:
    """Ask the same again as known now: an ordinary check under the same matter number, with its line in the register."""
    require(by, Permission.CHECK_PERSON, recalled)
    recalled = locked(RecallTask.objects.select_related("answer__check_asked"), recalled.pk)
    if recalled.done_at is not None:
        raise ActionRefused(_("This recall has been concluded already."))
    if recalled.answer.is_erased:
        raise ActionRefused(_("The checked list has been deleted after its period. Check this person anew."))
    asked = recalled.answer.check_asked
    answer = check_person(
        name=recalled.answer.name,
        number=recalled.answer.number,
        group=asked.group,
        event=asked.event,
        post=asked.post,
        matter_number=asked.matter_number,
        by=by,
    )
    recalled.rechecked = answer
    recalled.save(update_fields=["rechecked"])
    record(by=by, verb=Verb.RECALL_CHECKED, obj=recalled, outcome=str(answer.outcome))
    return answer


@transaction.atomic
def conclude_recall(*, recalled: RecallTask, outcome: RecallTask.Outcome, reasons: str, by: Account) -> RecallTask:
    """A named person says what becomes of the decision. A withdrawn one is told to the person, and its slip ends."""
    require(by, Permission.DECIDE_CHECK, recalled)
    recalled = locked(
        RecallTask.objects.select_related("answer__check_asked", "organisation", "rechecked"), recalled.pk
    )
    if recalled.done_at is not None:
        raise ActionRefused(_("This recall has been concluded already."))
    if len(reasons.strip()) < REASONS_LEAST:
        raise ActionRefused(_("Give the reasons in a sentence."))
    decision = Decision.objects.filter(answer=recalled.answer_id, kind=Decision.Kind.CONFIRMED).first()
    if (decision is None) != (outcome == RecallTask.Outcome.NOTHING_DECIDED):
        raise ActionRefused(
            _("A veto was confirmed on this answer: say whether it stands or is withdrawn.")
            if decision is not None
            else _("No veto was confirmed on this answer: nothing can stand or be withdrawn.")
        )
    if outcome == RecallTask.Outcome.STANDS:
        _may_stand(recalled)
    recalled.outcome, recalled.reasons = outcome, identity.mask_in_text(reasons.strip())[:1000]
    recalled.done_by, recalled.done_at = by, timezone.now()
    recalled.save(update_fields=["outcome", "reasons", "done_by", "done_at"])
    record(by=by, verb=Verb.RECALL_DONE, obj=recalled, outcome=str(outcome))
    if decision is not None and outcome == RecallTask.Outcome.WITHDRAWN:
        _withdraw(recalled, decision, by=by)
    return recalled


def _may_stand(recalled: RecallTask) -> None:
    """What stands has to stand on something that holds now, or on what was right on its day."""
    asked = recalled.answer.check_asked
    if recalled.rechecked is None:
        try:
            entitlement(
                organisation=recalled.organisation, group=asked.group, event=asked.event, day=timezone.localdate()
            )
        except ActionRefused:
            return  # the body may no longer ask
        raise ActionRefused(_("Run the check again first: a decision stands on what holds now."))
    never_right = recalled.causes.filter(reason__in=NEVER_RIGHT).exists()
    if never_right and recalled.rechecked.outcome not in OBSTACLES:
        raise ActionRefused(
            _("The entry should never have counted and the new check finds no obstacle: the decision cannot stand.")
        )


def _withdraw(recalled: RecallTask, decision: Decision, *, by: Account) -> None:
    """The decision stays on file; its slip says from now on that it was withdrawn, and the person is told."""
    slip = locked(Slip.objects.all(), Slip.objects.get(answer=recalled.answer_id).pk)
    if slip.withdrawn_at is None:
        with override("zh-hans"):
            slip.withdrawn_reason = _("Withdrawn on the recall %(code)s.") % {"code": recalled.code}
        slip.withdrawn_at = recalled.done_at
        slip.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record(by=by, verb=Verb.VETO_WITHDRAWN, obj=decision, person_id=decision.person_id)
    feed.announce(Change.Kind.VETO_WITHDRAWN, person_id=decision.person_id, object_id=decision.pk)
    send(
        letters=[
            Letter(
                kind=Notice.Kind.VETO_WITHDRAWN,
                person_id=decision.person_id,
                organisation=recalled.organisation,
                about=slip,
                context={"slip": slip, "check": recalled.answer.check_asked, "recalled": recalled},
            )
        ],
        by=by,
    )
