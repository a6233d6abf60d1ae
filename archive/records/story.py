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

CLOCK_LABELS: dict[str, Any] = {
    "display": gettext_lazy("Shown until"),
    "retention": gettext_lazy("Kept until"),
    "repair_from": gettext_lazy("Repair possible from"),
}


@dataclass(frozen=True)
class ChangeRow:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Chapter:
    """One entry of a record. `rows` is what it says otherwise than the one before, its dates too."""

    position: int
    entry: Entry
    rows: list[ChangeRow]


def focus_of(entries: list[Entry]) -> Entry:
    """Of a record's entries (in order): the one that is being decided, else the one that holds, else the last that did."""

    def rank(entry: Entry) -> int:
        if entry.is_undecided:
            return 0
        if entry.is_standing:
            return 1
        return 2 if entry.state == Entry.State.ENDED else 3

    return min(reversed(entries), key=rank)


def chapters(entries: list[Entry]) -> list[Chapter]:
    """A record's entries, newest first, each with what it changes."""
    by_id = {entry.pk: entry for entry in entries}
    return [
        Chapter(number, entry, all_rows(entry.changes, by_id.get(entry.supersedes_id or 0), entry))
        for number, entry in reversed(list(enumerate(entries, 1)))
    ]


def all_rows(changes: dict[str, list[Any]], before: Entry | None, after: Any) -> list[ChangeRow]:
    """The fields that a change changes and the dates that move with them. `after` has clocks: an entry, or what is planned."""
    found = rows_of({name: pair for name, pair in changes.items() if name != "display_until"})
    if before is None or not changes:
        return found
    for name, label in CLOCK_LABELS.items():
        was, will = _end_of(before, name), _end_of(after, name)
        if was != will:
            found.append(ChangeRow(str(label), was, will))
    return found


def _end_of(row: Any, name: str) -> str:
    value = getattr(row, name)
    if name == "repair_from":
        return str(formats.date_format(value)) if value else "—"
    if value is None:
        return "—"
    return (
        str(formats.date_format(value.upper - dt.timedelta(days=1))) if value.upper else _("without an end of its own")
    )


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
