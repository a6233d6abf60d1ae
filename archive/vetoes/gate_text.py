"""How things stand with an applicant, in words, and what happens next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.vetoes.gate_rules import Standing, standing
from archive.vetoes.models import Applicant

LABELS: dict[Standing, Any] = {
    Standing.READY: _("clear and fresh"),
    Standing.TO_DECIDE: _("an examiner decides"),
    Standing.LIFTED: _("obstacle lifted"),
    Standing.CONFIRMED: _("obstacle confirmed"),
    Standing.IN_DISPUTE: _("in dispute"),
    Standing.UNCLEAR: _("to be clarified"),
    Standing.STALE: _("to be checked again"),
    Standing.APPROVED: _("approved"),
    Standing.REFUSED: pgettext_lazy("applicant", "refused"),
}
# For the badges: words that stand for other things elsewhere have names of their own there.
TONES = {Standing.READY: "ready_to_approve"}
NEXT: dict[Standing, Any] = {
    Standing.READY: _("Nothing stands against this applicant. An examiner can approve."),
    Standing.TO_DECIDE: _(
        "The check proposes an obstacle. An examiner looks, gives reasons, and confirms or lifts it; nothing is decided before."
    ),
    Standing.LIFTED: _("An examiner has set the proposed obstacle aside, with reasons. The applicant can be approved."),
    Standing.CONFIRMED: _(
        "An examiner has confirmed the obstacle; the person was told and has the slip. The applicant can only be refused."
    ),
    Standing.IN_DISPUTE: _(
        "What would stand in the way is in dispute and bars nobody. Wait until the objection is settled and check again, or"
        " approve with reasons."
    ),
    Standing.UNCLEAR: _(
        "The check has not answered about this person. Compare name and number with the card, or ask for the authorisation; then"
        " check again."
    ),
    Standing.STALE: _(
        "There is no answer that is fresh enough and made on the rules now in force. Check again before anything is decided."
    ),
    Standing.APPROVED: _("Approved. The answer that it rests on is kept with it."),
    Standing.REFUSED: _("Refused. The slip and the reasons are kept with it; the person was told how to contest it."),
}

REFUSED_UNTOLD = _(
    "Refused. The reasons are kept with it. The archive does not know for sure who this is, so your body tells the applicant"
    " itself."
)


def happens(now: Standing, *, told: bool) -> Any:
    """What happens next. `told`: a refusal came with a slip, so the person was told."""
    return REFUSED_UNTOLD if now is Standing.REFUSED and not told else NEXT[now]


def stands(applicant: Applicant, *, fresh: bool) -> Standing:
    answer = applicant.answer
    decision = getattr(answer, "decision", None)
    return standing(
        state=applicant.state,
        outcome=str(answer.outcome) if answer is not None else "",
        examined=str(decision.kind) if decision is not None else "",
        fresh=fresh,
    )


def badge(now: Standing) -> tuple[str, Any]:
    """(name for its tone, label)."""
    return TONES.get(now, now.value), LABELS[now]


def holds_until(applicant: Applicant) -> dt.datetime | None:
    """Until when the answer is fresh, unless a rule changes before."""
    if applicant.answer is None:
        return None
    asked: dt.datetime = applicant.answer.check_asked.asked_at
    return asked + dt.timedelta(days=applicant.programme.freshness_days)


WIDTH = 640  # of the picture, in its own units


def picture(tally: dict[str, int]) -> list[dict[str, Any]]:
    """Parts of the bar, left to right: how many, from where, how wide."""
    total, parts, x = tally["total"], [], 0.0
    for now in reversed(Standing):
        count = tally[now.value]
        width = WIDTH * count / total if total else 0.0
        name, label = badge(now)
        parts.append(
            {"code": now.value, "tone": name, "label": label, "count": count, "x": round(x, 2), "width": round(width, 2),
             "middle": round(x + width / 2, 2), "is_wide": width >= 34}
        )  # fmt: skip
        x += width
    return parts
