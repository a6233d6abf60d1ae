"""Reading bodies and their competences."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from profiles.common.permissions import Actor, Permission, can
from profiles.common.querysets import VisibleQuerySet
from profiles.common.statements import Statement

if TYPE_CHECKING:
    from profiles.organisations.models import Competence


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

    def for_check(self, organisation_id: int, *, group: str, event: str, day: dt.date) -> Competence | None:
        """The one by which a body may check a group for an event on a day. Every check asks for it."""
        rows = FOR_CHECK.rows(organisation_id=organisation_id, group=group, event=event, day=day)
        return self.model.from_db(self.db, _names(), rows[0]) if rows else None

    def to_check(self, organisation: Any, day: dt.date) -> set[tuple[str, str]]:
        """Pairs (group, event) for which a body may check people."""
        return set(self.holding_on(day).filter(organisation=organisation, role="check").values_list("group", "event"))


def _names() -> list[str]:
    return [field.attname for field in apps.get_model("profiles", "Competence")._meta.concrete_fields]


def _for_check(*, organisation_id: int, group: str, event: str, day: dt.date) -> models.QuerySet[Any]:
    competences: CompetenceQuerySet = apps.get_model("profiles", "Competence").objects.holding_on(day)
    asked = competences.filter(organisation_id=organisation_id, role="check", group=group, event=event)
    return asked.order_by("pk").values_list(*_names())[:1]


FOR_CHECK = Statement(_for_check, organisation_id=int, group=str, event=str, day=dt.date)
