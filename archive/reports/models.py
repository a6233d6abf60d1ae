"""Professional credit reports: a frozen snapshot, its PDF, its code."""

from __future__ import annotations

import datetime as dt
import json

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.common.documents import IssuedDocument
from archive.common.statements import Statement
from archive.reports.queries import ReportQuerySet
from profiles.common import codes
from profiles.common.fields import EncryptedTextField


class Report(IssuedDocument):
    """What the archive showed about a person at `as_of`. `content` is canonical JSON; the PDF is made from it once."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.report_number, editable=False)
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="reports")
    requested_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=100)
    as_of = models.DateTimeField(_("as of"), default=timezone.now)
    valid_until = models.DateField(_("valid until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    content = EncryptedTextField(context="reports.report.content")
    content_hash = models.CharField(max_length=64)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        ordering = ["-as_of"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(sha256="") & Q(issued_at__isnull=False)), name="report_ready_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["heartbeat_at"], condition=Q(state="requested"), name="report_left_behind"),
        ]

    def __str__(self) -> str:
        return self.number

    def statement(self) -> Statement:
        """With the last day of validity as it was at first, and the counts of adverse and positive entries."""
        counts = json.loads(self.content)["counts"]
        return Statement(
            "report",
            self.number,
            timezone.localdate(self.as_of),
            self.printed_until,
            f"a{counts['adverse']}p{counts['positive']}",
        )

    @property
    def printed_until(self) -> dt.date:
        """What stands on the paper, whatever its owner changed since."""
        return dt.date.fromisoformat(json.loads(self.content)["valid_until"])

    def is_valid_on(self, day: dt.date) -> bool:
        return self.state == self.State.READY and self.ended_at is None and day <= self.valid_until


class VerificationUse(models.Model):
    """Somebody looked up a document by its code. Its owner sees when; who it was is not known and not kept."""

    code = models.CharField(max_length=19)
    at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("use of a verification code")
        indexes = [models.Index(fields=["code", "-at"], name="verification_use")]

    def __str__(self) -> str:
        return f"{self.code} {self.verdict}"
