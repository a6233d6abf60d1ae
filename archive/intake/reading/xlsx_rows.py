"""Rows of one XLSX sheet, as its XML streams by.

Three ways give the same rows. Plain cells, nearly all of them, are taken by a regular expression. A row with anything else in it
(formulas, runs, other attribute orders) is given to the parser alone. A document that is not written in the usual form (prefixes,
comments, another encoding) goes through the parser from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, Protocol

from archive.intake.reading.markup import Attributes, Handler, feeding, parse_bytes, resolved, unescaped, usual_root
from archive.intake.reading.strings import PAGE, Strings, normal
from archive.intake.reading.styles import DAY, NUMBER, SPAN, day, span
from archive.intake.workbooks import ROW_LIMIT, Cell, Formula, Row, column_index

CHUNK = 1 << 20
LONGEST = 16 << 20  # bytes of one row
MERGES_KEPT = 1_000

# What a value is; the first three are those of styles.py.
SHARED, TEXT, BOOLEAN, ISO = 3, 4, 5, 6
_TYPES = {"s": SHARED, "str": TEXT, "inlineStr": TEXT, "e": TEXT, "b": BOOLEAN, "d": ISO}

_SHEET_DATA = re.compile(rb"<sheetData\s*(/?)>")
_ROW = re.compile(r'<row r="(\d{1,7})"([^>]*)>')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})(\d{1,7})"([^>/]*)'
    r'(?:/>|></c>|>(?:<v>|<is><t(?: xml:space="preserve")?>)([^<]*)</(?:v|t></is)></c>)'
)
_ATTRIBUTE = re.compile(r'\s([\w:.]+)="([^"<&]*)"')
_HIDDEN = re.compile(r'\shidden="(?:1|true)"')


class Context(Protocol):
    """What a sheet takes from its workbook and what it notes for its reader."""

    epoch_1904: bool
    hidden_columns: set[int]
    hidden_rows: int
    merged: list[str]

    @property
    def strings(self) -> Strings: ...

    @property
    def formats(self) -> list[int]: ...


def rows(stream: IO[bytes], context: Context) -> Iterator[Row]:
    """Rows in the order of the sheet, those without values left out. Raises what a broken file raises."""
    start = stream.read(CHUNK)
    while b"<sheetData" not in start and len(start) < LONGEST and (chunk := stream.read(CHUNK)):
        start += chunk
    root, data = usual_root(start, b"worksheet"), _SHEET_DATA.search(start)
    if root is None or data is None or data[1] or b"<!" in start[: data.start()]:
        yield from _parsed(stream, SheetHandler(context), start)
        return
    parse_bytes(start[: data.start()] + b"</worksheet>", SheetHandler(context))
    reader = _PlainReader(context, root)
    opening, rest = root + b"<sheetData>", start[data.end() :]
    while True:
        inside, end, tail = rest.partition(b"</sheetData>")
        cut = len(inside) if end else _cut(rest)
        if _is_unusual(inside, cut):
            yield from _parsed(stream, SheetHandler(context, reader.last), opening + rest)
            return
        if end:
            yield from reader.take(inside)
            yield from _parsed(stream, SheetHandler(context), root + tail)
            return
        yield from reader.take(rest[:cut])
        rest = rest[cut:]
        chunk = stream.read(CHUNK)
        if not chunk or len(rest) > LONGEST:
            raise ValueError("the sheet breaks off")
        rest += chunk


def _parsed(stream: IO[bytes], handler: SheetHandler, start: bytes) -> Iterator[Row]:
    for _fed in feeding(stream, handler, start):
        yield from handler.take()


def _is_unusual(data: bytes, cut: int) -> bool:
    """Comments, other namespaces, or rows that are numbered by their order."""
    return (
        b"<!" in data
        or b"<?" in data
        or b"xmlns" in data
        or data.count(b"<row", 0, cut) != data.count(b'<row r="', 0, cut)
    )


def _cut(data: bytes) -> int:
    """Where the last whole row ends. Rows that hold a format only have no end tag; a million of them are passed over."""
    cut = data.rfind(b"</row>")
    if cut >= 0:
        return cut + len(b"</row>")
    return data.rfind(b"/><row ") + 2 if len(data) >= CHUNK and b"<c" not in data else 0


class _Kinds(dict[str, int]):
    """Attributes of a cell as written → what its value is. Sheets have a few dozen different ones."""

    def __init__(self, formats: list[int]) -> None:
        super().__init__()
        self.formats = formats

    def __missing__(self, written: str) -> int:
        kind = kind_of_cell(dict(_ATTRIBUTE.findall(written)), self.formats)
        if len(self) > 10_000:
            self.clear()
        self[written] = kind
        return kind


def kind_of_cell(attributes: Attributes, formats: list[int]) -> int:
    written = attributes.get("t", "n")
    if written != "n":
        return _TYPES[written]
    style = int(attributes.get("s") or 0)
    return formats[style] if 0 <= style < len(formats) else NUMBER


def value_of(kind: int, raw: str, context: Context) -> Cell:
    """`raw`: with references resolved."""
    if kind == SHARED:
        return context.strings[int(raw)]
    if kind == TEXT:
        return unescaped(raw)
    if kind == BOOLEAN:
        return raw.strip() in {"1", "true"}
    if kind == ISO:
        return raw
    number = float(raw)
    if kind == DAY:
        return day(number, epoch_1904=context.epoch_1904)
    return span(number) if kind == SPAN else number


class _Columns(dict[str, int]):
    def __missing__(self, letters: str) -> int:
        self[letters] = index = column_index(letters)
        return index


class _PlainReader:
    """Takes whole rows of markup and gives their cells."""

    def __init__(self, context: Context, root: bytes) -> None:
        self.context, self.root = context, root
        self.kinds, self.columns = _Kinds(context.formats), _Columns()
        self.last = 0

    def take(self, data: bytes) -> Iterator[Row]:
        """`data`: whole rows."""
        text = normal(data)
        for piece in text.split("</row>"):
            if "<v" not in piece and "<is" not in piece and "<f" not in piece:
                continue  # formats without values
            head = _ROW.match(piece, piece.rfind("<row"))
            cells = None if head is None else self._plain_cells(piece, head)
            if head is None or cells is None:
                yield from self._parsed(piece + "</row>")
                continue
            number = int(head[1])
            if not self.last < number <= ROW_LIMIT:
                raise ValueError("rows out of order")
            self.last = number
            if _HIDDEN.search(head[2]):
                self.context.hidden_rows += 1
            if cells:
                yield number, cells
        final = _ROW.match(text, max(0, text.rfind("<row")))
        if final is not None:  # the rows below may be numbered by their order
            self.last = max(self.last, int(final[1]))

    def _plain_cells(self, piece: str, head: re.Match[str]) -> list[Cell] | None:
        """None where a cell is more than plain."""
        start = head.end()
        found = _CELL.findall(piece, start)
        if piece.count("<c", start) != len(found):
            return None
        number, kinds, columns, context = head[1], self.kinds, self.columns, self.context
        page, references, escapes = context.strings.page, "&" in piece, "_x" in piece
        cells: list[Any] = []
        for letters, digits, attributes, raw in found:
            if digits != number:
                raise ValueError("a cell in another's row")
            if not raw:
                continue
            index = columns[letters]
            kind = kinds[attributes]
            value: Cell
            if kind == SHARED:
                place = int(raw)
                value = page(place // PAGE)[place % PAGE]
            elif kind == NUMBER:
                value = float(raw)
            elif kind == TEXT and not references and not escapes:
                value = raw
            else:
                value = value_of(kind, resolved(raw), context)
            if index == len(cells):
                cells.append(value)
            elif index > len(cells):
                cells.extend([None] * (index - len(cells)))
                cells.append(value)
            else:
                cells[index] = value
        return cells

    def _parsed(self, text: str) -> Iterator[Row]:
        handler = SheetHandler(self.context, self.last)
        parse_bytes(b"".join([self.root, b"<sheetData>", text.encode(), b"</sheetData></worksheet>"]), handler)
        self.last = handler.last
        yield from handler.take()


class SheetHandler(Handler):
    """Rows, hidden columns and merged cells of a sheet's elements."""

    def __init__(self, context: Context, last: int = 0) -> None:
        self.context, self.last = context, last
        self._rows: list[tuple[int, dict[int, Cell]]] = []
        self._cells: dict[int, Cell] = {}
        self._column = -1
        self._attributes: Attributes = {}
        self._value: list[str] = []
        self._inline: list[str] = []
        self._formula: list[str] | None = None
        self._target: list[str] | None = None
        self._phonetic = 0
        self._in_row = self._in_cell = False

    def take(self) -> Iterator[Row]:
        """The rows gathered since the last time. Until then a far cell takes no more room than a near one."""
        rows, self._rows = self._rows, []
        for number, found in rows:
            cells: list[Cell] = [None] * (max(found) + 1)
            for index, cell in found.items():
                cells[index] = cell
            yield number, cells

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            if self._in_row:  # extensions after the rows have elements of that name too
                self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif self._in_cell:
            if name == "v":
                self._target = self._value
            elif name == "f":
                self._formula = self._target = []
            elif name == "rPh":
                self._phonetic += 1
            elif name == "t" and not self._phonetic:
                self._target = self._inline
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes["min"]), min(int(attributes["max"]), 16_384)
            self.context.hidden_columns.update(range(first - 1, last))
        elif name == "mergeCell" and len(self.context.merged) < MERGES_KEPT:
            self.context.merged.append(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name == "c":
            if self._in_row:
                self._end_cell()
        elif name == "row":
            self._in_row = False
            if self._cells:
                self._rows.append((self.last, self._cells))
        elif name == "rPh":
            self._phonetic -= 1
        elif self._in_cell:
            self._target = None

    def text(self, data: str) -> None:
        if self._target is not None:
            self._target.append(data)

    def _begin_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r", self.last + 1))
        if not self.last < number <= ROW_LIMIT:
            raise ValueError("rows out of order")
        self.last, self._cells, self._column, self._in_row = number, {}, -1, True
        if attributes.get("hidden") in {"1", "true"}:
            self.context.hidden_rows += 1

    def _begin_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            if reference[len(letters) :] != str(self.last):
                raise ValueError("a cell in another's row")
            self._column = column_index(letters)
        self._attributes, self._in_cell = attributes, True
        self._value, self._inline, self._formula = [], [], None

    def _end_cell(self) -> None:
        self._in_cell, self._target = False, None
        cell: Cell
        if self._formula is not None:
            cell = Formula("=" + unescaped("".join(self._formula)))
        else:
            raw = "".join(self._value) or "".join(self._inline)
            if not raw:
                return
            cell = value_of(kind_of_cell(self._attributes, self.context.formats), raw, self.context)
        self._cells[self._column] = cell
