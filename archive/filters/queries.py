"""Reading saved filters."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from profiles.common.permissions import Actor


class SavedFilterQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def kept(self) -> Self:
        return self.filter(deleted_at=None)

    def owned_by(self, actor: Actor, list_name: str) -> Self:
        return self.filter(account=actor.pk, list_name=list_name)

    def offered_to(self, actor: Actor, list_name: str) -> Self:
        """The account's own, and what colleagues of the body share; own ones first."""
        shared = Q(shared=True, organisation_id=actor.organisation_id) if actor.organisation_id else Q(pk=None)
        return (
            self.kept()
            .filter(Q(account=actor.pk) | shared, list_name=list_name)
            .select_related("account")
            .order_by(models.Case(models.When(account=actor.pk, then=0), default=1), "name", "pk")
        )
