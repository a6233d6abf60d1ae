"""Rules as versioned law, checks, their answers, decisions and slips."""

from archive.vetoes.models.checks import (
    Answer,
    Check,
    FindingRow,
    Outcome,
)
from archive.vetoes.models.contests import Contest
from archive.vetoes.models.decisions import Decision, Slip
from archive.vetoes.models.drafts import RuleDraft, RuleRehearsal
from archive.vetoes.models.gate import (
    Applicant,
    CarriedList,
    GateDecision,
    ReviewProgramme,
)
from archive.vetoes.models.hearings import Proposal, ProposalStatement
from archive.vetoes.models.proofs import Certificate, CheckProof
from archive.vetoes.models.recall import RecallCause, RecallTask
from archive.vetoes.models.results import ResultFile
from archive.vetoes.models.rules import (
    Post,
    RuleAdoption,
    RuleVersion,
)
from archive.vetoes.models.watch import (
    Watch,
    WatchAlert,
    WatchOrder,
)

__all__ = [
    "Answer",
    "Applicant",
    "CarriedList",
    "Certificate",
    "Check",
    "CheckProof",
    "Contest",
    "Decision",
    "FindingRow",
    "GateDecision",
    "Outcome",
    "Post",
    "Proposal",
    "ProposalStatement",
    "RecallCause",
    "RecallTask",
    "ResultFile",
    "ReviewProgramme",
    "RuleAdoption",
    "RuleDraft",
    "RuleRehearsal",
    "RuleVersion",
    "Slip",
    "Watch",
    "WatchAlert",
    "WatchOrder",
]
