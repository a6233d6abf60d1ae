"""Reading keys."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Case, F, Value, When

from profiles.common.permissions import Actor, Permission, can


class KeyQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if can(actor, Permission.MANAGE_KEYS) else self.none()

    def in_state(self, state: str, day: dt.date) -> Self:
        """`live`, `expired` or `revoked`, as `ApiKey.state_on` says of one."""
        if state == "revoked":
            return self.filter(revoked_at__isnull=False)
        return self.filter(revoked_at=None, **{"valid_until__gte" if state == "live" else "valid_until__lt": day})

    def draw(self, pk: int, *, minute: dt.datetime, count: int, now: dt.datetime) -> int:
        """Take `count` requests of the key's minute for this process. Returns how many all processes have drawn in it."""
        drawn = Case(When(minute=minute, then=F("drawn") + count), default=Value(count))
        self.filter(pk=pk).update(minute=minute, drawn=drawn, last_used_at=now)
        return int(self.values_list("drawn", flat=True).get(pk=pk))
