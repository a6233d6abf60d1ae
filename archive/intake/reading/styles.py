"""Which numbers are days: number formats of a workbook, and the two ways in which spreadsheets count days."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import IO

from archive.intake.reading.markup import Attributes, Elements, parse

EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001  a spreadsheet's days have no zone
_EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001
_FIRST_TRUE_DAY = 61  # 1 March 1900; before it 1900 is counted as a leap year
_LAST_DAY = 2_958_466  # 31 December 9999

# Formats that every workbook knows by number. 27 to 36 and 50 to 58 are dates in Chinese, Japanese and Korean editions.
_BUILTIN_DAYS = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_BUILTIN_SPANS = frozenset({46})
_SPAN = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|G/通用格式|General', re.IGNORECASE | re.DOTALL)

NUMBER, DAY, SPAN = 0, 1, 2


def kind_of_format(number: int, code: str | None) -> int:
    """NUMBER, DAY (a date, a time or both) or SPAN (a length of time). `code` where the workbook defines the format."""
    if code is None:
        return DAY if number in _BUILTIN_DAYS else SPAN if number in _BUILTIN_SPANS else NUMBER
    code = code.split(";", 1)[0]
    if _SPAN.search(code):
        return SPAN
    return DAY if re.search("[ymdhs]", _NOT_CODE.sub("", code), re.IGNORECASE) else NUMBER


def read_styles(stream: IO[bytes]) -> list[int]:
    """For each style number the kind of its format."""
    codes: dict[int, str] = {}
    formats: list[int] = []

    def visit(name: str, parent: str, attributes: Attributes) -> None:
        if name == "numFmt" and parent == "numFmts":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf" and parent == "cellXfs":
            formats.append(int(attributes.get("numFmtId", 0)))

    parse(stream, Elements(visit))
    return [kind_of_format(number, codes.get(number)) for number in formats]


@functools.lru_cache(maxsize=8192)
def day(serial: float, *, epoch_1904: bool) -> dt.date | dt.datetime | dt.time | float:
    """A serial number as date, time of day or both; the number itself where no such day exists (29 February 1900)."""
    if epoch_1904:
        base = EPOCH_1904
    elif serial >= _FIRST_TRUE_DAY:
        base = _EPOCH_1900
    elif serial < 60:
        base = _EPOCH_1900 + dt.timedelta(days=1)
    else:
        return serial
    if not 0 <= serial < _LAST_DAY:
        return serial
    try:
        moment = base + dt.timedelta(milliseconds=round(serial * 86_400_000))
    except OverflowError:
        return serial
    if serial < 1:
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment


def span(days: float) -> dt.timedelta | float:
    try:
        return dt.timedelta(milliseconds=round(days * 86_400_000))
    except (OverflowError, ValueError):
        return days
