"""Reading rules, checks and answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet


class RuleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        return self.filter(valid_to=None)

    def in_force_at(self, moment: dt.datetime) -> Self:
        return self.filter(valid_from__lte=moment).filter(Q(valid_to=None) | Q(valid_to__gt=moment))

    def for_checks_of(self, organisation: Any, *, moment: dt.datetime, day: dt.date) -> Self:
        """Rules that hold for a body's checks: those on by law, and those it has adopted."""
        from archive.vetoes.models import RuleAdoption

        adopted = (
            RuleAdoption.objects.filter(organisation=organisation, valid_from__lte=day, approved_at__lte=moment)
            .filter(Q(valid_to=None) | Q(valid_to__gt=day))
            .values("rule_code")
        )
        return self.in_force_at(moment).filter(Q(status="on") | Q(code__in=adopted)).order_by("code")


class CheckQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None


class AnswerQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def undecided(self) -> Self:
        return self.filter(outcome__in=["veto", "condition", "review"], decision=None)
