"""No small mistake in the rules goes unnoticed, but for those that change nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.archive.mutants import ROOT, SOURCE, mutants

# What survives, each with why it makes no difference.
EQUIVALENT = {
    "3 → 4": "strengths are compared, never counted with",
    "0 → -1": "strengths are compared, never counted with",
    r"'P(?:(\\d+)Y)?(?:(\\d+)M)?' → 'P(?:(\\d+)Y)?(?:(\\d+)M)??'": "the whole text has to match",
    "'' → '?'": "a severity or a post that no rule names",
    "rule.effect is not Effect.BLOCK and clause.term != 'listed' and (fact.display is not None) →"
    " rule.effect is not Effect.BLOCK and clause.term != 'listed'": "what is displayed on the day has a display",
}


@pytest.mark.deep
def test_every_mutant_of_the_rules_is_noticed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.mutants"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    *survivors, count = (json.loads(line) for line in done.stdout.splitlines())
    assert count > 400
    told = {what.split(": ", 1)[1] for what in survivors}
    assert told <= set(EQUIVALENT), sorted(told - set(EQUIVALENT))


def test_mutants_differ_from_the_rules_and_from_each_other() -> None:
    """The list is not empty by mistake: some of them, spelled out."""
    told = [what.split(": ", 1)[1] for what, _tree in mutants(SOURCE.read_text("utf-8"))]
    assert len(told) > 400
    assert "day < fact.document_date → day <= fact.document_date" in told
    assert "doubt = Doubt.IN_DISPUTE → pass" in told
