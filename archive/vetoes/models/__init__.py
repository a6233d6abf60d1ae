"""Rules as versioned law, checks, their answers, decisions and slips."""

from archive.vetoes.models.checks import Answer, Check, FindingRow, Outcome
from archive.vetoes.models.decisions import Decision, Slip
from archive.vetoes.models.drafts import RuleDraft, RuleRehearsal
from archive.vetoes.models.rules import Post, RuleAdoption, RuleVersion

__all__ = [
    "Answer",
    "Check",
    "Decision",
    "FindingRow",
    "Outcome",
    "Post",
    "RuleAdoption",
    "RuleDraft",
    "RuleRehearsal",
    "RuleVersion",
    "Slip",
]
