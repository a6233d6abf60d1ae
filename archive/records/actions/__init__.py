"""What happens to facts. Each action writes trail and feed in its own transaction."""

from archive.records.actions.admission import admit_batch, admit_one, rehearse_batch
from archive.records.actions.approval import REFUSALS, approve, decline
from archive.records.actions.bulk_approval import (
    AT_ONCE,
    cancel_approval,
    carry_out_approval,
    confirm_approval,
    propose_approval,
)
from archive.records.actions.changes import propose_change, withdraw
from archive.records.actions.disputes import DISPUTE_LIMIT, Objection, mark_disputed, settle_dispute
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
from archive.records.actions.effect import take_effect
from archive.records.actions.ending import close_over, mark_repaired, opt_out
from archive.records.actions.hearing import (
    ANSWER_LIMIT,
    answer,
    extend_windows,
    note_answers_read,
    notify,
    record_service,
)
from archive.records.actions.identity import carry_out_change, carry_out_merge, undo_merge
from archive.records.actions.notifying import notify_batch
from archive.records.actions.reversal import reverse_batch
from archive.records.actions.revoking import RevokedDocument, confirm_revocation, drop_revocation, register_revocation
from archive.records.actions.statements import STATEMENT_LIMIT, make_statement, withdraw_statement
from archive.records.actions.withdrawal import withdraw_many

__all__ = [
    "ANSWER_LIMIT",
    "AT_ONCE",
    "BREACH_SENTENCES",
    "DISPUTE_LIMIT",
    "REFUSALS",
    "STATEMENT_LIMIT",
    "Objection",
    "Recorded",
    "RevokedDocument",
    "TypedFact",
    "admit_batch",
    "admit_one",
    "answer",
    "approve",
    "cancel_approval",
    "carry_out_approval",
    "carry_out_change",
    "carry_out_merge",
    "close_over",
    "confirm_approval",
    "confirm_revocation",
    "decline",
    "discard_draft",
    "discard_forgotten_drafts",
    "document_of",
    "drop_revocation",
    "extend_windows",
    "hand_in",
    "make_statement",
    "mark_disputed",
    "mark_repaired",
    "note_answers_read",
    "notify",
    "notify_batch",
    "opt_out",
    "propose_approval",
    "propose_change",
    "record_fact",
    "record_service",
    "register_revocation",
    "rehearse_batch",
    "rehearse_fact",
    "reverse_batch",
    "save_draft",
    "settle_dispute",
    "take_effect",
    "undo_merge",
    "withdraw",
    "withdraw_many",
    "withdraw_statement",
]
