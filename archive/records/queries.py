"""Reading entries. What is shown on a day is one definition, used by SQL and by Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from archive.common.periods import During, Has
from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

IN_FORCE = Has("state", "in_force")
DISPLAYED = IN_FORCE & During("display") & During("retention")


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

    def told_twice(self, one_id: int, other_id: int) -> Self:
        """Entries of one person whose fact is on file about the other too: same item, day of the act and document."""
        standing = self.exclude(state__in=["declined", "withdrawn"]).exclude(
            end_reason__in=["voided", "revoked", "corrected", "revised"]
        )
        same = standing.filter(
            person_id=other_id,
            item_code=OuterRef("item_code"),
            act_date=OuterRef("act_date"),
            document_number=OuterRef("document_number"),
        )
        return standing.filter(Exists(same), person_id=one_id)

    def with_details(self) -> Self:
        return self.select_related("record", "person", "item", "organisation")


class CheckFactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def known_at(self, moment: dt.datetime) -> Self:
        return self.filter(known_from__lte=moment).filter(Q(known_until=None) | Q(known_until__gt=moment))

    def of(self, indexes: Iterable[bytes]) -> Self:
        return self.filter(identity_index__in=list(indexes))
