"""Taking a file in and moving a batch along. What its rows mean is decided downstream (records, vetoes)."""

from archive.intake.actions.columns import forget_column, set_columns, settle_columns
from archive.intake.actions.deciding import cancel, confirm, hold, mark_reversed, retry, take_source
from archive.intake.actions.erasing import erase
from archive.intake.actions.fixing import AT_ONCE, make_fix_file, request_fix_file, take_fix_file
from archive.intake.actions.receiving import open_file, open_table, receive, refuse
from archive.intake.actions.work import at_work, beat, claim, fail, finish, note_notices, refuse_rows, store_rehearsal

__all__ = [
    "AT_ONCE",
    "at_work",
    "beat",
    "cancel",
    "claim",
    "confirm",
    "erase",
    "fail",
    "finish",
    "forget_column",
    "hold",
    "make_fix_file",
    "mark_reversed",
    "note_notices",
    "open_file",
    "open_table",
    "receive",
    "refuse",
    "refuse_rows",
    "request_fix_file",
    "retry",
    "set_columns",
    "settle_columns",
    "store_rehearsal",
    "take_fix_file",
    "take_source",
]
