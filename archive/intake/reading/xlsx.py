"""An XLSX workbook: its sheets, styles and texts. Sheets stream; nothing of them is kept."""

from __future__ import annotations

import functools
import posixpath
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from archive.intake.reading import xlsx_rows
from archive.intake.reading.archives import open_zip
from archive.intake.reading.markup import Attributes, Elements, damage_is_refused, local_attribute, parse
from archive.intake.reading.strings import Strings, read_strings
from archive.intake.reading.styles import read_styles
from archive.intake.workbooks import ROW_LIMIT, Row

SAMPLE = 1 << 20
SMALL_PART = 64 << 20


class Workbook:
    """An open XLSX file. Raises `Refused` when it is damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self.archive = open_zip(file)
        self.epoch_1904 = False
        self._sheets: list[tuple[str, str, bool]] = []  # name, relation, hidden
        self._relations: dict[str, tuple[str, str]] = {}  # id → last word of the type, path
        with damage_is_refused():
            self._parse("xl/_rels/workbook.xml.rels", self._relation)
            self._parse("xl/workbook.xml", self._part_of_book)
        self._names = set(self.archive.namelist())

    def _parse(self, path: str, visit: object) -> None:
        with self.archive.open(path) as stream:
            parse(stream, Elements(visit))  # type: ignore[arg-type]

    def _relation(self, name: str, _parent: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            self._relations[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

    def _part_of_book(self, name: str, parent: str, attributes: Attributes) -> None:
        if name == "sheet" and parent == "sheets":
            hidden = attributes.get("state", "visible") != "visible"
            self._sheets.append((attributes.get("name", ""), local_attribute(attributes, "id"), hidden))
        elif name == "workbookPr":
            self.epoch_1904 = attributes.get("date1904") in {"1", "true"}

    @property
    def sheets(self) -> list[XlsxSheet]:
        """Those with cells: charts and macros are none."""
        found = []
        for name, relation, hidden in self._sheets:
            kind, path = self._relations.get(relation, ("", ""))
            if kind == "worksheet" and path in self._names:
                found.append(XlsxSheet(self, name, path, hidden))
        return found

    def _path_of(self, kind: str) -> str | None:
        return next((path for found, path in self._relations.values() if found == kind and path in self._names), None)

    @functools.cached_property
    def strings(self) -> Strings:
        path = self._path_of("sharedStrings")
        if path is None:
            return Strings()
        with self.archive.open(path) as stream:
            return read_strings(stream)

    @functools.cached_property
    def formats(self) -> list[int]:
        path = self._path_of("styles")
        if path is None:
            return []
        with self.archive.open(path) as stream:
            return read_styles(stream)


class XlsxSheet:
    def __init__(self, book: Workbook, name: str, path: str, hidden: bool) -> None:
        self._book, self._path = book, path
        self.name, self.hidden = name, hidden
        self.epoch_1904 = book.epoch_1904
        self.hidden_columns: set[int] = set()
        self.hidden_rows = 0
        self.merged: list[str] = []

    @property
    def strings(self) -> Strings:
        return self._book.strings

    @property
    def formats(self) -> list[int]:
        return self._book.formats

    def rows(self) -> Iterator[Row]:
        self.hidden_rows, self.merged = 0, []
        with damage_is_refused(), self._book.archive.open(self._path) as stream:
            yield from xlsx_rows.rows(stream, self)

    def rows_estimate(self) -> int:
        """From the length of the first rows. What the sheet says of its own dimension is often wrong."""
        with damage_is_refused(), self._book.archive.open(self._path) as stream:
            sample = stream.read(SAMPLE)
        count = sample.count(b"</row>") or sample.count(b":row>")
        if not count or len(sample) < SAMPLE:
            return count
        return min(ROW_LIMIT, round(count * self._size / len(sample)))

    @property
    def _size(self) -> int:
        info: zipfile.ZipInfo = self._book.archive.getinfo(self._path)
        return info.file_size
