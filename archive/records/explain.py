"""Why a date is what it is: each date of an entry counted once more, in the open. Pure; what it needs was looked up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.catalogue.models import Display
from archive.catalogue.periods import DISPLAY_SETTINGS, Setting, Terms, clocks, display_kind
from archive.common.workdays import Calendar, Deadline, deadline

DAY = dt.timedelta(days=1)

TITLES: dict[str, Any] = {
    "hearing": gettext_lazy("Last day of the hearing window"),
    "display": gettext_lazy("Last day on which it is shown"),
    "retention": gettext_lazy("Last day on which it is kept"),
    "bar": gettext_lazy("Last day of the bar"),
    "repair": gettext_lazy("First day on which a repair can be asked for"),
}


@dataclass(frozen=True)
class Counted:
    """A day of a period in working days."""

    day: dt.date
    counts: bool
    name: str = ""


@dataclass
class Explanation:
    """`stored` is the date that is in use, `computed` what the rule gives today; None where there is no such date."""

    title: Any
    stored: dt.date | None
    computed: dt.date | None
    start: dt.date | None = None
    start_means: str = ""
    rules: list[str] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    days: list[Counted] = field(default_factory=list)
    uncertain_years: list[int] = field(default_factory=list)
    told: str = ""  # why there is no date, or one that follows from an act

    @property
    def agrees(self) -> bool:
        return self.stored == self.computed


def explain(entry: Any, clock: str, *, settings: Mapping[str, Setting], days: Calendar, names: Mapping[dt.date, str],
            served_on: dt.date | None) -> Explanation:  # fmt: skip
    """The date of `clock` (a key of TITLES), computed anew from the same definitions that made it."""
    if clock == "hearing":
        return _hearing(entry, settings, days, names, served_on)
    spans = clocks(
        entry.item,
        severity=entry.severity,
        document_date=entry.document_date,
        sanction_months=entry.sanction_months,
        bar_from=entry.bar.lower if entry.bar else None,
        bar_until=entry.bar.upper if entry.bar else None,
        terms=Terms({key: setting.value for key, setting in settings.items()}),
    )
    start_means = _("date of the document %(number)s") % {"number": entry.document_number}
    if clock == "repair":
        found = Explanation(TITLES[clock], entry.repair_from, spans.repair_from)
        _repair(found, entry, settings)
    else:
        found = Explanation(TITLES[clock], _last(getattr(entry, clock)), _last(getattr(spans, clock)))
        {"display": _display, "retention": _retention, "bar": _bar}[clock](found, entry, settings)
    if found.rules:
        found.start, found.start_means = found.start or entry.document_date, found.start_means or start_means
    return found


def _last(span: Any) -> dt.date | None:
    return span.upper - DAY if span and span.upper else None


def _months(number: int) -> list[str]:
    return [
        _("The period is %(months)s months.") % {"months": number},
        _("The day from which it runs does not count (Civil Code 201)."),
        _(
            "It ends with the day of the same number in its last month; where that month has no such day, with the month's last"
            " day (Civil Code 202)."
        ),
    ]


def _display(found: Explanation, entry: Any, settings: Mapping[str, Setting]) -> None:
    kind = display_kind(entry.item, severity=entry.severity, sanction_months=entry.sanction_months)
    if kind in {Display.NONE, Display.YES_NO}:
        found.told = _("An entry of this item and class is not displayed.")
    elif kind in DISPLAY_SETTINGS:
        setting = settings[DISPLAY_SETTINGS[Display(kind)][0]]
        found.settings = [setting]
        found.rules = [_class_of(entry), *_months(int(setting.value))]
    elif kind == Display.SANCTION and entry.sanction_months:
        found.rules = [
            _("It is shown as long as the sanction lasts that the decision states."),
            *_months(entry.sanction_months),
        ]
    elif kind == Display.SANCTION:
        setting = settings["sanction_default_months"]
        found.settings = [setting]
        found.rules = [
            _("The decision states no period of the sanction, so the one of the jurisdiction holds."),
            *_months(int(setting.value)),
        ]
    elif kind == Display.FIXED:
        found.rules = [_("The catalogue sets the period of this item."), *_months(entry.item.display_months)]
    elif found.stored is not None:  # an act ended it
        found.computed = found.stored
        found.told = _("This display has no end of its own. A revision of the entry ended it: its cause has ceased.")
    else:
        found.told = _(
            "This display has no end of its own: it lasts until its cause ends, and at most as long as the entry is kept."
        )


def _class_of(entry: Any) -> str:
    return _("The item %(item)s is of class “%(severity)s” here.") % {
        "item": entry.item.name,
        "severity": entry.get_severity_display(),
    }


def _retention(found: Explanation, entry: Any, settings: Mapping[str, Setting]) -> None:
    found.settings = [settings["retention_years"]]
    found.rules = [_("Whatever is shown or not, nobody reads the entry after this day."),
                   *_months(12 * int(settings["retention_years"].value))]  # fmt: skip


def _bar(found: Explanation, entry: Any, settings: Mapping[str, Setting]) -> None:
    if entry.bar is None:
        found.told = _("The decision states no bar. What statutes attach to the item is answered in checks only.")
        return
    found.start, found.start_means = entry.bar.lower, _("first day of the bar")
    found.rules = [
        _("The bar is taken from the decision as it states it; nothing is added or counted.")
        if entry.bar.upper
        else _("The decision states no end of the bar.")
    ]


def _repair(found: Explanation, entry: Any, settings: Mapping[str, Setting]) -> None:
    kind = display_kind(entry.item, severity=entry.severity, sanction_months=entry.sanction_months)
    if kind not in DISPLAY_SETTINGS:
        found.told = _("An entry of this kind ends by itself or by an act; there is no repair to wait for.")
        return
    setting = settings[DISPLAY_SETTINGS[Display(kind)][1]]
    found.settings = [setting]
    found.rules = [
        _class_of(entry),
        _("Before a repair it is shown for the shortest period of its class; the day after is the first."),
        *_months(int(setting.value)),
    ]


def _hearing(
    entry: Any, settings: Mapping[str, Setting], days: Calendar, names: Mapping[dt.date, str], served_on: dt.date | None
) -> Explanation:
    if not entry.hearing_days:
        return Explanation(TITLES["hearing"], None, None, told=_("This entry has no hearing window of days."))
    if served_on is None or entry.approvable_from is None:
        told = _("The window of %(days)s working days begins when the notice has reached the person.")
        return Explanation(TITLES["hearing"], None, None, told=told % {"days": entry.hearing_days})
    found = working_days(
        TITLES["hearing"], served_on, entry.hearing_days, stored=entry.hearing_last_day, days=days, names=names
    )
    found.start_means = _("day on which the notice was served")
    found.settings = [settings["hearing_working_days"]]
    return found


def working_days(
    title: Any, start: dt.date, count: int, *, stored: dt.date | None, days: Calendar, names: Mapping[dt.date, str]
) -> Explanation:
    """A period in working days, day by day."""
    period: Deadline = deadline(start, count, days)
    table = [Counted(day, True, names.get(day, "")) for day in period.counted]
    table += [Counted(day, False, names.get(day, "")) for day in period.skipped]
    return Explanation(
        title,
        stored,
        period.last_day,
        start=start,
        rules=[
            _("The period is %(days)s working days.") % {"days": count},
            _("The day from which it runs does not count (Civil Code 201)."),
            _("Working days are Monday to Friday with the exceptions of the State Council's yearly notice."),
        ],
        days=sorted(table, key=lambda row: row.day),
        uncertain_years=sorted({row.day.year for row in table if not days.knows(row.day)}),
    )
