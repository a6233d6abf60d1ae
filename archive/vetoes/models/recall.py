"""Recall: an entry on which an answer rests no longer holds; the body looks again, within a clock."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models.checks import Answer
from archive.vetoes.recall_queries import RecallQuerySet
from profiles.common import codes
from profiles.common.models import AppendOnly


class RecallTask(models.Model):
    """复核任务: one answer to look at again. `deadline` is the last of `working_days` after the day it was opened."""

    class Outcome(models.TextChoices):
        STANDS = "stands", _("the decision stands")
        WITHDRAWN = "withdrawn", _("the decision is withdrawn")
        NOTHING_DECIDED = "nothing_decided", _("nothing had been decided against the person")

    code = models.CharField(max_length=16, unique=True, default=codes.recall_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="recalls")
    person_id = models.BigIntegerField()
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    working_days = models.PositiveSmallIntegerField()
    deadline = models.DateField(_("to be done by"))
    rechecked = models.OneToOneField(
        Answer, null=True, blank=True, on_delete=models.PROTECT, related_name="recall_recheck"
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=1000, blank=True)
    done_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")
        ordering = ["deadline", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_by=None, done_at=None, outcome="", reasons="")
                | Q(done_by__isnull=False, done_at__isnull=False) & ~Q(outcome="") & ~Q(reasons=""),
                name="recall_done_paired",
            ),
            models.UniqueConstraint(fields=["answer"], condition=Q(done_at=None), name="recall_one_open"),
        ]
        indexes = [
            models.Index(fields=["organisation", "deadline"], condition=Q(done_at=None), name="recall_open"),
            models.Index(fields=["organisation", "-opened_at"], name="recall_body"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def state(self) -> str:
        return "done" if self.done_at else "open"

    def is_overdue(self, day: dt.date) -> bool:
        return self.done_at is None and day > self.deadline


class RecallCause(AppendOnly):
    """Why: an entry of the answer's findings ended, or is no longer found by the number that was asked with. Once for each."""

    class Reason(models.TextChoices):
        REPAIRED = "repaired", _("repaired")
        VOIDED = "voided", _("voided")
        REVOKED = "revoked", _("base decision revoked")
        CORRECTED = "corrected", _("replaced by a correction")
        REVISED = "revised", _("replaced by a revision")
        OPTED_OUT = "opted_out", _("the person opted out")
        ANOTHER_PERSON = "another_person", _("the number no longer leads to this entry")

    task = models.ForeignKey(RecallTask, on_delete=models.PROTECT, related_name="causes")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")
    entry_id = models.BigIntegerField()
    reason = models.CharField(_("what happened"), max_length=20, choices=Reason.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta(AppendOnly.Meta):
        verbose_name = _("cause of a recall")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "entry_id"], name="recall_cause_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.entry_id} {self.reason}"
