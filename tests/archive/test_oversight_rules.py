"""Due days, citations, and lags: what oversight decides without a database, and the SQL that counts, against a plain oracle."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue.loader import read as read_catalogue
from archive.common import calendar
from archive.common.dayline import DAYLINE
from archive.common.workdays import Calendar, deadline
from archive.models import CalendarDay
from archive.oversight import figures, rules
from archive.vetoes.loader import read as read_rules
from tests import factories as f
from tests.archive.oversight import body, entry

DAY = dt.timedelta(days=1)
PLAIN = Calendar(2000, 2100)


@pytest.mark.parametrize(
    ("year", "exceptions", "expected"),
    [
        (2024, {}, "2025-01-31"),  # a Friday
        (2025, {}, "2026-02-02"),  # 31 January is a Saturday
        (2025, {"2026-01-31": True}, "2026-01-31"),  # … but worked in that year
        (2024, {"2025-01-31": False}, "2025-02-03"),  # the spring festival
    ],
)
def test_a_free_day_moves_the_due_day_on(year: int, exceptions: dict[str, bool], expected: str) -> None:
    days = Calendar(2000, 2100, {dt.date.fromisoformat(day): worked for day, worked in exceptions.items()})
    assert rules.due_day(year, "01-31", days) == dt.date.fromisoformat(expected)


def test_working_days_between_counts_the_last_day_only() -> None:
    friday, monday = dt.date(2026, 11, 20), dt.date(2026, 11, 23)
    assert rules.working_days_between(friday, monday, PLAIN) == 1
    assert rules.working_days_between(monday, friday, PLAIN) == -1
    assert rules.working_days_between(friday, friday, PLAIN) == 0


@pytest.mark.parametrize(
    ("reported", "late", "stated", "expected"),
    [(0, 0, False, "silent"), (0, 0, True, "zero"), (3, 0, False, "reported"), (3, 1, True, "late")],
)
def test_standing(reported: int, late: int, stated: bool, expected: str) -> None:
    assert rules.standing(reported=reported, late=late, stated=stated) == expected


@pytest.mark.parametrize(
    ("written", "article"),
    [
        ("26", "26"),
        (" 第37条 ", "37"),
        ("37-1", "37之一"),
        ("37之一", "37之一"),
        ("第37条之二", "37之二"),
        ("第280之一条", "280之一"),
    ],
)
def test_articles_are_read_as_people_write_them(written: str, article: str) -> None:
    assert rules.read_article(written) == article


@pytest.mark.parametrize("written", ["", "26, 27", "18–20", "26(2)", "article", "0x1"])
def test_what_is_not_one_article_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        rules.read_article(written)


@pytest.mark.parametrize(
    ("cited", "article", "left"),
    [
        ("26", "26", ""),
        ("26(2)(3)", "26", ""),
        ("37之一", "37", "37之一"),
        ("37", "37之一", "37"),
        ("229, 37之一", "37之一", "229"),
        ("19–21", "20", "19, 21"),
        ("19–21", "19", "20–21"),
        ("118, 122–126, 142", "126", "118, 122–125, 142"),
        ("141–142", "142", "141"),
        ("5", "50", "5"),
    ],
)
def test_what_is_left_of_a_citation(cited: str, article: str, left: str) -> None:
    assert rules.without_article(cited, article) == left


def test_every_citation_that_is_shipped_can_be_cut() -> None:
    """Each article that is cited falls out of its own citation, and nothing else does."""
    cited = [basis.get("articles", "") for row in read_catalogue().items for basis in row.get("bases", [])]
    cited += [basis.get("articles", "") for row in read_rules().rules for basis in row["bases"]]
    parts = {part for text in cited for part in text.split(", ") if part}
    assert len(parts) > 100
    for part in parts:
        head = part.split("–")[0].split("(")[0]
        assert head not in rules.without_article(part, head).split(", "), part
        assert rules.without_article(part, "99999") == part


def test_a_basis_cited_as_a_whole_outlives_one_article() -> None:
    bases = [{"code": "A"}, {"code": "B", "articles": "7"}]
    assert rules.without_basis(bases, basis="A", article="7") == bases
    assert rules.without_basis(bases, basis="A", article="") == bases[1:]
    assert rules.without_basis(bases, basis="B", article="7") == bases[:1]


def test_a_clause_without_items_is_no_clause() -> None:
    clauses = [{"items": ["X", "Y"], "term": "life"}, {"items": ["X"], "term": "P5Y"}]
    assert rules.without_items(clauses, frozenset({"X"})) == [{"items": ["Y"], "term": "life"}]


# The working days in SQL


def lag(document: dt.date, reported: dt.date, days: Calendar) -> int:
    """The oracle: the shortest period of working days in which the report still lies."""
    if reported <= document:
        return 0
    found = 0
    while deadline(document, found, days).last_day < reported:
        found += 1
    return found


@pytest.mark.django_db
@settings(max_examples=20, deadline=None)
@given(
    exceptions=st.dictionaries(st.integers(0, 119), st.booleans(), max_size=40),
    pairs=st.lists(st.tuples(st.integers(0, 119), st.integers(0, 119)), min_size=1, max_size=30),
)
def test_lags_in_sql_are_those_of_the_oracle(exceptions: dict[int, bool], pairs: list[tuple[int, int]]) -> None:
    start = dt.date(2041, 3, 1)
    CalendarDay.objects.all().delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(date=start + DAY * n, working=worked, name_zh="测", name_en="t")
            for n, worked in exceptions.items()
        ]
    )
    days = calendar.current()
    values = ", ".join(f"(date '{start + DAY * a}', date '{start + DAY * b}')" for a, b in pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH line AS ({DAYLINE}) SELECT d.day, r.day,"
            " CASE WHEN r.day <= d.day THEN 0 ELSE r.before - d.upto + 1 END"
            f" FROM (VALUES {values}) AS asked(document, reported)"
            " JOIN line d ON d.day = asked.document JOIN line r ON r.day = asked.reported",
            {"line_first": start - DAY * 10, "line_last": start + DAY * 130},
        )
        found = cursor.fetchall()
    assert len(found) == len(pairs)
    for document, reported, counted in found:
        assert counted == lag(document, reported, days), (document, reported)


@pytest.mark.django_db
def test_figures_of_a_body_are_those_of_the_oracle() -> None:
    """A whole year with the shipped calendar, entries on every day, holidays and worked Sundays among them."""
    f.JurisdictionFactory(code="brisk", settings={"report_within_working_days": {"value": 3}})
    school, days = body(jurisdiction="brisk"), calendar.current()
    first = dt.date(2025, 1, 20)
    pairs = [(first + DAY * n, first + DAY * (n + n % 11)) for n in range(0, 300, 5)]
    for document, reported in pairs:
        entry(school, document, reported)
    lags = sorted(lag(document, reported, days) for document, reported in pairs)
    found = figures.by_body(range(2025, 2026))[school.pk, 2025]
    assert found.reported == len(pairs)
    assert found.late == sum(reported > deadline(document, 3, days).last_day for document, reported in pairs)
    assert 0 < found.late < len(pairs)
    assert found.median == lags[(len(lags) - 1) // 2]


@pytest.mark.django_db
def test_what_was_not_reported_does_not_count() -> None:
    school = body()
    entry(school, dt.date(2025, 5, 6))
    entry(school, dt.date(2024, 12, 31), dt.date(2025, 1, 2))  # counts for the year of its document
    entry(school, dt.date(2025, 5, 6), state="withdrawn")
    by_year = figures.by_body(range(2024, 2026))
    assert by_year[school.pk, 2025].reported == 1
    assert by_year[school.pk, 2024].reported == 1
    assert figures.by_item(2025, organisation=school) == [("STU-04", 1, 0)]
