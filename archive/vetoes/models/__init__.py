"""Rules as versioned law, checks, their answers, decisions and slips."""

from archive.vetoes.models.checks import Answer, Check, FindingRow, Outcome
from archive.vetoes.models.decisions import Decision, Slip
from archive.vetoes.models.drafts import RuleDraft, RuleRehearsal
from archive.vetoes.models.recall import RecallCause, RecallTask
from archive.vetoes.models.rules import Post, RuleAdoption, RuleVersion
from archive.vetoes.models.watch import Watch, WatchAlert, WatchOrder

__all__ = [
    "Answer",
    "Check",
    "Decision",
    "FindingRow",
    "Outcome",
    "Post",
    "RecallCause",
    "RecallTask",
    "RuleAdoption",
    "RuleDraft",
    "RuleRehearsal",
    "RuleVersion",
    "Slip",
    "Watch",
    "WatchAlert",
    "WatchOrder",
]
