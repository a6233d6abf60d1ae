"""Duties of source bodies and what a change of law leaves standing: decisions from values already read. No database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from archive.common.workdays import Calendar

ONE_DAY = dt.timedelta(days=1)


def due_day(year: int, month_and_day: str, calendar: Calendar) -> dt.date:
    """Last day for the statement about `year`: `01-31` of the next one; a free day moves it on (Civil Code 203)."""
    month, day = (int(part) for part in month_and_day.split("-"))
    due = dt.date(year + 1, month, day)
    while not calendar.is_working(due):
        due += ONE_DAY
    return due


def working_days_between(start: dt.date, end: dt.date, calendar: Calendar) -> int:
    """Working days after `start` until and with `end`; negative where `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(calendar.is_working(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))


def standing(*, reported: int, late: int, stated: bool) -> str:
    """How a body stands for a year: `reported`, `late`, `zero` (a statement that there was nothing), `silent`."""
    if reported:
        return "late" if late else "reported"
    return "zero" if stated else "silent"


# Articles of a statute as the catalogue writes them: "18–20, 37之一, 26(2)(3)".

_PART = re.compile(r"(?P<first>\d+)(?:–(?P<last>\d+))?(?P<more>之[一二三四五六七八九十]+)?(?P<paragraphs>(?:\(\d+\))*)")
_ARTICLE = re.compile(r"第?\s*(?P<number>\d+)\s*条?\s*(?:(?:-|之)(?P<more>[1-9一二三四五六七八九]))?\s*条?")


def read_article(text: str) -> str:
    """`第37条之一`, `37-1` → `37之一`; `25` → `25`. Raises ValueError where it is not one article."""
    found = _ARTICLE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    more = found["more"]
    if more is None:
        return found["number"]
    return f"{found['number']}之{'一二三四五六七八九'[int(more) - 1] if more.isdigit() else more}"


def without_article(cited: str, article: str) -> str:
    """What is left of a citation when one article falls, with all its paragraphs; empty where nothing is."""
    left: list[str] = []
    for part in filter(None, (part.strip() for part in cited.split(","))):
        found = _PART.fullmatch(part)
        if found is None or found["last"] is None:
            head = part if found is None else f"{found['first']}{found['more'] or ''}"
            if head != article:
                left.append(part)
            continue
        first, last = int(found["first"]), int(found["last"])
        if not article.isdigit() or not first <= int(article) <= last:
            left.append(part)
            continue
        left += [
            str(low) if low == high else f"{low}–{high}"
            for low, high in ((first, int(article) - 1), (int(article) + 1, last))
            if low <= high
        ]
    return ", ".join(left)


def without_basis(bases: Iterable[Mapping[str, str]], *, basis: str, article: str) -> list[dict[str, str]]:
    """Citations that are left when a basis falls, as a whole or in one article. A basis cited as a whole outlives one article."""
    left = []
    for cited in bases:
        if cited["code"] != basis or (article and not cited.get("articles")):
            left.append(dict(cited))
        elif article and (rest := without_article(cited["articles"], article)):
            left.append({**cited, "articles": rest})
    return left


def without_items(clauses: Iterable[Mapping[str, Any]], items: frozenset[str]) -> list[dict[str, Any]]:
    """Clauses of a rule that are left when items fall; a clause without items is none."""
    left = [{**clause, "items": [code for code in clause["items"] if code not in items]} for clause in clauses]
    return [clause for clause in left if clause["items"]]
