"""Empty workbooks for a body's facts, one a kind of record: its columns, formats that keep numbers whole, items it may report."""

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
from archive.intake.resources import DayWidget, GroupsWidget, SheetField
from archive.records.kinds import KINDS, RecordKind, kind_of
from archive.records.resources import EXAMPLE_NAME, EXAMPLE_NUMBER, EntrySheet
from archive.records.rules import may_report
from profiles.organisations.models import Competence, Organisation

TEXT, DAY = "@", "yyyy-mm-dd"
HEAD = PatternFill("solid", fgColor="E8EEF6")
ITEM_COLUMN, GROUP_COLUMN = 7, 8  # of the sheet of explanations
LAST_ROW = 5001  # as far as drop-downs reach; longer tables are read all the same

# Field → (what to write, an example). The example's row stands in the table and is passed over when it is read.
GUIDE: dict[str, tuple[Any, Any]] = {
    "name": (gettext_lazy("As on the identity card, with every dot and rare character."), EXAMPLE_NAME),
    "identity_number": (gettext_lazy("As text, 18 characters. The column is formatted so already."), EXAMPLE_NUMBER),
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
    "facts": (
        gettext_lazy("What happened, in a sentence. Nothing about faith, illness, blood or relatives."),
        gettext_lazy("Example row: it is passed over, you may leave it"),
    ),
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


def reportable_kinds(organisation: Organisation, day: dt.date) -> list[RecordKind]:
    """The kinds of record of which the body may report anything."""
    codes = {kind_of(item).code for item in reportable_items(organisation, day)}
    return [kind for code, kind in KINDS.items() if code in codes]


def group_names() -> list[str]:
    """Names of the groups that a decision can bar from, as they are read: codes where the reader has no Chinese."""
    if (get_language() or "").startswith("en"):
        return sorted(set(GroupsWidget.NAMES.values()))
    return list({code: name for name, code in reversed(GroupsWidget.NAMES.items())}.values())[::-1]


def entry_template(organisation: Organisation, kind: RecordKind, *, day: dt.date) -> bytes:
    """XLSX in the active language. What the body writes below the header is read as it stands."""
    book = Workbook()
    sheet, guide = book.active, book.create_sheet(_("Explanations"))
    assert sheet is not None
    sheet.title = str(kind.label)[:31].replace("/", " ")
    fields = {name: EntrySheet.sheet_fields()[name] for name in kind.fields}
    items = [item for item in reportable_items(organisation, day) if kind_of(item) is kind]
    examples = {name: str(example) for name, (_text, example) in GUIDE.items()}
    examples["item"] = items[0].name if items else ""
    for index, (name, field) in enumerate(fields.items(), start=1):
        is_day = isinstance(field.widget, DayWidget)
        head = sheet.cell(1, index, title_of(field) + ("*" if field.required else ""))
        head.font, head.fill = Font(bold=True), HEAD
        column = sheet.column_dimensions[get_column_letter(index)]
        column.width = 24 if name in {"identity_number", "item", "document_number", "facts"} else 16
        column.number_format = DAY if is_day else TEXT
        example = examples[name]
        cell = sheet.cell(2, index, dt.date.fromisoformat(example) if is_day and example else example or None)
        cell.number_format, cell.font = DAY if is_day else TEXT, Font(italic=True, color="6B7480")
        sheet.cell(3, index).number_format = DAY if is_day else TEXT
    sheet.freeze_panes = "A2"
    _explain(guide, fields, items, examples)
    at = {name: get_column_letter(index) for index, name in enumerate(fields, start=1)}
    if items:
        _choose(sheet, at["item"], _range(guide, ITEM_COLUMN, len(items)))
    if "severity" in at:
        _choose(sheet, at["severity"], '"' + ",".join(str(label) for label in Severity.labels) + '"')
    if "bar_groups" in at:
        _choose(sheet, at["bar_groups"], _range(guide, GROUP_COLUMN, len(group_names())))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _range(guide: Any, column: int, count: int) -> str:
    letter = get_column_letter(column)
    return f"'{guide.title}'!${letter}$2:${letter}${count + 1}"


def _explain(guide: Any, fields: dict[str, SheetField], items: list[Item], examples: dict[str, str]) -> None:
    titles = [_("Column"), _("Required"), _("What to write"), _("Example")]
    for index, text in enumerate(titles, start=1):
        guide.cell(1, index, text).font = Font(bold=True)
    for row, (name, field) in enumerate(fields.items(), start=2):
        required = _("yes") if field.required else ""
        for index, value in enumerate([title_of(field), required, str(GUIDE[name][0]), examples[name]], start=1):
            cell = guide.cell(row, index, value)
            cell.number_format, cell.alignment = TEXT, Alignment(wrap_text=True, vertical="top")
    _list(guide, ITEM_COLUMN, _("Items that your body may report"), [item.name for item in items])
    if "bar_groups" in fields:
        _list(guide, GROUP_COLUMN, title_of(fields["bar_groups"]), group_names())
    for index, width in ((1, 20), (2, 8), (3, 60), (4, 24), (ITEM_COLUMN, 44), (GROUP_COLUMN, 20)):
        guide.column_dimensions[get_column_letter(index)].width = width


def _list(guide: Any, column: int, title: str, values: list[str]) -> None:
    guide.cell(1, column, title).font = Font(bold=True)
    for row, value in enumerate(values, start=2):
        guide.cell(row, column, value)


def _choose(sheet: Any, letter: str, source: str) -> None:
    """A drop-down that helps and does not forbid: other spellings and codes are read too."""
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
