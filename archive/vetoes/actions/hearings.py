"""Before a veto is confirmed: an examiner proposes, the person is told and may speak, the examiner reads."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.periods import terms_of
from archive.common import calendar
from archive.common.workdays import deadline
from archive.notices import actions as notices
from archive.notices.actions import Letter
from archive.notices.models import Notice
from archive.vetoes.deciding import open_answer, reasons_in_a_sentence, statement_of_a_person, told_on
from archive.vetoes.explain import explain
from archive.vetoes.models import Answer, Proposal, ProposalStatement, Slip
from profiles.accounts.actions import issue_activation_code
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require
from profiles.common.querysets import locked
from profiles.people.models import Person


@transaction.atomic
def propose(*, answer: Answer, reasons: str, by: Account) -> Proposal:
    """Mean to confirm a veto. The person is told what was found, by which rule and why, and has its working days to answer.

    Who has an account is served by it at once; for others the days run from when the letter was handed over.
    """
    require(by, Permission.DECIDE_CHECK, answer)
    answer = open_answer(answer)
    if Proposal.objects.filter(answer=answer).exists():
        raise ActionRefused(_("This has been proposed already; the person has been told."))
    assert answer.person_id is not None
    proposal = Proposal(
        answer=answer,
        organisation=answer.organisation,
        person_id=answer.person_id,
        reasons=reasons_in_a_sentence(reasons),
        proposed_by=by,
        window_days=terms_of(answer.organisation.jurisdiction).number("decision_statement_working_days"),
    )
    if answer.person_id in Account.objects.reading_for([answer.person_id]):
        _start_window(proposal, timezone.localdate())
    proposal.save()
    notices.send(
        letters=[
            Letter(
                kind=Notice.Kind.VETO_PROPOSED,
                person_id=answer.person_id,
                organisation=answer.organisation,
                about=proposal,
                context={"proposal": proposal, "check": answer.check_asked, "findings": explain(answer)},
                respond_until=proposal.last_day,
            )
        ],
        by=by,
    )
    record(by=by, verb=Verb.VETO_PROPOSED, obj=proposal, person_id=proposal.person_id)
    return proposal


def _start_window(proposal: Proposal, served_on: dt.date) -> None:
    proposal.served_on = served_on
    ends = deadline(served_on, proposal.window_days, calendar.current())
    proposal.decidable_from = max(ends.first_day_after, served_on)


@transaction.atomic
def print_letter(*, about: Proposal | Slip, by: Account) -> tuple[Notice, str]:
    """The letter on paper, with the code by which a person without an account opens one, "" where it has one."""
    require(by, Permission.DECIDE_CHECK, about)
    kind = Notice.Kind.VETO_PROPOSED if isinstance(about, Proposal) else Notice.Kind.VETO_CONFIRMED
    notice = Notice.objects.about(about).select_related("organisation").get(kind=kind)
    notices.note_printed(notice=notice, permission=Permission.DECIDE_CHECK, by=by)
    try:
        code = issue_activation_code(
            person=Person.objects.get(pk=about.person_id),
            context=about,
            permission=Permission.DECIDE_CHECK,
            by=by,
        )
    except ActionRefused:
        code = ""
    return notice, code


@transaction.atomic
def serve_proposal(*, proposal: Proposal, served_on: dt.date, by: Account) -> Proposal:
    """The letter was handed over; the person's days run from then."""
    require(by, Permission.DECIDE_CHECK, proposal)
    open_answer(proposal.answer)
    proposal = Proposal.objects.get(pk=proposal.pk)
    if proposal.served_on is not None:
        raise ActionRefused(_("The person has been served already."))
    _refuse_day(served_on, written=proposal.proposed_at)
    _start_window(proposal, served_on)
    proposal.on_paper_by, proposal.on_paper_at = by, timezone.now()
    proposal.save()
    _tell_last_day(proposal)
    record(
        by=by,
        verb=Verb.PROPOSAL_SERVED,
        obj=proposal,
        person_id=proposal.person_id,
        served_on=served_on.isoformat(),
    )
    return proposal


def _refuse_day(served_on: dt.date, *, written: dt.datetime) -> None:
    if served_on > timezone.localdate():
        raise ActionRefused(_("The day of service lies in the future. Record it when the notice has been handed over."))
    if served_on < timezone.localtime(written).date():
        raise ActionRefused(_("The day of service is before the notice was written. Correct the date."))


@transaction.atomic
def hand_over_slip(*, slip: Slip, handed_on: dt.date, by: Account) -> Slip:
    """Letter and slip were handed over to who has no account; the days to contest run from then."""
    require(by, Permission.DECIDE_CHECK, slip)
    slip = locked(Slip.objects.select_related("answer__decision"), slip.pk)
    assert slip.issued_at is not None, "a slip is stored when it has been issued"
    if told_on(slip.answer.decision) is not None:
        raise ActionRefused(_("The person has been told already."))
    _refuse_day(handed_on, written=slip.issued_at)
    slip.handed_on, slip.handed_by, slip.handed_at = handed_on, by, timezone.now()
    slip.save(update_fields=["handed_on", "handed_by", "handed_at"])
    record(by=by, verb=Verb.SLIP_HANDED_OVER, obj=slip, person_id=slip.person_id, handed_on=handed_on.isoformat())
    return slip


@transaction.atomic
def extend_proposals(*, by: System) -> int:
    """After working days were entered: windows that ran by a guess are counted anew, only to the person's gain. As for entries."""
    require(by, Permission.RUN_SYSTEM)
    days, extended = calendar.current(), 0
    running = Proposal.objects.select_for_update(of=("self",)).filter(waived_at=None, answer__decision=None)
    for proposal in running.filter(served_on__isnull=False, window_days__gt=0).order_by("pk"):
        assert proposal.served_on is not None
        first_day = deadline(proposal.served_on, proposal.window_days, days).first_day_after
        if proposal.decidable_from is not None and first_day > proposal.decidable_from:
            proposal.decidable_from = first_day
            proposal.save(update_fields=["decidable_from"])
            _tell_last_day(proposal)
            record(by=by, verb=Verb.WINDOW_EXTENDED, obj=proposal, to=str(first_day))
            extended += 1
    return extended


def _tell_last_day(proposal: Proposal) -> None:
    """The text of the notice stays as it was written."""
    told = Notice.objects.about(proposal).filter(kind=Notice.Kind.VETO_PROPOSED)
    told.update(respond_until=proposal.last_day)


@transaction.atomic
def state(*, proposal: Proposal, text: str, by: Account) -> ProposalStatement:
    """The person's statement: while nothing is decided, also after the window. Several are possible; none is changed."""
    require(by, Permission.ANSWER_HEARING, proposal)
    open_answer(proposal.answer)
    given = ProposalStatement.objects.create(
        proposal=proposal, person_id=proposal.person_id, text=statement_of_a_person(text)
    )
    record(
        by=by,
        verb=Verb.PROPOSAL_ANSWERED,
        obj=proposal,
        person_id=proposal.person_id,
        organisation_id=proposal.organisation_id,
    )
    return given


@transaction.atomic
def waive(*, proposal: Proposal, by: Account) -> Proposal:
    """The person wants to say nothing and not to wait. It may still make a statement until the decision."""
    require(by, Permission.ANSWER_HEARING, proposal)
    open_answer(proposal.answer)
    proposal = Proposal.objects.get(pk=proposal.pk)
    if proposal.waived_at is None:
        proposal.waived_at = timezone.now()
        proposal.save(update_fields=["waived_at"])
        record(
            by=by,
            verb=Verb.PROPOSAL_WAIVED,
            obj=proposal,
            person_id=proposal.person_id,
            organisation_id=proposal.organisation_id,
        )
    return proposal


@transaction.atomic
def note_statements_read(*, proposal: Proposal, by: Account) -> int:
    """The examiner has read what the person said; without it nothing is confirmed. Returns how many were new."""
    require(by, Permission.DECIDE_CHECK, proposal)
    read = proposal.statements.filter(read_at=None).update(read_by=by, read_at=timezone.now())
    if read:
        record(by=by, verb=Verb.PROPOSAL_STATEMENT_READ, obj=proposal, person_id=proposal.person_id, count=read)
    return int(read)
