"""What happens to facts. Each action writes trail and feed in its own transaction."""

from archive.records.actions.admission import admit_batch, admit_one, rehearse_batch
from archive.records.actions.approval import REFUSALS, approve, decline
from archive.records.actions.hearing import ANSWER_LIMIT, answer, note_answers_read, notify, record_service
from archive.records.actions.notifying import notify_batch

__all__ = [
    "ANSWER_LIMIT",
    "REFUSALS",
    "admit_batch",
    "admit_one",
    "answer",
    "approve",
    "decline",
    "note_answers_read",
    "notify",
    "notify_batch",
    "record_service",
    "rehearse_batch",
]
