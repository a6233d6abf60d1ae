"""The machine proposes, a named examiner decides, the person is told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.common import documents, feed, signing
from archive.common.models import Change
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.vetoes.explain import explain
from archive.vetoes.grounds import refuse_disputed
from archive.vetoes.models import (
    Answer,
    Decision,
    Outcome,
    RecallTask,
    Slip,
)
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require

REASONS_LEAST = 8


@transaction.atomic
def decide(*, answer: Answer, kind: Decision.Kind, reasons: str, by: Account) -> Decision:
    """Confirm or lift what was proposed, once, with reasons. A confirmed veto is told to the person, with a slip."""
    require(by, Permission.DECIDE_CHECK, answer)
    answer = (
        Answer.objects.select_for_update(of=("self",)).select_related("check_asked", "organisation").get(pk=answer.pk)
    )
    if answer.outcome not in {Outcome.VETO, Outcome.CONDITION, Outcome.REVIEW}:
        raise ActionRefused(_("There is nothing to decide: the check found no obstacle."))
    if Decision.objects.filter(answer=answer).exists():
        raise ActionRefused(_("This has been decided already."))
    if kind == Decision.Kind.CONFIRMED and RecallTask.objects.filter(answer=answer).exists():
        raise ActionRefused(_("An entry on which this answer rests no longer holds. Check the person again."))
    if len(reasons.strip()) < REASONS_LEAST:
        raise ActionRefused(_("Give the reasons in a sentence; the person will read them."))
    if kind == Decision.Kind.CONFIRMED:
        refuse_disputed(answer)
    assert answer.person_id is not None
    decision = Decision.objects.create(
        answer=answer,
        organisation=answer.organisation,
        person_id=answer.person_id,
        kind=kind,
        reasons=identity.mask_in_text(reasons.strip())[:1000],
        decided_by=by,
    )
    verb = Verb.VETO_CONFIRMED if kind == Decision.Kind.CONFIRMED else Verb.VETO_LIFTED
    record(by=by, verb=verb, obj=decision, person_id=answer.person_id)
    feed.announce(Change.Kind.VETO_DECIDED, person_id=answer.person_id, object_id=decision.pk)
    if kind == Decision.Kind.CONFIRMED:
        slip = issue_slip(decision=decision, by=by)
        send(
            letters=[
                Letter(
                    kind=Notice.Kind.VETO_CONFIRMED,
                    person_id=answer.person_id,
                    organisation=answer.organisation,
                    about=slip,
                    context={"slip": slip, "check": answer.check_asked, "decision": decision},
                )
            ],
            by=by,
        )
    return decision


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
    return {
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
