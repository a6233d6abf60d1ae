"""Reading batches and rows."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import connections, models
from django.utils import timezone

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

LEFT_AFTER = dt.timedelta(minutes=2)
HOLD = 0x6261_7463 << 32  # "batc", then the batch's id


class BatchQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_BATCH
    person_path = None

    def left_behind(self) -> Self:
        """At work according to their state, but no worker has touched them for two minutes: it was killed."""
        return self.filter(state__in=["received", "reading", "admitting"], heartbeat_at__lt=timezone.now() - LEFT_AFTER)

    def unnotified(self) -> Self:
        """Carried out, but a worker that wrote the notices was cut off."""
        return self.filter(notices_left__gt=0, heartbeat_at__lt=timezone.now() - LEFT_AFTER)

    def hold(self, pk: int) -> bool:
        """Keep other workers from a batch until the current transaction ends, however long it takes; it ends with its worker.

        False where the transaction of another worker holds it.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [HOLD | pk])
            return bool(cursor.fetchone()[0])

    def same_file(self, *, organisation_id: int, kind: str, sha256: str) -> Self:
        return self.filter(organisation_id=organisation_id, kind=kind, sha256=sha256).exclude(
            state__in=["cancelled", "refused", "failed", "reversed"]
        )


class RowQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def good(self) -> Self:
        return self.filter(verdict__in=["new", "known", "readable"])

    def warned(self) -> Self:
        """Good, with something to look at."""
        return self.good().exclude(warnings=[])

    def tally(self) -> dict[str, int]:
        """Verdict → number of rows."""
        return dict(self.order_by().values_list("verdict").annotate(models.Count("pk")))


class ColumnMemoryQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def of_kind(self, kind: str, *, organisation_id: int) -> Self:
        """What a body's clerks said about the columns of such files."""
        return self.filter(organisation_id=organisation_id, kind=kind)

    def fields(self) -> dict[str, str]:
        """Key of a header → field, "" for not read."""
        return dict(self.values_list("key", "field"))


class FixFileQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def left_behind(self) -> Self:
        return self.filter(state="requested", heartbeat_at__lt=timezone.now() - LEFT_AFTER)
