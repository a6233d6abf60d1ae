"""Storing what the engine answered, in the caller's transaction. Called by `actions.checks` only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.intake.problems import Problem
from archive.vetoes.engine import Answered, Asked
from archive.vetoes.models import Answer, Check, FindingRow, Outcome
from profiles.common import codes
from profiles.common.copying import copy_rows, reserve


def keep_answer(asked: Check, item: Answered) -> Answer:
    """The answer about one person, and its findings."""
    answer = Answer.objects.create(
        check_asked=asked,
        organisation_id=asked.organisation_id,
        row=item.asked.row,
        name=item.asked.name,
        number=item.asked.number,
        person_id=item.person_id,
        outcome=item.outcome.value,
        problems=_remarks(item),
    )
    _keep_findings([(answer.pk, item)])
    return answer


def keep_answers(asked: Check, given: list[Answered]) -> None:
    """The answers about some thousand, and their findings, by COPY."""
    keys = reserve(Answer, len(given))
    copy_rows(
        Answer,
        ("id", "code", "row", "name", "number", "person_id", "outcome", "same_as_row", "problems"),
        (
            (
                key,
                codes.answer_code(),
                item.asked.row,
                item.asked.name,
                item.asked.number,
                item.person_id,
                item.outcome.value,
                item.same_as_row,
                _remarks(item),
            )
            for key, item in zip(keys, given, strict=True)
        ),
        check_asked_id=asked.pk,
        organisation_id=asked.organisation_id,
    )
    _keep_findings(zip(keys, given, strict=True))


def _keep_findings(answers: Iterable[tuple[int, Answered]]) -> None:
    found = [
        (
            key,
            position,
            finding.rule_id,
            finding.clause,
            finding.entry_id,
            finding.effect.value,
            finding.until,
            finding.doubt.value if finding.doubt else "",
        )
        for key, item in answers
        for position, finding in enumerate(item.findings)
    ]
    if found:
        copy_rows(
            FindingRow,
            ("answer_id", "position", "rule_id", "clause", "entry_id", "effect", "until", "doubt"),
            found,
        )


def keep_unreadable(asked: Check, people: list[tuple[Asked, list[Any]]]) -> None:
    """Rows whose number cannot be one: kept as they were written, with what is wrong."""
    copy_rows(
        Answer,
        ("id", "code", "row", "name", "number", "problems"),
        (
            (key, codes.answer_code(), person.row, person.name, person.number, problems)
            for key, (person, problems) in zip(reserve(Answer, len(people)), people, strict=True)
        ),
        check_asked_id=asked.pk,
        organisation_id=asked.organisation_id,
        person_id=None,
        same_as_row=None,
        outcome=Outcome.UNREADABLE,
    )


def _remarks(item: Answered) -> list[dict[str, Any]]:
    """What the reader of an answer should know beside it."""
    until = item.former_name_until
    return [Problem("former_name_until", params={"day": until.isoformat()}).as_json()] if until is not None else []
