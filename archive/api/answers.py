"""Answers of checks as the interface gives them, from what is stored: the same at every repetition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.catalogue.models import LegalBasis
from archive.intake.models import Batch
from archive.intake.problems import sentence
from archive.vetoes import text
from archive.vetoes.models import Answer, Check, FindingRow, Outcome

SILENT = {Outcome.CLEAR, Outcome.NOT_FOUND, Outcome.NAME_MISMATCH, Outcome.UNAUTHORISED, Outcome.UNREADABLE}
State = Batch.State
# A list that waits for its confirmation is one that goes on by itself, or one of whose rows none can be read.
STATES = {
    State.RECEIVED: "received",
    State.READING: "reading",
    State.COLUMNS: "refused",
    State.READY: "answering",
    State.HELD: "refused",
    State.ADMITTING: "answering",
    State.DONE: "answered",
    State.REFUSED: "refused",
    State.CANCELLED: "cancelled",
    State.FAILED: "failed",
    State.REVERSED: "cancelled",
}


def person_answer(answer: Answer) -> dict[str, Any]:
    asked = answer.check_asked
    return {
        **shown([answer])[0],
        "check": asked.code,
        "group": asked.group,
        "event": asked.event,
        "post": asked.post,
        "matter_number": asked.matter_number,
        "known_at": asked.known_at,
        "day": asked.day,
    }


def shown(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Three queries at most, however many answers; none where nothing was found."""
    answers = list(answers)
    found: dict[int, list[FindingRow]] = {}
    with_findings = [answer.pk for answer in answers if answer.outcome not in SILENT]
    if with_findings:
        rows = FindingRow.objects.select_related("rule").filter(answer__in=with_findings)
        for row in rows.order_by("answer", "position"):
            found.setdefault(row.answer_id, []).append(row)
    titles = LegalBasis.objects.in_bulk(
        {basis["code"] for rows in found.values() for row in rows for basis in row.rule.bases}
    )
    return [
        {
            "answer": answer.code,
            "row": answer.row,
            "outcome": answer.outcome,
            "outcome_text": str(answer.get_outcome_display()),
            "findings": [_finding(row, titles) for row in found.get(answer.pk, ())],
            "remarks": [sentence(problem) for problem in answer.problems],
        }
        for answer in answers
    ]


def _finding(row: FindingRow, titles: dict[str, LegalBasis]) -> dict[str, Any]:
    return {
        "rule": row.rule.code,
        "version": row.rule.version,
        "name": row.rule.name,
        "effect": row.effect,
        "why": text.why(row.clause_data),
        "until": row.last_day,
        "doubt": text.doubt(row.doubt, row.rule) if row.doubt else "",
        "bases": [
            {"code": basis["code"], "title": titles[basis["code"]].title, "articles": basis.get("articles", "")}
            for basis in row.rule.bases
        ],
    }


def list_state(asked: Check) -> dict[str, Any]:
    batch = asked.batch
    assert batch is not None
    nothing_readable = batch.state == State.READY and not batch.good_rows
    return {
        "check": asked.code,
        "state": "refused" if nothing_readable else STATES[State(batch.state)],
        "rows_total": batch.rows_total,
        "rows_done": batch.rows_done,
        "unreadable": batch.refused_rows,
        "counts": asked.counts,
        "remarks": [sentence(problem) for problem in batch.remarks],
    }
