"""Reading statements and changes of law."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

LEFT_AFTER = dt.timedelta(minutes=2)


class AttestationQuerySet(VisibleQuerySet):
    view_permission = Permission.SIGN_STATEMENT
    person_path = None

    def standing(self) -> Self:
        """Without those that a later one replaces."""
        return self.filter(successor=None)


class LawChangeQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def left_behind(self) -> Self:
        """Approved, but no worker has touched it for two minutes."""
        return self.filter(state="approved", heartbeat_at__lt=timezone.now() - LEFT_AFTER)

    def to_approve(self, account: Any) -> Self:
        """Waiting for a second person."""
        return self.filter(state="proposed").exclude(proposed_by=account)


def reporting_in(year: int) -> Q:
    """Bodies with a competence to report at some day of the year."""
    first, next_first = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    return (
        Q(competences__role="report", competences__valid_from__lt=next_first)
        & (Q(competences__valid_until=None) | Q(competences__valid_until__gt=first))
        & (Q(ended_on=None) | Q(ended_on__gt=first))
    )
