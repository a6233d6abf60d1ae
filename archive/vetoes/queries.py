"""Reading rules, checks and answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from profiles.common.permissions import Actor, Permission, Scope
from profiles.common.querysets import VisibleQuerySet

LEFT_AFTER = dt.timedelta(minutes=2)


class RuleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        return self.filter(valid_to=None)

    def newest(self) -> Self:
        """One version a rule: the last, whether it has ended or not."""
        return self.order_by("code", "-version").distinct("code")

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


class AdoptionQuerySet(VisibleQuerySet):
    """Seen by the body, and by the credit office."""

    view_permission = Permission.ADOPT_RULE
    person_path = None

    def visible_to(self, actor: Actor) -> Self:
        if Scope.ALL in actor.scopes(Permission.ADOPT_RULE):
            return self.all()
        own = Scope.OWN in actor.scopes(Permission.PROPOSE_ADOPTION) and actor.organisation_id is not None
        return self.filter(organisation_id=actor.organisation_id) if own else self.none()

    def waiting(self) -> Self:
        return self.filter(approved_at=None, declined_at=None)


class RuleDraftQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def waiting(self) -> Self:
        return self.filter(state="proposed")


class RehearsalQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def left_behind(self) -> Self:
        """At work, but no worker has touched it for two minutes: it was killed."""
        return self.filter(state="working", heartbeat_at__lt=timezone.now() - dt.timedelta(minutes=2))


class CheckQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None


class ContestQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def open(self) -> Self:
        return self.filter(reviewed_at=None)


class CertificateQuerySet(VisibleQuerySet):
    """The person's own. No body sees who holds one."""

    view_permission = Permission.REQUEST_REPORT
    organisation_path = None


class ResultFileQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def left_behind(self) -> Self:
        """A worker was killed: no sign of it for two minutes."""
        return self.filter(state="requested", heartbeat_at__lt=timezone.now() - LEFT_AFTER)


class AnswerQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def undecided(self) -> Self:
        """What an examiner still can decide: not what was deleted with its list before anybody proposed anything."""
        waiting = self.filter(outcome__in=["veto", "condition", "review"], decision=None)
        return waiting.filter(Q(check_asked__list_erased_on=None) | Q(proposal__isnull=False))
