"""Approving many entries: what was seen and confirmed, and what became of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.bulk_queries import ApprovalLineQuerySet, BulkApprovalQuerySet
from profiles.common import codes


class BulkApproval(models.Model):
    """A second person's decision on a set of entries. The set is frozen when the page of what will happen is made."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waiting for your decision")
        RUNNING = "running", _("being carried out")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("stopped by an error")

    code = models.CharField(max_length=16, unique=True, default=codes.approval_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "profiles.Account", verbose_name=_("account"), on_delete=models.PROTECT, related_name="+"
    )
    query = models.CharField(
        max_length=2000, blank=True, help_text="the filter of the list; empty where rows were chosen"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    approved = models.PositiveIntegerField(_("approved"), default=0)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    objects = BulkApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval of many entries")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(confirmed_at__isnull=False), name="approval_runs_only_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "running"], finished_at=None)
                | Q(state__in=["done", "cancelled", "failed"], finished_at__isnull=False),
                name="approval_end_has_time",
            ),
            models.CheckConstraint(
                condition=Q(rows_done__lte=models.F("rows_total"), approved__lte=models.F("rows_done")),
                name="approval_counts_add_up",
            ),
        ]
        indexes = [models.Index(fields=["heartbeat_at"], condition=Q(state="running"), name="approval_left_behind")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_working(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def percent(self) -> int:
        return round(100 * self.rows_done / self.rows_total) if self.rows_total else 0

    @property
    def stayed(self) -> int:
        return self.rows_done - self.approved


class ApprovalLine(models.Model):
    """One entry of the frozen set and what became of it; `reason` is why it stays as it is, a code of `rules.may_approve`."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        STAYS = "stays", _("stays as it is")

    approval = models.ForeignKey(BulkApproval, on_delete=models.CASCADE, related_name="lines")
    entry = models.ForeignKey("archive.Entry", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=20, blank=True)

    objects = ApprovalLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of an approval")
        constraints = [
            models.UniqueConstraint(fields=["approval", "entry"], name="approval_line_once"),
            models.CheckConstraint(
                condition=Q(outcome="stays") & ~Q(reason="") | ~Q(outcome="stays") & Q(reason=""),
                name="approval_line_stays_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["approval", "entry"], condition=Q(outcome="waiting"), name="approval_line_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.approval_id} {self.entry_id} {self.outcome}"
