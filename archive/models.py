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
from archive.reports.models import (
    BundleLine,
    LookCount,
    ReaderNotice,
    Report,
    ReportBundle,
    ReportEntry,
    ReportLink,
    VerificationUse,
)
from archive.vetoes.models import Answer, Check, Decision, FindingRow, RuleAdoption, RuleVersion, Slip

__all__ = [
    "Answer",
    "ApprovalLine",
    "Attestation",
    "Authorisation",
    "Batch",
    "BulkApproval",
    "BundleLine",
    "CalendarDay",
    "CalendarYear",
    "Change",
    "Check",
    "CheckFact",
    "ColumnMemory",
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
    "LookCount",
    "Notice",
    "PersonStatement",
    "Pledge",
    "PledgeTemplate",
    "QueryLine",
    "ReaderNotice",
    "Record",
    "Reminder",
    "Report",
    "ReportBundle",
    "ReportEntry",
    "ReportLink",
    "Revocation",
    "Row",
    "RuleAdoption",
    "RuleVersion",
    "SavedFilter",
    "Service",
    "Slip",
    "VerificationUse",
]
