"""Reading recalls, and finding what leaned on an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Self

from django.db.models import Count, Min, Q

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet


class RecallQuerySet(VisibleQuerySet):
    """The body whose answer it is. How many are open and late is no secret from the credit office and the auditor."""

    view_permission = Permission.VIEW_CHECK
    person_path = None

    def open(self) -> Self:
        return self.filter(done_at=None)

    def overdue(self, day: dt.date) -> Self:
        return self.open().filter(deadline__lt=day)

    def by_body(self, day: dt.date) -> Any:
        """Rows of (organisation id, name, open, overdue, next deadline, done, stands, withdrawn); most overdue first."""
        waiting = Q(done_at=None)
        return (
            self.order_by()
            .values("organisation_id", "organisation__name")
            .annotate(
                open=Count("pk", filter=waiting),
                overdue=Count("pk", filter=waiting & Q(deadline__lt=day)),
                next_deadline=Min("deadline", filter=waiting),
                done=Count("pk", filter=~waiting),
                stands=Count("pk", filter=Q(outcome="stands")),
                withdrawn=Count("pk", filter=Q(outcome="withdrawn")),
            )
            .order_by("-overdue", "-open", "organisation__name")
        )


def leaning_on(entry_ids: Collection[int]) -> list[tuple[int, int]]:
    """(entry id, answer id) of every answer ever given whose findings rest on one of the entries.

    Whatever else hangs on an answer (a decision, a slip, a certificate, a step of a gate) is reached through it.
    """
    from archive.vetoes.models import FindingRow

    rows = FindingRow.objects.filter(entry_id__in=list(entry_ids)).values_list("entry_id", "answer_id")
    return sorted(set(rows))
