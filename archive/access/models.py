"""The one door to an archive: authorisations by the person, and the register of every query."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.access.queries import AuthorisationQuerySet, QueryLineQuerySet
from profiles.audit.models import time_ordered_id
from profiles.common import codes
from profiles.common.models import AppendOnly
from profiles.common.vocabulary import Event, Group


class Purpose(models.TextChoices):
    """查询用途. A purpose without a matter number is not taken (except the person's own)."""

    CHECK = "check", _("Check for an event of the profession")
    WATCH = "watch", _("Continuous check for an event of the profession")
    OWN_REPORT = "own_report", _("The person's own report")
    OWN_CERTIFICATE = "own_certificate", _("The person's own certificate of no veto")
    REPORT = "report", _("Credit report made for the body")
    REVEAL = "reveal", _("Identity number revealed in the course of an entry or check")


class Basis(models.TextChoices):
    """Why the query was lawful."""

    STATUTE = "statute", _("statutory duty")
    AUTHORISATION = "authorisation", _("the person's authorisation")
    SELF = "self", _("the person")


REFUSED = "unauthorised"  # the answer of a query that needed the person's authorisation and had none


class Authorisation(models.Model):
    """A person lets a body check for one event, once or until a day; withdrawal is as easy as giving (PIPL 15)."""

    code = models.CharField(max_length=16, unique=True, default=codes.authorisation_code, editable=False)
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="authorisations")
    organisation = models.ForeignKey(
        "profiles.Organisation", verbose_name=_("body"), on_delete=models.PROTECT, related_name="+"
    )
    group = models.CharField(_("group"), max_length=3, choices=Group.choices)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    once = models.BooleanField(_("for one query only"), default=True)
    given_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateField(_("until"))
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorisation")
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="authorisation_withdrawn_after",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_live_on(self, day: dt.date) -> bool:
        return self.withdrawn_at is None and day <= self.valid_until and not (self.once and self.used_at)


class QueryLine(AppendOnly):
    """One line of the query register: who asked about whom, when, for what, by what right, and what was answered.

    Partitioned by month. The person sees every line; it is written in the transaction that reads the data.
    """

    uid = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    at = models.DateTimeField(_("time"))
    person_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    organisation = models.ForeignKey(
        "profiles.Organisation", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    group = models.CharField(_("group"), max_length=3, choices=Group.choices, blank=True)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices, blank=True)
    matter_number = models.CharField(_("matter number"), max_length=60, blank=True)
    basis = models.CharField(_("basis"), max_length=20, choices=Basis.choices)
    authorisation_code = models.CharField(max_length=16, blank=True)
    answer = models.CharField(_("answer"), max_length=20, blank=True)

    objects = QueryLineQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("query")
        ordering = ["-at", "-uid"]
        indexes = [
            models.Index(fields=["person_id", "-at"], name="query_person"),
            models.Index(fields=["account_id", "-at"], name="query_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="self") | (~Q(matter_number="") & Q(organisation__isnull=False)),
                name="query_has_matter_and_body",
            ),
            models.CheckConstraint(
                condition=~Q(basis="authorisation") | ~Q(authorisation_code=""), name="query_names_authorisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.purpose}"

    @property
    def basis_text(self) -> Any:
        """By what right, in words. A query that was refused rested on none, whatever the body is competent for."""
        return _("none: refused, nothing was shown") if self.answer == REFUSED else self.get_basis_display()


class Sample(models.Model):
    """抽查: lines of the register that an auditor drew at random, to ask whether each query had its matter.

    The draw can be repeated by anybody who has the register: lines of the period in the order of SHA-256(uid, seed).
    """

    code = models.CharField(_("number"), max_length=16, unique=True, default=codes.sample_code, editable=False)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    organisation = models.ForeignKey(
        "profiles.Organisation",
        verbose_name=_("body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    seed = models.CharField(max_length=32)
    lines_total = models.PositiveIntegerField(_("queries in the period"))
    drawn_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn"), default=timezone.now)

    class Meta:
        verbose_name = _("sample of queries")
        ordering = ["-drawn_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="sample_dates")]

    def __str__(self) -> str:
        return self.code


class SampledLine(models.Model):
    """One drawn line, and what the auditor found. The line itself stays in the register."""

    class Finding(models.TextChoices):
        OPEN = "open", _("to be looked at")
        IN_ORDER = "in_order", _("in order: the file belongs to the matter")
        QUESTIONED = "questioned", _("questioned: the body has to explain")

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("no."))
    line_uid = models.UUIDField()
    line_at = models.DateTimeField()
    finding = models.CharField(_("finding"), max_length=12, choices=Finding.choices, default=Finding.OPEN)
    note = models.CharField(_("note"), max_length=300, blank=True)
    judged_by = models.ForeignKey("profiles.Account", null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sampled query")
        ordering = ["sample", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="sampled_once"),
            models.CheckConstraint(
                condition=Q(finding="open", judged_by=None, judged_at=None)
                | ~Q(finding="open") & Q(judged_by__isnull=False, judged_at__isnull=False),
                name="sampled_judged_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(finding="questioned") | ~Q(note=""), name="sampled_question_told"),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id}:{self.position}"
