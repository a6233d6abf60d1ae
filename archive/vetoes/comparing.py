"""What an answer said, beside what the engine says now or as known then."""

from __future__ import annotations

from typing import Any

from archive.access.actions import entitlement
from archive.vetoes import engine
from archive.vetoes.models import Answer
from archive.vetoes.rules import Question
from profiles.common.exceptions import ActionRefused


def said(answer: Answer) -> tuple[Any, ...]:
    """Outcome and findings of a stored answer, without the version of the rule: a version that says the same is no news."""
    findings = sorted(answer.findings.all(), key=lambda row: row.position)
    return answer.outcome, [
        (row.rule.code, row.clause, row.entry_id, row.effect, row.until, row.doubt) for row in findings
    ]


def given(item: engine.Answered) -> tuple[Any, ...]:
    """The same of what the engine gives."""
    return item.outcome.value, [
        (row.rule_code, row.clause, row.entry_id, row.effect.value, row.until, row.doubt.value if row.doubt else "")
        for row in item.findings
    ]


def replays(answer: Answer) -> bool | None:
    """Does the question, asked as known then and judged for that day, give what was answered? None where it was not answered.

    Nothing is shown but whether it is the same, so the register has no line of it.
    """
    asked = answer.check_asked
    if asked.known_at is None or asked.day is None:
        return None
    try:
        competence = entitlement(organisation=answer.organisation, group=asked.group, event=asked.event, day=asked.day)
    except ActionRefused:
        return None
    (again,) = engine.answer(
        [engine.Asked(answer.row, answer.name, answer.number)],
        question=Question(asked.group, asked.event, asked.day, asked.post),
        organisation=answer.organisation,
        known_at=asked.known_at,
        needs_authorisation=competence.needs_authorisation,
    )
    return given(again) == said(answer)
