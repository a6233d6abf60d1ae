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
from archive.vetoes.deciding import open_answer, reasons_in_a_sentence, statement_of_a_person
from archive.vetoes.explain import explain
from archive.vetoes.models import Answer, Proposal, ProposalStatement
from profiles.accounts.actions import issue_activation_code
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
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
def print_proposal(*, proposal: Proposal, by: Account) -> str:
    """The letter on paper; gives the code by which a person without an account opens one, "" where it has one."""
    require(by, Permission.DECIDE_CHECK, proposal)
    notice = Notice.objects.about(proposal).get(kind=Notice.Kind.VETO_PROPOSED)
    notices.note_printed(notice=notice, permission=Permission.DECIDE_CHECK, by=by)
    try:
        return issue_activation_code(
            person=Person.objects.get(pk=proposal.person_id),
            context=proposal,
            permission=Permission.DECIDE_CHECK,
            by=by,
        )
    except ActionRefused:
        return ""


@transaction.atomic
def serve_proposal(*, proposal: Proposal, served_on: dt.date, by: Account) -> Proposal:
    """The letter was handed over; the person's days run from then."""
    require(by, Permission.DECIDE_CHECK, proposal)
    open_answer(proposal.answer)
    proposal = Proposal.objects.get(pk=proposal.pk)
    if proposal.served_on is not None:
        raise ActionRefused(_("The person has been served already."))
    if served_on > timezone.localdate():
        raise ActionRefused(_("The day of service lies in the future. Record it when the notice has been handed over."))
    if served_on < timezone.localtime(proposal.proposed_at).date():
        raise ActionRefused(_("The day of service is before the notice was written. Correct the date."))
    _start_window(proposal, served_on)
    proposal.on_paper_by, proposal.on_paper_at = by, timezone.now()
    proposal.save()
    told = Notice.objects.about(proposal).filter(kind=Notice.Kind.VETO_PROPOSED)
    told.update(respond_until=proposal.last_day)  # its text stays as it was written
    record(
        by=by,
        verb=Verb.PROPOSAL_SERVED,
        obj=proposal,
        person_id=proposal.person_id,
        served_on=served_on.isoformat(),
    )
    return proposal


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
