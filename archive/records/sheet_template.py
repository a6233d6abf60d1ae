"""An empty workbook for a body's facts: the columns that are read, formats that keep numbers whole, the items it may report."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from archive.catalogue.models import Item, Severity
from archive.intake.resources import DayWidget, SheetField
from archive.records.resources import EntrySheet
from archive.records.rules import may_report
from profiles.organisations.models import Competence, Organisation

TEXT, DAY = "@", "yyyy-mm-dd"
HEAD = PatternFill("solid", fgColor="E8EEF6")
LIST_COLUMN = 7  # of the sheet of explanations: the items

# Field → (what to write, an example). The example person does not exist.
GUIDE: dict[str, tuple[Any, str]] = {
    "name": (gettext_lazy("As on the identity card, with every dot and rare character."), "张示例"),
    "identity_number": (gettext_lazy("As text, 18 characters. The column is formatted so already."), "11010519491231002X"),
    "unit": (gettext_lazy("Class, department or office."), "会计2301班"),
    "item": (gettext_lazy("Choose from the list, or write the item's code."), ""),
    "act_date": (gettext_lazy("The day of the act itself. The person must have been 18."), "2026-03-12"),
    "document_number": (gettext_lazy("Of the decision in effect. Without a document there is no entry."), "示学〔2026〕1号"),
    "document_date": (gettext_lazy("The day of the decision."), "2026-04-01"),
    "document_body": (gettext_lazy("Who decided. Empty: your own body."), ""),
    "severity": (gettext_lazy("Only where the decision states it. Empty: as in the catalogue."), ""),
    "sanction_months": (gettext_lazy("How long the sanction runs, 1 to 60, where the decision states it."), "6"),
    "bar_from": (gettext_lazy("First day of a ban that the decision states."), ""),
    "bar_groups": (gettext_lazy("Occupations that the decision bars, parted by commas."), ""),
    "bar_until": (gettext_lazy("Last day of that ban."), ""),
    "facts": (gettext_lazy("What happened, in a sentence. Nothing about faith, illness, blood or relatives."), ""),
}  # fmt: skip


def title_of(field: SheetField) -> str:
    """The column's name in the reader's language; both are read."""
    if (get_language() or "").startswith("en"):
        return next((header.capitalize() for header in field.headers if header.isascii()), field.headers[0])
    return field.headers[0]


def reportable_items(organisation: Organisation, day: dt.date) -> list[Item]:
    groups = frozenset(Competence.objects.to_report(organisation, day))
    return [
        item
        for item in Item.objects.current().order_by("code")
        if may_report(item, kind=organisation.kind, groups=groups)
    ]


def entry_template(organisation: Organisation, *, day: dt.date) -> bytes:
    """XLSX. What the body writes below the header is read as it stands."""
    book = Workbook()
    sheet, guide = book.active, book.create_sheet(_("Explanations"))
    assert sheet is not None
    sheet.title = _("Facts to record")
    fields = EntrySheet.sheet_fields()
    for index, (name, field) in enumerate(fields.items(), start=1):
        letter = get_column_letter(index)
        head = sheet.cell(1, index, title_of(field))
        head.font, head.fill = Font(bold=True), HEAD
        sheet.column_dimensions[letter].width = 24 if name in {"identity_number", "item", "facts"} else 16
        sheet.column_dimensions[letter].number_format = DAY if isinstance(field.widget, DayWidget) else TEXT
    sheet.freeze_panes = "A2"
    items = reportable_items(organisation, day)
    _explain(guide, fields, items)
    at = {name: get_column_letter(index) for index, name in enumerate(fields, start=1)}
    if items:
        column = get_column_letter(LIST_COLUMN)
        _choose(sheet, at["item"], f"'{guide.title}'!${column}$2:${column}${len(items) + 1}")
    _choose(sheet, at["severity"], '"' + ",".join(str(label) for label in Severity.labels) + '"')
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _explain(guide: Any, fields: dict[str, SheetField], items: list[Item]) -> None:
    titles = [_("Column"), _("Required"), _("What to write"), _("Example")]
    for index, text in enumerate(titles, start=1):
        guide.cell(1, index, text).font = Font(bold=True)
    for row, (name, field) in enumerate(fields.items(), start=2):
        text, example = GUIDE[name]
        if name == "item" and items:
            example = items[0].name
        required = _("yes") if field.required else ""
        for index, value in enumerate([title_of(field), required, str(text), example], start=1):
            cell = guide.cell(row, index, value)
            cell.number_format, cell.alignment = TEXT, Alignment(wrap_text=True, vertical="top")
    guide.cell(1, LIST_COLUMN, _("Items that your body may report")).font = Font(bold=True)
    for row, item in enumerate(items, start=2):
        guide.cell(row, LIST_COLUMN, item.name)
    for index, width in ((1, 20), (2, 8), (3, 60), (4, 24), (LIST_COLUMN, 44)):
        guide.column_dimensions[get_column_letter(index)].width = width


def _choose(sheet: Any, letter: str, source: str) -> None:
    """A drop-down that helps and does not forbid: other spellings and codes are read too."""
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}5001")
