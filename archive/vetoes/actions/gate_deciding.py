"""The final word on applicants: approved or refused, never without a fresh check on the rules in force."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.vetoes.gate_rules import Fault, Standing, approval_fault, refusal_fault, standing
from archive.vetoes.models import Applicant, GateDecision, ReviewProgramme, Slip
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common import identity, moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require

BULK_LIMIT = 20_000  # applicants in one act
STEP = 2_000
UNCLEAR = GateDecision.UNCLEAR

SENTENCES: dict[Fault, Any] = {
    Fault.DECIDED: gettext_lazy("This applicant has been decided on already."),
    Fault.STALE: gettext_lazy(
        "There is no check of this applicant that is fresh enough and made on the rules now in force. Check again first."
    ),
    Fault.UNDECIDED: gettext_lazy("The check proposes an obstacle. An examiner confirms or lifts it first."),
    Fault.CONFIRMED: gettext_lazy("An examiner has confirmed the obstacle; this applicant can only be refused."),
    Fault.IN_DISPUTE: gettext_lazy(
        "What would stand in the way is in dispute and bars nobody. Wait until the objection is settled and check again, or"
        " approve with reasons."
    ),
    Fault.UNCLEAR: gettext_lazy(
        "The check has not answered about this person. Clarify name, number or authorisation, then check again."
    ),
    Fault.NO_REASONS: gettext_lazy("Give the reasons in a sentence."),
    Fault.NO_OBSTACLE: gettext_lazy(
        "Nothing in the archive stands against this applicant, so it cannot be the ground of a refusal."
    ),
}


@transaction.atomic
def approve_applicant(*, applicant: Applicant, reasons: str = "", by: Account) -> GateDecision:
    """Approve one applicant. Impossible without a fresh answer that is clear or lifted, or, with reasons, unknown or in dispute."""
    require(by, Permission.DECIDE_APPLICANT, applicant)
    current, now, where = _looked_at(applicant)
    reasons = _clean(reasons)
    fault = approval_fault(where, outcome=_outcome(current), reasons=reasons)
    if fault is not None:
        raise ActionRefused(SENTENCES[fault])
    decision = _write([current], GateDecision.Kind.APPROVED, reasons=reasons, now=now, by=by)[0]
    record(
        by=by, verb=Verb.APPLICANT_APPROVED, obj=current, person_id=decision.person_id, outcome=decision.outcome,
        check=decision.check_asked.code,
    )  # fmt: skip
    return decision


@transaction.atomic
def refuse_applicant(*, applicant: Applicant, reasons: str, by: Account) -> GateDecision:
    """Refuse one applicant: on a confirmed obstacle, whose slip is stored with it, or because nothing could be clarified.

    The person is told with the reasons, the slip and the ways to contest; whom the archive does not know the body tells itself.
    """
    require(by, Permission.DECIDE_APPLICANT, applicant)
    current, now, where = _looked_at(applicant)
    reasons = _clean(reasons)
    fault = refusal_fault(where, reasons=reasons)
    if fault is not None:
        raise ActionRefused(SENTENCES[fault])
    decision = _write([current], GateDecision.Kind.REFUSED, reasons=reasons, now=now, by=by)[0]
    record(
        by=by, verb=Verb.APPLICANT_REFUSED, obj=current, person_id=decision.person_id, outcome=decision.outcome,
        check=decision.check_asked.code, slip=decision.slip.number if decision.slip else "",
    )  # fmt: skip
    if decision.slip is not None and decision.person_id is not None:
        letter = Letter(
            kind=Notice.Kind.GATE_REFUSED,
            person_id=decision.person_id,
            organisation=current.organisation,
            about=decision.slip,
            context={"programme": current.programme, "decision": decision, "slip": decision.slip},
        )
        send(letters=[letter], by=by)
    return decision


@transaction.atomic
def approve_ready(*, programme: ReviewProgramme, reasons: str = "", by: Account) -> int:
    """Approve all who are clear and fresh and whose check somebody else asked for: a second person stands for them.

    With `reasons` those too of whom there is no archive, which says nothing about them; the reasons stand in each of these
    decisions. At most `BULK_LIMIT` at once, in steps whose number of queries does not grow. Returns how many.
    """
    require(by, Permission.DECIDE_APPLICANT, programme)
    now, why = moments.of_a_question(), _clean(reasons)
    if reasons.strip() and not why:
        raise ActionRefused(SENTENCES[Fault.NO_REASONS])
    ready = (
        Applicant.objects.ready(programme, now=now, unknown=bool(why))
        .exclude(answer__check_asked__account=by)
        .select_related("programme", "answer__check_asked")
        .defer("name", "number", "answer__name", "answer__number")
        .order_by("position")
    )
    done, last = 0, 0
    while done < BULK_LIMIT:
        rows = list(ready.filter(position__gt=last).select_for_update(of=("self",))[: min(STEP, BULK_LIMIT - done)])
        if not rows:
            break
        made = _write(rows, GateDecision.Kind.APPROVED, reasons=why, now=now, bulk=True, by=by)
        record_many(
            draft(by=by, verb=Verb.APPLICANT_APPROVED, obj=item.applicant, person_id=item.person_id, bulk=True)
            for item in made
        )
        done, last = done + len(rows), rows[-1].position
    if not done:
        raise ActionRefused(_("Nobody is clear and fresh by a check that somebody else asked for."))
    record(by=by, verb=Verb.APPLICANTS_APPROVED, obj=programme, people=done)
    return done


def _looked_at(applicant: Applicant) -> tuple[Applicant, dt.datetime, Standing]:
    """The applicant, locked, the moment, and how things stand at it."""
    now = moments.of_a_question()
    current = (
        Applicant.objects.select_for_update(of=("self",))
        .select_related("programme", "organisation", "answer__check_asked", "answer__decision", "answer__slip")
        .get(pk=applicant.pk)
    )
    return current, now, standing_of(applicant=current, now=now)


def standing_of(*, applicant: Applicant, now: dt.datetime) -> Standing:
    fresh = Applicant.objects.fresh(applicant.programme, now=now).filter(pk=applicant.pk).exists()
    return standing(state=applicant.state, outcome=_outcome(applicant), examined=_examined(applicant), fresh=fresh)


def _outcome(applicant: Applicant) -> str:
    return str(applicant.answer.outcome) if applicant.answer is not None else ""


def _examined(applicant: Applicant) -> str:
    decision = getattr(applicant.answer, "decision", None)
    return str(decision.kind) if decision is not None else ""


def _write(
    applicants: list[Applicant],
    kind: GateDecision.Kind,
    *,
    reasons: str,
    now: dt.datetime,
    bulk: bool = False,
    by: Account,
) -> list[GateDecision]:
    """The decisions and the applicants' states. What the database ties them to is copied from where it stands."""
    made = []
    for applicant in applicants:
        programme, answer = applicant.programme, applicant.answer
        assert answer is not None, "the rules let nobody through without an answer"
        asked = answer.check_asked
        examined = None if bulk else getattr(answer, "decision", None)
        slip: Slip | None = None if bulk else getattr(answer, "slip", None)
        made.append(
            GateDecision(
                applicant=applicant,
                programme=programme,
                organisation_id=programme.organisation_id,
                group=asked.group,
                event=asked.event,
                post=asked.post,
                freshness_days=programme.freshness_days,
                check_asked=asked,
                asked_at=asked.asked_at,
                asked_by_id=asked.account_id,
                answer=answer,
                outcome=answer.outcome,
                examined=examined,
                examined_kind=examined.kind if examined is not None else "",
                slip=slip if kind == GateDecision.Kind.REFUSED else None,
                person_id=None if answer.outcome in UNCLEAR else answer.person_id,
                kind=kind,
                reasons=reasons if not bulk or answer.outcome == "not_found" else "",
                bulk=bulk,
                decided_by=by,
                decided_at=now,
            )
        )
    GateDecision.objects.bulk_create(made, batch_size=STEP)
    Applicant.objects.filter(pk__in=[applicant.pk for applicant in applicants]).update(state=kind.value)
    return made


def _clean(reasons: str) -> str:
    text = identity.mask_in_text(reasons.strip())[:1000]
    return text if len(text) >= 8 else ""
