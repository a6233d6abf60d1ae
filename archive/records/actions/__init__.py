"""What happens to facts. Each action writes trail and feed in its own transaction."""

from archive.records.actions.admission import admit_batch, rehearse_batch
from archive.records.actions.approval import REFUSALS, approve, decline
from archive.records.actions.bulk_approval import (
    AT_ONCE,
    cancel_approval,
    carry_out_approval,
    confirm_approval,
    propose_approval,
)
from archive.records.actions.hearing import ANSWER_LIMIT, answer, note_answers_read, notify, record_service

__all__ = [
    "ANSWER_LIMIT",
    "AT_ONCE",
    "REFUSALS",
    "admit_batch",
    "answer",
    "approve",
    "cancel_approval",
    "carry_out_approval",
    "confirm_approval",
    "decline",
    "note_answers_read",
    "notify",
    "propose_approval",
    "record_service",
    "rehearse_batch",
]
