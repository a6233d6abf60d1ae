"""Records, their entries, what persons say to them, what takes them away again, and the narrow index that checks read."""

from archive.records.models.approvals import ApprovalLine, BulkApproval
from archive.records.models.check_index import CheckFact
from archive.records.models.disputes import Dispute
from archive.records.models.drafts import EntryDraft
from archive.records.models.entries import ENTRY_TRANSITIONS, Entry, Record
from archive.records.models.revocations import Revocation
from archive.records.models.service import Service
from archive.records.models.words import HearingAnswer, PersonStatement

__all__ = [
    "ENTRY_TRANSITIONS",
    "ApprovalLine",
    "BulkApproval",
    "CheckFact",
    "Dispute",
    "Entry",
    "EntryDraft",
    "HearingAnswer",
    "PersonStatement",
    "Record",
    "Revocation",
    "Service",
]
