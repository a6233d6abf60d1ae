"""Rules as versioned law, checks, their answers, decisions and slips."""

from archive.vetoes.models.checks import Answer, Check, FindingRow, Outcome
from archive.vetoes.models.decisions import Decision, Slip
from archive.vetoes.models.gate import Applicant, CarriedList, GateDecision, ReviewProgramme
from archive.vetoes.models.rules import Post, RuleAdoption, RuleVersion

__all__ = [
    "Answer",
    "Applicant",
    "CarriedList",
    "Check",
    "Decision",
    "FindingRow",
    "GateDecision",
    "Outcome",
    "Post",
    "ReviewProgramme",
    "RuleAdoption",
    "RuleVersion",
    "Slip",
]
