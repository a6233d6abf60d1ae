"""Reading programmes and applicants: what is fresh, what waits for whom. One condition for one applicant and for all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Max, Q, When
from django.utils import timezone

from archive.intake.models import Batch
from archive.vetoes.queries import RuleQuerySet
from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet
from profiles.common.vocabulary import ANY_GROUP

if TYPE_CHECKING:
    from archive.vetoes.models import ReviewProgramme

CLEAR = ("clear", "note")
PROPOSED = ("veto", "condition", "review")
UNCLEAR = ("not_found", "name_mismatch", "unreadable", "unauthorised")
# What a fresh answer waits for.
WAITS_FOR = {
    "ready": Q(answer__outcome__in=CLEAR),
    "to_decide": Q(answer__outcome__in=PROPOSED, answer__decision=None),
    "lifted": Q(answer__decision__kind="lifted"),
    "confirmed": Q(answer__decision__kind="confirmed"),
    "in_dispute": Q(answer__outcome="in_dispute"),
    "unclear": Q(answer__outcome__in=UNCLEAR),
}


class ProgrammeQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def open_on(self, day: dt.date) -> Self:
        return self.filter(opens_on__lte=day, closes_on__gte=day)

    def with_counts(self) -> Self:
        """Number of applicants, and of those decided."""
        return self.annotate(
            people=Count("applicants"),
            decided=Count("applicants", filter=Q(applicants__state__in=["approved", "refused"])),
        )


class ApplicantQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_CHECK
    person_path = None

    def undecided(self) -> Self:
        return self.filter(state__in=["received", "checked"])

    def fresh(self, programme: ReviewProgramme, *, now: dt.datetime) -> Self:
        """Undecided, with an answer that was asked recently enough, on the rules now in force."""
        return self.filter(programme=programme).filter(_is_fresh(programme, now))

    def stale(self, programme: ReviewProgramme, *, now: dt.datetime) -> Self:
        """Undecided without such an answer: never checked, too long ago, or on rules that have changed since."""
        fresh = self.fresh(programme, now=now).values("pk")
        return self.undecided().filter(programme=programme).exclude(pk__in=fresh)

    def ready(self, programme: ReviewProgramme, *, now: dt.datetime, unknown: bool = False) -> Self:
        """Clear and fresh: nothing has to be looked at. With `unknown` those too of whom there is no archive."""
        outcomes = [*CLEAR, "not_found"] if unknown else CLEAR
        return self.fresh(programme, now=now).filter(answer__outcome__in=outcomes)

    def in_standing(self, standing: str, programme: ReviewProgramme, *, now: dt.datetime) -> Self:
        """Who waits for what; the same words as `gate_rules.Standing`."""
        if standing in {"approved", "refused"}:
            return self.filter(programme=programme, state=standing)
        if standing == "stale":
            return self.stale(programme, now=now)
        return self.fresh(programme, now=now).filter(WAITS_FOR[standing])

    def tally(self, programme: ReviewProgramme, *, now: dt.datetime) -> dict[str, int]:
        """Standing → number of applicants, and their `total`; the people are counted in one query."""
        fresh = _is_fresh(programme, now)
        counted = self.filter(programme=programme).aggregate(
            total=Count("pk"),
            fresh=Count("pk", filter=fresh),
            approved=Count("pk", filter=Q(state="approved")),
            refused=Count("pk", filter=Q(state="refused")),
            **{name: Count("pk", filter=fresh & condition) for name, condition in WAITS_FOR.items()},
        )
        counted["stale"] = counted["total"] - counted.pop("fresh") - counted["approved"] - counted["refused"]
        return counted

    def with_freshness(self, programme: ReviewProgramme, *, now: dt.datetime) -> Self:
        """Each with `is_fresh`."""
        return self.annotate(is_fresh=Case(When(_is_fresh(programme, now), then=True), default=False))

    def of_programme(self, programme: ReviewProgramme) -> Self:
        return self.filter(programme=programme).select_related("answer__check_asked", "answer__decision", "final")


class CarriedListQuerySet(models.QuerySet[Any]):
    def to_take_up(self) -> list[int]:
        """Checks whose list waits for the next step, with no worker at it."""
        ready = Q(check_asked__batch__state__in=[Batch.State.READY, Batch.State.DONE])
        left = Q(check_asked__batch__in=Batch.objects.left_behind())
        return list(self.filter(taken_at=None).filter(ready | left).values_list("check_asked_id", flat=True))


def _is_fresh(programme: ReviewProgramme, now: dt.datetime) -> Q:
    return Q(
        state="checked",
        answer__check_asked__asked_at__gt=now - dt.timedelta(days=programme.freshness_days),
        answer__check_asked__known_at__gte=rules_since(programme, now=now),
    )


def rules_since(programme: ReviewProgramme, *, now: dt.datetime) -> dt.datetime:
    """Since when the rules that answer this question for this body are as they are now.

    A check known at this moment or later was made on the rule versions in force.
    """
    from archive.vetoes.models import RuleAdoption, RuleVersion

    day = timezone.localdate(now)
    adoptions = RuleAdoption.objects.filter(organisation=programme.organisation_id, approved_at__lte=now)
    rules: RuleQuerySet = RuleVersion.objects.filter(
        Q(status="on") | Q(code__in=adoptions.values("rule_code")), Q(groups__overlap=[programme.group, ANY_GROUP])
    )
    concerned = [rule for rule in rules.only("code", "events", "clauses") if _asks(rule, programme.event)]
    pks, names = [rule.pk for rule in concerned], {rule.code for rule in concerned}
    turns = RuleVersion.objects.filter(pk__in=pks).aggregate(
        began=Max("valid_from", filter=Q(valid_from__lte=now)), ended=Max("valid_to", filter=Q(valid_to__lte=now))
    )
    adopted = adoptions.filter(rule_code__in=names).aggregate(
        approved=Max("approved_at", filter=Q(valid_from__lte=day)),
        began=Max("valid_from", filter=Q(valid_from__lte=day)),
        ended=Max("valid_to", filter=Q(valid_to__lte=day)),
    )
    moments = [turns["began"], turns["ended"], adopted["approved"], _start(adopted["began"]), _start(adopted["ended"])]
    return max((moment for moment in moments if moment is not None), default=dt.datetime.min.replace(tzinfo=dt.UTC))


def _asks(rule: Any, event: str) -> bool:
    return any(event in (clause.get("events") or rule.events) for clause in rule.clauses)


def _start(day: dt.date | None) -> dt.datetime | None:
    """Midnight at which a day begins here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day is not None else None
