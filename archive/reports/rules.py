"""Validity of reports and the wording of editions. Pure."""

from __future__ import annotations

import datetime as dt

SHORTEST, LONGEST = 1, 90  # days that a report or a link to it may be valid (DOMAIN 4.2: 90 days, "data as at")


def last_day(as_of: dt.date) -> dt.date:
    """No report counts longer: what it shows would be older than a reader expects."""
    return as_of + dt.timedelta(days=LONGEST)


def valid_until(*, as_of: dt.date, today: dt.date, days: int) -> dt.date | None:
    """The last day of `days` from today, or None where the number is out of range or reaches beyond the report's last day."""
    until = today + dt.timedelta(days=days)
    return until if SHORTEST <= days <= LONGEST and until <= last_day(as_of) else None
