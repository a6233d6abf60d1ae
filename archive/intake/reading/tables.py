"""The table in a file: which sheet, which header, which columns count, and its rows, one after the other."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from archive.intake.problems import Problem, Refused, safe_value
from archive.intake.reading.headers import (
    Header,
    Matcher,
    column_remarks,
    find_header,
    header_at,
    refuse_forbidden,
    refuse_twins,
    top_rows,
)
from archive.intake.reading.ods import OdsWorkbook
from archive.intake.reading.styles import day
from archive.intake.reading.text import TextWorkbook
from archive.intake.reading.xls import XlsWorkbook
from archive.intake.reading.xlsx import Workbook
from archive.intake.workbooks import Cell, Sheet, is_blank, letter


class Book(Protocol):
    @property
    def sheets(self) -> Any: ...


OPENERS: dict[str, Callable[[BinaryIO], Book]] = {
    "xlsx": Workbook,
    "xls": XlsWorkbook,
    "ods": OdsWorkbook,
    "csv": TextWorkbook,
}


@dataclass(frozen=True)
class Layout:
    """Where the data stand. `header_row` is the last header row, `columns` maps a position (from 0) to a field's name."""

    sheet: str
    header_row: int
    columns: dict[int, str]
    header_rows: int = 1

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": {str(index): name for index, name in self.columns.items()},
            "header_rows": self.header_rows,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Layout:
        columns = {int(index): name for index, name in data["columns"].items()}
        return cls(data["sheet"], data["header_row"], columns, data.get("header_rows", 1))


@dataclass
class Table:
    """The data rows of one sheet, read from the open file each time they are asked for. Reading on may raise `Refused`: a file
    can be damaged in the middle. `remarks` is complete once all rows were read."""

    layout: Layout
    headers: list[str]
    remarks: list[Problem]
    sheet: Sheet = field(repr=False)
    days: Collection[str] = ()

    @property
    def sheet_name(self) -> str:
        return self.layout.sheet

    @property
    def header_row(self) -> int:
        return self.layout.header_row

    @property
    def columns(self) -> dict[int, str]:
        return self.layout.columns

    @functools.cached_property
    def rows_total(self) -> int:
        """About how many data rows there are, for a progress bar."""
        return max(1, self.sheet.rows_estimate() - self.header_row)

    def __iter__(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """(row number as in the spreadsheet, field → raw cell); blank rows are left out."""
        columns = list(self.columns.items())
        for number, cells in self.raw_rows():
            if number <= self.header_row or all(is_blank(cell) for cell in cells):
                continue
            width = len(cells)
            row = {name: cells[index] if index < width else None for index, name in columns}
            if self.sheet.epoch_1904:
                self._count_from_1904(row)
            yield number, row
        self._remark_what_came_to_light()

    def raw_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """(row number, all cells from column A), from the header row on. Rows without a cell may be left out."""
        for number, cells in self.sheet.rows():
            if number >= self.header_row:
                yield number, cells

    def header_of(self, name: str) -> str:
        """The header of a field's column as the file writes it; its letter where there is none."""
        index = next((index for index, field_name in self.columns.items() if field_name == name), None)
        if index is None:
            return ""
        return (self.headers[index] if index < len(self.headers) else "") or letter(index)

    def _count_from_1904(self, row: dict[str, Cell]) -> None:
        """A bare number in a column of days is a serial number, here of a workbook that counts from 1904."""
        for name in self.days:
            value = row.get(name)
            if isinstance(value, float) and 1 <= value < 100_000:
                row[name] = day(value, epoch_1904=True)

    def _remark_what_came_to_light(self) -> None:
        found = []
        if self.sheet.hidden_rows:
            found.append(Problem("hidden_rows", params={"count": self.sheet.hidden_rows}))
        merged = [place for place in self.sheet.merged if _first_row(place) > self.header_row]
        if merged:
            found.append(Problem("merged_cells", params={"count": len(merged), "first": merged[0]}))
        self.remarks.extend(remark for remark in found if remark not in self.remarks)


def _first_row(place: str) -> int:
    digits = place.partition(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits.isdigit() else 0


def open_sheets(file: BinaryIO, file_format: str) -> list[Sheet]:
    """Raises `Refused` for a damaged file."""
    sheets: list[Sheet] = list(OPENERS[file_format](file).sheets)
    return sheets


@dataclass(frozen=True)
class Candidate:
    """A visible sheet with what its first rows hold."""

    sheet: Sheet
    rows: dict[int, list[Cell]]
    header: Header | None

    def has_table(self, required: Collection[str]) -> bool:
        return self.header is not None and set(required) <= set(self.header.columns.values())


def candidates(sheets: list[Sheet], match: Matcher, required: dict[str, str]) -> list[Candidate]:
    found = []
    for sheet in sheets:
        if not sheet.hidden:
            rows = top_rows(sheet)
            found.append(Candidate(sheet, rows, find_header(rows, match, required)))
    return found


def choose(found: list[Candidate], required: Collection[str]) -> Candidate | None:
    """The first sheet with a whole table; else the one that comes nearest."""
    for candidate in found:
        if candidate.has_table(required):
            return candidate
    with_header = [candidate for candidate in found if candidate.header is not None]
    return max(with_header, key=lambda one: len(one.header.columns) if one.header else 0, default=None)


def read_table(
    file: BinaryIO,
    file_format: str,
    match: Matcher,
    required: dict[str, str],
    layout: Layout | None = None,
    *,
    days: Collection[str] = (),
) -> Table:
    """The table of an open file, by its own header or as `layout` says. `required`: field → name to show when it is missing;
    `days`: fields that hold days. Raises `Refused`. The file must stay open while rows are read."""
    sheets = open_sheets(file, file_format)
    found = candidates(sheets, match, required)
    if layout is None:
        chosen = choose(found, required)
        header = chosen.header if chosen else None
    else:
        chosen = next((one for one in found if safe_value(one.sheet.name) == layout.sheet), None)
        header = header_at(chosen.rows, layout.header_row, layout.header_rows, match) if chosen else None
    if chosen is None or header is None or (layout is None and len(header.columns) < min(2, len(required))):
        raise Refused("file_no_header", columns=quoted(required.values()))
    refuse_forbidden(header.texts)
    columns = header.columns if layout is None else layout.columns
    lacking = [shown for name, shown in required.items() if name not in columns.values()]
    if lacking:
        raise Refused("file_columns_missing", row=header.row, columns=quoted(lacking))
    if layout is None:
        refuse_twins(header, match)
        layout = Layout(safe_value(chosen.sheet.name), header.row, columns, header.rows)
    remarks = [*sheet_remarks(sheets, found, chosen, header, required)]
    remarks += column_remarks(header, columns, chosen.sheet.hidden_columns)
    table = Table(layout, header.texts, remarks, chosen.sheet, days)
    if next(iter(table), None) is None:
        raise Refused("file_no_rows", row=table.header_row)
    return table


def quoted(names: Any) -> str:
    return "、".join(f"“{name}”" for name in names)


def sheet_remarks(
    sheets: list[Sheet], found: list[Candidate], chosen: Candidate, header: Header, required: Collection[str]
) -> Iterator[Problem]:
    above = header.row - header.rows
    if above:
        yield Problem("rows_above", params={"count": above})
    if header.rows == 2:
        yield Problem("two_header_rows", params={"first": header.row - 1, "second": header.row})
    taken = safe_value(chosen.sheet.name)
    for sheet in sheets:
        name = safe_value(sheet.name)
        if sheet.hidden:
            yield Problem("hidden_sheet", params={"name": name})
    others = [one for one in found if one is not chosen and one.rows]
    for one in others:
        if not one.has_table(required):
            yield Problem("other_sheet", params={"name": safe_value(one.sheet.name)})
    for one in others:
        if one.has_table(required):
            yield Problem("second_table", params={"name": safe_value(one.sheet.name), "taken": taken})
