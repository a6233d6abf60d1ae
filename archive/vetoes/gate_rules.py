"""What an applicant waits for, and why one cannot be approved or refused: decided without a database."""

from __future__ import annotations

from enum import StrEnum

CLEAR = frozenset({"clear", "note"})
PROPOSED = frozenset({"veto", "condition", "review"})


class Standing(StrEnum):
    STALE = "stale"  # never checked, too long ago, or on rules that have changed
    READY = "ready"  # clear and fresh
    TO_DECIDE = "to_decide"  # an examiner has to confirm or lift
    LIFTED = "lifted"
    CONFIRMED = "confirmed"
    IN_DISPUTE = "in_dispute"  # what would stand in the way decides nothing before the objection is settled
    UNCLEAR = "unclear"  # not found, name does not match, not authorised, not readable
    APPROVED = "approved"
    REFUSED = "refused"


class Fault(StrEnum):
    """Why not."""

    DECIDED = "decided"
    STALE = "stale"
    UNDECIDED = "undecided"
    CONFIRMED = "confirmed"
    IN_DISPUTE = "in_dispute"
    UNCLEAR = "unclear"
    NO_REASONS = "no_reasons"
    NO_OBSTACLE = "no_obstacle"


def standing(*, state: str, outcome: str, examined: str, fresh: bool) -> Standing:
    """`outcome` of the last answer ("" without one), `examined`: what the examiner decided on it ("" without)."""
    if state in {"approved", "refused"}:
        return Standing(state)
    if not fresh or not outcome:
        return Standing.STALE
    if outcome in CLEAR:
        return Standing.READY
    if outcome == "in_dispute":
        return Standing.IN_DISPUTE
    if outcome not in PROPOSED:
        return Standing.UNCLEAR
    return Standing(examined) if examined else Standing.TO_DECIDE


def approval_fault(now: Standing, *, outcome: str, reasons: str) -> Fault | None:
    """None: may be approved. Not found says nothing about a person, and a dispute bars nobody: approved with a named reason."""
    if now in {Standing.APPROVED, Standing.REFUSED}:
        return Fault.DECIDED
    if now is Standing.UNCLEAR and outcome != "not_found":
        return Fault.UNCLEAR
    if now in {Standing.UNCLEAR, Standing.IN_DISPUTE}:
        return None if reasons else Fault.NO_REASONS
    return {Standing.STALE: Fault.STALE, Standing.TO_DECIDE: Fault.UNDECIDED, Standing.CONFIRMED: Fault.CONFIRMED}.get(
        now
    )


def refusal_fault(now: Standing, *, reasons: str) -> Fault | None:
    """None: may be refused. Whom nothing stands against is not refused here, whatever other grounds a body may have."""
    if now in {Standing.APPROVED, Standing.REFUSED}:
        return Fault.DECIDED
    if now in {Standing.READY, Standing.LIFTED}:
        return Fault.NO_OBSTACLE
    waits = {Standing.STALE: Fault.STALE, Standing.TO_DECIDE: Fault.UNDECIDED, Standing.IN_DISPUTE: Fault.IN_DISPUTE}
    if now in waits:
        return waits[now]
    return None if reasons else Fault.NO_REASONS
