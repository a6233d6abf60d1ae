"""Files that bodies send: a batch, its rows, what will happen to each."""

from __future__ import annotations

import functools

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.intake.queries import BatchQuerySet, RowQuerySet
from profiles.common import codes
from profiles.common.fields import EncryptedJSONField
from profiles.common.storage import private_storage


class Batch(models.Model):
    """One uploaded file on its way. The file itself is kept as ciphertext; its hash tells a second upload of the same."""

    class Kind(models.TextChoices):
        ENTRIES = "entries", _("facts to record")
        CHECK = "check", _("people to check")

    class State(models.TextChoices):
        RECEIVED = "received", _("waiting for a worker")
        READING = "reading", _("being read")
        READY = "ready", _("rehearsed, waiting for your decision")
        ADMITTING = "admitting", _("being carried out")
        DONE = "done", _("done")
        REFUSED = "refused", _("the file cannot be used")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("stopped by an error")

    OPEN = (State.RECEIVED, State.READING, State.ADMITTING)

    code = models.CharField(max_length=16, unique=True, default=codes.batch_code, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    file = models.FileField(storage=private_storage, upload_to="uploads/", blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_format = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    sheet_name = models.CharField(max_length=100, blank=True)
    header_row = models.PositiveIntegerField(null=True, blank=True)
    columns = models.JSONField(default=dict, help_text="field → header as written in the file")
    remarks = models.JSONField(default=list, help_text="what the reader has to say about the file as a whole")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="verdict → number of rows")
    notices_total = models.PositiveIntegerField(
        default=0, help_text="notices that the rows call for, written after them"
    )
    notices_left = models.PositiveIntegerField(default=0)
    confirmed_by = models.ForeignKey("profiles.Account", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="batch_confirmation_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["admitting", "done"]) | Q(confirmed_at__isnull=False),
                name="batch_admitted_only_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sha256"], name="batch_same_file"),
            models.Index(
                fields=["heartbeat_at"],
                condition=Q(state__in=["received", "reading", "admitting"]),
                name="batch_left_behind",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def let_go_of_file(self) -> None:
        """The row lets go of the file now; the file goes once that is stored, so that neither is without the other."""
        storage, name = self.file.storage, self.file.name
        self.file = ""
        if name:
            transaction.on_commit(functools.partial(storage.delete, name))

    @property
    def is_working(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        return round(100 * self.rows_done / self.rows_total) if self.rows_total else 0

    @property
    def good_rows(self) -> int:
        return sum(self.counts.get(verdict, 0) for verdict in Row.GOOD)

    @property
    def refused_rows(self) -> int:
        return int(self.counts.get(Row.Verdict.REFUSED, 0))


class Row(models.Model):
    """One row of a sheet with the cells as they were written (ciphertext) and what will happen to it."""

    class Verdict(models.TextChoices):
        NEW = "new", _("new person")
        KNOWN = "known", _("known person")
        READABLE = "readable", _("can be read")
        REFUSED = "refused", _("refused")
        SKIPPED = "skipped", _("not data")

    GOOD = (Verdict.NEW, Verdict.KNOWN, Verdict.READABLE)

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = EncryptedJSONField(context="intake.row.cells")
    verdict = models.CharField(_("what happens"), max_length=10, choices=Verdict.choices)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="row_once")]
        indexes = [models.Index(fields=["batch", "verdict", "number"], name="row_by_verdict")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"
