"""Rules as versioned law, checks, their answers, decisions and slips."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Level, Mark
from archive.common.documents import IssuedDocument
from archive.vetoes import rules
from archive.vetoes.queries import AnswerQuerySet, CheckQuerySet, RuleQuerySet
from profiles.common import codes
from profiles.common.bilingual import Bilingual
from profiles.common.fields import EncryptedTextField
from profiles.common.identity import mask
from profiles.common.models import AppendOnly
from profiles.common.vocabulary import ANY_GROUP, Event, Group


class Post(models.TextChoices):
    """Posts that a rule for the event “post” may name."""

    PARTNER = "partner", _("partner of a law firm")
    COURT_AGENT = "court_agent", _("agent or defender in court")
    FOOD_BUSINESS = "food_business", _("management in a food business")
    DRUG_BUSINESS = "drug_business", _("management in a drug business")
    PUBLIC_SECTOR = "public_sector", _("post in the public sector")


class Outcome(models.TextChoices):
    CLEAR = rules.Outcome.CLEAR.value, _("Clear")
    NOTE = rules.Outcome.NOTE.value, _("Clear, with a note")
    REVIEW = rules.Outcome.REVIEW.value, _("Needs a look")
    CONDITION = rules.Outcome.CONDITION.value, _("Needs a look: condition of the competent body")
    VETO = rules.Outcome.VETO.value, _("Veto")
    NOT_FOUND = rules.Outcome.NOT_FOUND.value, _("Not found")
    NAME_MISMATCH = rules.Outcome.NAME_MISMATCH.value, _("Name does not match")
    UNAUTHORISED = rules.Outcome.UNAUTHORISED.value, _("Not authorised")
    UNREADABLE = rules.Outcome.UNREADABLE.value, _("Number cannot be read")


class RuleVersion(models.Model):
    """One version of a veto rule. `on` rules rest on law; `off` rules hold only for bodies that adopted them."""

    class Status(models.TextChoices):
        ON = "on", _("on")
        OFF = "off", _("off until a body adopts it")

    class EffectChoice(models.TextChoices):
        BLOCK = rules.Effect.BLOCK.value, _("veto")
        COND = rules.Effect.COND.value, _("condition of the competent body")
        REVIEW = rules.Effect.REVIEW.value, _("review by a committee")
        NOTE = rules.Effect.NOTE.value, _("note")

    code = models.CharField(_("rule"), max_length=30)
    version = models.PositiveIntegerField()
    catalogue_version = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    groups = ArrayField(models.CharField(max_length=3))
    events = ArrayField(models.CharField(max_length=20))
    effect = models.CharField(_("effect"), max_length=10, choices=EffectChoice.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    level = models.CharField(_("level of the basis"), max_length=30, choices=Level.choices)
    bases = models.JSONField(help_text="list of {code, articles}")
    clauses = models.JSONField()
    mark = models.CharField(_("provenance"), max_length=1, choices=Mark.choices)
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    post = models.CharField(max_length=20, choices=Post.choices, blank=True)
    match_occupation = models.BooleanField(default=False)
    needs_outside_check = models.BooleanField(default=False)
    outside_check_zh = models.TextField(blank=True)
    outside_check_en = models.TextField(blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    end_document = models.CharField(_("ended by"), max_length=250, blank=True)
    content_hash = models.CharField(max_length=64, editable=False, help_text="of the row of the data file it rests on")

    name = Bilingual("name")
    note = Bilingual("note")
    outside_check = Bilingual("outside_check")

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("veto rule")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="rule_one_current"),
            # A veto rests on a law or an administrative regulation (State Council General Office 〔2020〕49).
            models.CheckConstraint(
                condition=~Q(effect="BLOCK") | Q(level__in=["law", "administrative_regulation"]),
                name="rule_block_level",
            ),
            models.CheckConstraint(condition=Q(status="off") | Q(effect="BLOCK"), name="rule_on_only_block"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def group_labels(self) -> list[object]:
        return [_("all groups")] if ANY_GROUP in self.groups else [Group(code).label for code in self.groups]

    def event_labels(self) -> list[object]:
        return [Event(code).label for code in self.events]

    def compiled(self) -> rules.Rule:
        """The rule as the engine reads it."""
        return rules.Rule(
            id=self.pk,
            code=self.code,
            groups=frozenset(self.groups),
            events=frozenset(self.events),
            effect=rules.Effect(self.effect),
            clauses=tuple(
                rules.Clause(
                    items=frozenset(clause["items"]),
                    term=clause["term"],
                    start=clause["from"],
                    events=frozenset(clause["events"]) if clause.get("events") else None,
                    term_max=clause.get("term_max", ""),
                    then=clause.get("then", ""),
                )
                for clause in self.clauses
            ),
            post=self.post,
            match_occupation=self.match_occupation,
            needs_outside_check=self.needs_outside_check,
        )


class RuleAdoption(models.Model):
    """A competent body makes an `off` rule hold for its own checks, by a document of its own; the credit office approves."""

    rule_code = models.CharField(_("rule"), max_length=30)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    document_number = models.CharField(_("document number"), max_length=100)
    document_date = models.DateField(_("document date"))
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    approved_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("adopted rule")
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "organisation"], condition=Q(valid_to=None), name="adoption_once"
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="adoption_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} by {self.organisation_id}"


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
        ]
        indexes = [models.Index(fields=["check_asked", "outcome", "row"], name="answer_by_outcome")]

    def __str__(self) -> str:
        return self.code

    @property
    def masked_number(self) -> str:
        return mask(self.number)

    @property
    def awaits_decision(self) -> bool:
        return self.outcome in {Outcome.VETO, Outcome.CONDITION, Outcome.REVIEW} and not hasattr(self, "decision")


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


class Decision(AppendOnly):
    """A named examiner confirms or lifts what the machine proposed, with reasons. Made once."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("veto confirmed")
        LIFTED = "lifted", _("lifted")

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="decision")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    kind = models.CharField(_("decision"), max_length=10, choices=Kind.choices)
    reasons = models.TextField(_("reasons"), max_length=1000)
    decided_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        verbose_name = _("decision")
        constraints = [models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons")]

    def __str__(self) -> str:
        return f"{self.kind} {self.answer_id}"


class Slip(IssuedDocument):
    """核查告知单: the decision on paper for the person, with rule, entry, article, end and the way out."""

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.slip_number, editable=False)
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="slip")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("slip")

    def __str__(self) -> str:
        return self.number
