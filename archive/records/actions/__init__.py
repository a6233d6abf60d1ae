"""What happens to facts. Each action writes trail and feed in its own transaction."""

from archive.records.actions.admission import admit_batch, admit_one, rehearse_batch
from archive.records.actions.approval import REFUSALS, approve, decline
from archive.records.actions.drafting import (
    BREACH_SENTENCES,
    Recorded,
    TypedFact,
    discard_draft,
    discard_forgotten_drafts,
    document_of,
    hand_in,
    record_fact,
    rehearse_fact,
    save_draft,
)
from archive.records.actions.hearing import ANSWER_LIMIT, answer, note_answers_read, notify, record_service

__all__ = [
    "ANSWER_LIMIT",
    "BREACH_SENTENCES",
    "REFUSALS",
    "Recorded",
    "TypedFact",
    "admit_batch",
    "admit_one",
    "answer",
    "approve",
    "decline",
    "discard_draft",
    "discard_forgotten_drafts",
    "document_of",
    "hand_in",
    "note_answers_read",
    "notify",
    "record_fact",
    "record_service",
    "rehearse_batch",
    "rehearse_fact",
    "save_draft",
]
