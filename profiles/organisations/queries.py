"""Reading bodies and their competences."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q

from profiles.common.permissions import Actor, Permission, can
from profiles.common.querysets import VisibleQuerySet


class OrganisationQuerySet(VisibleQuerySet):
    view_permission = Permission.MANAGE_ORGANISATIONS
    organisation_path = "pk"
    person_path = None

    def with_sign_in_rules_for(self, actor: Actor) -> Self:
        """All bodies for who sets from where and when they work; none for others."""
        return self.all() if can(actor, Permission.SET_SIGN_IN_RULES) else self.none()

    def active_on(self, day: dt.date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day))


class CompetenceQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def holding_on(self, day: dt.date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_until=None) | Q(valid_until__gt=day))

    def to_report(self, organisation: Any, day: dt.date) -> set[str]:
        """Codes of the groups that a body may report facts about."""
        return set(
            self.holding_on(day).filter(organisation=organisation, role="report").values_list("group", flat=True)
        )

    def to_check(self, organisation: Any, day: dt.date) -> set[tuple[str, str]]:
        """Pairs (group, event) for which a body may check people."""
        return set(self.holding_on(day).filter(organisation=organisation, role="check").values_list("group", "event"))
