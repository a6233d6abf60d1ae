"""Reading reports."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.utils import timezone

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

LEFT_AFTER = dt.timedelta(minutes=2)


class ReportQuerySet(VisibleQuerySet):
    view_permission = Permission.REQUEST_REPORT
    organisation_path = None

    def left_behind(self) -> Self:
        return self.filter(state="requested", heartbeat_at__lt=timezone.now() - LEFT_AFTER)


class ReaderNoticeQuerySet(VisibleQuerySet):
    """The body that was shown the entry; never the person's own account, and no other body."""

    view_permission = Permission.VIEW_CHECK
    person_path = None

    def unseen(self) -> Self:
        return self.filter(seen_at=None)
