"""The engine of the one-vote veto: whom and what a rule reaches, and what a check answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.range import DateRange

from archive.vetoes.rules import BY_EFFECT, Clause, Doubt, Effect, Fact, Outcome, Question, Rule, findings, outcome
from tests.archive.facts import DAY, DOCUMENT, LONG_SHOWN, fact, judge, rule, span

# Occupation, post, other sources


@pytest.mark.parametrize(
    ("named", "group", "effect", "doubt"),
    [
        (("TEA", "LAW"), "TEA", Effect.BLOCK, None),
        (("LAW",), "TEA", None, None),
        ((), "TEA", Effect.REVIEW, Doubt.OCCUPATION_NOT_STATED),
    ],
)
def test_a_court_bars_the_occupation_that_it_names(
    named: tuple[str, ...], group: str, effect: Effect | None, doubt: Doubt | None
) -> None:
    by = rule("stated", groups=frozenset({"*"}), match_occupation=True)
    held = judge(fact(bar=span("2021-03-15", "2024-03-15"), bar_groups=named), by, DOCUMENT, group=group)
    assert (held and held.effect, held and held.doubt) == (effect, doubt)


@pytest.mark.parametrize(
    ("asked", "effect", "doubt"),
    [("partner", Effect.BLOCK, None), ("drug_business", None, None), ("", Effect.REVIEW, Doubt.POST_NOT_STATED)],
)
def test_a_rule_for_a_post_bars_that_post(asked: str, effect: Effect | None, doubt: Doubt | None) -> None:
    held = judge(fact(), rule("P3Y", post="partner"), DOCUMENT, post=asked)
    assert (held and held.effect, held and held.doubt) == (effect, doubt)


def test_a_rule_for_every_post_bars_any_of_them() -> None:
    assert judge(fact(), rule("P3Y"), DOCUMENT, post="partner").effect is Effect.BLOCK


def test_what_police_and_courts_must_answer_is_never_a_veto_from_the_archive() -> None:
    held = judge(fact(display=None), rule("life", needs_outside_check=True), DOCUMENT)
    assert (held.effect, held.doubt) == (Effect.REVIEW, Doubt.OUTSIDE_CHECK)


def test_a_doubt_never_makes_an_effect_stronger() -> None:
    held = judge(fact(), rule("sanction", effect=Effect.NOTE), DOCUMENT)
    assert (held.effect, held.doubt) == (Effect.NOTE, Doubt.TERM_NOT_STATED)


# Whom and what a rule reaches


@pytest.mark.parametrize(
    ("groups", "group", "event", "reached"),
    [
        ({"TEA"}, "TEA", "access", True),
        ({"TEA"}, "LAW", "access", False),
        ({"TEA"}, "TEA", "title", False),
        ({"*"}, "LAW", "access", True),
    ],
)
def test_a_rule_reaches_its_groups_and_events(groups: set[str], group: str, event: str, reached: bool) -> None:
    held = judge(fact(), rule("life", groups=frozenset(groups)), DOCUMENT, group=group, event=event)
    assert (held is not None) is reached


@pytest.mark.parametrize("group", ["TAX", "APP", "SOC", "REA"])
def test_a_rule_for_all_groups_bars_no_access_to_a_level_unless_a_court_named_it(group: str) -> None:
    everyone = frozenset({"*"})
    own = rule("life", groups=everyone | {group})
    for event, by, reached in (
        ("access", rule("life", groups=everyone, events=frozenset({"access", "title"})), False),
        ("title", rule("life", groups=everyone, events=frozenset({"access", "title"})), True),
        ("access", rule("life", groups=everyone, match_occupation=True), True),
        ("access", own, True),  # posts with minors: the compiler lets no other through
    ):
        held = judge(fact(bar_groups=(group,)), by, DOCUMENT, group=group, event=event)
        assert (held is not None) is reached, (event, by)


def test_the_events_of_a_clause_take_the_place_of_the_rules() -> None:
    narrow = Clause(frozenset({"X-1"}), "life", "document", events=frozenset({"exam"}))
    by = rule("life", clauses=(narrow,))
    assert judge(fact(), by, DOCUMENT, event="exam") is not None
    assert judge(fact(), by, DOCUMENT, event="access") is None


def test_an_item_that_no_clause_names_bars_nothing() -> None:
    assert judge(fact(item_code="X-2"), rule("life"), DOCUMENT) is None


# What a check answers


def test_the_strongest_finding_decides() -> None:
    effects = [Effect.NOTE, Effect.BLOCK, Effect.REVIEW, Effect.COND]
    by = [rule("life", id=n, code=f"V-{n}", effect=effect) for n, effect in enumerate(effects)]
    question = Question("TEA", "access", DOCUMENT)
    expected = [Outcome.VETO, Outcome.CONDITION, Outcome.REVIEW, Outcome.NOTE]
    for weaker in range(4):
        found = findings([fact()], [row for row in by if BY_EFFECT[row.effect] in expected[weaker:]], question)
        assert outcome(found) is expected[weaker]
    assert outcome([]) is Outcome.CLEAR


effects = st.sampled_from(list(Effect))
some_facts = st.lists(
    st.builds(
        lambda n, shown, bar, months_: fact(
            entry_id=n,
            display=shown,
            bar=bar,
            sanction_months=months_,
        ),
        st.integers(1, 9),
        st.sampled_from([None, LONG_SHOWN, span("2021-03-15", "2022-03-15")]),
        st.sampled_from([None, span("2021-03-15", "2023-03-15"), DateRange(DOCUMENT, None)]),
        st.sampled_from([None, 6, 24]),
    ),
    max_size=4,
    unique_by=lambda item: item.entry_id,
)
some_rules = st.lists(
    st.builds(
        lambda n, term, start, effect, outside: rule(
            term, start=start, id=n, code=f"V-{n}", effect=effect, needs_outside_check=outside
        ),
        st.integers(1, 9),
        st.sampled_from(["life", "listed", "stated", "sanction", "P1Y", "P5Y"]),
        st.sampled_from(["document", "bar_start"]),
        effects,
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda item: item.id,
)
some_days = st.dates(DOCUMENT - 400 * DAY, DOCUMENT + 4000 * DAY)


@given(some_facts, some_rules, some_days, st.randoms(use_true_random=False))
def test_the_answer_depends_on_no_order_and_keeps_its_promises(
    facts: list[Fact], rules: list[Rule], on: dt.date, random: Any
) -> None:
    question = Question("TEA", "access", on)
    found = findings(facts, rules, question)
    random.shuffle(facts)
    random.shuffle(rules)
    assert findings(facts, rules, question) == found
    shown = {item.entry_id: item.displayed_on(on) for item in facts}
    law = {item.id for item in rules if item.effect is Effect.BLOCK}
    for held in found:
        assert held.until is None or held.until > on
        assert held.rule_id in law or shown[held.entry_id]
        assert held.effect is not Effect.BLOCK or (held.rule_id in law and held.doubt is None)
    ranks = [list(Effect).index(held.effect) for held in found]
    assert ranks == sorted(ranks)
