"""What a file holds, for a person who looks at its columns and corrects what was proposed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

from archive.intake.problems import Problem, Refused, safe_value
from archive.intake.reading.headers import COLUMNS_SHOWN, Header, Matcher, column_remarks, header_at, refuse_forbidden
from archive.intake.reading.tables import Candidate, Layout, candidates, choose, open_sheets, sheet_remarks
from archive.intake.workbooks import Cell, Sheet, is_blank, letter

SAMPLES = 3
_LONG_NUMBER = re.compile(r"(\d[\s-]?){12}")
ROWS_LOOKED_AT = 20


@dataclass(frozen=True)
class SeenSheet:
    name: str
    hidden: bool
    has_table: bool


@dataclass(frozen=True)
class SeenColumn:
    """`samples` are masked; `field` is what the layout takes the column for, or nothing."""

    index: int
    letter: str
    header: str
    samples: tuple[str, ...]
    field: str
    hidden: bool


@dataclass(frozen=True)
class Survey:
    """`missing`: required field → name to show."""

    sheets: tuple[SeenSheet, ...]
    layout: Layout
    columns: tuple[SeenColumn, ...]
    missing: dict[str, str]
    remarks: tuple[Problem, ...]
    rows_total: int


def survey(
    file: BinaryIO, file_format: str, match: Matcher, required: dict[str, str], layout: Layout | None = None
) -> Survey:
    """What `read_table` would take, also where that is not enough yet; with `layout`, what it would take by that. Raises
    `Refused` for a file that nobody can mend by naming columns, and for columns that may never be collected."""
    sheets = open_sheets(file, file_format)
    found = candidates(sheets, match, required)
    chosen = _by_name(found, layout.sheet) if layout else choose(found, required)
    chosen = chosen or next((one for one in found if one.rows), None)
    if chosen is None:
        raise Refused("file_empty")
    if layout is not None and layout.sheet == safe_value(chosen.sheet.name):
        header = header_at(chosen.rows, layout.header_row, layout.header_rows, match)
        columns = layout.columns
    else:
        header = chosen.header or _likely_header(chosen, match)
        columns = header.columns
    refuse_forbidden(header.texts)
    remarks = [*sheet_remarks(sheets, found, chosen, header, required)]
    remarks += column_remarks(header, columns, chosen.sheet.hidden_columns)
    return Survey(
        sheets=tuple(_seen(sheet, found, required) for sheet in sheets),
        layout=Layout(safe_value(chosen.sheet.name), header.row, columns, header.rows),
        columns=tuple(_columns(chosen.sheet, header, columns)),
        missing={name: shown for name, shown in required.items() if name not in columns.values()},
        remarks=tuple(remarks),
        rows_total=max(0, chosen.sheet.rows_estimate() - header.row),
    )


def _by_name(found: list[Candidate], name: str) -> Candidate | None:
    return next((one for one in found if safe_value(one.sheet.name) == name), None)


def _likely_header(chosen: Candidate, match: Matcher) -> Header:
    """Where no cell is a column's name: the first row that is about as wide as the widest."""
    width = max(_filled(cells) for cells in chosen.rows.values())
    number = next(number for number, cells in sorted(chosen.rows.items()) if _filled(cells) * 2 > width)
    return header_at(chosen.rows, number, 1, match)


def _filled(cells: list[Cell]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def _seen(sheet: Sheet, found: list[Candidate], required: dict[str, str]) -> SeenSheet:
    has_table = any(one.sheet is sheet and one.has_table(required) for one in found)
    return SeenSheet(safe_value(sheet.name), sheet.hidden, has_table)


def _columns(sheet: Sheet, header: Header, columns: dict[int, str]) -> list[SeenColumn]:
    samples: dict[int, list[str]] = {}
    looked_at = 0
    for number, cells in sheet.rows():
        if number <= header.row or not _filled(cells):
            continue
        for index, cell in enumerate(cells[:COLUMNS_SHOWN]):
            kept = samples.setdefault(index, [])
            if not is_blank(cell) and len(kept) < SAMPLES:
                kept.append(_sample(cell))
        looked_at += 1
        if looked_at == ROWS_LOOKED_AT:
            break
    width = max(len(header.texts), max((index for index, kept in samples.items() if kept), default=-1) + 1)
    return [
        SeenColumn(
            index=index,
            letter=letter(index),
            header=safe_value(header.texts[index]) if index < len(header.texts) else "",
            samples=tuple(samples.get(index, ())),
            field=columns.get(index, ""),
            hidden=index in sheet.hidden_columns,
        )
        for index in range(min(width, COLUMNS_SHOWN))
    ]


def _sample(cell: Cell) -> str:
    """Whatever could be an identity number is masked, also one that was mistyped or that a spreadsheet took for a figure."""
    text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    return safe_value(text, is_identity=_LONG_NUMBER.search(text) is not None)
