"""The working-day table: reading it, and loading it from a data file."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from django.db import transaction

from archive.common.models import CalendarDay, CalendarYear
from archive.common.workdays import Calendar
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import Actor, Permission, require

SHIPPED = Path(__file__).parent / "data" / "workdays.toml"


def current() -> Calendar:
    """Today's table. A few hundred rows; read once for an act or a batch."""
    years = list(CalendarYear.objects.order_by("year").values_list("year", flat=True))
    if not years:
        return Calendar(first_year=1, last_year=0)
    return Calendar(
        first_year=years[0],
        last_year=years[-1],
        exceptions=dict(CalendarDay.objects.values_list("date", "working")),
    )


def missing_year(today: dt.date) -> int | None:
    """From November on, the next year if its notice was not entered; before, this year if it is missing."""
    needed = today.year + 1 if today.month >= 11 else today.year
    return None if CalendarYear.objects.filter(year=needed).exists() else needed


@transaction.atomic
def load(*, path: Path = SHIPPED, by: Actor) -> tuple[int, int]:
    """Put a data file into the table, replacing the years that it covers. Returns (years, days). Idempotent."""
    require(by, Permission.RUN_SYSTEM)
    with path.open("rb") as file:
        data = tomllib.load(file)
    years = range(data["first_year"], data["last_year"] + 1)
    CalendarDay.objects.filter(date__year__in=years).delete()
    days = CalendarDay.objects.bulk_create(
        [
            CalendarDay(date=day["date"], working=day["working"], name_zh=day["name_zh"], name_en=day["name_en"])
            for day in data["day"]
        ]
    )
    CalendarYear.objects.bulk_create(
        [CalendarYear(year=year, source=data["version"]) for year in years],
        update_conflicts=True,
        unique_fields=["year"],
        update_fields=["source"],
    )
    record(by=by, verb=Verb.CALENDAR_LOADED, version=data["version"], days=len(days))
    return len(years), len(days)
