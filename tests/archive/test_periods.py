"""Time is a function: periods, conditions, working days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import DateRange

from archive.catalogue.models import Item
from archive.catalogue.periods import Terms, clocks, terms_of
from archive.common import calendar
from archive.common.periods import During, Has, after_months, range_of_months
from archive.common.workdays import Calendar, deadline
from archive.models import CalendarYear, Entry
from archive.records.queries import DISPLAYED
from tests import factories as f

days = st.dates(min_value=dt.date(2015, 1, 1), max_value=dt.date(2035, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "first_day_after"),
    [
        ("2026-01-20", 12, "2027-01-21"),
        ("2026-01-31", 1, "2026-03-01"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2026-03-31", 6, "2026-10-01"),
        ("2026-11-30", 3, "2027-03-01"),
    ],
)
def test_a_period_of_months_ends_with_the_corresponding_day(start: str, months: int, first_day_after: str) -> None:
    """Civil Code 202: the corresponding day is the last; where there is none, the month's last day."""
    assert after_months(dt.date.fromisoformat(start), months).isoformat() == first_day_after


@given(days, st.integers(0, 120), st.integers(0, 120))
def test_a_longer_period_never_ends_earlier(start: dt.date, one: int, more: int) -> None:
    assert after_months(start, one + more) >= after_months(start, one) > start


ranges = st.one_of(
    st.none(),
    st.builds(
        lambda start, length: DateRange(start, None if length is None else start + dt.timedelta(days=length)),
        days,
        st.one_of(st.none(), st.integers(1, 2000)),
    ),
)
conditions = st.recursive(
    st.sampled_from(
        [
            During("display"),
            During("retention"),
            During("bar"),
            Has("state", "in_force"),
            Has("state", "drafted", "notified"),
        ]
    ),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        inner.map(lambda a: ~a),
    ),
    max_leaves=6,
)


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(display=ranges, bar=ranges, day=days, condition=conditions)
def test_sql_and_python_agree(one_entry: Entry, display: Any, bar: Any, day: dt.date, condition: Any) -> None:
    """What `q` says to PostgreSQL and `holds` to Python is the same, for every combination."""
    Entry.objects.filter(pk=one_entry.pk).update(display=display, bar=bar)
    row = Entry.objects.get(pk=one_entry.pk)
    for statement in (condition, DISPLAYED):
        assert Entry.objects.filter(pk=row.pk).filter(statement.q(day)).exists() is statement.holds(row, day)


@pytest.fixture
def one_entry(db: None) -> Entry:
    return f.EntryFactory(in_force=True)


@pytest.mark.django_db
def test_what_is_over_is_hidden_without_any_job(one_entry: Entry) -> None:
    last = one_entry.display.upper - dt.timedelta(days=1)
    assert Entry.objects.displayed_on(last).filter(pk=one_entry.pk).exists()
    assert not Entry.objects.displayed_on(one_entry.display.upper).filter(pk=one_entry.pk).exists()


# Working days


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2026-09-24", 3, "2026-09-30"),  # Mid-Autumn on Friday the 25th, weekend free
        ("2026-09-30", 1, "2026-10-08"),  # National Day week
        ("2026-10-09", 1, "2026-10-10"),  # a Saturday that is worked
        ("2026-02-13", 2, "2026-02-24"),  # Spring Festival
        ("2026-11-23", 5, "2026-11-30"),
    ],
)
def test_deadlines_follow_the_calendar(start: str, count: int, last: str) -> None:
    found = deadline(dt.date.fromisoformat(start), count, calendar.current())
    assert found.last_day.isoformat() == last
    assert len(found.counted) == count
    assert not found.uncertain


@pytest.mark.django_db
def test_a_year_without_notice_counts_monday_to_friday_and_says_so() -> None:
    found = deadline(dt.date(2027, 9, 30), 1, calendar.current())
    assert found.last_day == dt.date(2027, 10, 1)
    assert found.uncertain


def test_no_days_have_ended_before_they_began() -> None:
    found = deadline(dt.date(2026, 11, 23), 0, Calendar(2026, 2026))
    assert found.first_day_after == dt.date(2026, 11, 23)
    with pytest.raises(ValueError, match="zero or more"):
        deadline(dt.date(2026, 11, 23), -1, Calendar(2026, 2026))


@given(days, st.integers(1, 40), st.dictionaries(days, st.booleans(), max_size=40))
def test_a_deadline_counts_each_day_once(start: dt.date, count: int, exceptions: dict[dt.date, bool]) -> None:
    table = Calendar(2015, 2035, exceptions)
    found = deadline(start, count, table)
    between = [start + dt.timedelta(days=n) for n in range(1, (found.last_day - start).days + 1)]
    assert sorted((*found.counted, *found.skipped)) == between
    assert all(table.is_working(day) for day in found.counted)
    assert not any(table.is_working(day) for day in found.skipped)
    assert found.last_day == found.counted[-1]
    assert deadline(start, count + 1, table).last_day > found.last_day


@pytest.mark.django_db
def test_from_november_on_the_next_year_is_asked_for() -> None:
    assert calendar.missing_year(dt.date(2026, 10, 31)) is None
    assert calendar.missing_year(dt.date(2026, 11, 1)) == 2027
    CalendarYear.objects.create(year=2027, source="test")
    assert calendar.missing_year(dt.date(2026, 11, 1)) is None


# Clocks of an entry

NATIONAL = {
    "display_max_months_general": 12, "display_min_months_general": 3,
    "display_max_months_serious": 36, "display_min_months_serious": 12,
    "retention_years": 5, "sanction_default_months": 6,
}  # fmt: skip
DOCUMENT = dt.date(2026, 1, 20)


def item(display: str, **more: Any) -> Item:
    return Item(display=display, **more)


def run(of: Item, severity: str = "general", **stated: Any) -> Any:
    values = {"sanction_months": None, "bar_from": None, "bar_until": None, **stated}
    return clocks(of, severity=severity, document_date=DOCUMENT, terms=Terms(NATIONAL), **values)


@pytest.mark.parametrize(
    ("of", "severity", "stated", "end", "repair"),
    [
        (item("general"), "general", {}, "2027-01-21", "2026-04-21"),
        (item("serious"), "serious", {}, "2029-01-21", "2027-01-21"),
        (item("sanction"), "general", {"sanction_months": 12}, "2027-01-21", None),
        (item("sanction"), "general", {}, "2026-07-21", None),
        (item("sanction", display_else="general"), "general", {}, "2027-01-21", "2026-04-21"),
        (item("sanction", display_else="general"), "general", {"sanction_months": 6}, "2026-07-21", None),
        (item("by_severity"), "serious", {}, "2029-01-21", "2027-01-21"),
        (item("fixed", display_months=60), "serious", {}, "2031-01-21", None),
    ],
)
def test_display_and_repair(of: Item, severity: str, stated: dict[str, Any], end: str, repair: str | None) -> None:
    found = run(of, severity, **stated)
    assert found.display == DateRange(DOCUMENT, dt.date.fromisoformat(end))
    assert found.repair_from == (dt.date.fromisoformat(repair) if repair else None)
    assert found.retention == DateRange(DOCUMENT, dt.date(2031, 1, 21))


@pytest.mark.parametrize("of", [item("none"), item("yes_no"), item("by_severity")], ids=["none", "yes_no", "minor"])
def test_some_facts_are_never_displayed(of: Item) -> None:
    assert run(of, "minor").display is None


@pytest.mark.parametrize("of", [item("while_listed"), item("long_term"), item("consent")], ids=lambda of: of.display)
def test_some_displays_end_by_an_act_only(of: Item) -> None:
    assert run(of).display == DateRange(DOCUMENT, None)


def test_a_bar_is_what_the_decision_states() -> None:
    assert run(item("general")).bar is None
    assert run(item("general"), bar_until=dt.date(2028, 1, 1)).bar == DateRange(DOCUMENT, dt.date(2028, 1, 1))
    assert run(item("general"), bar_from=dt.date(2026, 6, 1)).bar == DateRange(dt.date(2026, 6, 1), None)


@pytest.mark.django_db
def test_a_jurisdiction_inherits_what_it_does_not_say() -> None:
    shanghai, national, unknown = terms_of("shanghai"), terms_of("national"), terms_of("nowhere")
    assert shanghai.number("revoked_base_working_days") == 3
    assert national.number("revoked_base_working_days") == 1
    assert shanghai.number("hearing_working_days") == national.number("hearing_working_days") == 5
    assert unknown.values == national.values
    assert "simple_procedure" in terms_of("henan").excluded


@pytest.mark.django_db
def test_today_is_beijings_day(settings: Any) -> None:
    assert settings.TIME_ZONE == "Asia/Shanghai"
    assert timezone.localdate() == timezone.localtime(timezone.now()).date()


def test_ranges_are_half_open() -> None:
    assert range_of_months(DOCUMENT, None).upper is None
    assert DOCUMENT in range_of_months(DOCUMENT, 1)
    assert dt.date(2026, 2, 20) in range_of_months(DOCUMENT, 1)
    assert dt.date(2026, 2, 21) not in range_of_months(DOCUMENT, 1)
