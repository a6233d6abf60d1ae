"""Who reported how much, how late, and who is silent: set-wise, whatever the number of entries."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.periods import Terms, terms_of
from archive.common import calendar
from archive.common.dayline import DAYLINE
from archive.common.workdays import Calendar
from archive.oversight import rules
from archive.oversight.models import Attestation, Reminder
from archive.oversight.queries import reporting_in
from archive.records.models import Entry
from profiles.organisations.models import Competence, Organisation

STANDINGS: dict[str, Any] = {
    "reported": _("reported in time"),
    "late": _("some of it late"),
    "zero": _("nothing to report"),
    "silent": _("silent"),
}

# A fact was reported on the working day on which its entry was drafted; a free day counts as the next working day.
# `lag` is how many working days after the document that was, the document's own day not counted (as `workdays.deadline` does).
# Declined and withdrawn drafts were not reported; corrections and the like are no new facts.
_FACTS = f"""
    WITH line AS ({DAYLINE}),
    terms AS (
        SELECT body.id, COALESCE(
            own.settings #>> '{{report_within_working_days,value}}',
            nation.settings #>> '{{report_within_working_days,value}}'
        )::int AS within
        FROM profiles_organisation AS body
        LEFT JOIN archive_jurisdiction AS own ON own.code = body.jurisdiction
        LEFT JOIN archive_jurisdiction AS nation ON nation.code = 'national'
    ),
    facts AS (
        SELECT entry.organisation_id, extract(year FROM entry.document_date)::int AS year, entry.item_code,
               entry.drafted_at, terms.within,
               CASE WHEN reported.day <= entry.document_date THEN 0 ELSE reported.before - documented.upto + 1 END AS lag
        FROM archive_entry AS entry
        JOIN line AS documented ON documented.day = entry.document_date
        JOIN line AS reported ON reported.day = (entry.drafted_at AT TIME ZONE %(zone)s)::date
        JOIN terms ON terms.id = entry.organisation_id
        WHERE entry.kind = 'initial' AND entry.state NOT IN ('declined', 'withdrawn')
          AND entry.document_date >= %(first)s AND entry.document_date < %(end)s
          AND (%(body)s::bigint IS NULL OR entry.organisation_id = %(body)s)
    )
"""  # noqa: S608  our own text

_BY_BODY = f"""{_FACTS}
    SELECT facts.organisation_id, facts.year, count(*), count(*) FILTER (WHERE lag > within),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY lag), count(*) FILTER (WHERE facts.drafted_at > stated.signed_at)
    FROM facts
    LEFT JOIN archive_attestation AS stated
        ON stated.organisation_id = facts.organisation_id AND stated.year = facts.year
        AND NOT EXISTS (SELECT FROM archive_attestation AS later WHERE later.replaces_id = stated.id)
    GROUP BY 1, 2
"""  # noqa: S608

_BY_ITEM = f"""{_FACTS}
    SELECT item_code, count(*), count(*) FILTER (WHERE lag > within) FROM facts GROUP BY 1 ORDER BY 1
"""  # noqa: S608


@dataclass(frozen=True)
class Figures:
    """`late` came after the deadline, `median` is the middle lag in working days, `after` came after the statement was signed."""

    reported: int = 0
    late: int = 0
    median: int | None = None
    after: int = 0


@dataclass
class Standing:
    """How a body stands for a year."""

    organisation: Organisation
    year: int
    groups: list[str]
    figures: Figures
    statement: Attestation | None
    due: dt.date
    overdue: bool
    never_reported: bool = False
    reminded_at: dt.datetime | None = None

    @property
    def label(self) -> Any:
        return STANDINGS[self.code]

    @property
    def code(self) -> str:
        return rules.standing(reported=self.figures.reported, late=self.figures.late, stated=self.statement is not None)


@dataclass
class Deadlines:
    """Due days by jurisdiction, each read once. Two queries for the calendar, one a jurisdiction."""

    calendar: Calendar = field(default_factory=calendar.current)
    terms: dict[str, Terms] = field(default_factory=dict)

    def due(self, jurisdiction: str, year: int) -> dt.date:
        if jurisdiction not in self.terms:
            self.terms[jurisdiction] = terms_of(jurisdiction)
        return rules.due_day(year, self.terms[jurisdiction].text("yearly_statement_due"), self.calendar)


def by_body(years: range, *, organisation: Organisation | None = None) -> dict[tuple[int, int], Figures]:
    """(body's id, year of the document) → figures. One query."""
    return {
        (body, year): Figures(reported, late, median, after)
        for body, year, reported, late, median, after in _ask(_BY_BODY, years, organisation)
    }


def by_item(year: int, *, organisation: Organisation) -> list[tuple[str, int, int]]:
    """(item code, entries, of them late) of a body for a year. One query."""
    return [tuple(row) for row in _ask(_BY_ITEM, range(year, year + 1), organisation)]


def _ask(statement: str, years: range, organisation: Organisation | None) -> list[Any]:
    first, end = dt.date(years.start, 1, 1), dt.date(years.stop, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "first": first,
                "end": end,
                "line_first": first,
                "line_last": max(end, timezone.localdate()),
                "zone": settings.TIME_ZONE,
                "body": organisation.pk if organisation else None,
            },
        )
        rows: list[Any] = cursor.fetchall()
    return rows


def standings(years: range, bodies: Any, *, day: dt.date) -> list[Standing]:
    """Each of `bodies` (a queryset) for each year in which it was competent to report. The number of queries is fixed."""
    bodies = list(bodies.annotate(has_entries=Exists(Entry.objects.filter(organisation=OuterRef("pk")))))
    figures = by_body(years)
    stated = {
        (row.organisation_id, row.year): row
        for row in Attestation.objects.standing().filter(year__in=years).select_related("signed_by")
    }
    reminded = {
        (body, year): at
        for body, year, at in Reminder.objects.filter(year__in=years)
        .order_by()
        .values_list("organisation_id", "year")
        .annotate(at=Max("sent_at"))
    }
    competences = _competences()
    deadlines = Deadlines()
    found = []
    for year in years:
        for body in bodies:
            groups = groups_in(competences[body.pk], year)
            if not groups or (body.ended_on and body.ended_on <= dt.date(year, 1, 1)):
                continue
            key, due = (body.pk, year), deadlines.due(body.jurisdiction, year)
            found.append(
                Standing(
                    organisation=body,
                    year=year,
                    groups=groups,
                    figures=figures.get(key, Figures()),
                    statement=stated.get(key),
                    due=due,
                    overdue=key not in stated and day > due,
                    never_reported=not body.has_entries,
                    reminded_at=reminded.get(key),
                )
            )
    return found


def _competences() -> dict[int, list[Competence]]:
    found: dict[int, list[Competence]] = defaultdict(list)
    for competence in Competence.objects.filter(role=Competence.Role.REPORT):
        found[competence.organisation_id].append(competence)
    return found


def groups_in(competences: Iterable[Competence], year: int) -> list[str]:
    """Groups about which facts may be reported on at least one day of the year."""
    first, end = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    return sorted(
        {
            row.group
            for row in competences
            if row.valid_from < end and (row.valid_until is None or row.valid_until > first)
        }
    )


def silent_bodies(year: int) -> Any:
    """Bodies with the competence, without an entry about the year and without a statement. A queryset, without duplicates."""
    entries = Entry.objects.filter(organisation=OuterRef("pk"), kind=Entry.Kind.INITIAL, document_date__year=year)
    return (
        Organisation.objects.filter(pk__in=Organisation.objects.filter(reporting_in(year)).values("pk"))
        .exclude(Exists(entries.exclude(state__in=["declined", "withdrawn"])))
        .exclude(Exists(Attestation.objects.filter(organisation=OuterRef("pk"), year=year)))
    )


def tally(found: Iterable[Standing]) -> dict[int, Counter[str]]:
    """Year → how many bodies stand how."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in found:
        counts[row.year][row.code] += 1
    return counts
