"""What a cell of a table can hold, whatever kind of file it stood in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Protocol

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Row = tuple[
    int, list[Cell]
]  # number as the spreadsheet shows it, cells from column A; missing ones at the end are left out

ROW_LIMIT = 1_048_576  # what a spreadsheet program can hold
COLUMN_LIMIT = 16_384

# What a spreadsheet shows where a calculation failed. A CSV export writes the same.
ERRORS = frozenset(
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
        "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#GETTING_DATA", "Err:502", "Err:508", "Err:509", "Err:522",
    }
)  # fmt: skip


class Formula(str):
    """The text of a formula cell, so that a widget can tell it from a typed text."""

    __slots__ = ()


class Sheet(Protocol):
    """One sheet of an open file. What is not known before the end (hidden rows, merged cells) is filled while rows are read."""

    name: str
    hidden: bool
    epoch_1904: bool
    hidden_columns: set[int]
    hidden_rows: int
    merged: list[str]  # ranges of several cells, for example D5:D9

    def rows(self) -> Iterator[Row]:
        """From the first row on, each time anew. Rows without a cell may be left out. Raises `Refused`."""

    def rows_estimate(self) -> int:
        """About how many rows there are, for a progress bar."""


def letter(index: int) -> str:
    """0 → A, 26 → AA, as a spreadsheet names columns."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(letters: str) -> int:
    """A → 0, AA → 26. Raises ValueError beyond XFD."""
    number = 0
    for character in letters.upper():
        number = number * 26 + ord(character) - 64
    if not 1 <= number <= COLUMN_LIMIT:
        raise ValueError("no such column")
    return number - 1


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
