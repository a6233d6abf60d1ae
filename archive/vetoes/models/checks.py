"""Checks, what they answer about each person, and the findings an answer rests on."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes import rules
from archive.vetoes.models.rules import Post, RuleVersion
from archive.vetoes.queries import AnswerQuerySet, CheckQuerySet
from profiles.common import codes
from profiles.common.fields import EncryptedTextField
from profiles.common.identity import mask
from profiles.common.models import AppendOnly
from profiles.common.vocabulary import Event, Group


class Outcome(models.TextChoices):
    CLEAR = rules.Outcome.CLEAR.value, _("Clear")
    NOTE = rules.Outcome.NOTE.value, _("Clear, with a note")
    REVIEW = rules.Outcome.REVIEW.value, _("Needs a look")
    CONDITION = rules.Outcome.CONDITION.value, _("Needs a look: condition of the competent body")
    VETO = rules.Outcome.VETO.value, _("Veto")
    IN_DISPUTE = rules.Outcome.IN_DISPUTE.value, _("In dispute")
    NOT_FOUND = rules.Outcome.NOT_FOUND.value, _("Not found")
    NAME_MISMATCH = rules.Outcome.NAME_MISMATCH.value, _("Name does not match")
    UNAUTHORISED = rules.Outcome.UNAUTHORISED.value, _("Not authorised")
    UNREADABLE = rules.Outcome.UNREADABLE.value, _("Number cannot be read")


class Check(models.Model):
    """核查: a body asks about one person or a list, for one event, under one matter number."""

    code = models.CharField(max_length=16, unique=True, default=codes.check_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    group = models.CharField(_("group"), max_length=3, choices=Group.choices)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    post = models.CharField(_("post"), max_length=20, choices=Post.choices, blank=True)
    matter_number = models.CharField(_("matter number"), max_length=60)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    batch = models.OneToOneField(
        "archive.Batch", null=True, blank=True, on_delete=models.PROTECT, related_name="check_asked"
    )
    known_at = models.DateTimeField(_("as known at"), null=True, blank=True)
    day = models.DateField(_("judged on"), null=True, blank=True)
    counts = models.JSONField(default=dict, help_text="outcome → number of persons")
    watch_code = models.CharField(max_length=16, blank=True, help_text="of the continuous check that asked")
    list_erased_on = models.DateField(
        null=True, blank=True, help_text="rows, names and numbers were deleted after the body's period"
    )

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(matter_number=""), name="check_has_matter"),
            models.CheckConstraint(
                condition=Q(known_at=None, day=None) | Q(known_at__isnull=False, day__isnull=False),
                name="check_answer_paired",
            ),
            # What the decisions of programmes point at: see GateDecision.
            models.UniqueConstraint(
                fields=["id", "organisation", "account", "group", "event", "post", "asked_at"], name="check_tie"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="check_organisation")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_answered(self) -> bool:
        return self.known_at is not None


class Answer(models.Model):
    """What a check answers about one person. Name and number are as the asking body wrote them (ciphertext)."""

    code = models.CharField(max_length=16, unique=True, default=codes.answer_code, editable=False)
    check_asked = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    row = models.PositiveIntegerField(_("row"))
    name = EncryptedTextField(context="vetoes.answer.name")
    number = EncryptedTextField(context="vetoes.answer.number")
    person_id = models.BigIntegerField(null=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    same_as_row = models.PositiveIntegerField(null=True, blank=True)
    problems = models.JSONField(default=list)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["check_asked", "row"], name="answer_once_a_row"),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False) | Q(outcome__in=["not_found", "unreadable"]),
                name="answer_person_known",
            ),
            models.UniqueConstraint(fields=["id", "check_asked", "outcome"], name="answer_tie"),
        ]
        indexes = [models.Index(fields=["check_asked", "outcome", "row"], name="answer_by_outcome")]

    def __str__(self) -> str:
        return self.code

    @property
    def masked_number(self) -> str:
        return mask(self.number)

    @property
    def is_erased(self) -> bool:
        """Name and number were deleted with the list."""
        return not self.number

    @property
    def awaits_decision(self) -> bool:
        to_decide = self.outcome in {Outcome.VETO, Outcome.CONDITION, Outcome.REVIEW}
        return to_decide and not hasattr(self, "decision") and not self.is_erased


class FindingRow(AppendOnly):
    """A finding as it was given: rule version, clause, entry, effect, end. Never changed; a re-run must give the same."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField()
    rule = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    clause = models.PositiveSmallIntegerField()
    entry_id = models.BigIntegerField()
    effect = models.CharField(_("effect"), max_length=10, choices=RuleVersion.EffectChoice.choices)
    until = models.DateField(_("until"), null=True)
    doubt = models.CharField(max_length=30, blank=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("finding")
        ordering = ["answer", "position"]
        constraints = [models.UniqueConstraint(fields=["answer", "position"], name="finding_position")]
        indexes = [models.Index(fields=["entry_id"], name="finding_entry")]

    def __str__(self) -> str:
        return f"{self.answer_id}:{self.position}"

    @property
    def clause_data(self) -> dict[str, object]:
        data: dict[str, object] = self.rule.clauses[self.clause]
        return data

    @property
    def last_day(self) -> dt.date | None:
        return self.until - dt.timedelta(days=1) if self.until else None
