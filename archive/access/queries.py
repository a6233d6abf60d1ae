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

    def known_at(self, moment: dt.datetime) -> Self:
        """Given, and neither withdrawn nor used up, at that moment: a check that is asked again finds what it found then."""
        return (
            self.filter(given_at__lte=moment)
            .filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment))
            .exclude(once=True, used_at__lte=moment)
        )

    def for_check(
        self,
        *,
        organisation: Any,
        group: str,
        event: str,
        person_ids: Iterable[int],
        day: dt.date,
        moment: dt.datetime,
    ) -> dict[int, Authorisation]:
        """Person id → an authorisation of that body for that event, alive at `moment`; a standing one before one for once."""
        rows = self.known_at(moment).filter(
            organisation=organisation, group=group, event=event, person_id__in=list(person_ids), valid_until__gte=day
        )
        return {row.person_id: row for row in rows.order_by("-once", "-pk")}


class QueryLineQuerySet(VisibleQuerySet):
    """Auditors see all lines, a person the own ones."""

    view_permission = Permission.VIEW_REGISTER
    organisation_path = None

    def about(self, person_id: int) -> Self:
        return self.filter(person_id=person_id)
