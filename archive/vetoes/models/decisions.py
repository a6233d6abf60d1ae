"""What a named examiner decided from an answer, and the slip."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.common.documents import IssuedDocument
from archive.vetoes.models.checks import Answer
from profiles.common import codes
from profiles.common.models import AppendOnly


class Decision(AppendOnly):
    """A named examiner confirms or lifts what the machine proposed, with reasons. Made once."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("veto confirmed")
        LIFTED = "lifted", _("lifted")

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="decision")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    kind = models.CharField(_("decision"), max_length=10, choices=Kind.choices)
    reasons = models.TextField(_("reasons"), max_length=1000)
    decided_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        verbose_name = _("decision")
        constraints = [models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons")]
        triggers = [
            *AppendOnly.Meta.triggers,
            # The person was told what was meant to be decided, and has spoken, waived, or had its days; what it said was read.
            pgtrigger.Trigger(  # type: ignore[list-item]
                name="heard_first",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__kind="confirmed"),
                func=(
                    "PERFORM 1 FROM archive_proposal p WHERE p.answer_id = NEW.answer_id AND (p.waived_at IS NOT NULL"
                    " OR p.decidable_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date"
                    " OR EXISTS (SELECT 1 FROM archive_proposalstatement s WHERE s.proposal_id = p.id))"
                    " AND NOT EXISTS (SELECT 1 FROM archive_proposalstatement s"
                    " WHERE s.proposal_id = p.id AND s.read_at IS NULL);"
                    " IF NOT FOUND THEN RAISE EXCEPTION 'answer %: the person has not been heard', NEW.answer_id; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.answer_id}"


class Slip(IssuedDocument):
    """核查告知单: the decision on paper for the person, with rule, entry, article, end and the way out."""

    number = models.CharField(_("number"), max_length=16, unique=True, default=codes.slip_number, editable=False)
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="slip")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    handed_on = models.DateField(
        _("handed over on"), null=True, blank=True, help_text="on paper, to who has no account"
    )
    handed_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True, help_text="recorded")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("slip")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="slip_withdrawal_paired",
            ),
            models.CheckConstraint(
                condition=Q(handed_on=None, handed_by=None, handed_at=None)
                | Q(handed_on__isnull=False, handed_by__isnull=False, handed_at__isnull=False),
                name="slip_handing_paired",
            ),
        ]

    def __str__(self) -> str:
        return self.number
