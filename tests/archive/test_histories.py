"""Whatever happens to persons, entries and rules: what was answered at a moment is answered again, byte for byte."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from django.db import transaction

from tests.archive.histories import ACTS, History

pytestmark = pytest.mark.django_db


def live(seed: int, acts: int) -> tuple[list[str], list[str]]:
    """One history, rolled back. (what was done, outcomes that were answered)"""
    with transaction.atomic():
        history = History(random.Random(seed))
        history.ask()
        for _ in range(acts):
            history.act()
            history.ask()
        history.replay()
        outcomes = [line.split("'")[1] for kept in history.kept for line in kept.text.splitlines()]
        transaction.set_rollback(True)
    return history.done, outcomes


@pytest.mark.parametrize("seed", range(4))
def test_answers_come_again_after_any_history(seed: int) -> None:
    done, _outcomes = live(seed, 14)
    assert len(done) > 5


@pytest.mark.deep
def test_answers_come_again_after_many_long_histories() -> None:
    done, outcomes = Counter[str](), Counter[str]()
    for seed in range(100, 160):
        acts, answered = live(seed, 30)
        done.update(acts)
        outcomes.update(answered)
    assert set(done) == set(ACTS)
    assert {"clear", "veto", "review", "in_dispute", "not_found", "name_mismatch"} <= set(outcomes)
