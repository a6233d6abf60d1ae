"""Accepted rows into the tables, set-wise: archives of new persons, memberships, records, entries, trail, feed. No decisions here.

Called by `records.actions` only, in their transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from archive.catalogue.models import Polarity
from archive.catalogue.periods import Terms, clocks
from archive.common import feed
from archive.common.models import Change
from archive.records.intake import PlannedRow
from archive.records.models import Entry, Record
from profiles.accounts.models import Account
from profiles.audit.actions import record_each
from profiles.audit.verbs import Verb
from profiles.common import codes
from profiles.common.copying import copy_rows, reserve, span_text
from profiles.organisations.models import Organisation
from profiles.people.actions import NewPerson, add_memberships, open_many

ENTRY_COLUMNS = (
    "id", "record_id", "person_id", "batch_row", "item_id", "item_code", "severity", "polarity", "act_date",
    "document_number", "document_date", "document_body", "facts", "sanction_months", "bar_groups", "hearing_days",
    "display", "retention", "bar", "repair_from",
)  # fmt: skip
SPANS_KEPT = 20_000


class Writer:
    """Writes the rows of one file, or of a form where `batch_id` is None."""

    def __init__(self, *, organisation: Organisation, terms: Terms, batch_id: int | None, by: Account) -> None:
        self.organisation, self.terms, self.batch_id, self.by = organisation, terms, batch_id, by
        self.hearing_days = terms.number("hearing_working_days")
        self.adverse = 0  # entries whose persons are to be notified
        self._spans: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def write(self, planned: list[PlannedRow]) -> list[int]:
        """Write a chunk that was judged and note its keys in the rows. Returns the persons whose archives were opened."""
        good = [row for row in planned if row.decision.ok]
        if not good:
            return []
        opened = self._open_archives([row for row in good if not row.person_id])
        enrolled = [
            (row.person_id, row.decision.group, row.values.get("unit") or "") for row in good if row.decision.group
        ]
        if enrolled:
            add_memberships(rows=enrolled, organisation=self.organisation, by=self.by)
        now = timezone.now()
        records, entries = reserve(Record, len(good)), reserve(Entry, len(good))
        for row, key in zip(good, entries, strict=True):
            row.entry_id = key
        copy_rows(
            Record,
            ("id", "number", "person_id"),
            ((key, codes.record_number(), row.person_id) for key, row in zip(records, good, strict=True)),
            organisation_id=self.organisation.pk,
            created_at=now,
        )
        copy_rows(
            Entry,
            ENTRY_COLUMNS,
            (self._entry(row, record_key) for record_key, row in zip(records, good, strict=True)),
            organisation_id=self.organisation.pk,
            batch_id=self.batch_id,
            drafted_by_id=self.by.pk,
            drafted_at=now,
        )
        told = [(row.person_id, row.entry_id, {"item": row.decision.item.code}) for row in good]
        record_each(by=self.by, verb=Verb.ENTRY_DRAFTED, model=Entry, rows=told)
        feed.announce_many(Change.Kind.ENTRY_ADMITTED, [(person_id, key) for person_id, key, _details in told])
        self.adverse += sum(row.decision.item.polarity == Polarity.ADVERSE for row in good)
        return opened

    def _open_archives(self, rows: list[PlannedRow]) -> list[int]:
        new: dict[str, NewPerson] = {}
        for row in rows:
            reading = row.values["identity_number"]
            if reading.number not in new:
                assert row.decision.birth_date is not None
                new[reading.number] = NewPerson(
                    name=row.values["name"],
                    number=reading.number,
                    kind=reading.kind,
                    birth_date=row.decision.birth_date,
                )
        opened = open_many(people=list(new.values()), organisation=self.organisation, by=self.by)
        for row in rows:
            row.person_id = opened[row.values["identity_number"].number]
        return list(opened.values())

    def _entry(self, row: PlannedRow, record_key: int) -> tuple[Any, ...]:
        values, item = row.values, row.decision.item
        return (
            row.entry_id,
            record_key,
            row.person_id,
            None if self.batch_id is None else row.number,
            item.pk,
            item.code,
            row.decision.severity,
            item.polarity,
            values["act_date"],
            values["document_number"],
            values["document_date"],
            values.get("document_body") or self.organisation.name,
            values.get("facts") or "",
            values.get("sanction_months"),
            values.get("bar_groups") or (),
            0 if item.polarity == Polarity.POSITIVE else self.hearing_days,
            *self._clocks(row),
        )

    def _clocks(self, row: PlannedRow) -> tuple[Any, ...]:
        """Display, retention, bar as PostgreSQL writes ranges, and the earliest repair. Rows of a file share few of them."""
        values, item = row.values, row.decision.item
        document_date, bar_until = values["document_date"], values.get("bar_until")
        bar_from = values.get("bar_from") or (document_date if bar_until else None)
        asked = (item.pk, row.decision.severity, document_date, values.get("sanction_months"), bar_from, bar_until)
        found = self._spans.get(asked)
        if found is None:
            spans = clocks(
                item,
                severity=row.decision.severity,
                document_date=document_date,
                sanction_months=values.get("sanction_months"),
                bar_from=bar_from,
                bar_until=_day_after(bar_until),
                terms=self.terms,
            )
            if len(self._spans) >= SPANS_KEPT:
                self._spans.clear()
            ranges = (spans.display, spans.retention, spans.bar)
            found = (*(None if span is None else span_text(span) for span in ranges), spans.repair_from)
            self._spans[asked] = found
        return found


def _day_after(day: dt.date | None) -> dt.date | None:
    """None also for 9999-12-31, by which bodies mean "for good"."""
    return None if day is None or day == dt.date.max else day + dt.timedelta(days=1)
