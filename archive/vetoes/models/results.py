"""The result of a list check as a workbook: made by a worker, kept as ciphertext, gone after some days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models.checks import Check
from archive.vetoes.queries import ResultFileQuerySet
from profiles.common.storage import private_storage


class ResultFile(models.Model):
    """One workbook a check and language. `expires_at` is set when it is made; then the file goes and the row stays."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("being made")
        READY = "done", _("ready")
        EXPIRED = "expired", _("expired, the file is deleted")
        FAILED = "failed", _("stopped by an error")

    check_asked = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="results")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    file = models.FileField(storage=private_storage, upload_to="results/", blank=True)
    requested_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = ResultFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("result workbook")
        constraints = [
            models.UniqueConstraint(fields=["check_asked", "language"], name="result_file_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(file="") & Q(expires_at__isnull=False)),
                name="result_file_ready_has_file",
            ),
            models.CheckConstraint(condition=~Q(state="expired") | Q(file=""), name="result_file_expired_is_gone"),
        ]
        indexes = [
            models.Index(fields=["heartbeat_at"], condition=Q(state="requested"), name="result_file_left_behind"),
            models.Index(fields=["expires_at"], condition=Q(state="done"), name="result_file_to_expire"),
        ]

    def __str__(self) -> str:
        return f"result of {self.check_asked_id}"

    @property
    def percent(self) -> int:
        return round(100 * self.rows_done / self.rows_total) if self.rows_total else 0
