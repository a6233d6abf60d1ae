"""The uploader's own workbook back, with what is wrong: same sheet, rows above the header, columns and order, and one column more.

Rows are streamed from the stored source, so that columns which are not read come back too and memory stays flat. Corrected, the
workbook can be uploaded again: the column of ours names the file that it continues.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from archive.intake.columns import headers_in
from archive.intake.files import Layout
from archive.intake.models import Batch, Row
from archive.intake.problems import Cancelled, safe_value, sentence
from archive.intake.reading.headers import UNREMARKABLE
from archive.intake.reading.tables import open_sheets
from archive.intake.workbooks import Cell, is_blank
from profiles.common.views import neutral

STEP = 1_000
LONGEST_CELL = 32_767
SHEET_NAME = str.maketrans("", "", "[]:*?/\\")
Progress = Callable[[int], bool]


def write_fix_file(
    batch: Batch, source: BinaryIO, out: IO[bytes], *, all_rows: bool, progress: Progress = lambda done: True
) -> None:
    """Write the workbook to `out`, in the active language, from the batch's opened file.

    `all_rows`: the good rows too. `progress` is told the rows looked at; False ends the work.
    """
    with tempfile.TemporaryDirectory() as folder:  # for this user only, gone when the book is closed
        book = xlsxwriter.Workbook(
            out, {"constant_memory": True, "tmpdir": folder, "default_date_format": "yyyy-mm-dd"}
        )
        _Sheet(batch, book, all_rows=all_rows).write(source, progress)
        book.close()


class _Sheet:
    def __init__(self, batch: Batch, book: Any, *, all_rows: bool) -> None:
        self.batch, self.all_rows = batch, all_rows
        self.layout = Layout.from_json(batch.layout or {})
        self.at = {batch.columns[name]: position for position, name in self.layout.columns.items()}
        self.identity = next((at for at, name in self.layout.columns.items() if name == "identity_number"), -1)
        self.sheet = book.add_worksheet(batch.sheet_name.translate(SHEET_NAME).strip("'")[:31] or _("Rows"))
        self.styles = {
            (kind, tone): book.add_format({**look, **({"bg_color": colour} if colour else {})})
            for kind, look in {
                "text": {"num_format": "@"},
                "day": {"num_format": "yyyy-mm-dd"},
                "moment": {"num_format": "yyyy-mm-dd hh:mm"},
                "number": {},
            }.items()
            for tone, colour in {"": "", "bad": "#FBD5D0", "warn": "#FCE9B8"}.items()
        }
        self.bold = book.add_format({"bold": True, "num_format": "@"})
        self._choose_columns()
        self.said = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#A6231B", "num_format": "@"})
        self.warned = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#7A4B00", "num_format": "@"})

    def write(self, source: BinaryIO, progress: Progress) -> None:
        """Title rows and header as they were, then the rows, each with its sentences at the end."""
        told = self._told()
        following = next(told, None)
        place = 0
        for number, cells in self._rows(source):
            if number <= self.layout.header_row:
                place = number - 1
                self._write_head(place, number, cells)
            else:
                while following is not None and following[0] < number:
                    following = next(told, None)
                row = following if following is not None and following[0] == number else None
                if row is not None or (self.all_rows and not all(is_blank(cell) for cell in cells)):
                    place += 1
                    self._write_row(place, number, cells, row)
            if number % STEP == 0 and not progress(number):
                raise Cancelled

    def _rows(self, source: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
        sheets = open_sheets(source, self.batch.file_format)
        yield from next(sheet for sheet in sheets if safe_value(sheet.name) == self.layout.sheet).rows()

    def _told(self) -> Iterator[tuple[int, str, list[dict[str, Any]], list[dict[str, Any]]]]:
        """(row, verdict, problems, warnings) of the rows about which something is said, in order."""
        rows = self.batch.rows.order_by("number").values_list("number", "verdict", "problems", "warnings")
        wanted = rows if self.all_rows else rows.filter(verdict=Row.Verdict.REFUSED)
        return wanted.iterator(chunk_size=STEP)

    def _choose_columns(self) -> None:
        """Which columns come back: all that the first rows of the file have, but not an earlier column of ours."""
        head = next(head for head in self.batch.survey or [] if head["name"] == self.layout.sheet)
        widths = [len(_trimmed(row)) for row in head["rows"]]
        width = max([*widths, max(self.layout.columns, default=0) + 1])
        header = headers_in(head, self.layout)
        self.kept = [
            position
            for position in range(width)
            if position >= len(header) or position in self.layout.columns or not _is_ours(header[position])
        ]
        self.end = len(self.kept)
        self.sheet.freeze_panes(self.layout.header_row, 0)
        for index, position in enumerate(self.kept):
            is_identity = position == self.identity
            self.sheet.set_column(
                index, index, 22 if is_identity else 16, self.styles["text", ""] if is_identity else None
            )
        self.sheet.set_column(self.end, self.end, 80)

    def _write_head(self, place: int, number: int, cells: list[Cell]) -> None:
        for index, position in enumerate(self.kept):
            if position < len(cells):
                self._cell(place, index, cells[position], "", style=self.bold)
        if number == self.layout.header_row:
            self.sheet.write_string(
                place, self.end, _("What is wrong (%(code)s)") % {"code": self.batch.code}, self.bold
            )

    def _write_row(self, place: int, number: int, cells: list[Cell], row: Any) -> None:
        problems, warnings = (row[2], row[3]) if row is not None else ([], [])
        tones = {self.at.get(warning["column"]): "warn" for warning in warnings}
        tones.update({self.at.get(problem["column"]): "bad" for problem in problems})
        for index, position in enumerate(self.kept):
            value = cells[position] if position < len(cells) else None
            self._cell(place, index, value, tones.get(position, ""), is_identity=position == self.identity)
        if problems or warnings:
            text = "\n".join(sentence(said, row=number) for said in [*problems, *warnings])
            self.sheet.write_string(place, self.end, text[:LONGEST_CELL], self.said if problems else self.warned)

    def _cell(
        self, place: int, index: int, value: Cell, tone: str, *, is_identity: bool = False, style: Any = None
    ) -> None:
        """A cell as it was. Text stays text; a formula comes as its text, and never runs."""
        sheet, looks = self.sheet, self.styles
        if value is None or value == "":
            if tone:
                sheet.write_blank(place, index, None, style or looks["text", tone])
        elif type(value) is str:
            sheet.write_string(place, index, _text(value), style or looks["text", tone])
        elif isinstance(value, bool):
            sheet.write_boolean(place, index, value, style or looks["number", tone])
        elif isinstance(value, int | float):
            sheet.write_number(place, index, value, style or looks["text" if is_identity else "number", tone])
        elif isinstance(value, dt.date) and value.year >= 1900:
            whole = not isinstance(value, dt.datetime) or (value.hour, value.minute) == (0, 0)
            sheet.write_datetime(place, index, value, looks["day" if whole else "moment", tone])
        else:
            sheet.write_string(place, index, _text(str(value)), style or looks["text", tone])


def _text(value: str) -> str:
    """As a cell can hold it; what begins like a formula does not run."""
    if value.startswith("="):
        value = str(neutral(value))
    if not value.isprintable():  # a lone surrogate has no bytes
        value = value.encode("utf-8", "replace").decode()
    return value[:LONGEST_CELL]


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def _is_ours(header: str) -> bool:
    return "B-" in header and UNREMARKABLE.fullmatch(header) is not None
