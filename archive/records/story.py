"""A record's story as people read it: what a change changed, in words of the reader's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.catalogue.models import Item, Severity
from archive.records.models import Entry
from profiles.common.vocabulary import Group

LABELS: dict[str, Any] = {
    "item": gettext_lazy("Item"),
    "act_date": gettext_lazy("Day of the act"),
    "document_number": gettext_lazy("Document number"),
    "document_date": gettext_lazy("Document date"),
    "document_body": gettext_lazy("Issued by"),
    "severity": gettext_lazy("Severity"),
    "sanction_months": gettext_lazy("Sanction period, months"),
    "bar_from": gettext_lazy("Bar from"),
    "bar_until": gettext_lazy("Bar until"),
    "bar_groups": gettext_lazy("Occupations that are barred"),
    "facts": gettext_lazy("Facts in brief"),
    "display_until": gettext_lazy("Shown until"),
}


@dataclass(frozen=True)
class ChangeRow:
    label: str
    before: str
    after: str


def change_rows(entry: Entry) -> list[ChangeRow]:
    """What the change says otherwise, field by field."""
    return rows_of(entry.changes)


def rows_of(changes: dict[str, list[Any]]) -> list[ChangeRow]:
    codes = [code for code in changes.get("item", ()) if code]
    names = {item.code: item.name for item in Item.objects.filter(code__in=codes).order_by("version")} if codes else {}
    return [
        ChangeRow(str(LABELS[name]), _words(name, changes[name][0], names), _words(name, changes[name][1], names))
        for name in LABELS
        if name in changes
    ]


def _words(name: str, value: Any, items: dict[str, str]) -> str:
    if value in (None, "", []):
        return "—"
    if name == "item":
        return f"{items.get(value, '')} {value}".strip()
    if name == "severity":
        return str(Severity(value).label)
    if name == "bar_groups":
        return _(", ").join(str(Group(code).label) for code in value)
    if name.endswith(("_date", "_from", "_until")):
        return str(formats.date_format(dt.date.fromisoformat(value)))
    return str(value)
