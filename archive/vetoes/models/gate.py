"""The gate: a review programme, its applicants, and what was decided about each. No approval without a fresh check."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.vetoes.gate_queries import ApplicantQuerySet, CarriedListQuerySet, ProgrammeQuerySet
from archive.vetoes.models.checks import Answer, Check, Outcome
from archive.vetoes.models.decisions import Decision
from archive.vetoes.models.rules import Post
from profiles.common import codes
from profiles.common.fields import EncryptedTextField
from profiles.common.identity import mask
from profiles.common.models import AppendOnly
from profiles.common.vocabulary import Event, Group


class ReviewProgramme(models.Model):
    """审查事项: one round of a body's review, for example the lawyers' annual review of 2027. Its question never changes."""

    code = models.CharField(max_length=16, unique=True, default=codes.programme_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    group = models.CharField(_("group"), max_length=3, choices=Group.choices)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    post = models.CharField(_("post"), max_length=20, choices=Post.choices, blank=True)
    matter_number = models.CharField(_("matter number"), max_length=60)
    basis = models.CharField(_("legal basis"), max_length=300)
    opens_on = models.DateField(_("opens"))
    closes_on = models.DateField(_("closes"))
    freshness_days = models.PositiveSmallIntegerField(_("a check holds for, days"))
    made_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("review programme")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="programme_name_once"),
            # What the approvals point at: see GateDecision.
            models.UniqueConstraint(
                fields=["id", "organisation", "group", "event", "post", "freshness_days"], name="programme_tie"
            ),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="programme_dates"),
            models.CheckConstraint(
                condition=Q(freshness_days__gte=1, freshness_days__lte=365), name="programme_freshness"
            ),
            models.CheckConstraint(condition=~Q(matter_number="") & ~Q(basis=""), name="programme_has_grounds"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: dt.date) -> bool:
        return self.opens_on <= day <= self.closes_on

    @property
    def question(self) -> dict[str, str]:
        """What is asked about each applicant, as the actions of checks take it."""
        return {
            "group": self.group,
            "event": self.event,
            "post": self.post,
            "matter_number": self.matter_number,
        }


class Applicant(models.Model):
    """Somebody who applies in a programme. Name and number are as the body wrote them (ciphertext)."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        CHECKED = "checked", _("checked")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", pgettext_lazy("applicant", "refused")

    code = models.CharField(max_length=16, unique=True, default=codes.applicant_code, editable=False)
    programme = models.ForeignKey(ReviewProgramme, on_delete=models.PROTECT, related_name="applicants")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("applicant number"))
    name = EncryptedTextField(_("name"), context="vetoes.applicant.name")
    number = EncryptedTextField(context="vetoes.applicant.number")
    identity_index = models.BinaryField(max_length=32, editable=False)
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.PROTECT, related_name="applicants")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    added_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = ApplicantQuerySet.as_manager()

    OPEN = frozenset({State.RECEIVED, State.CHECKED})

    class Meta:
        verbose_name = _("applicant")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="applicant_position"),
            models.UniqueConstraint(fields=["programme", "identity_index"], name="applicant_once"),
            models.UniqueConstraint(fields=["id", "programme", "answer"], name="applicant_tie"),
            models.CheckConstraint(
                condition=Q(state="received", answer=None) | (~Q(state="received") & Q(answer__isnull=False)),
                name="applicant_checked_has_answer",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "position"], name="applicant_by_state")]

    def __str__(self) -> str:
        return self.code

    @property
    def masked_number(self) -> str:
        return mask(self.number)


class GateDecision(AppendOnly):
    """The final word on an applicant. Made once; by whom, on which answer of which check, and why.

    The columns that repeat what programme, check, answer and decision say are tied to them by composite foreign keys (migration
    `gate`), so the constraints below hold for what really stands there: no approval on another body's, group's, event's or post's
    answer, on an obstacle that nobody lifted, or on a check that had gone stale.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", pgettext_lazy("applicant", "refused")

    applicant = models.OneToOneField(Applicant, on_delete=models.PROTECT, related_name="final")
    programme = models.ForeignKey(ReviewProgramme, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=3)
    event = models.CharField(max_length=20)
    post = models.CharField(max_length=20, blank=True)
    freshness_days = models.PositiveSmallIntegerField()
    check_asked = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(help_text="account that asked the check")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="gate_decisions")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    examined = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    examined_kind = models.CharField(max_length=10, blank=True)
    slip = models.ForeignKey("archive.Slip", null=True, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField(null=True)
    kind = models.CharField(_("decision"), max_length=10, choices=Kind.choices)
    reasons = models.TextField(_("reasons"), max_length=1000, blank=True)
    bulk = models.BooleanField(default=False)
    decided_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    PROPOSED = ("veto", "condition", "review")
    UNCLEAR = ("not_found", "name_mismatch", "unreadable", "unauthorised")

    class Meta(AppendOnly.Meta):
        verbose_name = _("decision of a programme")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="refused")
                | Q(outcome__in=["clear", "note"])
                | Q(outcome__in=["veto", "condition", "review"], examined_kind="lifted")
                | (Q(outcome__in=["not_found", "in_dispute"]) & ~Q(reasons="")),
                name="gate_approval_needs_a_good_answer",
            ),
            models.CheckConstraint(
                condition=Q(kind="approved")
                | Q(outcome__in=["veto", "condition", "review"], examined_kind="confirmed")
                | (Q(outcome__in=["not_found", "name_mismatch", "unreadable", "unauthorised"]) & ~Q(reasons="")),
                name="gate_refusal_needs_a_confirmed_obstacle",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__gte=F("asked_at"))
                & Q(decided_at__lt=F("asked_at") + F("freshness_days") * dt.timedelta(days=1)),
                name="gate_check_is_fresh",
            ),
            models.CheckConstraint(
                condition=Q(examined=None, examined_kind="") | (Q(examined__isnull=False) & ~Q(examined_kind="")),
                name="gate_examined_paired",
            ),
            models.CheckConstraint(
                condition=Q(bulk=False) | ~Q(decided_by=F("asked_by_id")), name="gate_bulk_by_a_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.applicant_id}"


class CarriedList(models.Model):
    """A list of people that was confirmed when it was asked about: it is read and answered without a stop in between.

    With a programme, its answers go to the applicants. `taken_at`: when that was done (or, without a programme, nothing was left).
    """

    check_asked = models.OneToOneField(Check, on_delete=models.PROTECT, related_name="carried")
    programme = models.ForeignKey(
        ReviewProgramme, null=True, blank=True, on_delete=models.PROTECT, related_name="carried_lists"
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = CarriedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list that goes through")

    def __str__(self) -> str:
        return f"{self.check_asked_id}"
