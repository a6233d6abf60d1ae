"""Rules as versioned law, checks, their answers, decisions and slips."""

from archive.vetoes.models.checks import Answer, Check, FindingRow, Outcome
from archive.vetoes.models.contests import Contest
from archive.vetoes.models.decisions import Decision, Slip
from archive.vetoes.models.hearings import Proposal, ProposalStatement
from archive.vetoes.models.proofs import Certificate, CheckProof
from archive.vetoes.models.results import ResultFile
from archive.vetoes.models.rules import Post, RuleAdoption, RuleVersion

__all__ = [
    "Answer",
    "Certificate",
    "Check",
    "CheckProof",
    "Contest",
    "Decision",
    "FindingRow",
    "Outcome",
    "Post",
    "Proposal",
    "ProposalStatement",
    "ResultFile",
    "RuleAdoption",
    "RuleVersion",
    "Slip",
]
