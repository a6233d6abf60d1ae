"""Rules as versioned law, and the bodies that adopted one."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Level, Mark
from archive.vetoes import rules
from archive.vetoes.queries import RuleQuerySet
from profiles.common.bilingual import Bilingual
from profiles.common.vocabulary import ANY_GROUP, Event, Group


class Post(models.TextChoices):
    """Posts that a rule for the event “post” may name."""

    PARTNER = "partner", _("partner of a law firm")
    COURT_AGENT = "court_agent", _("agent or defender in court")
    FOOD_BUSINESS = "food_business", _("management in a food business")
    DRUG_BUSINESS = "drug_business", _("management in a drug business")
    PUBLIC_SECTOR = "public_sector", _("post in the public sector")


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
            clauses=tuple(rules.Clause.read(clause) for clause in self.clauses),
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
