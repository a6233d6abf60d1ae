"""Continuous check: who is watched by whom for what until when, and what a watch has raised."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.common.models import Change
from archive.vetoes.models.checks import Answer, Check
from archive.vetoes.models.rules import Post
from archive.vetoes.watch_queries import WatchAlertQuerySet, WatchOrderQuerySet, WatchQuerySet
from profiles.common import codes
from profiles.common.vocabulary import Event, Group


class WatchOrder(models.Model):
    """持续核查登记: a body has one person, or all of an answered list, watched for an event, under a matter number.

    `valid_until` is the last day. `left_out`: reason → number of persons that could not be enrolled.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("being enrolled")
        DONE = "done", _("enrolled")

    class LeftOut(models.TextChoices):
        NOT_ANSWERED = "not_answered", _("not found, not readable, name does not match, or not authorised")
        LISTED_TWICE = "listed_twice", _("listed twice")
        WATCHED_ALREADY = "watched_already", _("watched already")
        NO_STANDING_AUTHORISATION = "no_standing_authorisation", _("no standing authorisation of the person")

    code = models.CharField(max_length=16, unique=True, default=codes.watch_order_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    check_asked = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="watch_orders")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    matter_number = models.CharField(_("matter number"), max_length=60)
    valid_until = models.DateField(_("last day"))
    ordered_at = models.DateTimeField(_("ordered"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    enrolled = models.PositiveIntegerField(_("enrolled"), default=0)
    left_out = models.JSONField(default=dict, blank=True)

    objects = WatchOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order of a continuous check")
        ordering = ["-ordered_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(matter_number=""), name="watch_order_has_matter")]
        indexes = [
            models.Index(fields=["organisation", "-ordered_at"], name="watch_order_body"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="watch_order_waiting"),
        ]

    def __str__(self) -> str:
        return self.code


class Watch(models.Model):
    """One person watched by one body for one event. Narrow, without foreign keys, its key starts with the identity.

    `answer_id` is what the body knows: the answer it was enrolled from, later that of the last alert; name and number as the
    body wrote them stand there. Whether a watch holds on a day is a function of that day (`holding_on`); `ended_at` only writes
    it down. `membership_bound`: the person was a member of the group when enrolled, so it ends with the last membership.
    """

    class EndReason(models.TextChoices):
        EXPIRED = "expired", _("its time is over")
        STOPPED = "stopped", _("ended by the body")
        MEMBERSHIP = "membership", _("the person left the group")
        AUTHORISATION = "authorisation", _("the authorisation ended")
        COMPETENCE = "competence", _("the body's competence ended")

    pk = models.CompositePrimaryKey("identity_index", "code")
    identity_index = models.BinaryField(max_length=32)
    code = models.CharField(max_length=16, default=codes.watch_code, editable=False)
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    group = models.CharField(_("group"), max_length=3, choices=Group.choices)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    post = models.CharField(_("post"), max_length=20, choices=Post.choices, blank=True)
    order_id = models.BigIntegerField()
    answer_id = models.BigIntegerField()
    authorisation_id = models.BigIntegerField(null=True)
    membership_bound = models.BooleanField(default=False)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("last day"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason.choices, blank=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("continuous check")
        db_table = "watch"
        ordering = ["valid_until", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="watch_dates"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="watch_end_paired",
            ),
            models.UniqueConstraint(
                fields=["identity_index", "organisation_id", "group", "event", "post"],
                condition=Q(ended_at=None),
                name="watch_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="watch_person"),
            models.Index(fields=["organisation_id", "valid_until", "code"], name="watch_body"),
            models.Index(fields=["order_id"], name="watch_of_order"),
            models.Index(fields=["code"], name="watch_code"),
        ]

    def __str__(self) -> str:
        return self.code

    def ends_soon(self, day: dt.date) -> bool:
        return self.valid_until <= day + dt.timedelta(days=WatchQuerySet.SOON)


class WatchAlert(models.Model):
    """What is known about a watched person has changed: a new answer beside the one that the body had."""

    code = models.CharField(max_length=16, unique=True, default=codes.watch_alert_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(WatchOrder, on_delete=models.PROTECT, related_name="alerts")
    watch_code = models.CharField(max_length=16)
    person_id = models.BigIntegerField()
    before = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="watch_alert")
    cause = models.CharField(_("cause"), max_length=30, choices=Change.Kind.choices)
    change_id = models.BigIntegerField(help_text="the line of the change feed")
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(_("noted"), null=True, blank=True)

    objects = WatchAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert of a continuous check")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_by=None, seen_at=None) | Q(seen_by__isnull=False, seen_at__isnull=False),
                name="watch_alert_seeing_paired",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-raised_at"], name="watch_alert_body"),
            models.Index(fields=["organisation"], condition=Q(seen_at=None), name="watch_alert_unseen"),
            models.Index(fields=["id"], condition=Q(mailed_at=None), name="watch_alert_unmailed"),
        ]

    def __str__(self) -> str:
        return self.code
