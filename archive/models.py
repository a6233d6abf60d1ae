"""The hub: Django finds the slices' models here. Imports only."""

from archive.access.models import Authorisation, QueryLine
from archive.catalogue.models import Item, Jurisdiction, LegalBasis
from archive.common.models import CalendarDay, CalendarYear, Change
from archive.intake.models import Batch, Row
from archive.notices.models import Delivery, Notice
from archive.pledges.models import Pledge, PledgeTemplate
from archive.records.models import CheckFact, Entry, HearingAnswer, Record
from archive.reports.models import Report, ReportLink, VerificationUse
from archive.vetoes.models import Answer, Check, Decision, FindingRow, RuleAdoption, RuleVersion, Slip

__all__ = [
    "Answer",
    "Authorisation",
    "Batch",
    "CalendarDay",
    "CalendarYear",
    "Change",
    "Check",
    "CheckFact",
    "Decision",
    "Delivery",
    "Entry",
    "FindingRow",
    "HearingAnswer",
    "Item",
    "Jurisdiction",
    "LegalBasis",
    "Notice",
    "Pledge",
    "PledgeTemplate",
    "QueryLine",
    "Record",
    "Report",
    "ReportLink",
    "Row",
    "RuleAdoption",
    "RuleVersion",
    "Slip",
    "VerificationUse",
]
