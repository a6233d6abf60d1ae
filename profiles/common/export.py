"""Lists as files, row by row: memory stays flat, and nothing of it lies on a disk in the clear."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.dispatch import Signal
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.encoding import force_str
from django_tables2.rows import BoundRow

from profiles.common.identity import mask_in_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LIMIT = 1_000_000  # rows; a sheet of a workbook holds 1,048,576
CHUNK = 1_000  # rows

# Sent before the first row leaves: request, name (of the address), rows, kind, filters (their names). An error stops the export.
exported = Signal()

Row = list[Any]


def neutral(value: Any) -> Any:
    """A cell that a spreadsheet program would take for a formula gets an apostrophe (OWASP CSV injection)."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def table_rows(table: Any) -> Iterator[Row]:
    """Headers, then the values of every row in the table's order; read from the database as they are needed."""
    columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
    yield [str(column.header) for column in columns]
    data = table.data.data
    records = data.iterator(chunk_size=CHUNK) if hasattr(data, "iterator") else iter(data)
    for record in records:
        row = BoundRow(record, table=table)
        yield [_cell(row.get_cell_value(column.name)) for column in columns]


def _cell(value: Any) -> Any:
    """What a program may read without harm; an identity number that somebody wrote into a text is masked."""
    plain = force_str(value, strings_only=True)
    if isinstance(plain, str):
        return neutral(mask_in_text(plain))
    if isinstance(plain, dt.datetime):
        return timezone.localtime(plain).replace(tzinfo=None) if timezone.is_aware(plain) else plain
    return plain


def response(rows: Iterator[Row], *, kind: str, name: str) -> StreamingHttpResponse:
    write, content_type = WRITERS[kind]
    return StreamingHttpResponse(
        write(_in_language(rows, translation.get_language())),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "private, no-store"},
    )


def _in_language(rows: Iterator[Row], language: str | None) -> Iterator[Row]:
    """The view has returned when the rows are read."""
    with translation.override(language):
        yield from rows


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark: without it Excel takes Chinese for another encoding."""
    text = io.StringIO("\ufeff")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % CHUNK == 0:
            yield _taken(text).encode()
    yield _taken(text).encode()


def _taken(text: io.StringIO) -> str:
    found = text.getvalue()
    text.seek(0)
    text.truncate()
    return found


# The parts of a workbook (ECMA-376) beside its one sheet.
_NS = "http://schemas.openxmlformats.org"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_NS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_NS}/spreadsheetml/2006/main" xmlns:r="{_NS}/officeDocument/2006/relationships">'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_NS}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_NS}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_NS}/spreadsheetml/2006/main"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_SHEET = (
    f'{_HEAD}<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols><col min="1" max="40" width="18" customWidth="1"/></cols><sheetData>'
)
_DAY, _MOMENT, _BOLD = 1, 2, 3  # places in cellXfs
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  a workbook knows no time zone
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class _Pipe(io.RawIOBase):
    """What the archive writes is taken away as it comes; it cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        found = b"".join(self._parts)
        self._parts.clear()
        return found


def xlsx_parts(rows: Iterable[Row]) -> Iterator[bytes]:
    """A workbook with one sheet; the first row is its header."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        for name, text in PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            lines = [_SHEET]
            for number, row in enumerate(rows):
                lines.append(f"<row>{''.join([_xml(value, _BOLD if number == 0 else 0) for value in row])}</row>")
                if len(lines) >= CHUNK:
                    sheet.write("".join(lines).encode())
                    lines.clear()
                    yield pipe.take()
            sheet.write(("".join(lines) + "</sheetData></worksheet>").encode())
    yield pipe.take()


def _xml(value: Any, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, dt.datetime):
        return f'<c s="{_MOMENT}"><v>{(value - _EPOCH) / dt.timedelta(days=1):.8f}</v></c>'
    if isinstance(value, dt.date):
        return f'<c s="{_DAY}"><v>{(value - _EPOCH.date()).days}</v></c>'
    text = escape(_UNWRITABLE.sub("\ufffd", str(value)))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'


WRITERS: dict[str, tuple[Callable[[Iterable[Row]], Iterator[bytes]], str]] = {
    "xlsx": (xlsx_parts, XLSX),
    "csv": (csv_lines, "text/csv; charset=utf-8"),
}
