"""Reports for a whole list that was checked: the work, and what became of each row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.reports.queries import BundleLineQuerySet, ReportBundleQuerySet
from profiles.common import codes
from profiles.common.storage import private_storage


class ReportBundle(models.Model):
    """批量报告: a report for each person of an answered list, then one ZIP of them with an index, kept for some days.

    Several workers may share it: each row is taken by itself, so that none is made twice and none is lost with a worker.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("reports are being made")
        PACKING = "packing", _("being packed into one file")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("stopped by an error")

    OPEN = (State.RUNNING, State.PACKING)
    DISK_FULL, NOT_PERMITTED = "disk_full", "not_permitted"  # an `error` for which there is a remedy that we know

    code = models.CharField(max_length=16, unique=True, default=codes.bundle_code, editable=False)
    check_asked = models.ForeignKey("archive.Check", on_delete=models.PROTECT, related_name="bundles")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, help_text="of the index")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    rows_total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, help_text="when the present step began")
    heartbeat_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="to pack it")
    finished_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(storage=private_storage, upload_to="bundles/", blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes of the ZIP")
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    objects = ReportBundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reports of a list")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_asked"], condition=Q(state__in=["running", "packing"]), name="bundle_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "packing"], finished_at=None)
                | Q(state__in=["done", "cancelled", "failed"], finished_at__isnull=False),
                name="bundle_end_has_time",
            ),
            models.CheckConstraint(condition=Q(file="") | Q(state__in=["packing", "done"]), name="bundle_file_in_time"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(expires_at__isnull=False), name="bundle_file_expires"
            ),
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"], condition=Q(state__in=["running", "packing"]), name="bundle_left_behind"
            ),
            models.Index(fields=["expires_at"], condition=~Q(file=""), name="bundle_to_discard"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_working(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_at_hand(self) -> bool:
        """Time is a function: a file whose days are over is not given out, whether it has been deleted yet or not."""
        return bool(
            self.state == self.State.DONE and self.file and self.expires_at and timezone.now() < self.expires_at
        )


class BundleLine(models.Model):
    """One row of the list. `why` it has no report: an outcome of the check that opened no archive, or a reason of ours."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for its turn")
        MAKING = "making", _("being made")
        MADE = "made", _("report made")
        NONE = "none", _("no report")

    class Why(models.TextChoices):
        NOT_FOUND = "not_found", _("No archive has this number")
        NAME_MISMATCH = "name_mismatch", _("The name does not match the number")
        UNAUTHORISED = "unauthorised", _("The person had not authorised the check")
        UNREADABLE = "unreadable", _("The number cannot be read")
        SAME_ROW = "same_row", _("The person stands in an earlier row")
        NO_AUTHORISATION = "no_authorisation", _("The person has not authorised a report")
        NOT_COMPETENT = "not_competent", _("The competence of your body has ended")
        CANCELLED = "cancelled", _("Cancelled before its turn")
        FAILED = "failed", _("An error of ours")

    bundle = models.ForeignKey(ReportBundle, on_delete=models.CASCADE, related_name="lines")
    answer = models.ForeignKey("archive.Answer", on_delete=models.PROTECT, related_name="+")
    report = models.OneToOneField(
        "archive.Report", null=True, blank=True, on_delete=models.PROTECT, related_name="bundle_line"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(_("why there is none"), max_length=20, choices=Why.choices, blank=True)
    packed = models.BooleanField(default=False, help_text="its report is in the file")

    objects = BundleLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a list's reports")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "answer"], name="bundle_line_once"),
            models.CheckConstraint(
                condition=Q(state="none") & ~Q(why="") | ~Q(state="none") & Q(why=""), name="bundle_line_none_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["making", "made"]) | Q(report__isnull=False), name="bundle_line_made_has_report"
            ),
        ]
        indexes = [
            models.Index(fields=["bundle", "id"], condition=Q(state="waiting"), name="bundle_line_waiting"),
            models.Index(fields=["bundle", "state"], name="bundle_line_state"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.answer_id} {self.state}"
