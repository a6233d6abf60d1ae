"""Pledge texts, frozen by version, and signed pledges with their evidence."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Mark
from archive.common.documents import IssuedDocument
from archive.pledges.queries import PledgeQuerySet, TemplateQuerySet
from profiles.common import codes
from profiles.common.bilingual import Bilingual
from profiles.common.fields import EncryptedJSONField
from profiles.common.vocabulary import ANY_GROUP, Group


class PledgeTemplate(models.Model):
    """One version of a pledge's text. A text that is in use is never edited; a new version takes its place."""

    class Kind(models.TextChoices):
        ENTRY = "entry", _("on entering a profession")
        APPLICATION = "application", _("with an application")
        REPAIR = "repair", _("with a repair")
        VOLUNTARY = "voluntary", _("of one's own accord")
        SELF_REGULATION = "self_regulation", _("of a professional body")

    code = models.CharField(_("code"), max_length=30)
    version = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    groups = ArrayField(models.CharField(max_length=3))
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    matter_zh = models.TextField()
    matter_en = models.TextField()
    basis_zh = models.TextField()
    basis_en = models.TextField()
    term_zh = models.TextField()
    term_en = models.TextField()
    scope_zh = models.TextField()
    scope_en = models.TextField()
    breach_zh = models.TextField()
    breach_en = models.TextField()
    clauses = models.JSONField(help_text="list of {zh, en}")
    mark = models.CharField(_("provenance"), max_length=1, choices=Mark.choices)
    text_hash = models.CharField(max_length=64)
    valid_from = models.DateTimeField(default=timezone.now)
    valid_to = models.DateTimeField(null=True, blank=True)

    title = Bilingual("title")
    matter = Bilingual("matter")
    basis = Bilingual("basis")
    term = Bilingual("term")
    scope = Bilingual("scope")
    breach = Bilingual("breach")

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge text")
        ordering = ["kind", "code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="pledge_text_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="pledge_text_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def group_labels(self) -> list[object]:
        return [_("all groups")] if ANY_GROUP in self.groups else [Group(code).label for code in self.groups]


class Pledge(IssuedDocument):
    """A signed pledge. The Chinese text counts; `text_hash` is what was on the screen, the evidence says how it was signed.

    Evidence (Electronic Signature Law 13: exclusive data, sole control, later changes detectable): account, second factor used,
    time of opening and of signing, device, the handwriting, hashes.
    """

    class Performance(models.TextChoices):
        NOT_DUE = "not_due", _("not due yet")
        FULL = "full", _("fully kept")
        PART = "part", _("partly kept")
        BROKEN = "broken", _("not kept")
        WITHDRAWN = "withdrawn", _("withdrawn")

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.pledge_number, editable=False)
    template = models.ForeignKey(PledgeTemplate, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="pledges")
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(_("signed"), default=timezone.now)
    performance = models.CharField(
        _("performance"), max_length=10, choices=Performance.choices, default=Performance.NOT_DUE
    )
    evidence = EncryptedJSONField(context="pledges.pledge.evidence")

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        ordering = ["-signed_at"]

    def __str__(self) -> str:
        return self.number
