"""Reading batches and rows."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils import timezone

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

LEFT_AFTER = dt.timedelta(minutes=2)


class BatchQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_BATCH
    person_path = None

    def left_behind(self) -> Self:
        """At work according to their state, but no worker has touched them for two minutes: it was killed."""
        return self.filter(state__in=["received", "reading", "admitting"], heartbeat_at__lt=timezone.now() - LEFT_AFTER)

    def same_file(self, *, organisation_id: int, kind: str, sha256: str) -> Self:
        return self.filter(organisation_id=organisation_id, kind=kind, sha256=sha256).exclude(
            state__in=["cancelled", "refused", "failed"]
        )


class RowQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def good(self) -> Self:
        return self.filter(verdict__in=["new", "known", "readable"])
