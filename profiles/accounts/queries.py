"""Reading accounts and roles."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from profiles.common.permissions import Actor, Permission, can


class AccountQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor) -> Self:
        """System and security administrators see staff accounts; nobody sees persons' accounts in a list."""
        if can(actor, Permission.MANAGE_ACCOUNTS) or can(actor, Permission.GRANT_ROLES):
            return self.filter(person=None)
        return self.none()

    def employed_on(self, day: dt.date) -> Self:
        return self.filter(is_active=True).filter(Q(left_on=None) | Q(left_on__gt=day))

    def with_role(self, role: str) -> Self:
        return self.filter(role_grants__role=role, role_grants__revoked_at=None)


class RoleGrantQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        return self.filter(revoked_at=None)
