"""Files that prove: scanned decisions, proofs of service, and what else stands behind a fact."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.evidence.queries import EvidenceQuerySet
from profiles.common import codes
from profiles.common.storage import private_storage


class Evidence(models.Model):
    """One file, cleaned and kept as ciphertext as long as what it is about. `about_*` point at that, as a notice's do.

    `received_sha256` is the hash of the file as it was sent, `sha256` of what is stored; both in lower-case hexadecimal.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", _("decision document")
        SERVICE = "service", _("proof of service")
        NAMING = "naming", _("document that names the responsible person")
        OTHER = "other", _("other evidence")

    class Scan(models.TextChoices):
        NOT_CONFIGURED = "not_configured", _("not scanned: no malware scanner is configured")
        CLEAN = "clean", _("no malware found")
        INFECTED = "infected", _("malware found, not kept")
        WAITING = "waiting", _("waiting for the malware scanner")

    code = models.CharField(_("number"), max_length=16, unique=True, default=codes.evidence_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    about_type = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(storage=private_storage, upload_to="evidence/", blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField(help_text="bytes, as stored before encryption")
    pages = models.PositiveSmallIntegerField(_("pages"))
    received_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    remarks = models.JSONField(default=list, blank=True, help_text="codes of archive.evidence.problems.REMARKS")
    names_person = models.BooleanField(_("names the person"), default=False)
    named_at = models.CharField(_("page or paragraph that names the person"), max_length=120, blank=True)
    scan_state = models.CharField(_("malware scan"), max_length=20, choices=Scan.choices)
    scanner = models.CharField(max_length=60, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    withdrawn_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        ordering = ["added_at", "pk"]
        indexes = [
            models.Index(fields=["about_type", "about_id"], name="evidence_about"),
            models.Index(fields=["id"], condition=Q(scan_state="waiting"), name="evidence_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="evidence_withdrawal_paired",
            ),
            models.CheckConstraint(
                condition=Q(names_person=True) & ~Q(named_at="") | Q(names_person=False, named_at=""),
                name="evidence_naming_says_where",
            ),
            models.CheckConstraint(
                condition=Q(scan_state__in=["clean", "infected"], scanned_at__isnull=False) & ~Q(scanner="")
                | Q(scan_state__in=["not_configured", "waiting"], scanned_at=None, scanner=""),
                name="evidence_scan_paired",
            ),
            models.CheckConstraint(
                condition=Q(scan_state="infected", file="") | ~Q(scan_state="infected") & ~Q(file=""),
                name="evidence_has_file",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="content_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "about_type", "about_id", "person", "organisation", "sha256", "received_sha256", "size"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_readable(self) -> bool:
        """May its content be shown: not withdrawn, and not suspected."""
        return self.withdrawn_at is None and self.scan_state in {self.Scan.CLEAN, self.Scan.NOT_CONFIGURED}
