"""The index of a list's reports: every row of the list, and for those without a report why, and what helps."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any, Self

import xlsxwriter
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.reports.models import BundleLine, ReportBundle
from archive.reports.plan import REMEDIES, REPLACED, REPLACED_REMEDY
from archive.vetoes.models import Outcome
from profiles.common.export import neutral

OUTCOMES = dict(Outcome.choices)
HEAD = 5  # rows above the table


@dataclass(frozen=True)
class IndexRow:
    """`file` is its place in the ZIP, empty where there is no report."""

    row: int
    name: str
    number: str
    outcome: str
    file: str = ""
    report: str = ""
    as_of: dt.datetime | None = None
    valid_until: dt.date | None = None
    code: str = ""
    adverse: int | None = None
    positive: int | None = None
    why: str = ""
    remedy: str = ""

    @classmethod
    def of(cls, line: BundleLine) -> Self:
        answer, report = line.answer, line.report
        who = {
            "row": answer.row,
            "name": answer.name,
            "number": answer.masked_number,
            "outcome": str(OUTCOMES[Outcome(answer.outcome)]),
        }
        if line.state != BundleLine.State.MADE or report is None:
            why = _("The person stands in row %(row)s") % {"row": answer.same_as_row} if answer.same_as_row else ""
            return cls(**who, why=why or str(line.get_why_display()), remedy=str(REMEDIES.get(line.why, "")))
        if report.replaced_at is not None:
            return cls(**who, report=report.number, why=str(REPLACED), remedy=str(REPLACED_REMEDY))
        counts = json.loads(report.content)["counts"]
        return cls(
            **who,
            file=f"reports/{answer.row:05d}-{report.number}.pdf",
            report=report.number,
            as_of=timezone.localtime(report.as_of).replace(tzinfo=None),
            valid_until=report.valid_until,
            code=report.verification_code,
            adverse=counts["adverse"],
            positive=counts["positive"],
        )


class IndexBook:
    """Rows go to a file of this user's alone as they come (`folder`), and from there into the book."""

    def __init__(self, bundle: ReportBundle, *, folder: str) -> None:
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.out, {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False})
        self.book.set_properties({"title": _("Reports of a list"), "author": bundle.organisation.name})
        text = {"num_format": "@", "valign": "top", "font_name": "SimSun", "font_size": 10}
        self.text = self.book.add_format(text)
        self.wrap = self.book.add_format({**text, "text_wrap": True})
        self.day = self.book.add_format({**text, "num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({**text, "num_format": "yyyy-mm-dd hh:mm:ss"})
        self.figure = self.book.add_format({**text, "num_format": "0", "align": "right"})
        self.link = self.book.add_format({**text, "font_color": "#1F4E9E", "underline": 1})
        self.head = self.book.add_format(
            {**text, "bold": True, "text_wrap": True, "bg_color": "#E8EEF6", "bottom": 1, "valign": "vcenter"}
        )
        self.title = self.book.add_format({**text, "bold": True, "font_size": 14})
        self.columns = [
            (_("Row"), 6), (_("Name"), 14), (_("Identity number"), 22), (_("Outcome of the check"), 18),
            (_("Report number"), 20), (_("File"), 34), (_("As of"), 19), (_("Valid until"), 12),
            (_("Verification code"), 22), (_("Adverse entries on display"), 11), (_("Positive entries"), 11),
            (_("Why there is no report"), 34), (_("What helps"), 44),
        ]  # fmt: skip
        self.all = self._sheet(_("All rows"), bundle)
        self.without = self._sheet(_("Without a report"), bundle)
        self.places = {self.all: HEAD, self.without: HEAD}

    def _sheet(self, name: str, bundle: ReportBundle) -> Any:
        asked, sheet = bundle.check_asked, self.book.add_worksheet(name)
        matter = (bundle.organisation, asked.get_group_display(), asked.get_event_display(), asked.matter_number)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD - 1)
        sheet.freeze_panes(HEAD, 2)
        for place, (_title, width) in enumerate(self.columns):
            sheet.set_column(place, place, width, self.text)
        for place, line in enumerate(
            [
                _("Reports of a list"),
                " · ".join(map(str, matter)),
                _("For this matter only; not passed on. Each person sees the query in the register."),
                _("Genuine and in force? %(url)s tells by the verification code.")
                % {"url": f"{settings.PUBLIC_URL}/verify/"},
            ]
        ):
            sheet.write_string(place, 0, line, self.title if place == 0 else self.text)
        for place, (title, _width) in enumerate(self.columns):
            sheet.write_string(HEAD - 1, place, title, self.head)
        return sheet

    def add(self, row: IndexRow) -> None:
        self._write(self.all, row)
        if not row.file:
            self._write(self.without, row)

    def _write(self, sheet: Any, row: IndexRow) -> None:
        at = self.places[sheet]
        self.places[sheet] += 1
        sheet.write_number(at, 0, row.row, self.figure)
        for place, value in ((1, row.name), (2, row.number), (3, row.outcome), (4, row.report), (8, row.code)):
            sheet.write_string(at, place, neutral(value), self.text)
        for place, value in ((11, row.why), (12, row.remedy)):
            sheet.write_string(at, place, value, self.wrap)
        if row.file:
            assert row.as_of is not None
            sheet.write_url(at, 5, f"external:{row.file}", self.link, row.file)
            sheet.write_datetime(at, 6, row.as_of, self.moment)
            sheet.write_datetime(at, 7, row.valid_until, self.day)
            sheet.write_number(at, 9, row.adverse, self.figure)
            sheet.write_number(at, 10, row.positive, self.figure)

    def close(self) -> bytes:
        for sheet, end in self.places.items():
            sheet.autofilter(HEAD - 1, 0, max(end - 1, HEAD - 1), len(self.columns) - 1)
        self.book.close()
        return self.out.getvalue()
