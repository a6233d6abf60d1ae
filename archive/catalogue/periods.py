"""Periods and deadlines of a jurisdiction, and what an item makes of them. Pure functions over values already read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.types.range import DateRange

from archive.catalogue.models import Display, Item, Jurisdiction, Mark, Severity
from archive.common.periods import after_months, range_of_months
from profiles.common.bilingual import Bilingual


@dataclass(frozen=True)
class Terms:
    """A jurisdiction's values with the national ones behind them."""

    values: Mapping[str, Any]

    def number(self, key: str) -> int:
        return int(self.values[key])

    def text(self, key: str) -> str:
        return str(self.values[key])

    @property
    def excluded(self) -> frozenset[str]:
        return frozenset(self.values.get("excluded_kinds", []))


@dataclass(frozen=True)
class Setting:
    """One value of a jurisdiction, as it is quoted: where it comes from and how sure that is (`Mark`)."""

    value: Any
    mark: str
    source_zh: str
    source_en: str
    place: Jurisdiction

    source = Bilingual("source")

    @property
    def mark_label(self) -> str:
        return str(Mark(self.mark).label)


@dataclass(frozen=True)
class Clocks:
    """The three clocks of an entry, and the earliest day of repair. Ranges are half open; None means the clock has no run."""

    display: DateRange | None
    retention: DateRange
    bar: DateRange | None
    repair_from: dt.date | None


def terms_of(code: str) -> Terms:
    """Values in force for a jurisdiction; an unknown code works under the national ones."""
    values: dict[str, Any] = {}
    rows = {row.code: row for row in Jurisdiction.objects.filter(code__in=["national", code])}
    for name in ("national", code):
        if name in rows:
            values.update({key: setting["value"] for key, setting in rows[name].settings.items()})
    return Terms(values)


def settings_of(code: str) -> dict[str, Setting]:
    """As `terms_of`, with the source of each value."""
    rows = {row.code: row for row in Jurisdiction.objects.filter(code__in=["national", code])}
    found: dict[str, Setting] = {}
    for row in (rows[name] for name in ("national", code) if name in rows):
        for key, setting in row.settings.items():
            found[key] = Setting(
                setting["value"],
                setting.get("mark", Mark.DESIGN),
                setting.get("source_zh", ""),
                setting.get("source_en", ""),
                row,
            )
    return found


def clocks(
    item: Item,
    *,
    severity: str,
    document_date: dt.date,
    sanction_months: int | None,
    bar_from: dt.date | None,
    bar_until: dt.date | None,
    terms: Terms,
) -> Clocks:
    """Compute an entry's clocks from the date of its document (Order 36: from the date of the document).

    `sanction_months` is the period that a sanction states; `bar_from` and `bar_until` (exclusive) what the decision states.
    """
    months, least = _display_months(item, severity=severity, sanction_months=sanction_months, terms=terms)
    display = None if months == 0 else range_of_months(document_date, months)
    bar = DateRange(bar_from or document_date, bar_until) if (bar_from or bar_until) else None
    return Clocks(
        display=display,
        retention=DateRange(document_date, after_months(document_date, 12 * terms.number("retention_years"))),
        bar=bar,
        repair_from=None if display is None or least is None else after_months(document_date, least),
    )


# Display → the settings of its longest run and of the shortest before repair.
DISPLAY_SETTINGS = {
    Display.GENERAL: ("display_max_months_general", "display_min_months_general"),
    Display.SERIOUS: ("display_max_months_serious", "display_min_months_serious"),
}


def display_kind(item: Item, *, severity: str, sanction_months: int | None) -> str:
    """Which display period holds for an entry of the item."""
    kind = item.display
    if kind == Display.SANCTION and sanction_months is None and item.display_else:
        kind = item.display_else
    if kind == Display.BY_SEVERITY:
        kind = {
            Severity.MINOR: Display.NONE,
            Severity.GENERAL: Display.GENERAL,
            Severity.SERIOUS: Display.SERIOUS,
        }[Severity(severity)]
    return kind


def _display_months(
    item: Item, *, severity: str, sanction_months: int | None, terms: Terms
) -> tuple[int | None, int | None]:
    """(longest display, shortest before repair) in months; longest 0 = not displayed, None = no end of its own."""
    kind = display_kind(item, severity=severity, sanction_months=sanction_months)
    if kind in {Display.NONE, Display.YES_NO}:
        return 0, None
    if kind in DISPLAY_SETTINGS:
        longest, shortest = DISPLAY_SETTINGS[Display(kind)]
        return terms.number(longest), terms.number(shortest)
    if kind == Display.SANCTION:
        # A sanction ends by itself and is not repaired (DOMAIN 3.1 "Defaults by kind").
        return sanction_months or terms.number("sanction_default_months"), None
    if kind == Display.FIXED:
        return item.display_months, None
    return None, None  # while listed, long term, with consent: ended by an act, capped by retention


def days_left(span: DateRange | None, day: dt.date) -> int | None:
    """Whole days until a range ends; None without an end, 0 once over."""
    if span is None or span.upper is None:
        return None
    return max((span.upper - day).days, 0)
