"""Rules as versioned law, and the bodies that adopted one."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Level, Mark
from archive.vetoes import rules
from archive.vetoes.queries import AdoptionQuerySet, RuleQuerySet
from profiles.common import codes
from profiles.common.bilingual import Bilingual
from profiles.common.storage import private_storage
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
    content_hash = models.CharField(
        max_length=64,
        editable=False,
        blank=True,
        help_text="of the row of the data file it rests on; empty: drafted here",
    )

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

    def as_written(self) -> dict[str, Any]:
        """The rule as a data file or a draft writes it."""
        names = (
            "code",
            "name_zh",
            "name_en",
            "groups",
            "events",
            "effect",
            "status",
            "bases",
            "mark",
            "note_zh",
            "note_en",
        )
        told = ("post", "match_occupation", "needs_outside_check", "outside_check_zh", "outside_check_en")
        return {
            **{name: getattr(self, name) for name in names},
            **{name: value for name in told if (value := getattr(self, name))},
            "clause": self.clauses,
        }

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
    """A competent body makes an `off` rule hold for its own checks, by a document of its own that is attached.

    The body's examiner (or an officer, for a body without an account) proposes; a credit officer who is somebody else approves.
    """

    code = models.CharField(max_length=16, unique=True, default=codes.adoption_code, editable=False)
    rule_code = models.CharField(_("rule"), max_length=30)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    document_number = models.CharField(_("document number"), max_length=100)
    document_date = models.DateField(_("document date"))
    file = models.FileField(_("document"), storage=private_storage, upload_to="rules/", blank=True)
    file_type = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    proposed_by = models.ForeignKey("profiles.Account", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    approved_by = models.ForeignKey("profiles.Account", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey("profiles.Account", null=True, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(_("why it is declined"), max_length=300, blank=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adopted rule")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "organisation"],
                condition=Q(valid_to=None, declined_at=None),
                name="adoption_once",
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="adoption_dates"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, declined_at=None),
                name="adoption_approval_paired",
            ),
            models.CheckConstraint(
                condition=Q(declined_by=None, declined_at=None, decline_reason="")
                | Q(declined_by__isnull=False, declined_at__isnull=False) & ~Q(decline_reason=""),
                name="adoption_decline_told",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="adoption_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} by {self.organisation_id}"

    @property
    def state(self) -> str:
        if self.declined_at is not None:
            return "declined"
        if self.approved_at is None:
            return "proposed"
        return "ended" if self.valid_to is not None and self.valid_to <= timezone.localdate() else "approved"

    def get_state_display(self) -> Any:
        return {
            "declined": _("declined"),
            "proposed": _("waits for a second person"),
            "ended": _("ended"),
            "approved": _("approved by a second person"),
        }[self.state]
