"""The engine against its oracle, on archives that chance writes: every finding, its end, its doubt, the order, the answer."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from archive import vetoes
from archive.vetoes.rules import Doubt, Effect, Outcome
from tests.archive import oracle
from tests.archive.archives import agree, as_rule, random_case, shipped_case

RULES = tomllib.loads((Path(vetoes.__file__).parent / "data" / "rules.toml").read_text("utf-8"))["rule"]
SHIPPED = [as_rule(raw, number) for number, raw in enumerate(RULES)]
ENGINE_ONLY = {"not_found", "name_mismatch", "unauthorised", "unreadable"}


def compare(first: int, count: int) -> None:
    """Half of the archives are judged by rules of chance, half by the shipped ones. Nothing may be left untried."""
    effects, doubts, outcomes, ends = Counter[str](), Counter[str](), Counter[str](), Counter[bool]()
    for seed in range(first, first + count):
        said = agree(*(random_case(seed) if seed % 2 else shipped_case(seed, SHIPPED)))
        outcomes[oracle.answer(said)] += 1
        effects.update(line[3] for line in said)
        doubts.update(line[5] for line in said)
        ends.update(line[4] is None for line in said)
    assert set(effects) == {effect.value for effect in Effect}
    assert set(doubts) == {"", *(doubt.value for doubt in Doubt)}
    assert set(outcomes) == {outcome.value for outcome in Outcome} - ENGINE_ONLY
    assert 0.1 * count < outcomes["clear"] < 0.6 * count
    assert min(ends.values()) > 0.1 * ends.total()


def test_two_thousand_random_archives_agree() -> None:
    compare(0, 2_000)


@pytest.mark.deep
def test_a_hundred_thousand_random_archives_agree() -> None:
    compare(10_000, 100_000)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2024-01-31", "P1M", "2024-03-01"),
        ("2023-01-31", "P1M", "2023-03-01"),
        ("2024-02-29", "P1Y", "2025-03-01"),
        ("2021-03-15", "P1Y6M", "2022-09-16"),
        ("2021-12-15", "P24M", "2023-12-16"),
    ],
)
def test_the_oracle_counts_terms_as_the_civil_code_does(start: str, term: str, end: str) -> None:
    assert oracle.over(dt.date.fromisoformat(start), term) == dt.date.fromisoformat(end)
