"""A decision on which entries rest was revoked, changed or declared void."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.queries import RevocationQuerySet
from profiles.common import codes


class Revocation(models.Model):
    """原决定被撤销: whatever a body recorded on the strength of a decision is withdrawn (Administrative Penalties Law 48).

    One person registers it, a second confirms; `deadline` is the last of `working_days` after the body learned of it.
    """

    code = models.CharField(max_length=16, unique=True, default=codes.revocation_code, editable=False)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    document_number = models.CharField(_("number of the revoked document"), max_length=100)
    document_body = models.CharField(_("issued by"), max_length=120, blank=True)
    revoking_number = models.CharField(_("number of the revoking document"), max_length=100)
    revoking_date = models.DateField(_("date of the revoking document"))
    revoking_body = models.CharField(_("body that revoked"), max_length=120)
    learned_on = models.DateField(_("day on which your body learned of it"))
    working_days = models.PositiveSmallIntegerField()
    deadline = models.DateField(_("to be carried out by"))
    proposed_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("registered"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended = models.PositiveIntegerField(_("entries ended"), default=0)
    withdrawn = models.PositiveIntegerField(_("planned entries withdrawn"), default=0)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("revocation of a decision")
        ordering = ["confirmed_at", "deadline", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="revocation_confirming_paired",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="revocation_second_person"
            ),
            models.CheckConstraint(
                condition=Q(learned_on__gte=F("revoking_date")), name="revocation_learned_after_document"
            ),
            models.UniqueConstraint(
                fields=["organisation", "document_number", "document_body"],
                condition=Q(confirmed_at=None),
                name="revocation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_overdue(self, day: dt.date) -> bool:
        return self.confirmed_at is None and day > self.deadline
