"""Reading keys."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import connections, models
from django.db.models import Case, F, Value, When
from psycopg import sql

from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.common.permissions import Actor, Permission, can
from profiles.organisations.models import Organisation

if TYPE_CHECKING:
    from archive.api.models import ApiKey


@functools.cache
def _parts() -> list[Any]:
    return [apps.get_model("archive", "ApiKey"), Account, Organisation]


@functools.cache
def _statement() -> sql.Composed:
    columns = [
        sql.Identifier(model._meta.db_table, field.column)
        for model in _parts()
        for field in model._meta.concrete_fields
    ]
    return sql.SQL(
        "SELECT {}, ARRAY(SELECT role FROM profiles_rolegrant WHERE account_id = profiles_account.id AND revoked_at IS NULL)"
        " FROM archive_apikey JOIN profiles_account ON profiles_account.id = account_id"
        " JOIN profiles_organisation ON profiles_organisation.id = profiles_account.organisation_id"
        " WHERE archive_apikey.code = %s"
    ).format(sql.SQL(", ").join(columns))


class KeyQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if can(actor, Permission.MANAGE_KEYS) else self.none()

    def with_its_actor(self, code: str) -> ApiKey | None:
        """The key with account, roles and body, as they are now: one statement, written once. Every request begins with it."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_statement(), [code])
            row = cursor.fetchone()
        if row is None:
            return None
        parts, start = [], 0
        for model in _parts():
            names = [field.attname for field in model._meta.concrete_fields]
            parts.append(model.from_db(self.db, names, row[start : start + len(names)]))
            start += len(names)
        key, account, organisation = parts
        account.roles = frozenset(Role(role) for role in row[start])
        key.account, account.organisation = account, organisation
        found: ApiKey = key
        return found

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
