"""Facts and rules for tests of the engine, without a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from psycopg.types.range import DateRange

from archive.vetoes.rules import Clause, Effect, Fact, Question, Rule, findings

DAY = dt.timedelta(days=1)
DOCUMENT = dt.date(2021, 3, 15)
LONG_SHOWN = DateRange(dt.date(2000, 1, 1), None)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def span(first: str, last: str) -> DateRange:
    """Both days included."""
    return DateRange(day(first), day(last) + DAY)


def fact(**changed: Any) -> Fact:
    values: dict[str, Any] = {
        "entry_id": 1,
        "item_code": "X-1",
        "document_date": DOCUMENT,
        "sanction_months": None,
        "display": LONG_SHOWN,
        "bar": None,
        "bar_groups": (),
    }
    return Fact(**{**values, **changed})


def rule(term: str, *, start: str = "document", then: str = "", term_max: str = "", **changed: Any) -> Rule:
    values: dict[str, Any] = {
        "id": 1,
        "code": "V-1",
        "groups": frozenset({"TEA"}),
        "events": frozenset({"access"}),
        "effect": Effect.BLOCK,
        "clauses": (Clause(frozenset({"X-1"}), term, start, term_max=term_max, then=then),),
    }
    return Rule(**{**values, **changed})


def judge(of: Fact, by: Rule, on: dt.date, *, group: str = "TEA", event: str = "access", post: str = "") -> Any:
    """The one finding, or None."""
    found = findings([of], [by], Question(group, event, on, post))
    assert len(found) <= 1
    return found[0] if found else None
