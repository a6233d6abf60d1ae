"""What may be collected: items, the law they rest on, and the periods of each jurisdiction. All of it is versioned data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.catalogue.queries import ItemQuerySet
from profiles.common.bilingual import Bilingual
from profiles.common.vocabulary import ANY_GROUP, Group, OrganisationKind


class Mark(models.TextChoices):
    """How well a fact of the catalogue is established. What is uncertain stays marked on screen and in reports."""

    STATUTE = "F", _("read in the statute")
    MIRROR = "M", _("seen in an excerpt, wording to be verified")
    SEED = "S", _("named in the policy documents")
    KNOWLEDGE = "K", _("not confirmed, to be verified before it is quoted")
    DESIGN = "D", _("proposal of this product, not law")


class Severity(models.TextChoices):
    MINOR = "minor", _("Minor")
    GENERAL = "general", _("General")
    SERIOUS = "serious", _("Serious")


class Polarity(models.TextChoices):
    ADVERSE = "adverse", _("Adverse")
    POSITIVE = "positive", _("Positive")


class Display(models.TextChoices):
    """Which display period an item has by default."""

    NONE = "none", _("not displayed")
    GENERAL = "general", _("general: 3 months to 1 year")
    SERIOUS = "serious", _("serious: 1 to 3 years")
    SANCTION = "sanction", _("the sanction's own period")
    WHILE_LISTED = "while_listed", _("while the list entry lasts")
    BY_SEVERITY = "by_severity", _("by the entry's severity")
    FIXED = "fixed", _("a fixed number of months")
    LONG_TERM = "long_term", _("long term")
    YES_NO = "yes_no", _("not displayed; answered yes or no only")
    CONSENT = "consent", _("as long as the person agrees")


class Level(models.TextChoices):
    """Rank of a legal basis. Only the first two carry a BLOCK (State Council General Office 〔2020〕49)."""

    LAW = "law", _("law")
    ADMINISTRATIVE_REGULATION = "administrative_regulation", _("administrative regulation")
    JUDICIAL_INTERPRETATION = "judicial_interpretation", _("judicial interpretation")
    MINISTRY_RULE = "ministry_rule", _("ministry rule")
    LOCAL_REGULATION = "local_regulation", _("local regulation")
    NORMATIVE_DOCUMENT = "normative_document", _("normative document")
    CENTRAL_POLICY = "central_policy", _("central policy document")
    SELF_REGULATION = "self_regulation", _("self-regulation or contract")


BLOCKING_LEVELS = frozenset({Level.LAW, Level.ADMINISTRATIVE_REGULATION})


class LegalBasis(models.Model):
    """A law, regulation or document that items and rules cite."""

    code = models.CharField(max_length=60, primary_key=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    level = models.CharField(_("level"), max_length=30, choices=Level.choices)
    document_no = models.CharField(_("document number"), max_length=80, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    mark = models.CharField(_("provenance"), max_length=1, choices=Mark.choices)
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    title = Bilingual("title")
    note = Bilingual("note")

    class Meta:
        verbose_name = _("legal basis")
        ordering = ["level", "code"]

    def __str__(self) -> str:
        return self.title_zh


class Jurisdiction(models.Model):
    """A province's (or the national) set of periods, deadlines and excluded kinds; missing keys are inherited from national."""

    code = models.CharField(max_length=30, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    complete = models.BooleanField()
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    settings = models.JSONField(help_text="key → value, mark, source_zh, source_en")

    name = Bilingual("name")
    note = Bilingual("note")

    class Meta:
        verbose_name = _("jurisdiction")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh


class Item(models.Model):
    """One version of a catalogue item. Entries point at the version in force on the day of the act."""

    code = models.CharField(_("code"), max_length=10)
    version = models.PositiveIntegerField()
    catalogue_version = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    groups = ArrayField(models.CharField(max_length=3))
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, blank=True)
    severity_max = models.CharField(max_length=10, choices=Severity.choices, blank=True)
    polarity = models.CharField(_("polarity"), max_length=10, choices=Polarity.choices)
    display = models.CharField(_("display"), max_length=20, choices=Display.choices, blank=True)
    display_else = models.CharField(max_length=20, choices=Display.choices, blank=True)
    display_months = models.PositiveSmallIntegerField(null=True, blank=True)
    reporters = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    bases = models.JSONField(default=list, help_text="list of {code, articles}")
    mark = models.CharField(_("provenance"), max_length=1, choices=Mark.choices)
    mark_note_zh = models.TextField(blank=True)
    mark_note_en = models.TextField(blank=True)
    bar_zh = models.TextField(blank=True)
    bar_en = models.TextField(blank=True)
    meaning_zh = models.TextField(blank=True)
    meaning_en = models.TextField(blank=True)
    forbidden = models.BooleanField(default=False)
    forbidden_zh = models.TextField(blank=True)
    forbidden_en = models.TextField(blank=True)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    ended_back = models.BooleanField(default=False, help_text="ended for acts before `valid_to` as well")
    end_document = models.CharField(_("ended by"), max_length=250, blank=True)
    content_hash = models.CharField(max_length=64, editable=False, help_text="of the row of the data file it rests on")

    name = Bilingual("name")
    mark_note = Bilingual("mark_note")
    bar = Bilingual("bar")
    meaning = Bilingual("meaning")
    forbidden_reason = Bilingual("forbidden")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue item")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="item_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="item_one_current"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="item_dates"),
            models.CheckConstraint(
                condition=Q(forbidden=True) | (~Q(severity="") & ~Q(display="")) | Q(polarity="positive"),
                name="item_has_severity_and_display",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def in_force_on(self, day: dt.date) -> bool:
        """May an act of that day be recorded under this version? Never, once the law that ended it works back."""
        return not self.ended_back and self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def covers_group(self, group: str) -> bool:
        return ANY_GROUP in self.groups or group in self.groups

    def group_labels(self) -> list[Any]:
        return [_("all groups")] if ANY_GROUP in self.groups else [Group(code).label for code in self.groups]

    def reporter_labels(self) -> list[Any]:
        return [OrganisationKind(kind).label for kind in self.reporters]
