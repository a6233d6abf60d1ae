"""The hub: Django finds the slices' models here. Imports only."""

from archive.access.models import Authorisation, QueryLine
from archive.catalogue.models import Item, Jurisdiction, LegalBasis
from archive.common.models import CalendarDay, CalendarYear, Change, FeedPosition
from archive.evidence.models import Evidence
from archive.filters.models import SavedFilter
from archive.intake.models import Batch, ColumnMemory, FixFile, Row
from archive.notices.models import Delivery, Notice
from archive.oversight.models import Attestation, LawChange, Reminder
from archive.pledges.models import Pledge, PledgeTemplate
from archive.records.models import (
    ApprovalLine,
    BulkApproval,
    CheckFact,
    Entry,
    EntryDraft,
    HearingAnswer,
    PersonStatement,
    Record,
    Revocation,
    Service,
)
from archive.reports.models import ReaderNotice, Report, ReportEntry, ReportLink, VerificationUse
from archive.vetoes.models import (
    Answer,
    Certificate,
    Check,
    CheckProof,
    Contest,
    Decision,
    FindingRow,
    Proposal,
    ProposalStatement,
    ResultFile,
    RuleAdoption,
    RuleVersion,
    Slip,
)

__all__ = [
    "Answer",
    "ApprovalLine",
    "Attestation",
    "Authorisation",
    "Batch",
    "BulkApproval",
    "CalendarDay",
    "CalendarYear",
    "Certificate",
    "Change",
    "Check",
    "CheckFact",
    "CheckProof",
    "ColumnMemory",
    "Contest",
    "Decision",
    "Delivery",
    "Entry",
    "EntryDraft",
    "Evidence",
    "FeedPosition",
    "FindingRow",
    "FixFile",
    "HearingAnswer",
    "Item",
    "Jurisdiction",
    "LawChange",
    "LegalBasis",
    "Notice",
    "PersonStatement",
    "Pledge",
    "PledgeTemplate",
    "Proposal",
    "ProposalStatement",
    "QueryLine",
    "ReaderNotice",
    "Record",
    "Reminder",
    "Report",
    "ReportEntry",
    "ReportLink",
    "ResultFile",
    "Revocation",
    "Row",
    "RuleAdoption",
    "RuleVersion",
    "SavedFilter",
    "Service",
    "Slip",
    "VerificationUse",
]
