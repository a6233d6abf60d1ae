"""An old .xls workbook. It has 65,536 rows at most, so it is read at once, by calamine; what calamine does not tell (formulas,
hidden rows and columns) is taken from the records themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import olefile
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from archive.intake.problems import Refused
from archive.intake.reading.markup import DAMAGE
from archive.intake.workbooks import Cell, Formula, Row, letter

XLS_LIMIT_MB = 64

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = (0x0009, 0x0209, 0x0409, 0x0809), 0x000A, 0x002F, 0x0022, 0x0085
_FORMULA, _ROW, _COLUMNS, _MERGED = (0x0006, 0x0206, 0x0406), (0x0008, 0x0208), 0x007D, 0x00E5


@contextmanager
def _damage_is_refused() -> Iterator[None]:
    try:
        yield
    except PasswordError:
        raise Refused("file_password") from None
    except (CalamineError, OSError, TypeError, AttributeError, *DAMAGE):  # olefile meets broken files in all these ways
        raise Refused("file_damaged") from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # calamine's own, which is no Exception
            raise Refused("file_damaged") from None
        raise


def ole_streams(file: BinaryIO) -> set[str]:
    """Names of the streams of an OLE2 container, lower case."""
    file.seek(0)
    with _damage_is_refused(), olefile.OleFileIO(file) as container:
        return {"/".join(path).lower() for path in container.listdir()}


def is_locked(file: BinaryIO) -> bool:
    return any(kind == _FILEPASS for kind, _place, _data in _globals(_stream(file)))


def _stream(file: BinaryIO) -> bytes:
    file.seek(0)
    with _damage_is_refused(), olefile.OleFileIO(file) as container:
        name = "Workbook" if container.exists("Workbook") else "Book"
        return bytes(container.openstream(name).read())


def _records(data: bytes, place: int) -> Iterator[tuple[int, int, bytes]]:
    """(kind, place, content) of the records of one substream."""
    depth = 0
    while place + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, place)
        if kind in _BOF:
            depth += 1  # a chart inside a sheet
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, place, data[place + 4 : place + 4 + length]
        place += 4 + length


def _globals(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    return _records(data, 0)


class XlsWorkbook:
    """Raises `Refused` when the file is damaged or locked."""

    def __init__(self, file: BinaryIO) -> None:
        data = _stream(file)
        places: list[int] = []
        epoch_1904 = False
        for kind, _place, content in _globals(data):
            if kind == _BOUNDSHEET and len(content) >= 4:
                places.append(struct.unpack_from("<I", content)[0])
            elif kind == _DATEMODE:
                epoch_1904 = content[:2] == b"\x01\x00"
        file.seek(0)
        with _damage_is_refused():
            book = CalamineWorkbook.from_filelike(file)
        self.sheets: list[XlsSheet] = []
        for place, meta in zip(places, book.sheets_metadata, strict=False):
            if meta.typ == SheetTypeEnum.WorkSheet:
                hidden = meta.visible != SheetVisibleEnum.Visible
                self.sheets.append(XlsSheet(book, meta.name, hidden, epoch_1904, data, place))


class XlsSheet:
    def __init__(
        self, book: CalamineWorkbook, name: str, hidden: bool, epoch_1904: bool, data: bytes, place: int
    ) -> None:
        self._book, self._data, self._place = book, data, place
        self.name, self.hidden, self.epoch_1904 = name, hidden, epoch_1904
        self.hidden_columns: set[int] = set()
        self.hidden_rows = 0
        self.merged: list[str] = []

    def rows(self) -> Iterator[Row]:
        formulas = self._survey()
        with _damage_is_refused():
            sheet = self._book.get_sheet_by_name(self.name)
            left = sheet.start[1] if sheet.start else 0
            for number, values in enumerate(sheet.iter_rows()):  # all rows, but only from the first column in use
                cells: list[Cell] = [None] * left + [None if value == "" else value for value in values]
                for index in formulas.get(number, ()):
                    cells.extend([None] * (index + 1 - len(cells)))
                    cells[index] = Formula("=")
                yield number + 1, cells

    def rows_estimate(self) -> int:
        with _damage_is_refused():
            end = self._book.get_sheet_by_name(self.name).end
            return end[0] + 1 if end else 0

    def _survey(self) -> dict[int, list[int]]:
        """Formula cells (row → columns, from 0); notes what is hidden and merged."""
        formulas: dict[int, list[int]] = {}
        self.hidden_rows, self.merged = 0, []
        with _damage_is_refused():
            for kind, _place, content in _records(self._data, self._place):
                if kind in _FORMULA:
                    row, column = struct.unpack_from("<HH", content)
                    formulas.setdefault(row, []).append(column)
                elif kind in _ROW and len(content) >= 14 and content[12] & 0x20:
                    self.hidden_rows += 1
                elif kind == _COLUMNS and len(content) >= 10 and content[8] & 0x01:
                    first, last = struct.unpack_from("<HH", content)
                    self.hidden_columns.update(range(first, last + 1))
                elif kind == _MERGED:
                    self._add_merged(content)
        return formulas

    def _add_merged(self, content: bytes) -> None:
        (count,) = struct.unpack_from("<H", content)
        for index in range(count):
            first, last, left, right = struct.unpack_from("<HHHH", content, 2 + 8 * index)
            self.merged.append(f"{letter(left)}{first + 1}:{letter(right)}{last + 1}")
