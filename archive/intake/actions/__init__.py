"""Taking a file in and moving a batch along. What its rows mean is decided downstream (records, vetoes)."""

from archive.intake.actions.deciding import cancel, confirm, take_refused_rows
from archive.intake.actions.receiving import open_file, open_table, receive, refuse
from archive.intake.actions.work import at_work, beat, claim, fail, finish, storable, store_rehearsal

__all__ = [
    "at_work",
    "beat",
    "cancel",
    "claim",
    "confirm",
    "fail",
    "finish",
    "open_file",
    "open_table",
    "receive",
    "refuse",
    "storable",
    "store_rehearsal",
    "take_refused_rows",
]
