"""Reading entries. What is shown on a day is one definition, used by SQL and by Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

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

    def with_refusal(self, *, approver_id: int, day: dt.date) -> Self:
        """Adds `refusal`: why the approver cannot approve the entry on `day`; `rules.may_approve` said in SQL, "" where it can."""
        unread = self.model._meta.get_field("answers").related_model._default_manager.filter(
            entry=OuterRef("pk"), read_at=None
        )
        to_be_heard = Q(polarity="adverse", eases=False)
        return self.annotate(
            refusal=Case(
                When(~Q(state__in=["drafted", "notified", "in_hearing"]), then=Value("decided")),
                When(drafted_by=approver_id, then=Value("own_draft")),
                When(to_be_heard & Q(approvable_from=None), then=Value("not_served")),
                When(to_be_heard & Q(approvable_from__gt=day), then=Value("window")),
                When(Exists(unread), then=Value("unread")),
                default=Value(""),
            )
        )

    def to_decide(self, *, approver_id: int, day: dt.date) -> Self:
        """What waits for this approver, longest waiting first."""
        return self.to_approve(day).exclude(drafted_by=approver_id).order_by("approvable_from", "pk")

    def next_after(self, entry: Any) -> Any:
        """Of what `to_decide` lists: the one behind `entry`, or the first where `entry` was the last; None when nothing waits.

        Entries without a window (positive ones) come last, as PostgreSQL sorts NULL.
        """
        rest, day = self.exclude(pk=entry.pk).with_details(), entry.approvable_from
        same = Q(approvable_from=day, pk__gt=entry.pk)
        later = same if day is None else same | Q(approvable_from__gt=day) | Q(approvable_from=None)
        return rest.filter(later).first() or rest.first()

    def chosen(self, numbers: Iterable[str]) -> Self:
        """The entries that were chosen by their records' numbers: of each record the undecided one, else the newest."""
        first = Case(When(state__in=["drafted", "notified", "in_hearing"], then=0), default=1)
        picked = (
            self.filter(record__number__in=list(numbers))
            .annotate(first=first)
            .order_by("record_id", "first", "-pk")
            .distinct("record_id")
        )
        return self.model._default_manager.filter(pk__in=picked.values("pk"))

    def with_details(self) -> Self:
        return self.select_related("record", "person", "item", "organisation")


class CheckFactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def known_at(self, moment: dt.datetime) -> Self:
        return self.filter(known_from__lte=moment).filter(Q(known_until=None) | Q(known_until__gt=moment))

    def of(self, indexes: Iterable[bytes]) -> Self:
        return self.filter(identity_index__in=list(indexes))
