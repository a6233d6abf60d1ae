"""Finding the header in the first rows of a sheet: one row, or two where a row of groups stands above the names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.intake.problems import Problem, Refused, safe_value
from archive.intake.words import FORBIDDEN_COLUMNS
from archive.intake.workbooks import Cell, Row, Sheet, is_blank, letter

HEADER_SEARCH = 50
COLUMNS_SHOWN = 256

Matcher = Callable[[list[str]], dict[int, str]]
# Columns that need no remark: running numbers, and what our own list of refused rows adds.
UNREMARKABLE = re.compile(r"序\s*号|行\s*号|no\.?|#|row number|(问题说明|what is wrong).*", re.IGNORECASE)


@dataclass(frozen=True)
class Header:
    """`row` is the last header row; `rows` how many there are; `columns`: position from 0 → field."""

    row: int
    rows: int
    texts: list[str]
    columns: dict[int, str]


def top_rows(sheet: Sheet) -> dict[int, list[Cell]]:
    """The rows among which a header is looked for, by number."""
    rows: Iterator[Row] = sheet.rows()
    return dict(itertools.takewhile(lambda row: row[0] <= HEADER_SEARCH, rows))


def find_header(rows: dict[int, list[Cell]], match: Matcher, required: dict[str, str]) -> Header | None:
    """The first header with all required columns; else the row that comes nearest; None where no cell is a column's name."""
    best: Header | None = None
    for number, cells in sorted(rows.items()):
        single = header_at(rows, number, 1, match)
        below = header_at(rows, number + 1, 1, match)
        double = header_at(rows, number + 1, 2, match)
        for header, at_least in ((single, 0), (double, max(len(single.columns), len(below.columns)))):
            if len(header.columns) <= at_least or all(is_blank(cell) for cell in cells):
                continue
            if set(required) <= set(header.columns.values()):
                return header
            if best is None or len(header.columns) > len(best.columns):
                best = header
    return best


def header_at(rows: dict[int, list[Cell]], number: int, count: int, match: Matcher) -> Header:
    """The header that ends at row `number`, of `count` rows."""
    lower = [header_text(cell) for cell in rows.get(number, [])]
    if count == 1:
        return Header(number, 1, lower, match(lower))
    texts, own = _joined([header_text(cell) for cell in rows.get(number - 1, [])], lower)
    columns = match(texts)
    for index, name in match(own).items():  # what the lower row alone says, where the two together say nothing
        if index not in columns and name not in columns.values():
            columns[index] = name
    return Header(number, 2, texts, dict(sorted(columns.items())))


def _joined(upper: list[str], lower: list[str]) -> tuple[list[str], list[str]]:
    """(texts of both rows together, text of the lower row or, where it is empty, the upper). A group reaches to the right as far
    as its own cell is followed by empty ones."""
    texts, own = [], []
    group = ""
    for above, below in itertools.zip_longest(upper, lower, fillvalue=""):
        if above or not below:
            group = above
        texts.append(group + below)
        own.append(below or above)
    return texts, own


def header_text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def refuse_forbidden(texts: list[str]) -> None:
    """Before all else that may be wrong with the columns: such a file is not kept."""
    for index, text in enumerate(texts):
        if FORBIDDEN_COLUMNS.search(text):
            raise Refused("file_forbidden_column", letter=letter(index), header=safe_value(text))


def refuse_twins(header: Header, match: Matcher) -> None:
    for index, text in enumerate(header.texts):
        alone = match([text]) if text and index not in header.columns else {}
        if alone:
            twin = next(position for position, name in header.columns.items() if name == alone[0])
            shown = safe_value(header.texts[twin])
            raise Refused("file_column_twice", letters=f"{letter(twin)}, {letter(index)}", header=shown)


def column_remarks(header: Header, columns: dict[int, str], hidden: set[int]) -> list[Problem]:
    remarks = []
    for index, text in enumerate(header.texts):
        place = {"letter": letter(index), "header": safe_value(text)}
        if index in columns and index in hidden:
            remarks.append(Problem("hidden_column", params=place))
        elif text and index not in columns and not UNREMARKABLE.fullmatch(text):
            remarks.append(Problem("unknown_column", params=place))
    return remarks[:COLUMNS_SHOWN]
