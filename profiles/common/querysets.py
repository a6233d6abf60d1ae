"""Rows that an account may see are one method away, and the default is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from profiles.common.copying import keys_text
from profiles.common.permissions import Actor, Permission, Scope


class VisibleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """`visible_to(account)`: rows of one's own organisation, about oneself, or all, as the permission's scope says."""

    view_permission: ClassVar[Permission]
    organisation_path: ClassVar[str | None] = "organisation_id"
    person_path: ClassVar[str | None] = "person_id"

    def visible_to(self, actor: Actor) -> Self:
        scopes = actor.scopes(self.view_permission)
        if Scope.ALL in scopes:
            return self.all()
        condition: Q | None = None
        for scope, path, own in (
            (Scope.OWN, self.organisation_path, {actor.organisation_id} - {None}),
            (Scope.SELF, self.person_path, actor.person_ids),
        ):
            if scope in scopes and path is not None and own:
                part = Q(**{f"{path}__in": own})
                condition = part if condition is None else condition | part
        return self.none() if condition is None else self.filter(condition)


def locked(queryset: models.QuerySet[Any], pk: int) -> Any:
    """The row, locked until the transaction ends; raises DoesNotExist."""
    return queryset.select_for_update(of=("self",)).get(pk=pk)


def among(keys: Iterable[int]) -> RawSQL:
    """For `…__in=`: many keys as one parameter. Ten thousand of them cost Django and the driver far more than the database."""
    return RawSQL("SELECT unnest(%s::bigint[])", [keys_text(keys)])
