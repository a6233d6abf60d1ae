"""The result of a list as a workbook: a summary, then one sheet an outcome, reasons in plain words. Memory stays flat."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

import xlsxwriter
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from archive.catalogue.models import LegalBasis
from archive.intake.problems import Cancelled, sentence
from archive.records.models import Entry
from archive.vetoes import text
from archive.vetoes.models import Answer, Check, FindingRow, Outcome
from profiles.templatetags.ui import articles

STEP = 1_000
LONGEST_CELL = 32_767
ROWS_A_SHEET = 1_000_000  # what a sheet holds, less its header
Progress = Callable[[int], bool]


def write_result(check: Check, out: IO[bytes], *, progress: Progress = lambda done: True) -> None:
    """Write the workbook to `out` in the active language. `progress` is told the rows written; False ends the work.

    The row is the body's own; names as it wrote them, numbers masked. Nobody who was not found stands on a sheet with others.
    """
    with tempfile.TemporaryDirectory() as folder:  # for this user only, gone when the book is closed
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
        _Book(check, book).write(progress)
        book.close()


class _Book:
    def __init__(self, check: Check, book: Any) -> None:
        self.check, self.book, self.done = check, book, 0
        self.bold = book.add_format({"bold": True, "num_format": "@", "text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"num_format": "@", "valign": "top"})
        self.wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.titles = {basis.code: basis.title for basis in LegalBasis.objects.all()}
        assert check.day is not None, "only an answered check has a result"
        self.day = check.day

    def write(self, progress: Progress) -> None:
        self._summary()
        for outcome in Outcome:
            if self.check.counts.get(outcome.value):
                self._sheets(outcome, progress)

    def _summary(self) -> None:
        asked, sheet = self.check, self.book.add_worksheet(_("Summary"))
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 70)
        rows = [
            (_("Check"), asked.code),
            (_("Body"), str(asked.organisation)),
            (_("What for"), f"{asked.get_group_display()} · {asked.get_event_display()}"),
            (_("Matter number"), asked.matter_number),
            (_("As known at"), date_format(localtime(asked.known_at), "DATETIME_FORMAT")),
            (_("Judged on"), date_format(self.day)),
            (_("All rows"), str(sum(asked.counts.values()))),
            *[(str(outcome.label), str(asked.counts[outcome])) for outcome in Outcome if asked.counts.get(outcome)],
            ("", ""),
            (
                _("Please note"),
                _(
                    "The machine proposes, a person decides: what stands here bars nobody before a named examiner has confirmed"
                    " it and the person was heard. Persons not found are not persons without an obstacle. Numbers are masked."
                ),
            ),
        ]
        for place, (label, value) in enumerate(rows):
            sheet.write_string(place, 0, label, self.bold)
            sheet.write_string(place, 1, value, self.wrapped)

    def _sheets(self, outcome: Outcome, progress: Progress) -> None:
        sheet, place, part = None, 0, 0
        for cells in self._rows(outcome):
            if sheet is None or place > ROWS_A_SHEET:
                part += 1
                sheet, place = self._new_sheet(outcome, part), 1
            for column, value in enumerate(cells):
                if column == 0:
                    sheet.write_number(place, 0, value, self.plain)
                elif value:
                    sheet.write_string(place, column, value[:LONGEST_CELL], self.wrapped if column > 2 else self.plain)
            place += 1
            self.done += 1
            if self.done % STEP == 0 and not progress(self.done):
                raise Cancelled

    def _new_sheet(self, outcome: Outcome, part: int) -> Any:
        name = str(outcome.label).translate(str.maketrans("", "", "[]:*?/\\"))[:26]
        sheet = self.book.add_worksheet(name if part == 1 else f"{name} {part}")
        columns = [
            (_("Row"), 8),
            (_("Name"), 14),
            (_("Identity number"), 22),
            (_("Reasons"), 60),
            (_("Rule and version"), 24),
            (_("Articles"), 44),
            (_("Until"), 22),
            (_("Decision"), 16),
            (_("Remark"), 40),
        ]
        for column, (label, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, self.bold)
        sheet.freeze_panes(1, 0)
        return sheet

    def _rows(self, outcome: Outcome) -> Iterator[list[Any]]:
        last = 0
        while True:
            answers = list(
                Answer.objects.filter(check_asked=self.check, outcome=outcome, row__gt=last)
                .select_related("decision", "proposal")
                .order_by("row")[:STEP]
            )
            if not answers:
                return
            found: dict[int, list[FindingRow]] = {}
            rows = FindingRow.objects.filter(answer__in=answers).select_related("rule").order_by("answer", "position")
            for row in rows:
                found.setdefault(row.answer_id, []).append(row)
            entries = Entry.objects.with_details().in_bulk({row.entry_id for own in found.values() for row in own})
            for answer in answers:
                yield self._cells(answer, found.get(answer.pk, []), entries)
            last = answers[-1].row

    def _cells(self, answer: Answer, found: list[FindingRow], entries: dict[int, Entry]) -> list[Any]:
        remarks = [sentence(problem, row=answer.row) for problem in answer.problems]
        if answer.same_as_row:
            remarks.insert(0, _("same person as row %(row)s") % {"row": answer.same_as_row})
        return [
            answer.row,
            answer.name,
            answer.masked_number,
            "\n".join(self._reason(row, entries[row.entry_id]) for row in found),
            "\n".join(f"{row.rule.name}（{row.rule.code} v{row.rule.version}）" for row in found),
            "\n".join(self._articles(row) for row in found),
            "\n".join(self._until(row) for row in found),
            _stage(answer),
            "\n".join(remarks),
        ]

    def _reason(self, row: FindingRow, entry: Entry) -> str:
        told = entry.display is not None and self.day in entry.display and entry.end_reason not in Entry.UNTOLD
        story = (
            _("Record %(record)s: %(item)s, %(document)s")
            % {"record": entry.record.number, "item": entry.item.name, "document": entry.document_number}
            if told
            else _("Record %(record)s: the condition set by law is met; its story is not shown")
            % {"record": entry.record.number}
        )
        said = [text.why(row.clause_data), text.doubt(row.doubt, row.rule) if row.doubt else "", story]
        return " ".join(part for part in said if part)

    def _articles(self, row: FindingRow) -> str:
        return "; ".join(
            f"{self.titles[basis['code']]} {articles(basis.get('articles', ''))}".strip() for basis in row.rule.bases
        )

    def _until(self, row: FindingRow) -> str:
        if row.last_day is not None:
            return date_format(row.last_day)
        return {"life": _("the law sets no end"), "listed": _("when the listing ends")}.get(
            str(row.clause_data["term"]), _("as the decision says")
        )


def _stage(answer: Answer) -> str:
    if hasattr(answer, "decision"):
        return str(answer.decision.get_kind_display())
    if hasattr(answer, "proposal"):
        return _("proposed, the person was told")
    return _("open") if answer.awaits_decision else ""
