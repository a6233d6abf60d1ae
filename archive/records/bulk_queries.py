"""Reading approvals of many entries."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils import timezone

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

LEFT_AFTER = dt.timedelta(minutes=2)


class BulkApprovalQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_BATCH
    person_path = None

    def left_behind(self) -> Self:
        """Running according to their state, but no worker has touched them for two minutes: it was killed."""
        return self.filter(state="running", heartbeat_at__lt=timezone.now() - LEFT_AFTER)

    def confirmed(self) -> Self:
        return self.exclude(state="proposed")


class ApprovalLineQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(outcome="waiting")
