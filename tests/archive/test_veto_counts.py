"""The engine of the one-vote veto: numbers, severities, look-backs, disputes, and when a finding ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from psycopg.types.range import DateRange

from archive.vetoes.rules import Clause, Doubt, Effect, Fact, Finding, Outcome, Question, findings, outcome, that_apply
from tests.archive.facts import DAY, DOCUMENT, day, fact, judge, rule, span

SERIOUS = frozenset({"serious"})


def counted(
    facts: list[Fact], on: dt.date = DOCUMENT, *, effect: Effect = Effect.BLOCK, **clause: Any
) -> list[Finding]:
    asked = {"term": "P5Y", "start": "document", "least": 2, **clause}
    by = rule("life", effect=effect, clauses=(Clause(frozenset({"X-1"}), **asked),))
    return findings(facts, [by], Question("TEA", "access", on))


def some(*documents: str, **changed: Any) -> list[Fact]:
    return [fact(entry_id=n, document_date=day(text), **changed) for n, text in enumerate(documents, 1)]


def test_two_are_asked_for_and_one_is_nothing() -> None:
    assert counted(some("2021-03-15")) == []
    held = counted(some("2021-03-15", "2020-03-15"))
    assert [(item.entry_id, item.effect, item.doubt) for item in held] == [
        (1, Effect.BLOCK, None),
        (2, Effect.BLOCK, None),
    ]


def test_together_they_hold_until_too_few_are_left() -> None:
    facts = some("2017-03-15", "2018-03-15", "2019-03-15")
    assert {item.until for item in counted(facts)} == {day("2023-03-16")}
    assert {item.until for item in counted(facts, least=3)} == {day("2022-03-16")}
    assert len(counted(facts, day("2023-03-15"))) == 2
    assert counted(facts, day("2023-03-16")) == []


def test_lighter_ones_do_not_add_up_to_a_heavier_one() -> None:
    facts = [fact(entry_id=n, severity=severity) for n, severity in enumerate(("minor", "general", "serious"))]
    assert counted(facts, severities=SERIOUS) == []
    assert [item.entry_id for item in counted(facts, severities=SERIOUS, least=1)] == [2]


def test_a_look_back_ends_with_its_window() -> None:
    (of,) = some("2021-03-15")
    on = day("2024-03-15")
    held = counted([of], on, within="P3Y", least=1, term="life")
    assert [item.until for item in held] == [on + DAY]
    assert counted([of], on + DAY, within="P3Y", least=1, term="life") == []


def test_what_is_no_bar_of_law_ends_with_its_display() -> None:
    of = fact(display=span("2021-03-15", "2022-03-15"))
    assert judge(of, rule("P5Y", effect=Effect.COND), DOCUMENT).until == day("2022-03-16")
    assert judge(of, rule("life", effect=Effect.NOTE), DOCUMENT).until == day("2022-03-16")
    assert judge(of, rule("P6M", effect=Effect.COND), DOCUMENT).until == day("2021-09-16")
    assert judge(of, rule("P5Y"), DOCUMENT).until == day("2026-03-16")
    assert judge(of, rule("listed", effect=Effect.COND), DOCUMENT).until is None


def test_a_number_that_rests_on_what_is_not_known_is_no_veto() -> None:
    """Two bans are asked for; the end of one of them is not stated, so that it may be over."""
    sure = fact(entry_id=1, bar=span("2020-01-01", "2025-01-01"))
    unsure = fact(entry_id=2, bar=DateRange(day("2020-01-01"), None))
    held = counted([sure, unsure], term="stated")
    assert {(item.effect, item.doubt) for item in held} == {(Effect.REVIEW, Doubt.TERM_NOT_STATED)}
    third = fact(entry_id=3, bar=span("2020-01-01", "2024-01-01"))
    held = counted([sure, unsure, third], term="stated")
    assert {(item.entry_id, item.effect) for item in held} == {(1, Effect.BLOCK), (2, Effect.REVIEW), (3, Effect.BLOCK)}
    assert {item.until for item in held} == {day("2024-01-02")}


def test_a_ban_after_a_sentence_of_unknown_length_needs_a_look_for_good() -> None:
    """Criminal Law 37-1: the years run from the end of the sentence. Silence would let a banned person pass."""
    by = rule("stated", start="bar_start", term_max="P5Y")
    assert judge(fact(), by, day("2026-03-15")).doubt is Doubt.TERM_NOT_STATED
    assert judge(fact(), by, day("2026-03-16")).doubt is Doubt.START_NOT_STATED
    begun = fact(bar=DateRange(day("2023-01-10"), None))
    assert judge(begun, by, day("2028-01-10")).doubt is Doubt.TERM_NOT_STATED
    assert judge(begun, by, day("2028-01-11")) is None


def test_a_ban_that_begins_later_is_measured_from_where_it_begins() -> None:
    """Three years at the most: counted from the stated start, and not at all where the start is not stated."""
    by = rule("stated", start="bar_start", term_max="P3Y")
    later = fact(bar=span("2022-01-10", "2030-01-10"))
    assert judge(later, by, day("2025-01-10")).effect is Effect.BLOCK
    assert judge(later, by, day("2025-01-11")).doubt is Doubt.BEYOND_LAW
    assert judge(fact(bar=span("2021-03-15", "2030-01-10")), by, day("2029-01-01")).effect is Effect.BLOCK


def test_a_bar_without_a_first_day_counts_from_the_document() -> None:
    of = fact(bar=DateRange(None, day("2022-01-01")))
    assert judge(of, rule("P2Y", start="bar_start"), DOCUMENT).until == day("2023-03-16")


def test_facts_may_come_one_by_one() -> None:
    rules = [rule("life", id=1), rule("life", id=2, code="V-2")]
    assert len(findings(iter([fact()]), rules, Question("TEA", "access", DOCUMENT))) == 2


def test_the_answers_that_are_kept_apart() -> None:
    assert sorted(Outcome) == [
        "clear",
        "condition",
        "in_dispute",
        "name_mismatch",
        "not_found",
        "note",
        "review",
        "unauthorised",
        "unreadable",
        "veto",
    ]


# In dispute


@pytest.mark.parametrize("effect", [Effect.BLOCK, Effect.COND, Effect.REVIEW, Effect.NOTE])
def test_a_fact_in_dispute_decides_nothing_and_is_shown(effect: Effect) -> None:
    held = judge(fact(disputed=True), rule("life", effect=effect, needs_outside_check=True), DOCUMENT)
    assert held.doubt is Doubt.IN_DISPUTE
    assert held.effect is (Effect.NOTE if effect is Effect.NOTE else Effect.REVIEW)
    assert outcome([held]) is Outcome.IN_DISPUTE


@pytest.mark.parametrize(
    ("effect", "answer"),
    [
        (Effect.BLOCK, Outcome.VETO),
        (Effect.COND, Outcome.CONDITION),
        (Effect.REVIEW, Outcome.REVIEW),
        (Effect.NOTE, Outcome.IN_DISPUTE),
    ],
)
def test_beside_a_dispute_what_is_settled_decides(effect: Effect, answer: Outcome) -> None:
    by = [
        rule("life", id=1),
        rule("life", id=2, code="V-2", effect=effect, clauses=(Clause(frozenset({"X-2"}), "life", "document"),)),
    ]
    found = findings([fact(disputed=True), fact(entry_id=2, item_code="X-2")], by, Question("TEA", "access", DOCUMENT))
    assert len(found) == 2
    assert outcome(found) is answer


def test_a_dispute_is_not_counted() -> None:
    facts = [*some("2021-03-15"), fact(entry_id=2, disputed=True)]
    held = counted(facts)
    assert {(item.effect, item.doubt) for item in held} == {(Effect.REVIEW, Doubt.IN_DISPUTE)}
    assert outcome(held) is Outcome.IN_DISPUTE
    held = counted([*facts, fact(entry_id=3)])
    assert {(item.entry_id, item.effect) for item in held} == {(1, Effect.BLOCK), (2, Effect.REVIEW), (3, Effect.BLOCK)}
    assert outcome(held) is Outcome.VETO
    assert counted([fact(disputed=True)]) == []


def test_rules_that_can_find_nothing_are_left_out() -> None:
    """A clause may speak of other events than its rule; one that is reached is enough."""
    narrow = Clause(frozenset({"X-1"}), "life", "document", events=frozenset({"exam"}))
    wide = Clause(frozenset({"X-1"}), "life", "document")
    rules = [
        rule("life", id=1),
        rule("life", id=2, groups=frozenset({"LAW"})),
        rule("life", id=3, events=frozenset({"title"})),
        rule("life", id=4, clauses=(narrow,)),
        rule("life", id=5, clauses=(narrow, wide)),
        rule("life", id=6, groups=frozenset({"*"})),
    ]
    assert [row.id for row in that_apply(rules, Question("TEA", "access", DOCUMENT))] == [1, 5, 6]
    assert [row.id for row in that_apply(rules, Question("TEA", "exam", DOCUMENT))] == [4, 5]
