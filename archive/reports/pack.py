"""A ZIP of reports with an index workbook, made as a stream: memory holds one report at a time."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.reports.index_book import IndexBook, IndexRow
from archive.reports.models import ReportBundle

STEP = 100  # reports between two signs of life


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


class Pack(File):
    """The file as `chunks`, read once. `packed` and `size` are known at the end; `beat` is called now and then and may stop it."""

    def __init__(self, bundle: ReportBundle, *, beat: Callable[[ReportBundle], None]) -> None:
        super().__init__(None, name="zip")
        self.bundle, self.beat = bundle, beat
        self.packed: list[int] = []
        self.size = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        with override(self.bundle.language):
            for piece in self._pieces():
                self.size += len(piece)
                yield piece

    def _pieces(self) -> Iterator[bytes]:
        pipe = _Pipe()
        lines = self.bundle.lines.select_related("answer", "report").order_by("answer__row")
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(pipe, "w") as archive:
            book = IndexBook(self.bundle, folder=folder)
            for place, line in enumerate(lines.iterator(chunk_size=STEP)):
                if place % STEP == 0:
                    self.beat(self.bundle)
                row = IndexRow.of(line)
                if row.file:
                    assert line.report is not None
                    # A PDF is compressed already.
                    archive.writestr(_entry(row.file), line.report.read_pdf(), zipfile.ZIP_STORED)
                    self.packed.append(line.pk)
                    yield pipe.take()
                book.add(row)
            self.beat(self.bundle)
            archive.writestr(_entry(_("00-index.xlsx")), book.close(), zipfile.ZIP_STORED)
        yield pipe.take()


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, date_time=timezone.localtime().timetuple()[:6])
