"""Professional credit reports: a frozen snapshot, its PDF, its code."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.common.documents import IssuedDocument
from archive.common.statements import Statement
from archive.reports.queries import ReaderNoticeQuerySet, ReportQuerySet
from archive.reports.rules import last_day
from profiles.common import codes
from profiles.common.fields import EncryptedTextField
from profiles.common.vocabulary import Group


class Report(IssuedDocument):
    """What the archive showed about a person at `as_of`. `content` is canonical JSON; the PDF is made from it once."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")

    class Edition(models.TextChoices):
        FULL = "full", _("full report")
        CERTIFICATE = "certificate", _("certificate: no adverse entries")

    class Language(models.TextChoices):
        CHINESE = "zh", _("Chinese")
        ENGLISH = "en", _("English")

    class Replaced(models.TextChoices):
        RENEWED = "renewed", _("a newer report was made")
        CHANGED = "changed", _("an entry in it was changed, repaired or withdrawn")

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.report_number, editable=False)
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="reports")
    requested_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=100)
    edition = models.CharField(_("edition"), max_length=12, choices=Edition.choices, default=Edition.FULL)
    group = models.CharField(_("for which profession"), max_length=3, choices=Group.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.CHINESE)
    reader = models.CharField(_("for whom"), max_length=120, blank=True)
    answer = models.ForeignKey(
        "archive.Answer", verbose_name=_("made after the check"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="reports",
    )  # fmt: skip
    renews = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewed_by_set")
    as_of = models.DateTimeField(_("as of"), default=timezone.now)
    valid_until = models.DateField(_("valid until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    replaced_why = models.CharField(max_length=10, choices=Replaced.choices, blank=True)
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
                condition=Q(replaced_at=None, replaced_why="") | Q(replaced_at__isnull=False) & ~Q(replaced_why=""),
                name="report_replaced_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(sha256="") & Q(issued_at__isnull=False)), name="report_ready_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "valid_until"], name="report_person"),
            models.Index(fields=["heartbeat_at"], condition=Q(state="requested"), name="report_left_behind"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def organisation_id(self) -> int | None:
        """The body that a report was made for; a person's own report belongs to none."""
        return self.answer.organisation_id if self.answer is not None else None

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

    @property
    def last_day(self) -> dt.date:
        return last_day(timezone.localdate(self.as_of))

    def is_valid_on(self, day: dt.date) -> bool:
        return (
            self.state == self.State.READY
            and self.ended_at is None
            and self.replaced_at is None
            and day <= self.valid_until
        )


class ReportEntry(models.Model):
    """A report holds this entry: so a change of the entry finds the reports that it overtakes."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="held")
    entry = models.ForeignKey("archive.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("entry in a report")
        constraints = [models.UniqueConstraint(fields=["report", "entry"], name="report_entry_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.entry_id}"


class ReaderNotice(models.Model):
    """A body was shown an entry by a check, and the entry has since been changed, repaired or withdrawn.

    It says which check and which person, not what changed: who may still look asks again.
    """

    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey("archive.Answer", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("archive.Entry", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(_("told"), default=timezone.now)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    objects = ReaderNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to a reader")
        ordering = ["-told_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "entry"], name="reader_notice_once")]
        indexes = [
            models.Index(fields=["organisation", "-told_at"], name="reader_notice_body"),
            models.Index(fields=["organisation"], condition=Q(seen_at=None), name="reader_notice_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.answer_id}"


class ReportLink(models.Model):
    """The owner shows a report to one reader: an own code, an own end, and only what the owner allows."""

    class Shows(models.TextChoices):
        VERDICT = "verdict", _("only whether the report is genuine and valid")
        COUNTS = "counts", _("that, and how many entries it holds")
        FILE = "file", _("that, and the report itself")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="links")
    verification_code = models.CharField(max_length=19, unique=True, default=codes.verification_code, editable=False)
    reader = models.CharField(_("for whom"), max_length=120)
    shows = models.CharField(_("what is shown"), max_length=10, choices=Shows.choices, default=Shows.VERDICT)
    made_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateField(_("until"))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link to a report")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"link to report {self.report_id}"

    @property
    def verification_url(self) -> str:
        return f"{settings.PUBLIC_URL}/verify/{self.verification_code}/"

    def is_valid_on(self, day: dt.date) -> bool:
        return self.ended_at is None and day <= self.valid_until and self.report.is_valid_on(day)


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
