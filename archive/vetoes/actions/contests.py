"""After a veto was confirmed: the person contests, another examiner of the body looks again. Nothing happens by itself."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.periods import terms_of
from archive.common import calendar, feed
from archive.common.models import Change
from archive.common.workdays import deadline
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.vetoes.deciding import contest_until, reasons_in_a_sentence, statement_of_a_person
from archive.vetoes.models import Answer, Contest, Decision, Slip
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked


@transaction.atomic
def contest(*, decision: Decision, text: str, by: Account) -> Contest:
    """The person asks the body to look again: once, within the days. The ways of the law stay open beside it."""
    require(by, Permission.ANSWER_HEARING, decision)
    locked(Answer.objects.all(), decision.answer_id)  # two windows of one person: the second waits, and is refused
    if decision.kind != Decision.Kind.CONFIRMED:
        raise ActionRefused(_("Nothing was decided against you here."))
    if Contest.objects.filter(decision=decision).exists():
        raise ActionRefused(_("You have contested this decision already."))
    _refuse_withdrawn(decision)
    today, until = timezone.localdate(), contest_until(decision)
    if until is not None and today > until:
        raise ActionRefused(
            _("The last day to contest here was %(day)s. The ways of the law are not touched by that.")
            % {"day": until.isoformat()}
        )
    days = terms_of(decision.organisation.jurisdiction).number("contest_review_working_days")
    made = Contest.objects.create(
        decision=decision,
        organisation=decision.organisation,
        person_id=decision.person_id,
        decider=decision.decided_by,
        text=statement_of_a_person(text),
        review_until=max(deadline(today, days, calendar.current()).last_day, today),
    )
    record(
        by=by,
        verb=Verb.DECISION_CONTESTED,
        obj=made,
        person_id=made.person_id,
        organisation_id=made.organisation_id,
    )
    return made


@transaction.atomic
def review_contest(*, contest: Contest, outcome: Contest.Outcome, reasons: str, by: Account) -> Contest:
    """Another examiner than the one who decided: the decision stands, or is withdrawn. The person is told, with the reasons."""
    require(by, Permission.DECIDE_CHECK, contest)
    contest = locked(Contest.objects.all(), contest.pk)
    if not contest.is_open:
        raise ActionRefused(_("This contest has been answered already."))
    if contest.decider_id == by.pk:
        raise ActionRefused(_("You took this decision yourself. Another examiner of your body reviews it."))
    if outcome == Contest.Outcome.STANDS:
        _refuse_withdrawn(contest.decision)
    contest.reviewed_by, contest.reviewed_at = by, timezone.now()
    contest.outcome, contest.reasons = outcome, reasons_in_a_sentence(reasons)
    contest.save()
    record(by=by, verb=Verb.CONTEST_REVIEWED, obj=contest, person_id=contest.person_id, outcome=str(outcome))
    if outcome == Contest.Outcome.WITHDRAWN:
        feed.announce(Change.Kind.VETO_WITHDRAWN, person_id=contest.person_id, object_id=contest.decision_id)
        _end_slip(contest)
    answer = contest.decision.answer
    send(
        letters=[
            Letter(
                kind=Notice.Kind.CONTEST_REVIEWED,
                person_id=contest.person_id,
                organisation=contest.organisation,
                about=contest,
                context={"contest": contest, "check": answer.check_asked, "slip": answer.slip},
            )
        ],
        by=by,
    )
    return contest


def _refuse_withdrawn(decision: Decision) -> None:
    if Slip.objects.filter(answer=decision.answer_id, withdrawn_at__isnull=False).exists():
        raise ActionRefused(_("This decision has been withdrawn already; nothing of it stands."))


def _end_slip(contest: Contest) -> None:
    """As on a recall: whoever verifies the slip reads that it was withdrawn. One that was withdrawn before keeps its time."""
    slip = Slip.objects.select_for_update().get(answer=contest.decision.answer_id)
    if slip.withdrawn_at is None:
        slip.withdrawn_at, slip.withdrawn_reason = contest.reviewed_at, contest.reasons[:300]
        slip.save(update_fields=["withdrawn_at", "withdrawn_reason"])
