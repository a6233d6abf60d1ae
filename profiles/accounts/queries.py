"""Reading accounts and roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from profiles.common.permissions import Actor, Permission, can
from profiles.people.models import PersonMerge

if TYPE_CHECKING:
    from profiles.accounts.models import Account


class AccountQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor) -> Self:
        """System and security administrators see staff accounts; nobody sees persons' accounts in a list."""
        if can(actor, Permission.MANAGE_ACCOUNTS) or can(actor, Permission.GRANT_ROLES):
            return self.filter(person=None)
        return self.none()

    def reading_for(self, person_ids: Iterable[int]) -> dict[int, Account]:
        """Person id → the account in which that person reads: the own one, or one of a person that is joined with it."""
        families = PersonMerge.objects.families(person_ids)
        members = {member for family in families.values() for member in family}
        accounts = {account.person_id: account for account in self.filter(person_id__in=members).order_by("-pk")}
        found = {}
        for person_id, family in families.items():
            owner = next((member for member in (person_id, *sorted(family)) if member in accounts), None)
            if owner is not None:
                found[person_id] = accounts[owner]
        return found

    def employed_on(self, day: dt.date) -> Self:
        return self.filter(is_active=True).filter(Q(left_on=None) | Q(left_on__gt=day))

    def with_role(self, role: str) -> Self:
        return self.filter(role_grants__role=role, role_grants__revoked_at=None)


class RoleGrantQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        return self.filter(revoked_at=None)
