"""Reading entries. What is shown on a day is one definition, used by SQL and by Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from archive.common.periods import During, Has
from profiles.common.permissions import Actor, Permission
from profiles.common.querysets import VisibleQuerySet

DRAFTS_LAST = dt.timedelta(days=30)
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

    def with_details(self) -> Self:
        return self.select_related("record", "person", "item", "organisation")


class CheckFactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def known_at(self, moment: dt.datetime) -> Self:
        return self.filter(known_from__lte=moment).filter(Q(known_until=None) | Q(known_until__gt=moment))

    def of(self, indexes: Iterable[bytes]) -> Self:
        return self.filter(identity_index__in=list(indexes))


class DraftQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def of(self, account: Actor) -> Self:
        return self.filter(made_by=account)

    def forgotten(self, now: dt.datetime) -> Self:
        """Not touched for thirty days."""
        return self.filter(changed_at__lt=now - DRAFTS_LAST)
