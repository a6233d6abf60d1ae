"""Reading authorisations and the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet, among
from profiles.people.models import PersonMerge

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
        """Person id → an authorisation of that body for that event, alive at `moment`; a standing one before one for once.

        Whoever is joined with a person at that moment is the same one, and authorises for it.
        """
        families = PersonMerge.objects.families(person_ids, known_at=moment)
        members = {member for family in families.values() for member in family}
        rows = self.known_at(moment).filter(
            organisation=organisation, group=group, event=event, person_id__in=among(members), valid_until__gte=day
        )
        found: dict[int, Authorisation] = {}
        given = {row.person_id: row for row in rows.order_by("-once", "-pk")}
        for person_id, family in families.items():
            own = sorted((given[member] for member in family if member in given), key=lambda row: (row.once, row.pk))
            if own:
                found[person_id] = own[0]
        return found


class QueryLineQuerySet(VisibleQuerySet):
    """Auditors see all lines, a person the own ones."""

    view_permission = Permission.VIEW_REGISTER
    organisation_path = None

    def about(self, *person_ids: int) -> Self:
        return self.filter(person_id__in=person_ids)
