"""What the compiler refuses, each with one sentence and its place; and that the shipped rules pass."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from archive.vetoes import loader
from archive.vetoes.compiler import NEVER, SYNONYMS, Lookups, faults
from tests.factories.rules import WRITTEN

KNOWN = Lookups(
    levels={
        "TEACHERS-LAW": "law",
        "COUNCIL": "administrative_regulation",
        "MINISTRY": "ministry_rule",
        "LOCAL": "local_regulation",
        "SELF": "self_regulation",
        "MINORS-PROTECTION-LAW": "law",
    },
    items={"TEA-02", "TEA-03", "GEN-05", "GEN-16", "GEN-90", "TAX-01"},
    positive={"GEN-90"},
    forbidden={"GEN-99"},
)


def rule(change: Callable[[dict[str, Any]], object] = lambda raw: None, **changed: Any) -> dict[str, Any]:
    raw = copy.deepcopy({**WRITTEN, **changed})
    change(raw)
    return raw


def clause(**changed: Any) -> dict[str, Any]:
    return rule(clause=[{**WRITTEN["clause"][0], **changed}])


def said(raw: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.place, str(fault)) for fault in faults(raw, KNOWN)]


def test_a_rule_as_the_law_allows_it_has_no_fault() -> None:
    assert said(rule()) == []
    assert said(rule(bases=[{"code": "COUNCIL"}])) == []
    assert said(rule(effect="COND", bases=[{"code": "MINISTRY"}])) == []
    assert said(clause(severities=["serious"], least=2, within="P3Y")) == []
    assert said(rule(effect="NOTE", clause=[{**WRITTEN["clause"][0], "least": 3}])) == []


@pytest.mark.parametrize("basis", ["MINISTRY", "LOCAL", "SELF"])
def test_a_veto_rests_on_a_law_or_an_administrative_regulation(basis: str) -> None:
    ((place, sentence),) = said(rule(bases=[{"code": basis}]))
    assert place == "bases"
    assert "a law or an administrative regulation" in sentence
    assert said(rule(bases=[{"code": basis}, {"code": "TEACHERS-LAW"}])) == []


@pytest.mark.parametrize("group", ["TAX", "APP", "SOC", "REA"])
def test_a_level_evaluation_qualification_bars_no_access(group: str) -> None:
    assert [place for place, _sentence in said(rule(groups=[group]))] == ["events"]
    assert said(rule(groups=[group], events=["registration", "title", "award"])) == []
    assert said(rule(groups=["TEA", group]))
    # Nor by the back door of a clause with events of its own.
    assert said(rule(groups=[group], events=["title"], clause=[{**WRITTEN["clause"][0], "events": ["access"]}]))
    # Posts with minors are barred by law whatever the qualification, for the acts that the law names and for no others.
    minors = [{"code": "MINORS-PROTECTION-LAW"}]
    assert said(rule(groups=[group], bases=minors, clause=[{**WRITTEN["clause"][0], "items": ["GEN-16"]}])) == []
    assert said(rule(groups=[group], bases=minors))
    mixed = [{**WRITTEN["clause"][0], "items": ["GEN-16"]}, {**WRITTEN["clause"][0], "items": ["GEN-05"]}]
    assert said(rule(groups=[group], bases=minors, clause=mixed))


@pytest.mark.parametrize("word", sorted({*NEVER, *SYNONYMS}))
@pytest.mark.parametrize("where", ["rule", "clause"])
def test_conditions_that_no_rule_may_have(word: str, where: str) -> None:
    raw = rule(**{word: True}) if where == "rule" else clause(**{word: True})
    ((place, sentence),) = said(raw)
    assert place == ("rule" if where == "rule" else "clause 1")
    assert sentence == str(NEVER[SYNONYMS.get(word, word)])


def test_an_unknown_word_is_named() -> None:
    assert said(clause(weather="fine")) == [("clause 1", "weather is no part of a rule.")]


@pytest.mark.parametrize(
    ("severities", "least"), [([], 2), ([], 3), (["minor"], 3), (["minor", "general"], 2), (["general", "serious"], 2)]
)
@pytest.mark.parametrize("effect", ["BLOCK", "COND", "REVIEW"])
def test_light_entries_are_not_added_up_to_a_heavy_one(effect: str, severities: list[str], least: int) -> None:
    raw = rule(effect=effect, clause=[{**WRITTEN["clause"][0], "severities": severities, "least": least}])
    assert said(raw) == [("clause 1", str(NEVER["total"]))]


@pytest.mark.parametrize("least", [0, -1, 1.5, "2", True, None])
def test_a_count_is_a_whole_number(least: Any) -> None:
    assert said(clause(least=least, severities=["serious"])) == [
        ("clause 1", "The number of entries is a whole number from 1.")
    ]


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (["GEN-99"], "may not be collected"),
        (["GEN-90"], "Positive items bar nobody"),
        (["XXX-01"], "not all in the catalogue"),
        ([], "not all in the catalogue"),
    ],
)
def test_items_are_collected_adverse_ones(items: list[str], words: str) -> None:
    ((place, sentence),) = said(clause(items=items))
    assert place == "clause 1"
    assert words in sentence
    assert all(item in sentence for item in items)


@pytest.mark.parametrize("term", ["", "P", "5Y", "P0M", "PT5H", "forever", None, 5])
def test_a_term_is_a_term(term: Any) -> None:
    ((place, sentence),) = said(clause(term=term))
    assert place == "clause 1"
    assert "is no term" in sentence


@pytest.mark.parametrize("within", ["", "life", "P0Y", 3])
def test_a_look_back_is_a_length_of_time(within: Any) -> None:
    assert [place for place, _sentence in said(clause(within=within))] == ["clause 1"]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"groups": []}, "groups"),
        ({"groups": ["XXX"]}, "groups"),
        ({"events": []}, "events"),
        ({"events": ["party"]}, "events"),
        ({"effect": "BAN"}, "effect"),
        ({"post": "king"}, "post"),
        ({"bases": []}, "bases"),
        ({"bases": [{"code": "NO-LAW"}]}, "bases"),
        ({"clause": []}, "clause"),
        ({"status": "on", "effect": "COND"}, "effect"),
    ],
)
def test_each_part_is_named_where_it_is_wrong(changed: dict[str, Any], place: str) -> None:
    assert [found for found, _sentence in said(rule(**changed))] == [place]


def test_all_faults_are_told_at_once() -> None:
    raw = rule(groups=[], bases=[{"code": "MINISTRY"}], clause=[{"items": ["GEN-99"], "term": "x", "from": "birth"}])
    assert [place for place, _sentence in said(raw)] == ["groups", "bases", "clause 1", "clause 1", "clause 1"]


@pytest.mark.django_db
def test_the_shipped_rules_have_no_fault() -> None:
    known = loader.lookups()
    assert {
        raw["code"]: [str(fault) for fault in faults(raw, known)] for raw in loader.read().rules if faults(raw, known)
    } == {}
