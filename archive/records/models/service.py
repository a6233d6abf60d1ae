"""How a notice reached the person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.models.entries import Entry
from profiles.common.models import AppendOnly


class Service(AppendOnly):
    """送达: the proof that a notice before an entry was served otherwise than through the account. Written once.

    `handed_on` is what happened (handed over, delivered, published), `served_on` the day that counts as served: later for a
    public notice.
    """

    class How(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        POST = "post", _("by registered post")
        PUBLIC = "public", _("by public notice")

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="service")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(_("how"), max_length=10, choices=How.choices, default=How.IN_PERSON)
    handed_on = models.DateField(_("handed over, delivered or published on"))
    served_on = models.DateField(_("served on"))
    bearer = models.CharField(_("handed over by"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        verbose_name = _("service")
        constraints = [
            models.CheckConstraint(condition=Q(served_on__gte=F("handed_on")), name="service_not_before_handing_over")
        ]

    def __str__(self) -> str:
        return f"service of entry {self.entry_id}"
