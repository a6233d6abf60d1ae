"""Where in a file the table stands and as what its columns are read: found by names, or said by a clerk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from archive.intake.files import (
    HEADER_SEARCH,
    UNREMARKABLE,
    Matcher,
    _csv_rows,
    _header_text,
    _is_blank,
    _refuse_forbidden,
)
from archive.intake.problems import Problem, Refused, safe_value
from archive.intake.workbooks import Cell, letter, workbook_sheets


@dataclass(frozen=True)
class Layout:
    """`header_row` from 1, as the spreadsheet counts; `columns`: position from 0 → field."""

    sheet: str
    header_row: int
    columns: dict[int, str]

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": {str(position): name for position, name in self.columns.items()},
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Layout:
        columns = {int(position): name for position, name in value["columns"].items()}
        return cls(value["sheet"], value["header_row"], columns)


@dataclass
class Survey:
    """What a look at a file finds. `missing`: required fields without a column. `layout` is None where no row looks like a header."""

    sheets: list[str]
    layout: Layout | None
    headers: list[str]
    samples: list[list[str]]
    missing: list[str]
    remarks: list[Problem] = field(default_factory=list)


def sheets_of(file: IO[bytes], file_format: str) -> Iterator[tuple[str, bool, Iterator[tuple[int, list[Cell]]]]]:
    """(name, is it hidden, (row number, cells) of every row) as written; raises `Refused`."""
    file.seek(0)
    data = file.read()
    sheets = workbook_sheets(data) if file_format == "xlsx" else [("", False, _csv_rows(data))]
    for name, hidden, rows in sheets:
        yield name, hidden, iter(list(enumerate(rows, start=1)))


def survey(file: IO[bytes], file_format: str, match: Matcher, required: dict[str, str]) -> Survey:
    """Look at the first rows of each sheet. Raises `Refused` for what cannot be read and for data that may not be collected."""
    names: list[str] = []
    remarks: list[Problem] = []
    found: list[tuple[tuple[int, int], Layout, list[str]]] = []
    samples: dict[str, list[list[str]]] = {}
    for name, hidden, rows in sheets_of(file, file_format):
        shown = safe_value(name)
        if hidden:
            remarks.append(Problem("hidden_sheet", params={"name": shown}))
            continue
        names.append(name)
        head = [cells for _number, cells in zip(range(HEADER_SEARCH), (cells for _n, cells in rows), strict=False)]
        best = _header_among(head, match, required)
        if best is None:
            if shown and head:
                remarks.append(Problem("other_sheet", params={"name": shown}))
            continue
        score, index, columns = best
        headers = [_header_text(cell) for cell in head[index]]
        found.append((score, Layout(name, index + 1, columns), headers))
        samples[name] = [[safe_value(cell) for cell in cells] for cells in head[index + 1 : index + 4]]
    if not found:
        return Survey(names, None, [], [], list(required), remarks)
    score, layout, headers = max(found, key=lambda item: item[0])
    _refuse_forbidden(headers)
    if layout.header_row > 1:
        remarks.insert(0, Problem("rows_above", params={"count": layout.header_row - 1}))
    for other_score, other, _headers in found:
        if other is not layout and other_score[0] == len(required):
            params = {"name": safe_value(other.sheet), "taken": safe_value(layout.sheet)}
            remarks.append(Problem("second_table", params=params))
    for index, header in enumerate(headers):
        if header and index not in layout.columns and not UNREMARKABLE.fullmatch(header):
            remarks.append(Problem("unknown_column", params={"letter": letter(index), "header": safe_value(header)}))
    missing = [name for name in required if name not in layout.columns.values()]
    return Survey(names, layout, headers, samples[layout.sheet], missing, remarks)


def _header_among(
    head: list[list[Cell]], match: Matcher, required: dict[str, str]
) -> tuple[tuple[int, int], int, dict[int, str]] | None:
    """((required columns, columns), row from 0, columns) of the row that looks most like a header; two names make one."""
    best = None
    for index, cells in enumerate(head):
        columns = match([_header_text(cell) for cell in cells])
        if len(columns) < 2:
            continue
        score = (len(set(required) & set(columns.values())), len(columns))
        if best is None or score > best[0]:
            best = (score, index, columns)
    return best


def is_blank_row(cells: list[Cell]) -> bool:
    return all(_is_blank(cell) for cell in cells)


def no_table(required: dict[str, str]) -> Refused:
    return Refused("file_no_header", columns="、".join(f"“{name}”" for name in required.values()))
