"""Working days: Monday to Friday, with the exceptions of the State Council's yearly notices. Pure; the table is read elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Calendar:
    """`exceptions`: day → is it worked? Outside `first_year`…`last_year` only Monday to Friday is known, and said so."""

    first_year: int
    last_year: int
    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    def is_working(self, day: dt.date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def knows(self, day: dt.date) -> bool:
        return self.first_year <= day.year <= self.last_year


@dataclass(frozen=True)
class Deadline:
    """`last_day` is the last day of the period. `counted` are the working days, `skipped` the free days between them."""

    start: dt.date
    last_day: dt.date
    counted: tuple[dt.date, ...]
    skipped: tuple[dt.date, ...]
    uncertain: bool

    @property
    def first_day_after(self) -> dt.date:
        return self.last_day + dt.timedelta(days=1)


def deadline(start: dt.date, working_days: int, calendar: Calendar) -> Deadline:
    """The period of `working_days` after `start`; the day of `start` does not count (Civil Code 201).

    A period of no days has ended before `start`.
    """
    if working_days < 0:
        raise ValueError("A period has zero or more days.")
    if working_days == 0:
        return Deadline(start, start - dt.timedelta(days=1), (), (), False)
    counted: list[dt.date] = []
    skipped: list[dt.date] = []
    day = start
    while len(counted) < working_days:
        day += dt.timedelta(days=1)
        (counted if calendar.is_working(day) else skipped).append(day)
    uncertain = not all(calendar.knows(item) for item in (*counted, *skipped))
    return Deadline(start, day, tuple(counted), tuple(skipped), uncertain)
