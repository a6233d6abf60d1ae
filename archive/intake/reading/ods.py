"""An OpenDocument spreadsheet: one XML part with all its sheets, which streams by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import BinaryIO

from archive.intake.reading.archives import open_zip
from archive.intake.reading.markup import Attributes, Handler, damage_is_refused, feeding, parse
from archive.intake.workbooks import COLUMN_LIMIT, ROW_LIMIT, Cell, Formula, Row

PART = "content.xml"
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_ASIDE = frozenset({"annotation", "frame", "custom-shape", "g", "ruby-text", "note"})  # not the cell's own text
_YES = frozenset({"collapse", "filter"})


class OdsSheet:
    epoch_1904 = False  # days are written as days

    def __init__(self, book: OdsWorkbook, place: int, name: str, hidden: bool) -> None:
        self._book, self._place = book, place
        self.name, self.hidden = name, hidden
        self.hidden_columns: set[int] = set()
        self.hidden_rows = 0
        self.merged: list[str] = []
        self.last_row = 0

    def rows(self) -> Iterator[Row]:
        self.hidden_rows = 0
        handler = _Rows(self, self._place)
        with damage_is_refused(), self._book.archive.open(PART) as stream:
            for _fed in feeding(stream, handler):
                for number, repeat, cells in handler.rows:
                    for index in range(repeat):
                        yield number + index, cells
                handler.rows.clear()
                if handler.is_over:
                    return

    def rows_estimate(self) -> int:
        return self.last_row


class OdsWorkbook:
    """An open ODS file. Raises `Refused` when it is damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self.archive = open_zip(file)
        survey = _Sheets(self)
        with damage_is_refused(), self.archive.open(PART) as stream:
            parse(stream, survey)
        self.sheets = survey.sheets


class _Tables(Handler):
    """Keeps count of tables; those inside a cell are none."""

    def __init__(self) -> None:
        self.place = -1
        self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self.place += 1
                self.table(_local(attributes))

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1

    def table(self, attributes: Attributes) -> None: ...


class _Sheets(_Tables):
    """Names of the sheets, which are hidden, how far each reaches."""

    def __init__(self, book: OdsWorkbook) -> None:
        super().__init__()
        self.book = book
        self.sheets: list[OdsSheet] = []
        self._style = ""
        self._invisible: set[str] = set()
        self._row = self._repeat = 0

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        if name == "table-row" and self._depth == 1:
            self._repeat = int(_local(attributes).get("number-rows-repeated", 1))
            self._row += self._repeat
        elif name == "p" and self._depth == 1:
            self.sheets[-1].last_row = min(self._row, ROW_LIMIT)
        elif name == "style":
            self._style = _local(attributes).get("name", "")
        elif name == "table-properties" and _local(attributes).get("display") == "false":
            self._invisible.add(self._style)

    def table(self, attributes: Attributes) -> None:
        self._row = 0
        hidden = attributes.get("style-name", "") in self._invisible
        self.sheets.append(OdsSheet(self.book, self.place, attributes.get("name", ""), hidden))


class _Rows(_Tables):
    """The rows of one sheet as (number, how often, cells)."""

    def __init__(self, sheet: OdsSheet, wanted: int) -> None:
        super().__init__()
        self.sheet, self.wanted = sheet, wanted
        self.rows: list[tuple[int, int, list[Cell]]] = []
        self.is_over = False
        self._row, self._repeat, self._columns = 1, 1, 0
        self._cells: list[Cell] = []
        self._column = 0
        self._cell: Attributes | None = None
        self._paragraphs: list[str] = []
        self._aside = 0
        self._in_text = False

    @property
    def _is_here(self) -> bool:
        return self.place == self.wanted and self._depth == 1

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        if not self._is_here:
            self.is_over = self.place > self.wanted
        elif name in _ASIDE:
            self._aside += 1
        elif self._aside:
            pass
        elif name == "table-row":
            self._begin_row(_local(attributes))
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell, self._paragraphs = _local(attributes), []
        elif name == "table-column":
            self._add_column(_local(attributes))
        elif name == "p":
            self._paragraphs.append("")
            self._in_text = True
        elif name in {"s", "tab", "line-break"} and self._in_text:
            count = int(_local(attributes).get("c", 1))
            self._paragraphs[-1] += {"s": " " * min(count, 1000), "tab": "\t", "line-break": "\n"}[name]

    def end(self, name: str) -> None:
        if self._is_here:
            if name in _ASIDE:
                self._aside -= 1
            elif self._aside:
                pass
            elif name == "p":
                self._in_text = False
            elif name in {"table-cell", "covered-table-cell"}:
                self._end_cell()
            elif name == "table-row":
                self._end_row()
        super().end(name)

    def text(self, data: str) -> None:
        if self._in_text and not self._aside:
            self._paragraphs[-1] += data

    def _begin_row(self, attributes: Attributes) -> None:
        self._repeat = int(attributes.get("number-rows-repeated", 1))
        self._cells, self._column = [], 0
        if attributes.get("visibility") in _YES:
            self.sheet.hidden_rows += self._repeat

    def _end_row(self) -> None:
        if self._cells:
            if self._repeat < 1 or self._row + self._repeat - 1 > ROW_LIMIT:
                raise ValueError("more rows than there are")
            self.rows.append((self._row, self._repeat, self._cells))
        self._row += self._repeat

    def _add_column(self, attributes: Attributes) -> None:
        repeat = int(attributes.get("number-columns-repeated", 1))
        if attributes.get("visibility") in _YES:
            self.sheet.hidden_columns.update(range(self._columns, min(self._columns + repeat, COLUMN_LIMIT)))
        self._columns += repeat

    def _end_cell(self) -> None:
        assert self._cell is not None
        repeat = int(self._cell.get("number-columns-repeated", 1))
        value = _value(self._cell, self._paragraphs)
        if value is not None:
            if repeat < 1 or self._column + repeat > COLUMN_LIMIT:
                raise ValueError("more columns than there are")
            self._cells.extend([None] * (self._column - len(self._cells)))
            self._cells.extend([value] * repeat)
        spans = int(self._cell.get("number-rows-spanned", 1))
        if spans > 1 and len(self.sheet.merged) < 1_000:
            self.sheet.merged.append(f"{self._row}:{self._row + spans - 1}")
        self._column += repeat
        self._cell = None


def _local(attributes: Attributes) -> Attributes:
    """By local names; `office:value-type` before what other programs add under the same name (`calcext:value-type`)."""
    result: Attributes = {}
    for name, value in attributes.items():
        space, _brace, local = name.rpartition("}")
        if local not in result or "calcext" not in space:
            result[local] = value
    return result


def _value(cell: Attributes, paragraphs: list[str]) -> Cell:
    if "formula" in cell:
        return Formula(cell["formula"].partition(":")[2] or cell["formula"])
    kind = cell.get("value-type")
    if kind in {"float", "percentage", "currency"} and "value" in cell:
        return float(cell["value"])
    if kind == "date" and "date-value" in cell:
        return _day(cell["date-value"])
    if kind == "boolean" and "boolean-value" in cell:
        return cell["boolean-value"] == "true"
    if kind == "time" and (found := _TIME.fullmatch(cell.get("time-value", ""))):
        hours, minutes, seconds = (int(part) for part in found.groups())
        return (
            dt.time(hours, minutes, seconds)
            if hours < 24
            else dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
        )
    text = cell.get("string-value") or "\n".join(paragraphs)
    return text or None


def _day(written: str) -> Cell:
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        return written
    return moment.date() if moment.time() == dt.time() else moment
