"""Time is a function: what holds on a day follows from dates and ranges, in SQL and in Python from one definition.

Ranges are half open, `[first day, day after the last)`. Legal periods follow the Civil Code 201–202: the first day does not
count, and a period of months ends with the corresponding day of the last month (or the month's last day, where it has none).
"""

from __future__ import annotations

import datetime as dt
import functools
from abc import ABC, abstractmethod
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from psycopg.types.range import DateRange


@functools.lru_cache(maxsize=8192)
def after_months(start: dt.date, months: int) -> dt.date:
    """The first day after a period of `months` that starts on `start`: 2026-01-31 plus 1 month → 2026-03-01."""
    return start + relativedelta(months=months) + dt.timedelta(days=1)


def range_of_months(start: dt.date, months: int | None) -> DateRange:
    """`[start, end)`; open-ended where `months` is None."""
    return DateRange(start, None if months is None else after_months(start, months))


class Condition(ABC):
    """A statement about a row on a day. `q` says it to PostgreSQL, `holds` to Python; the two agree (property-tested)."""

    @abstractmethod
    def q(self, day: dt.date) -> Q: ...

    @abstractmethod
    def holds(self, row: Any, day: dt.date) -> bool: ...

    def __and__(self, other: Condition) -> Condition:
        return Both(self, other)

    def __or__(self, other: Condition) -> Condition:
        return Either(self, other)

    def __invert__(self) -> Condition:
        return Not(self)


class During(Condition):
    """The day lies in the range column; an empty column is no range."""

    def __init__(self, column: str) -> None:
        self.column = column

    def q(self, day: dt.date) -> Q:
        return Q(**{f"{self.column}__isnull": False, f"{self.column}__contains": day})

    def holds(self, row: Any, day: dt.date) -> bool:
        span = getattr(row, self.column)
        return span is not None and day in span


class Has(Condition):
    """A column has one of the given values."""

    def __init__(self, column: str, *values: Any) -> None:
        self.column, self.values = column, values

    def q(self, day: dt.date) -> Q:
        return Q(**{f"{self.column}__in": self.values})

    def holds(self, row: Any, day: dt.date) -> bool:
        return getattr(row, self.column) in self.values


class Both(Condition):
    def __init__(self, one: Condition, other: Condition) -> None:
        self.one, self.other = one, other

    def q(self, day: dt.date) -> Q:
        return self.one.q(day) & self.other.q(day)

    def holds(self, row: Any, day: dt.date) -> bool:
        return self.one.holds(row, day) and self.other.holds(row, day)


class Either(Both):
    def q(self, day: dt.date) -> Q:
        return self.one.q(day) | self.other.q(day)

    def holds(self, row: Any, day: dt.date) -> bool:
        return self.one.holds(row, day) or self.other.holds(row, day)


class Not(Condition):
    def __init__(self, inner: Condition) -> None:
        self.inner = inner

    def q(self, day: dt.date) -> Q:
        return ~self.inner.q(day)

    def holds(self, row: Any, day: dt.date) -> bool:
        return not self.inner.holds(row, day)
