"""Bodies: who reports, who checks, and for what each is competent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from profiles.common import uscc
from profiles.common.history import keep_history
from profiles.common.vocabulary import Event, Group, OrganisationKind
from profiles.organisations.queries import CompetenceQuerySet, OrganisationQuerySet


def validate_uscc(value: str) -> None:
    if not uscc.is_valid(value):
        raise ValidationError(
            _("“%(value)s” is not a unified social credit code: 18 characters, the last one is a check character."),
            params={"value": value},
        )


@keep_history()
class Organisation(models.Model):
    """A body with its unified social credit code. `jurisdiction` names the set of periods and deadlines that it works under."""

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("unified social credit code"), max_length=18, unique=True, validators=[validate_uscc])
    kind = models.CharField(_("kind"), max_length=40, choices=OrganisationKind.choices)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent body"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    jurisdiction = models.CharField(_("jurisdiction"), max_length=30, default="national")
    contact = models.CharField(_("contact for persons"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    networks = ArrayField(models.CharField(max_length=43), verbose_name=_("networks"), default=list, blank=True)
    open_from = models.TimeField(_("work from"), null=True, blank=True)
    open_until = models.TimeField(_("work until"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(open_from=None, open_until=None) | Q(open_from__lt=F("open_until")),
                name="organisation_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.code = uscc.normalise(self.code)
        super().clean()

    def clean_fields(self, exclude: Any = None) -> None:
        self.code = uscc.normalise(self.code or "")
        super().clean_fields(exclude)


class Competence(models.Model):
    """A body's right to report facts about a group, or to check it for an event, and where that right comes from."""

    class Role(models.TextChoices):
        REPORT = "report", _("report facts")
        CHECK = "check", _("check people")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="competences")
    role = models.CharField(_("right"), max_length=10, choices=Role.choices)
    group = models.CharField(_("group"), max_length=3, choices=Group.choices)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices, blank=True)
    basis = models.CharField(_("basis"), max_length=200)
    needs_authorisation = models.BooleanField(_("only with the person's authorisation"), default=False)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = CompetenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("competence")
        ordering = ["organisation", "role", "group", "event"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "role", "group", "event", "valid_from"], name="competence_once"
            ),
            models.CheckConstraint(
                condition=(Q(role="report") & Q(event="")) | (Q(role="check") & ~Q(event="")), name="competence_event"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="competence_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()} {self.group} {self.event}"

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)
