"""After a veto was confirmed: the person contests it, another examiner looks again."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models.decisions import Decision
from archive.vetoes.queries import ContestQuerySet


class Contest(models.Model):
    """复核申请: once a decision. Whoever decided does not review (`decider`); nothing happens by itself when the clock is over."""

    class Outcome(models.TextChoices):
        STANDS = "upheld", _("the decision stands")
        WITHDRAWN = "retracted", _("the decision is withdrawn")

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="contest")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    decider = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("why it is contested"), max_length=2000)
    made_at = models.DateTimeField(_("received at"), default=timezone.now)
    review_until = models.DateField(_("review until"))
    reviewed_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=1000, blank=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contest")
        ordering = ["review_until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None, outcome="", reasons="")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(outcome="") & ~Q(reasons=""),
                name="contest_review_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("decider")), name="contest_other_reviewer"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "review_until"], name="contest_organisation")]

    def __str__(self) -> str:
        return f"contest of decision {self.decision_id}"

    @property
    def is_open(self) -> bool:
        return self.reviewed_at is None
