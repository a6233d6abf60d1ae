"""From uploaded bytes to a table: what the file is, where the header stands, which rows are data."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.intake.problems import Problem, Refused, safe_value
from archive.intake.words import FORBIDDEN_COLUMNS
from archive.intake.workbooks import DAMAGE, Cell, Formula, letter, workbook_sheets

if TYPE_CHECKING:
    from archive.intake.layout import Layout

ROW_LIMIT = 200_000
HEADER_SEARCH = 50

Matcher = Callable[[list[str]], dict[int, str]]
# Columns that need no remark: running numbers, and what our own list of refused rows adds.
UNREMARKABLE = re.compile(r"序\s*号|行\s*号|no\.?|#|row number|(问题说明|what is wrong).*", re.IGNORECASE)
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
HTML = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|!--|\?xml|html|head|meta|style|body|table)\b", re.IGNORECASE)


@dataclass
class Table:
    """The data rows of one sheet. `columns` maps a position (from 0) to a field's name; `headers` keeps what was written."""

    sheet_name: str
    header_row: int
    headers: list[str]
    columns: dict[int, str]
    rows: list[tuple[int, list[Cell]]]
    remarks: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """(row number as in the spreadsheet, field → raw cell); blank rows are left out."""
        for number, cells in self.rows:
            if not all(_is_blank(cell) for cell in cells):
                yield (
                    number,
                    {name: cells[index] if index < len(cells) else None for index, name in self.columns.items()},
                )

    def header_of(self, name: str) -> str:
        return next((self.headers[index] for index, field_name in self.columns.items() if field_name == name), "")


def sniff(data: bytes) -> str:
    """`xlsx`, `csv` or a Refused with what it looks like instead. The content counts, not the name."""
    if not data.strip():
        raise Refused("file_empty")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused("file_old_or_locked")
    if data.startswith(ZIPPED):
        return _sniff_zip(data)
    for magic, seen in (
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF8", "GIF"),
        (b"Rar!", "RAR"),
        (b"7z\xbc\xaf", "7z"),
        (b"\x1f\x8b", "GZIP"),
        (b"{\\rtf", "RTF"),
        (b"MZ", "EXE"),
        (b"\x7fELF", "ELF"),
    ):
        if data.startswith(magic):
            raise Refused("file_type", seen=seen)
    if HTML.match(data[:200]):
        raise Refused("file_type", seen="HTML / XML")
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in data[:4096]:
        raise Refused("file_type", seen="binary")
    return "csv"


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except DAMAGE:
        raise Refused("file_damaged") from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    for part, seen in (("content.xml", "ODS"), ("word/document.xml", "Word"), ("xl/workbook.bin", "XLSB")):
        if part in names:
            raise Refused("file_type", seen=seen)
    raise Refused("file_type", seen="ZIP")


def read_table(
    data: bytes, file_format: str, match: Matcher, required: dict[str, str], layout: Layout | None = None
) -> Table:
    """Find the sheet and row whose cells are column names. `required`: field → name to show when it is missing.

    With a `layout` nothing is searched for: the table stands where it says.
    """
    sheets = workbook_sheets(data) if file_format == "xlsx" else [("", False, _csv_rows(data))]
    if layout is not None:
        return _table_at(layout, next((rows for name, _hidden, rows in sheets if name == layout.sheet), []))
    best: tuple[int, int, str, list[list[Cell]], dict[int, str]] | None = None
    found: list[tuple[str, int, list[list[Cell]], dict[int, str]]] = []
    remarks: list[Problem] = []
    for written_name, hidden, rows in sheets:
        name = safe_value(written_name)
        if hidden:
            remarks.append(Problem("hidden_sheet", params={"name": name}))
            continue
        place = None
        for index, cells in enumerate(rows[:HEADER_SEARCH]):
            columns = match([_header_text(cell) for cell in cells])
            if set(required) <= set(columns.values()):
                place = (index, columns)
                break
            if best is None or len(columns) > best[0]:
                best = (len(columns), index, name, rows, columns)
        if place is None:
            if name and rows:
                remarks.append(Problem("other_sheet", params={"name": name}))
        else:
            found.append((name, place[0], rows, place[1]))
    if not found:
        if best is not None and best[0] >= 2:
            _refuse_forbidden([_header_text(cell) for cell in best[3][best[1]]])
            lacking = [shown for field_name, shown in required.items() if field_name not in best[4].values()]
            raise Refused("file_columns_missing", row=best[1] + 1, columns="、".join(f"“{name}”" for name in lacking))
        raise Refused("file_no_header", columns="、".join(f"“{name}”" for name in required.values()))
    name, index, rows, columns = found[0]
    for other in found[1:]:
        remarks.append(Problem("second_table", params={"name": other[0], "taken": name}))
    headers = [_header_text(cell) for cell in rows[index]]
    _refuse_forbidden(headers)
    _check_headers(headers, columns, match, remarks)
    if index:
        remarks.insert(0, Problem("rows_above", params={"count": index}))
    return _checked(
        Table(
            sheet_name=name,
            header_row=index + 1,
            headers=headers,
            columns=columns,
            rows=list(enumerate(rows[index + 1 :], start=index + 2)),
            remarks=remarks,
        )
    )


def _table_at(layout: Layout, rows: list[list[Cell]]) -> Table:
    headers = [_header_text(cell) for cell in rows[layout.header_row - 1]] if layout.header_row <= len(rows) else []
    _refuse_forbidden(headers)
    headers += [""] * (max(layout.columns, default=-1) + 1 - len(headers))
    below = rows[layout.header_row :]
    return _checked(
        Table(
            sheet_name=safe_value(layout.sheet),
            header_row=layout.header_row,
            headers=[header or letter(index) for index, header in enumerate(headers)],
            columns=layout.columns,
            rows=list(enumerate(below, start=layout.header_row + 1)),
        )
    )


def _checked(table: Table) -> Table:
    if len(table.rows) > ROW_LIMIT:
        raise Refused("file_too_many_rows", limit=ROW_LIMIT)
    if not any(True for _row in table):
        raise Refused("file_no_rows", row=table.header_row)
    return table


def _refuse_forbidden(headers: list[str]) -> None:
    """Before all else that may be wrong with the columns: such a file is not kept."""
    for index, header in enumerate(headers):
        if FORBIDDEN_COLUMNS.search(header):
            raise Refused("file_forbidden_column", letter=letter(index), header=safe_value(header))


def _check_headers(headers: list[str], columns: dict[int, str], match: Matcher, remarks: list[Problem]) -> None:
    for index, header in enumerate(headers):
        if not header or index in columns:
            continue
        alone = match([header])
        if alone:
            twin = next(position for position, name in columns.items() if name == alone[0])
            raise Refused(
                "file_column_twice", letters=f"{letter(twin)}, {letter(index)}", header=safe_value(headers[twin])
            )
        if not UNREMARKABLE.fullmatch(header):
            remarks.append(Problem("unknown_column", params={"letter": letter(index), "header": safe_value(header)}))


def _header_text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _csv_rows(data: bytes) -> list[list[Cell]]:
    text = _decode(data)
    if not text.strip():
        raise Refused("file_empty")
    head = "".join(text.splitlines(keepends=True)[:10])
    delimiter = max(",\t;", key=head.count)
    csv.field_size_limit(200_000)
    rows: list[list[Cell]] = []
    try:
        # strict: a quotation mark that is not closed would swallow the rows after it without a word
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([Formula(cell) if cell.startswith("=") else cell for cell in row])
    except csv.Error:
        raise Refused("file_quotes", row=len(rows) + 1) from None
    return rows


def _decode(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, GB18030 (what Chinese spreadsheet programs write)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf") or _is_broken_utf8(data):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("file_encoding")


def _is_broken_utf8(data: bytes) -> bool:
    """UTF-8 but for a few bytes. Read as GB18030 it would give wrong names without an error."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return 0 < wrong * 4 < sum(character > "\x7f" for character in text)
