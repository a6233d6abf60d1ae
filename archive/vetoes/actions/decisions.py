"""The machine proposes, a named examiner decides after the person was heard, the person is told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.catalogue.periods import terms_of
from archive.common import documents, feed, signing
from archive.common.models import Change
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.vetoes.asking import still_found
from archive.vetoes.deciding import open_answer, reasons_in_a_sentence
from archive.vetoes.explain import explain
from archive.vetoes.grounds import refuse_disputed
from archive.vetoes.models import Answer, Decision, Proposal, RecallTask, Slip
from archive.vetoes.ways import way_out
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require


@transaction.atomic
def decide(*, answer: Answer, kind: Decision.Kind, reasons: str, by: Account) -> Decision:
    """Confirm or lift, once, with reasons. Lifting needs no window; a confirmation needs a person that was told and heard.

    What was found must still be so on the day of the decision: an entry that was voided or repaired since bars nobody.
    A confirmed veto is told with a slip; a person that was told of a proposal is told too that it was lifted.
    """
    require(by, Permission.DECIDE_CHECK, answer)
    answer = open_answer(answer)
    proposal = Proposal.objects.filter(answer=answer).first()
    reasons = reasons_in_a_sentence(reasons)
    if kind == Decision.Kind.CONFIRMED:
        if RecallTask.objects.filter(answer=answer).exists():
            raise ActionRefused(_("An entry on which this answer rests no longer holds. Check the person again."))
        refuse_disputed(answer)
        _require_heard(proposal)
        if not still_found(answer, day=timezone.localdate(), known_at=moments.of_a_question()):
            raise ActionRefused(
                _(
                    "What the check found no longer stands: the entry was changed or its time is over. Lift the proposal."
                )
            )
    assert answer.person_id is not None
    decision = Decision.objects.create(
        answer=answer,
        organisation=answer.organisation,
        person_id=answer.person_id,
        kind=kind,
        reasons=reasons,
        decided_by=by,
    )
    verb = Verb.VETO_CONFIRMED if kind == Decision.Kind.CONFIRMED else Verb.VETO_LIFTED
    record(by=by, verb=verb, obj=decision, person_id=answer.person_id)
    feed.announce(Change.Kind.VETO_DECIDED, person_id=answer.person_id, object_id=decision.pk)
    if kind == Decision.Kind.CONFIRMED:
        slip = issue_slip(decision=decision, by=by)
        _tell(Notice.Kind.VETO_CONFIRMED, decision, slip, {"slip": slip}, by=by)
    elif proposal is not None:
        _tell(Notice.Kind.VETO_LIFTED, decision, proposal, {}, by=by)
    return decision


def _require_heard(proposal: Proposal | None) -> None:
    if proposal is None:
        raise ActionRefused(_("Propose it first: the person is told and heard before a veto is confirmed."))
    if proposal.has_unread():
        raise ActionRefused(_("The person has made a statement. Read it before you decide."))
    if not proposal.is_heard_on(timezone.localdate()):
        raise ActionRefused(
            _("The person may still answer until %(day)s. Before that only a lifting can be decided.")
            % {"day": proposal.last_day.isoformat()}
            if proposal.last_day
            else _("The person has not been told yet. Hand the letter over and record the day.")
        )


def _tell(kind: Notice.Kind, decision: Decision, about: Slip | Proposal, more: dict[str, Any], *, by: Account) -> None:
    context = {"check": decision.answer.check_asked, "decision": decision, **more}
    letter = Letter(
        kind=kind, person_id=decision.person_id, organisation=decision.organisation, about=about, context=context
    )
    send(letters=[letter], by=by)


@transaction.atomic
def issue_slip(*, decision: Decision, by: Account) -> Slip:
    """Write, sign and keep the slip of a confirmed veto, in Chinese."""
    require(by, Permission.DECIDE_CHECK, decision.answer)
    answer = decision.answer
    slip = Slip(answer=answer, organisation=answer.organisation, person_id=decision.person_id)
    with override("zh-hans"):
        html = documents.render_html("documents/slip.html", slip_context(slip, decision))
        signed = signing.sign_pdf(
            documents.render_pdf(html), reason=_("Slip of a check"), location=answer.organisation.name
        )
    slip.store_pdf(signed)
    slip.save()
    record(by=by, verb=Verb.SLIP_ISSUED, obj=slip, person_id=slip.person_id)
    return slip


def slip_context(slip: Slip, decision: Decision) -> dict[str, Any]:
    answer = decision.answer
    terms = terms_of(answer.organisation.jurisdiction)
    proposal = Proposal.objects.filter(answer=answer).first()
    return {
        "way": way_out(answer),
        "proposal": proposal,
        "said": proposal.statements.count() if proposal is not None else 0,
        "contest_days": terms.number("contest_days"),
        "review_days": terms.number("contest_review_working_days"),
        "slip": slip,
        "answer": answer,
        "check": answer.check_asked,
        "decision": decision,
        "findings": explain(answer),
        "qr": documents.qr_svg(slip.signed_url),
    }


@transaction.atomic
def download_slip(*, slip: Slip, by: Account) -> bytes:
    """The stored file, for the body that decided and for the person; each download is in the trail."""
    if by.person_id is not None:
        require(by, Permission.VIEW_ARCHIVE, slip)
    else:
        require(by, Permission.VIEW_CHECK, slip)
    record(by=by, verb=Verb.SLIP_DOWNLOADED, obj=slip, person_id=slip.person_id)
    return slip.read_pdf()
