"""What happens to facts. Each action writes trail and feed in its own transaction."""

from archive.records.actions.admission import admit_batch, rehearse_batch
from archive.records.actions.approval import REFUSALS, approve, decline
from archive.records.actions.hearing import ANSWER_LIMIT, answer, note_answers_read, notify, record_service
from archive.records.actions.identity import carry_out_change, carry_out_merge, undo_merge

__all__ = [
    "ANSWER_LIMIT",
    "REFUSALS",
    "admit_batch",
    "answer",
    "approve",
    "carry_out_change",
    "carry_out_merge",
    "decline",
    "note_answers_read",
    "notify",
    "record_service",
    "rehearse_batch",
    "undo_merge",
]
