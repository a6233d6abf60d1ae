"""The engine of the one-vote veto: how long a rule holds. Last days are written by hand (Civil Code 201 and 202)."""

from __future__ import annotations

import datetime as dt

import pytest
from psycopg.types.range import DateRange

from archive.vetoes.rules import Doubt, Effect, months
from tests.archive.facts import DAY, DOCUMENT, LONG_SHOWN, day, fact, judge, rule, span

# Fixed terms


@pytest.mark.parametrize(
    ("term", "document", "last"),
    [
        ("P5Y", "2021-03-15", "2026-03-15"),
        ("P24M", "2024-12-31", "2026-12-31"),
        ("P1Y6M", "2024-01-10", "2025-07-10"),
        ("P6M", "2025-08-31", "2026-02-28"),  # February has no 31st: the month's last day
        ("P1M", "2024-01-31", "2024-02-29"),
        ("P1Y", "2024-02-29", "2025-02-28"),
        ("P4Y", "2020-02-29", "2024-02-29"),
        ("P1Y", "2023-02-28", "2024-02-28"),  # the corresponding day, though the month has one more
    ],
)
@pytest.mark.parametrize(
    "display", [LONG_SHOWN, None, span("2000-01-01", "2000-12-31")], ids=["shown", "never", "over"]
)
def test_a_bar_of_law_holds_to_its_last_day_whatever_is_displayed(
    term: str, document: str, last: str, display: DateRange | None
) -> None:
    of, by = fact(document_date=day(document), display=display), rule(term)
    assert judge(of, by, day(document) - DAY) is None
    assert judge(of, by, day(document)).effect is Effect.BLOCK
    held = judge(of, by, day(last))
    assert (held.effect, held.doubt, held.until) == (Effect.BLOCK, None, day(last) + DAY)
    assert judge(of, by, day(last) + DAY) is None


def test_a_bar_for_life_has_no_end() -> None:
    held = judge(fact(display=None), rule("life"), dt.date(2121, 3, 15))
    assert (held.effect, held.until) == (Effect.BLOCK, None)
    assert judge(fact(), rule("life"), DOCUMENT - DAY) is None


@pytest.mark.parametrize("effect", [Effect.COND, Effect.REVIEW, Effect.NOTE])
@pytest.mark.parametrize("term", ["P5Y", "life", "stated", "sanction", "listed"])
def test_what_is_no_bar_of_law_looks_only_at_what_is_displayed(effect: Effect, term: str) -> None:
    shown = span("2021-03-15", "2022-03-15")
    bar = span("2021-03-15", "2026-03-15")
    of = fact(display=shown, bar=bar if term == "stated" else None, sanction_months=60)
    by = rule(term, effect=effect)
    assert judge(of, by, day("2022-03-15")).effect is effect
    assert judge(of, by, day("2022-03-16")) is None
    assert judge(fact(display=None, bar=of.bar, sanction_months=60), by, day("2021-06-01")) is None


def test_a_listing_bars_while_it_stands_also_where_law_bars() -> None:
    of = fact(display=span("2021-03-15", "2023-03-14"))
    assert judge(of, rule("listed"), day("2023-03-14")).until is None
    assert judge(of, rule("listed"), day("2023-03-15")) is None


# Sanction periods


@pytest.mark.parametrize(
    ("length", "last"), [(6, "2021-09-15"), (12, "2022-03-15"), (18, "2022-09-15"), (24, "2023-03-15")]
)
def test_a_sanction_bars_during_its_period(length: int, last: str) -> None:
    of = fact(sanction_months=length)
    assert judge(of, rule("sanction"), day(last)).until == day(last) + DAY
    assert judge(of, rule("sanction"), day(last) + DAY) is None


def test_a_sanction_without_a_period_needs_a_look_while_it_is_displayed() -> None:
    of = fact(display=span("2021-03-15", "2021-09-15"))
    held = judge(of, rule("sanction"), day("2021-09-15"))
    assert (held.effect, held.doubt, held.until) == (Effect.REVIEW, Doubt.TERM_NOT_STATED, None)
    assert judge(of, rule("sanction"), day("2021-09-16")) is None


# Terms that the decision states


def test_a_stated_term_counts_from_its_first_to_its_last_day() -> None:
    of = fact(bar=span("2021-06-01", "2023-05-31"), display=None)
    by = rule("stated", term_max="P3Y")
    assert judge(of, by, day("2021-05-31")) is None
    held = judge(of, by, day("2023-05-31"))
    assert (held.effect, held.doubt, held.until) == (Effect.BLOCK, None, day("2023-06-01"))
    assert judge(of, by, day("2023-06-01")) is None


def test_an_unknown_term_needs_a_look_until_the_longest_that_the_law_allows() -> None:
    of, by = fact(display=span("2021-03-15", "2022-03-15")), rule("stated", term_max="P3Y")
    held = judge(of, by, day("2024-03-15"))
    assert (held.effect, held.doubt, held.until) == (Effect.REVIEW, Doubt.TERM_NOT_STATED, None)
    assert judge(of, by, day("2024-03-16")) is None


def test_an_unknown_term_without_a_longest_needs_a_look_while_displayed() -> None:
    of = fact(display=span("2021-03-15", "2024-03-15"))
    assert judge(of, rule("stated"), day("2024-03-15")).doubt is Doubt.TERM_NOT_STATED
    assert judge(of, rule("stated"), day("2024-03-16")) is None


def test_a_ban_without_an_end_needs_a_look_also_when_its_display_is_over() -> None:
    """It may be for life; silence after three years would let a banned person pass."""
    of = fact(bar=DateRange(DOCUMENT, None), display=span("2021-03-15", "2024-03-15"))
    held = judge(of, rule("stated"), day("2044-03-16"))
    assert (held.effect, held.doubt) == (Effect.REVIEW, Doubt.TERM_NOT_STATED)


def test_a_stated_term_beyond_the_law_is_no_veto_there() -> None:
    """The law allows three years; a date ten years ahead is a slip of the pen or a question, never a bar by machine."""
    of, by = fact(bar=span("2021-03-15", "2031-03-15")), rule("stated", term_max="P3Y")
    assert judge(of, by, day("2024-03-15")).effect is Effect.BLOCK
    beyond = judge(of, by, day("2024-03-16"))
    assert (beyond.effect, beyond.doubt) == (Effect.REVIEW, Doubt.BEYOND_LAW)
    assert judge(of, by, day("2031-03-16")) is None


@pytest.mark.parametrize("term", ["stated", "sanction", "life", "listed", "P3Y"])
@pytest.mark.parametrize("bar", [None, span("2020-01-01", "2030-01-01")], ids=["unknown", "stated"])
def test_nothing_holds_before_the_document(term: str, bar: DateRange | None) -> None:
    of = fact(bar=bar, display=DateRange(DOCUMENT, None))
    assert judge(of, rule(term, term_max="P20Y"), DOCUMENT - DAY) is None
    assert judge(of, rule(term, term_max="P20Y"), DOCUMENT) is not None


# Terms that start at another day than the document's


def test_a_term_from_the_end_of_a_sentence_runs_from_the_start_that_the_entry_states() -> None:
    of, by = fact(bar=DateRange(day("2023-01-10"), None)), rule("P2Y", start="bar_start")
    assert judge(of, by, day("2025-01-10")).until == day("2025-01-11")
    assert judge(of, by, day("2025-01-11")) is None


def test_while_the_sentence_still_runs_the_bar_holds() -> None:
    """“Not yet two years after the end of the sentence” is true before that end, too."""
    of, by = fact(bar=DateRange(day("2023-01-10"), None)), rule("P2Y", start="bar_start")
    held = judge(of, by, DOCUMENT)
    assert (held.effect, held.doubt, held.until) == (Effect.BLOCK, None, day("2025-01-11"))


def test_without_its_start_a_term_holds_at_least_from_the_document_and_then_needs_a_look() -> None:
    by = rule("P2Y", start="bar_start")
    surely = judge(fact(), by, day("2023-03-15"))
    assert (surely.effect, surely.doubt, surely.until) == (Effect.BLOCK, None, None)
    perhaps = judge(fact(), by, day("2023-03-16"))
    assert (perhaps.effect, perhaps.doubt) == (Effect.REVIEW, Doubt.START_NOT_STATED)


def test_a_stated_ban_that_outlasts_the_term_counts() -> None:
    """Physicians Law 16(2): two years after the sentence, or as long as a ban runs."""
    of, by = fact(bar=span("2021-03-15", "2026-03-14")), rule("P2Y", start="bar_start")
    assert judge(of, by, day("2026-03-14")).until == day("2026-03-15")
    assert judge(of, by, day("2026-03-15")) is None
    shorter = fact(bar=span("2021-03-15", "2022-03-14"))
    assert judge(shorter, by, day("2023-03-15")).until == day("2023-03-16")


def test_what_follows_a_term_where_sources_differ_is_for_a_person() -> None:
    by = rule("P3Y", then="REVIEW")
    assert judge(fact(), by, day("2024-03-15")).effect is Effect.BLOCK
    after = judge(fact(), by, day("2024-03-16"))
    assert (after.effect, after.doubt) == (Effect.REVIEW, Doubt.AFTER_TERM)


@pytest.mark.parametrize(("term", "length"), [("P5Y", 60), ("P24M", 24), ("P1Y6M", 18), ("P10Y", 120)])
def test_terms_are_read(term: str, length: int) -> None:
    assert months(term) == length


@pytest.mark.parametrize("term", ["P", "5Y", "P5D", "life", "", "PXY"])
def test_what_is_no_term_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="is no term$"):
        months(term)
