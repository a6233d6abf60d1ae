"""Files that bodies send: a batch, its rows, what will happen to each."""

from __future__ import annotations

import functools
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.intake.queries import BatchQuerySet, ColumnMemoryQuerySet, FixFileQuerySet, RowQuerySet
from profiles.common import codes
from profiles.common.fields import EncryptedJSONField
from profiles.common.storage import private_storage


def let_go(row: Any) -> None:
    """The row lets go of its file now; the file goes once that is stored, so that neither is without the other."""
    storage, name = row.file.storage, row.file.name
    row.file = ""
    if name:
        transaction.on_commit(functools.partial(storage.delete, name))


class Batch(models.Model):
    """One uploaded file on its way. The file itself is kept as ciphertext; its hash tells a second upload of the same."""

    class Kind(models.TextChoices):
        ENTRIES = "entries", _("facts to record")
        CHECK = "check", _("people to check")

    class State(models.TextChoices):
        RECEIVED = "received", _("waiting for a worker")
        READING = "reading", _("being read")
        COLUMNS = "columns", _("waiting for you to check the columns")
        READY = "ready", _("rehearsed, waiting for your decision")
        HELD = "held", _("held back until all rows are good")
        ADMITTING = "admitting", _("being carried out")
        DONE = "done", _("done")
        REFUSED = "refused", _("the file cannot be used")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("stopped by an error")
        REVERSED = "reversed", _("reversed as a whole")

    OPEN = (State.RECEIVED, State.READING, State.ADMITTING)
    TO_DECIDE = (State.READY, State.HELD)
    DISK_FULL = "disk_full"  # an `error` for which there is a remedy that we know

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
    continues = models.ForeignKey(
        "self", verbose_name=_("continues"), null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    survey = EncryptedJSONField(
        context="intake.batch.survey", null=True, help_text="the first rows of each sheet, masked"
    )
    layout = models.JSONField(null=True, blank=True, help_text="sheet, header row, position → field")
    columns_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    columns_at = models.DateTimeField(null=True, blank=True)
    sheet_name = models.CharField(max_length=100, blank=True)
    header_row = models.PositiveIntegerField(null=True, blank=True)
    columns = models.JSONField(default=dict, help_text="field → header as written in the file")
    remarks = models.JSONField(default=list, help_text="what the reader has to say about the file as a whole")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="verdict → number of rows")
    outlook = models.JSONField(default=dict, help_text="what carrying it out will do: people, items, notices")
    notices_total = models.PositiveIntegerField(
        default=0, help_text="notices that the rows call for, written after them"
    )
    notices_left = models.PositiveIntegerField(default=0)
    confirmed_by = models.ForeignKey("profiles.Account", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reversed_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reversed_at = models.DateTimeField(null=True, blank=True)
    reverse_reason = models.CharField(_("why it is reversed"), max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, help_text="when the worker took it up that holds it now")
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
                condition=~Q(state__in=["admitting", "done", "reversed"]) | Q(confirmed_at__isnull=False),
                name="batch_admitted_only_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(columns_by=None, columns_at=None) | Q(columns_by__isnull=False, columns_at__isnull=False),
                name="batch_columns_paired",
            ),
            # Reversed: by whom, when and why; and only then.
            models.CheckConstraint(
                condition=Q(state="reversed", reversed_by__isnull=False, reversed_at__isnull=False)
                & ~Q(reverse_reason="")
                | ~Q(state="reversed") & Q(reversed_by=None, reversed_at=None, reverse_reason=""),
                name="batch_reversal_told",
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
        """The file, and what was shown and made of it."""
        let_go(self)
        self.survey = None
        self.let_go_of_fix_files()

    def let_go_of_fix_files(self) -> None:
        """They told of an outcome that counts no more."""
        for fix in self.fix_files.all():
            let_go(fix)
            fix.delete()

    @property
    def own_remarks(self) -> list[dict[str, Any]]:
        """What was remarked at the upload; the rest comes anew with each rehearsal."""
        return [remark for remark in self.remarks if remark["code"] == "same_file"]

    @property
    def headers_read(self) -> list[str]:
        """Headers of the columns that are read, in the order of the sheet."""
        placed = sorted((self.layout or {}).get("columns", {}).items(), key=lambda item: int(item[0]))
        return [self.columns[name] for _position, name in placed if name in self.columns]

    @property
    def is_working(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_telling(self) -> bool:
        """Carried out or reversed, and the notices to its persons are being written."""
        return self.notices_left > 0

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


class ColumnMemory(models.Model):
    """As what a body's column is read, because a clerk of it said so. The latest word counts."""

    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Batch.Kind.choices)
    key = models.CharField(max_length=100, help_text="the header without case, width and marks")
    header = models.CharField(_("column"), max_length=100)
    field = models.CharField(_("is read as"), max_length=40, blank=True, help_text="empty: not read")
    set_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    objects = ColumnMemoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered column")
        ordering = ["header"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "key"], name="column_memory_once")]

    def __str__(self) -> str:
        return f"{self.header} → {self.field or '–'}"


class FixFile(models.Model):
    """A body's own workbook on its way back, with what is wrong; for files that take longer than a request."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("being made")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped by an error")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="fix_files")
    all_rows = models.BooleanField(default=False, help_text="the good rows too")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    file = models.FileField(storage=private_storage, upload_to="fixes/", blank=True)
    requested_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    objects = FixFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fix file")
        constraints = [
            models.UniqueConstraint(fields=["batch", "all_rows", "language"], name="fix_file_once"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(file=""), name="fix_file_done_has_file"),
        ]

    def __str__(self) -> str:
        return f"fix file of {self.batch_id}"
