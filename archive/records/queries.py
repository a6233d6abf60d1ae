"""Reading entries. What is shown on a day is one definition, used by SQL and by Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.db import connections, models
from django.db.models import Min, Q

from archive.common.periods import During, Has
from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

IN_FORCE = Has("state", "in_force")
DISPLAYED = IN_FORCE & During("display") & During("retention")

SAME_FACTS = """
    SELECT entry.person_id, entry.item_code, entry.act_date, entry.document_number, entry.batch_id, entry.batch_row, record.number
    FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS asked (person_id, act_date, document_number)
    JOIN archive_entry entry USING (person_id, act_date, document_number)
    JOIN archive_record record ON record.id = entry.record_id
    WHERE entry.state NOT IN ('declined', 'withdrawn') AND entry.end_reason <> ALL (%s)
"""


class EntryQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_ENTRY

    def displayed_on(self, day: dt.date) -> Self:
        return self.filter(DISPLAYED.q(day))

    def unserved(self) -> Self:
        """The notice has not reached the person yet; changes that only ease need none."""
        return self.filter(state__in=["drafted", "notified"], polarity="adverse", eases=False)

    def in_hearing(self, day: dt.date) -> Self:
        """The window still runs."""
        return self.filter(state="in_hearing", approvable_from__gt=day)

    def to_approve(self, day: dt.date) -> Self:
        """Ready for the second person: window over, or a positive entry, or a change that only eases."""
        return self.filter(
            Q(state="in_hearing", approvable_from__lte=day)
            | Q(state="drafted") & (Q(polarity="positive") | Q(eases=True))
        )

    def same_facts(self, asked: Iterable[tuple[int, dt.date | None, str | None]]) -> list[tuple[Any, ...]]:
        """Entries about the same person, day and document that stand, whatever their item, for many at once.

        (person id, item code, day of the act, document number, batch id, row of the file, record number)
        """
        rows = [row for row in asked if None not in row]
        if not rows:
            return []
        with connections[self.db].cursor() as cursor:
            cursor.execute(SAME_FACTS, [*map(list, zip(*rows, strict=True)), list(self.model.GONE)])
            return list(cursor.fetchall())

    def first_rows(self, batch_id: int | None, person_ids: list[int]) -> dict[int, int]:
        """Person → the first row of the file that said something about the person."""
        told = self.filter(batch_id=batch_id, person_id__in=person_ids).order_by().values("person_id")
        return dict(told.annotate(first=Min("batch_row")).values_list("person_id", "first"))

    def with_details(self) -> Self:
        return self.select_related("record", "person", "item", "organisation")


class CheckFactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def known_at(self, moment: dt.datetime) -> Self:
        return self.filter(known_from__lte=moment).filter(Q(known_until=None) | Q(known_until__gt=moment))

    def of(self, indexes: Iterable[bytes]) -> Self:
        return self.filter(identity_index__in=list(indexes))
