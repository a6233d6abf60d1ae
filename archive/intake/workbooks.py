"""Opening a workbook safely: what it unpacks to, how far its cells reach, which of them are formulas."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

from archive.intake.problems import Refused

UNPACKED_LIMIT_MB = 400
CELL_LIMIT = 26 * 400_000  # the reader takes memory for every place from A1 to the last cell, empty ones too
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    etree.LxmlError,
    RuntimeError,
    ValueError,
    LookupError,
    EOFError,
)
SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": False}

# What a quick look at a sheet's bytes can tell. Unusual is all that might stand beyond column Z or row 399999.
_FORMULA = re.compile(rb"<f[\s/>]")
_UNUSUAL = (
    re.compile(rb"<c(?=[\s/>])(?! r=\"[A-Z](?:\d{1,5}|[1-3]\d{5})\")"),
    re.compile(rb"<row(?! r=\"(?:\d{1,5}|[1-3]\d{5})\")"),
    re.compile(rb":(?:c|row|f)[\s/>]"),
)

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class Formula(str):
    """The text of a formula cell, so that a widget can tell it from a typed text."""

    __slots__ = ()


def workbook_sheets(data: bytes) -> list[tuple[str, bool, list[list[Cell]]]]:
    """(name, is it hidden, rows) of each sheet; formula cells come as `Formula`. Raises `Refused`."""
    guard_against_bombs(data)
    result: list[tuple[str, bool, list[list[Cell]]]] = []
    try:
        formulas = _survey(data)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                hidden = meta.visible != SheetVisibleEnum.Visible
                rows: Any = [] if hidden else book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                result.append((meta.name, hidden, rows))
    except PasswordError:
        raise Refused("file_old_or_locked") from None
    except (CalamineError, ZipError, *DAMAGE):
        raise Refused("file_damaged") from None
    for name, _hidden, rows in result:
        for row, column, text in formulas.get(name, ()):
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = Formula(f"={text}")
    return result


def guard_against_bombs(data: bytes) -> None:
    """Unpack every member to nowhere and count: sizes in a ZIP's directory can lie."""
    left = UNPACKED_LIMIT_MB * 1024 * 1024
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > 2_000:
                raise Refused("file_bomb", limit=UNPACKED_LIMIT_MB)
            for member in members:
                left -= _unpacked_size(data, member, left)
                if left < 0:
                    raise Refused("file_bomb", limit=UNPACKED_LIMIT_MB)
    except DAMAGE:
        raise Refused("file_damaged") from None


def _unpacked_size(data: bytes, member: zipfile.ZipInfo, most: int) -> int:
    head = member.header_offset
    if data[head : head + 4] != b"PK\x03\x04":
        raise ValueError("no local header")
    start = (
        head
        + 30
        + int.from_bytes(data[head + 26 : head + 28], "little")
        + int.from_bytes(data[head + 28 : head + 30], "little")
    )
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError("unusual compression")
    machine = zlib.decompressobj(-15)
    size, chunk = 0, data[start : start + member.compress_size]
    while chunk and not machine.eof:
        size += len(machine.decompress(chunk, 1 << 20))
        chunk = machine.unconsumed_tail
        if size > most:
            break
    return size


def _survey(data: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """Sheet name → (row, column, formula) from 0. calamine gives a formula's last result only, which may be anything.

    Refuses a sheet whose cells reach too far to be read.
    """
    formulas = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name, path in _sheet_paths(archive):
            has_formulas, is_unusual = _quick_look(archive, path)
            if is_unusual:
                with archive.open(path) as stream:
                    _refuse_far_cells(name, stream)
            if has_formulas or is_unusual:
                with archive.open(path) as stream:
                    formulas[name] = [
                        (row, column, formula.text or "")
                        for row, column, cell in _cells(stream)
                        if (formula := cell.find("{*}f")) is not None
                    ]
    return formulas


def _sheet_paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), etree.XMLParser(**SAFE))
    book = etree.fromstring(archive.read("xl/workbook.xml"), etree.XMLParser(**SAFE))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    names = set(archive.namelist())
    for sheet in book.iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if etree.QName(name).localname == "id"), "")
        target = targets.get(key, "").removeprefix("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if path in names:
            yield sheet.get("name", ""), path


def _quick_look(archive: zipfile.ZipFile, path: str) -> tuple[bool, bool]:
    """(are there formulas, is anything unusual), so that the many plain sheets are not parsed twice."""
    has_formulas = is_unusual = False
    rest = b""
    with archive.open(path) as stream:
        while chunk := stream.read(1 << 20):
            text = rest + chunk
            cut = text.rfind(b">") + 1
            text, rest = (text[:cut], text[cut:]) if cut else (text, b"")
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            is_unusual = is_unusual or any(pattern.search(text) for pattern in _UNUSUAL)
    return has_formulas, is_unusual


def _refuse_far_cells(name: str, stream: IO[bytes]) -> None:
    last_row = last_column = -1
    for row, column, cell in _cells(stream):
        if len(cell):  # a cell with a format only is not read
            last_row, last_column = max(last_row, row), max(last_column, column)
        if (last_row + 1) * (last_column + 1) > CELL_LIMIT:
            raise Refused("file_far_cell", name=name, cell=f"{letter(last_column)}{last_row + 1}")


def _cells(stream: IO[bytes]) -> Iterator[tuple[int, int, Any]]:
    """(row, column, element) from 0 of each cell. One without a place stands after the one before it."""
    row = column = -1
    for event, element in etree.iterparse(stream, events=("start", "end"), tag=("{*}row", "{*}c"), **SAFE):
        is_row = etree.QName(element).localname == "row"
        if is_row and event == "start":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif not is_row and event == "end":
            place = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", element.get("r", ""))
            row, column = (int(place[2]) - 1, _column(place[1].encode()) - 1) if place else (row, column + 1)
            yield row, column, element
        if event == "end":
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _column(letters: bytes) -> int:
    """`A` → 1, `AA` → 27"""
    number = 0
    for character in letters.upper():
        number = number * 26 + character - 64
    return number


def letter(index: int) -> str:
    """0 → A, 26 → AA, as a spreadsheet names columns."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
