"""Before a veto is confirmed: what an examiner means to decide, and what the person says to it."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models.checks import Answer


class Proposal(models.Model):
    """拟决定: a named examiner means to confirm a veto, and the person is told first. One an answer; never taken back.

    `decidable_from` is the first day on which a confirmation needs no word of the person; None until the notice has reached it.
    """

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="proposal")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    reasons = models.TextField(_("reasons"), max_length=1000)
    proposed_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    window_days = models.PositiveSmallIntegerField(_("working days to answer"))
    served_on = models.DateField(_("served on"), null=True, blank=True)
    on_paper_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    on_paper_at = models.DateTimeField(null=True, blank=True)
    decidable_from = models.DateField(null=True, blank=True)
    waived_at = models.DateTimeField(_("statement waived"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposal")
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="proposal_has_reasons"),
            models.CheckConstraint(
                condition=Q(served_on=None, decidable_from=None)
                | Q(served_on__isnull=False, decidable_from__isnull=False),
                name="proposal_window_paired",
            ),
            models.CheckConstraint(
                condition=Q(on_paper_by=None, on_paper_at=None)
                | Q(on_paper_by__isnull=False, on_paper_at__isnull=False),
                name="proposal_paper_paired",
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="proposal_person")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="words_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reasons__df=pgtrigger.F("new__reasons"))
                | pgtrigger.Q(old__proposed_by__df=pgtrigger.F("new__proposed_by"))
                | pgtrigger.Q(old__answer__df=pgtrigger.F("new__answer")),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal for {self.answer_id}"

    @property
    def last_day(self) -> dt.date | None:
        """Last day of the window; None before service, and where there is no window."""
        if self.decidable_from is None or not self.window_days:
            return None
        return self.decidable_from - dt.timedelta(days=1)

    def is_heard_on(self, day: dt.date) -> bool:
        """The person has spoken, or said that it will not, or has had its time."""
        return (
            self.waived_at is not None
            or (self.decidable_from is not None and self.decidable_from <= day)
            or self.statements.exists()
        )

    def has_unread(self) -> bool:
        return self.statements.filter(read_at=None).exists()


class ProposalStatement(models.Model):
    """陈述申辩: what the person says before the decision. Written once; the examiner notes having read it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="statements")
    person_id = models.BigIntegerField()
    text = models.TextField(_("statement"), max_length=2000)
    given_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("statement before a decision")
        ordering = ["given_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_by=None, read_at=None) | Q(read_by__isnull=False, read_at__isnull=False),
                name="proposal_statement_reading_paired",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="text_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text")),
            ),
        ]

    def __str__(self) -> str:
        return f"statement to proposal {self.proposal_id}"
