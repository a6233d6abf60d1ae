"""One row of a sheet of facts, read by the resource that the product uses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from archive.intake.problems import Problem, sentence
from archive.records.resources import EntrySheet

TODAY = dt.date(2026, 11, 24)
HEADERS = {name: field.headers[0] for name, field in EntrySheet.sheet_fields().items()}
GOOD: dict[str, Any] = {
    "name": "张三",
    "identity_number": "11010519491231002X",
    "item": "考试违纪",
    "act_date": "2026-05-12",
    "document_number": "示学〔2026〕1号",
    "document_date": "2026-05-20",
}


def read(**changed: Any) -> tuple[dict[str, Any], list[Problem], list[Problem]]:
    return EntrySheet.read({**GOOD, **changed}, HEADERS, today=TODAY)


def value(name: str, written: Any) -> Any:
    values, problems, _warnings = read(**{name: written})
    assert problems == []
    return values[name]


def fault(name: str, written: Any) -> str:
    """The one sentence about a cell, as row 7 of a file would show it."""
    values, problems, _warnings = read(**{name: written})
    assert name not in values
    (problem,) = problems
    return sentence(problem.as_json(), row=7)
