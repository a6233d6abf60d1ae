"""How far a decision has come, for the pages of both sides."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from archive.catalogue.periods import terms_of
from archive.vetoes.deciding import contest_until, told_on
from archive.vetoes.forms import HandedOverForm
from archive.vetoes.models import Answer, Contest
from profiles.accounts.models import Account
from profiles.common.permissions import Permission, can


def decision_context(answer: Answer, account: Account) -> dict[str, Any]:
    """What an examiner may do now, and why not more."""
    today = timezone.localdate()
    proposal, decision = getattr(answer, "proposal", None), getattr(answer, "decision", None)
    statements = list(proposal.statements.select_related("read_by")) if proposal is not None else []
    unread = any(statement.read_at is None for statement in statements)
    contest = getattr(decision, "contest", None) if decision is not None else None
    may_decide = can(account, Permission.DECIDE_CHECK, answer)
    return {
        "decision": decision,
        "proposal": proposal,
        "statements": statements,
        "unread": unread,
        "heard": proposal is not None and proposal.is_heard_on(today),
        "may_decide": may_decide and answer.awaits_decision and not answer.is_erased,
        "may_confirm": proposal is not None and proposal.is_heard_on(today) and not unread,
        "handed_over_form": HandedOverForm(),
        "told_on": told_on(decision) if decision is not None and decision.kind == "confirmed" else None,
        "contest": contest,
        "may_review": may_decide and contest is not None and contest.is_open and contest.decider_id != account.pk,
        "today": today,
    }


def window_context(answer: Answer) -> dict[str, Any]:
    """What a proposal will set going."""
    days = terms_of(answer.organisation.jurisdiction).number("decision_statement_working_days")
    served = answer.person_id is not None and bool(Account.objects.reading_for([answer.person_id]))
    return {"window_days": days, "served_at_once": served}


def contest_context(answer: Answer) -> dict[str, Any]:
    """For the person: may it contest here, until when, and how its contest stands."""
    decision = getattr(answer, "decision", None)
    if decision is None or decision.kind != "confirmed":
        return {"contest": None, "may_contest": False, "contest_until": None}
    contest = Contest.objects.filter(decision=decision).first()
    until = contest_until(decision)
    open_still = (until is None or timezone.localdate() <= until) and answer.slip.withdrawn_at is None
    return {"contest": contest, "may_contest": contest is None and open_still, "contest_until": until}
