"""Columns of a spreadsheet, declared once on django-import-export's fields and widgets: their names, formats and rules."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from typing import Any, ClassVar

from import_export import fields, resources, widgets

from archive.intake.problems import Problem, Refused
from archive.intake.words import forbidden_word
from archive.intake.workbooks import ERRORS, Cell, Formula
from profiles.common import identity
from profiles.common.vocabulary import Group
from profiles.people.rules import name_fault, normalise_name

EXCEL_EPOCH = dt.date(1899, 12, 30)
_DATE = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*日?(?:[T ].*)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
KNOWN_LIMIT = 5_000  # values that are remembered of a column
KEPT = frozenset({str, dt.date, dt.datetime})  # not numbers: 1, 1.0 and True are the same to a dictionary
_HEADER_NOISE = re.compile(r"[\s*＊:：()（）【】\[\]]+")


class SheetField(fields.Field):
    """A column: `headers` are the names under which bodies send it, the first is the one we write."""

    def __init__(self, *, headers: tuple[str, ...], widget: SheetWidget, required: bool = False, **kwargs: Any) -> None:
        super().__init__(column_name=headers[0], widget=widget, **kwargs)
        self.headers = headers
        self.required = required
        self.is_identity = isinstance(widget, IdentityWidget)


class SheetResource(resources.Resource):
    """A kind of sheet. Reading a row gives values and problems; nothing is looked up in the database here."""

    @classmethod
    @functools.cache
    def sheet_fields(cls) -> dict[str, SheetField]:
        return {name: field for name, field in cls.fields.items() if isinstance(field, SheetField)}

    @classmethod
    def required_headers(cls) -> dict[str, str]:
        return {name: field.headers[0] for name, field in cls.sheet_fields().items() if field.required}

    @classmethod
    def day_fields(cls) -> frozenset[str]:
        """Fields in which a bare number is a spreadsheet's count of days."""
        return frozenset(name for name, field in cls.sheet_fields().items() if isinstance(field.widget, DayWidget))

    @classmethod
    def match(cls, headers: list[str]) -> dict[int, str]:
        """Position → field for the cells of a possible header row; each field once, the first column that fits."""
        names = {plain_header(alias): name for name, field in cls.sheet_fields().items() for alias in field.headers}
        columns: dict[int, str] = {}
        for index, header in enumerate(headers):
            name = names.get(plain_header(header))
            if name is not None and name not in columns.values():
                columns[index] = name
        return columns

    @classmethod
    def reader(cls, headers: dict[str, str], *, today: dt.date) -> RowReader:
        """For many rows of one sheet. `headers`: field → header as written."""
        return RowReader(cls.sheet_fields(), headers, today=today)

    @classmethod
    def read(
        cls, cells: dict[str, Cell], headers: dict[str, str], *, today: dt.date
    ) -> tuple[dict[str, Any], list[Problem], list[Problem]]:
        """(values, problems, warnings) of one row."""
        return cls.reader(headers, today=today).read(cells)


class RowReader:
    """Reads rows of one sheet. What a column has said before is not worked out again: dates, items and bodies repeat."""

    def __init__(self, fields: dict[str, SheetField], headers: dict[str, str], *, today: dt.date) -> None:
        self.today = today
        self._columns: list[tuple[str, SheetField, str, dict[Any, Any] | None]] = [
            (name, field, headers.get(name) or field.headers[0], {} if field.widget.repeats else None)
            for name, field in fields.items()
        ]

    def read(self, cells: dict[str, Cell]) -> tuple[dict[str, Any], list[Problem], list[Problem]]:
        """(values, problems, warnings) of one row."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        warnings: list[Problem] = []
        for name, field, header, known in self._columns:
            cell = cells.get(name)
            try:
                if known is not None and (cell is None or type(cell) in KEPT):
                    value = known.get(cell, known)
                    if value is known:
                        if len(known) >= KNOWN_LIMIT:
                            known.clear()
                        value = known[cell] = field.widget.clean(cell, today=self.today, required=field.required)
                else:
                    value = field.widget.clean(cell, today=self.today, required=field.required)
            except Refused as refusal:
                problems.append(refusal.at(header, is_identity=field.is_identity))
                continue
            values[name] = value
            if field.is_identity and value.unknown_division:
                warnings.append(Refused("identity_division", value.number).at(header, is_identity=True))
        return values, problems, warnings


def plain_header(header: str) -> str:
    return _HEADER_NOISE.sub("", unicodedata.normalize("NFKC", header)).casefold()


def cell_text(value: Cell, *, limit: int | None = None) -> str:
    """A cell as a line of text: numbers without .0, no control characters or lone surrogates."""
    if isinstance(value, Formula):
        raise Refused("formula", value)
    if value is None:
        return ""
    if value in ERRORS:
        raise Refused("cell_error", value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    # What is printable holds none of them, and of spaces only the plain one.
    if not text.isprintable() and any(
        unicodedata.category(character) in {"Cs", "Cc"} and character not in "\t\n\r" for character in text
    ):
        raise Refused("not_text", "")
    text = " ".join(text.split())
    if limit is not None and len(text) > limit:
        raise Refused("text_too_long", text, limit=limit)
    return text


class SheetWidget(widgets.Widget):
    """How the cells of a column are read. `repeats`: few values fill the column, so that it pays to remember them."""

    repeats = True


class IdentityWidget(SheetWidget):
    """An identity number; gives an `identity.Reading`."""

    repeats = False

    def clean(self, value: Cell, row: Any = None, *, today: dt.date, required: bool = False, **kwargs: Any) -> Any:
        if isinstance(value, Formula):
            raise Refused("formula", value)
        if value in ERRORS:
            raise Refused("cell_error", value)
        reading = identity.read(value, today=today)
        if reading.ok:
            return reading
        assert reading.fault is not None
        if reading.fault == identity.Fault.FIFTEEN_DIGITS:
            if not reading.suggestion:
                raise Refused("identity_fifteen_impossible", reading.number)
            raise Refused("identity_fifteen", reading.number, check=reading.suggestion[-1])
        if reading.fault == identity.Fault.LENGTH:
            raise Refused("identity_length", reading.number, length=len(reading.number))
        raise Refused(str(reading.fault.value), reading.number)


class NameWidget(SheetWidget):
    repeats = False

    def clean(self, value: Cell, row: Any = None, *, required: bool = True, **kwargs: Any) -> str:
        name = normalise_name(cell_text(value))
        fault = name_fault(name)
        if fault is not None:
            raise Refused(fault, name)
        return name


class DayWidget(SheetWidget):
    """A day, written in any of the ways in which offices write it, or a spreadsheet's date or serial number."""

    def clean(
        self, value: Cell, row: Any = None, *, today: dt.date, required: bool = False, **kwargs: Any
    ) -> dt.date | None:
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = unicodedata.normalize("NFKC", cell_text(value))
        if not text:
            if required:
                raise Refused("date_empty")
            return None
        parts = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
        try:
            if parts:
                return dt.date(int(parts[1]), int(parts[2]), int(parts[3]))
            if re.fullmatch(r"\d{5}(\.\d+)?", text):  # days since 1900 (and a time of day) that lost their format
                return EXCEL_EPOCH + dt.timedelta(days=int(text[:5]))
        except ValueError:
            pass
        raise Refused("date_unreadable", text)


class PastDayWidget(DayWidget):
    """A day that cannot lie in the future."""

    def clean(
        self, value: Cell, row: Any = None, *, today: dt.date, required: bool = False, **kwargs: Any
    ) -> dt.date | None:
        day = super().clean(value, row, today=today, required=required)
        if day is not None and day > today:
            raise Refused("date_future", day.isoformat())
        return day


class TextWidget(SheetWidget):
    """A line of text. `empty` is the problem of an empty cell; free text is searched for data that may not be collected.

    An identity number is never kept in plain text: in free text it is masked, elsewhere it is a sign of shifted columns.
    """

    def __init__(self, *, limit: int, empty: str = "", free: bool = False) -> None:
        super().__init__()
        self.limit, self.empty, self.free = limit, empty, free

    def clean(self, value: Cell, row: Any = None, *, today: dt.date, **kwargs: Any) -> str:
        text = cell_text(value, limit=self.limit)
        if not text and self.empty:
            raise Refused(self.empty)
        if (
            not self.free
            and len(text) >= 18
            and any(identity.read(token, today=today).ok for token in _EIGHTEEN.findall(text))
        ):
            raise Refused("identity_misplaced", text)
        if self.free:
            word = forbidden_word(text)
            if word:
                raise Refused("forbidden_data", "", word=word)
            text = identity.mask_in_text(text)
        return text


class GroupsWidget(SheetWidget):
    """Key groups that a decision names, by code or Chinese name, parted by 、 or comma."""

    NAMES: ClassVar[dict[str, str]] = {
        "教师": "TEA", "医师": "MED", "医生": "MED", "护士": "NUR", "执业药师": "PHA", "律师": "LAW", "公证员": "LAW",
        "导游": "GUI", "会计": "ACC", "会计人员": "ACC", "注册会计师": "CPA", "税务师": "TAX", "注册消防工程师": "FIR",
        "房地产经纪": "REA", "金融从业人员": "FIN", "评估师": "APP", "认证人员": "CER", "法定代表人": "LEG",
        "社会工作者": "SOC", "公务员": "CIV", "学生": "STU",
    }  # fmt: skip

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> list[str]:
        words = [word for word in re.split(r"[、,，;；\s]+", cell_text(value)) if word]
        groups = [self.NAMES.get(word, word.upper()) for word in words]
        for word, group in zip(words, groups, strict=True):
            if group not in Group.values:
                raise Refused("group_unknown", word)
        return groups


class MonthsWidget(SheetWidget):
    """A number of months, or nothing."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> int | None:
        text = unicodedata.normalize("NFKC", cell_text(value)).removesuffix("个月").removesuffix("月").strip()
        if not text:
            return None
        if not text.isascii() or not text.isdigit():
            raise Refused("number_unreadable", text)
        if not 1 <= int(text) <= 60:
            raise Refused("sanction_out_of_range", text)
        return int(text)
