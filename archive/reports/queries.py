"""Reading reports."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils import timezone

from profiles.common.permissions import Actor, Permission, Scope
from profiles.common.querysets import VisibleQuerySet

LEFT_AFTER = dt.timedelta(minutes=2)


class ReportQuerySet(VisibleQuerySet):
    """A person sees and steers the own reports; a body reads those that were made for it (`made_for`)."""

    view_permission = Permission.REQUEST_REPORT
    organisation_path = None

    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(answer=None)

    def made_for(self, actor: Actor) -> Self:
        if Scope.OWN not in actor.scopes(Permission.CHECK_PERSON) or actor.organisation_id is None:
            return self.none()
        return self.filter(answer__organisation_id=actor.organisation_id)

    def left_behind(self) -> Self:
        return self.filter(state="requested", heartbeat_at__lt=timezone.now() - LEFT_AFTER)


class ReportBundleQuerySet(VisibleQuerySet):
    view_permission = Permission.CHECK_PERSON
    person_path = None

    def left_behind(self) -> Self:
        """At work according to their state, but no worker has touched them for two minutes: it was killed."""
        return self.filter(state__in=["running", "packing"], heartbeat_at__lt=timezone.now() - LEFT_AFTER)

    def to_discard(self) -> Self:
        return self.filter(expires_at__lte=timezone.now()).exclude(file="")


class BundleLineQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def tally(self) -> dict[str, int]:
        """State → number of rows."""
        return dict(self.order_by().values_list("state").annotate(models.Count("pk")))

    def reasons(self) -> list[tuple[str, int]]:
        """Why rows have no report, with their number, most first."""
        return list(
            self.exclude(why="").order_by().values_list("why").annotate(n=models.Count("pk")).order_by("-n", "why")
        )

    def open(self) -> Self:
        return self.filter(state__in=["waiting", "making"])

    def overtaken(self) -> Self:
        """In the file, but an entry in the report has changed since."""
        return self.filter(packed=True, report__replaced_at__isnull=False)


class ReaderNoticeQuerySet(VisibleQuerySet):
    """The body that was shown the entry; never the person's own account, and no other body."""

    view_permission = Permission.VIEW_CHECK
    person_path = None

    def unseen(self) -> Self:
        return self.filter(seen_at=None)
