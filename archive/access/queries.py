"""Reading authorisations and the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from archive.access.models import Authorisation


class AuthorisationQuerySet(VisibleQuerySet):
    view_permission = Permission.AUTHORISE

    def live_on(self, day: dt.date) -> Self:
        return self.filter(withdrawn_at=None, valid_until__gte=day).exclude(once=True, used_at__isnull=False)

    def for_check(
        self, *, organisation: Any, group: str, event: str, person_ids: Iterable[int], day: dt.date
    ) -> dict[int, Authorisation]:
        """Person id → a live authorisation of that body for that event."""
        rows = self.live_on(day).filter(
            Q(organisation=organisation), group=group, event=event, person_id__in=list(person_ids)
        )
        return {row.person_id: row for row in rows.order_by("-once")}


class QueryLineQuerySet(VisibleQuerySet):
    """Auditors see all lines, a person the own ones."""

    view_permission = Permission.VIEW_REGISTER
    organisation_path = None

    def about(self, person_id: int) -> Self:
        return self.filter(person_id=person_id)
