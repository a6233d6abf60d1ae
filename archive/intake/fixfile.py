"""The refused rows back to the body that sent them: its own columns and cells, and a column that says what is wrong."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from archive.intake.models import Batch, Row
from archive.intake.problems import sentence
from profiles.common.views import neutral

BAD = PatternFill("solid", fgColor="FDE7E4")
TEXT = "@"  # so that a spreadsheet program does not turn an identity number into a figure
WIDE = 60


def refused_rows(batch: Batch) -> bytes:
    """XLSX with the header of the file, in its order; cells at fault are coloured. It can be corrected and uploaded again."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(batch.sheet_name[:31] or _("Rows"))
    names = list(batch.columns)
    sheet.freeze_panes = "A2"
    for index in range(1, len(names) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 20
    sheet.column_dimensions[get_column_letter(len(names) + 1)].width = 8
    sheet.column_dimensions[get_column_letter(len(names) + 2)].width = WIDE

    def cell(value: Any, *, bold: bool = False, bad: bool = False, wrap: bool = False) -> Any:
        made = WriteOnlyCell(sheet, neutral(str(value)))
        made.data_type, made.number_format = "s", TEXT
        if bold:
            made.font = Font(bold=True)
        if bad:
            made.fill = BAD
        if wrap:
            made.alignment = Alignment(wrap_text=True, vertical="top")
        return made

    sheet.append([cell(title, bold=True) for title in [*batch.columns.values(), _("Row number"), _("What is wrong")]])
    for row in batch.rows.filter(verdict=Row.Verdict.REFUSED).order_by("number").iterator(chunk_size=500):
        headers = {problem.get("column") for problem in row.problems}
        sheet.append(
            [
                *(cell(row.cells.get(name, ""), bad=batch.columns[name] in headers) for name in names),
                cell(row.number),
                cell("\n".join(sentence(problem) for problem in row.problems), wrap=True),
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
