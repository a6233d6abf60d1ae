"""Tables as text: CSV and its like. The encoding is decided over the whole file, which is never held whole."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from archive.intake.problems import Refused
from archive.intake.workbooks import ROW_LIMIT, Formula, Row

CHUNK = 1 << 20
HEAD = 1 << 16
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
CELL_LENGTH = 200_000
_QUOTED = re.compile(r'"[^"]*"')


class TextTable:
    """The one sheet of a text file."""

    name = ""
    hidden = epoch_1904 = False
    hidden_rows = 0

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hidden_columns: set[int] = set()
        self.merged: list[str] = []
        self.encoding, self._lines = _encoding(file)
        with self._text() as text:
            head = text.read(HEAD)
        if not head.strip() and not self._has_text():
            raise Refused("file_empty")
        top = "".join(head.splitlines(keepends=True)[:10])
        self._delimiter = max(",\t;", key=_QUOTED.sub("", top).count)  # what stands inside a cell parts nothing

    def rows(self) -> Iterator[Row]:
        csv.field_size_limit(CELL_LENGTH)
        number = 0
        with self._text() as text:
            try:
                # strict: a quotation mark that is not closed would swallow the rows after it without a word
                for number, cells in enumerate(csv.reader(text, delimiter=self._delimiter, strict=True), start=1):
                    if number > ROW_LIMIT:
                        raise Refused("file_too_many_rows", limit=ROW_LIMIT)
                    yield number, [Formula(cell) if cell.startswith("=") else cell for cell in cells]
            except csv.Error:
                raise Refused("file_quotes", row=number + 1) from None

    def rows_estimate(self) -> int:
        return self._lines

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BufferedReader(_Window(self._file), CHUNK), self.encoding, newline="")

    def _has_text(self) -> bool:
        with self._text() as text:
            return any(line.strip() for line in text)


class TextWorkbook:
    def __init__(self, file: BinaryIO) -> None:
        self.sheets = [TextTable(file)]


class _Window(io.RawIOBase):
    """A file from its start, with a place of its own: two may read at once, and closing it leaves the file open."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file, self._place = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._place)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    window = _Window(file)
    while chunk := window.read(CHUNK):
        yield chunk


def _encoding(file: BinaryIO) -> tuple[str, int]:
    """(encoding, number of lines): UTF-8 with or without BOM, UTF-16 with BOM, GB18030 (what Chinese spreadsheets write)."""
    start = next(_chunks(file), b"")[:3]
    if start.startswith(UTF_16_MARKS):
        lines = _lines_in(file, "utf-16")
        if lines is not None:
            return "utf-16", lines
        raise Refused("file_encoding")
    lines = _lines_in(file, "utf-8-sig")
    if lines is not None:
        return "utf-8-sig", lines
    if not start.startswith(UTF_8_MARK) and not _is_broken_utf8(file):
        lines = _lines_in(file, "gb18030")
        if lines is not None:
            return "gb18030", lines
    raise Refused("file_encoding")


def _lines_in(file: BinaryIO, encoding: str) -> int | None:
    """Number of lines, or None if the file cannot be read so."""
    decoder = codecs.getincrementaldecoder(encoding)()
    feeds = returns = 0
    text = ""
    try:
        for chunk in _chunks(file):
            text = decoder.decode(chunk) or text
            feeds += text.count("\n")
            returns += text.count("\r")
        text += decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return max(feeds, returns) + (not text.endswith(("\n", "\r")))


def _is_broken_utf8(file: BinaryIO) -> bool:
    """UTF-8 but for a few bytes. Read as GB18030 it would give wrong names without an error."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wrong = foreign = 0
    for chunk in _chunks(file):
        text = decoder.decode(chunk)
        wrong += text.count("\ufffd")
        foreign += len(text) - len(text.encode("ascii", "ignore"))
    return 0 < wrong * 4 < foreign
