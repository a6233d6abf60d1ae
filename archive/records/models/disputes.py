"""What somebody disputes about a record, and how that was settled."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.models.entries import Entry, Record
from archive.records.queries import DisputeQuerySet
from profiles.common import codes


class Dispute(models.Model):
    """异议标注: the record is marked as in dispute from the moment on which this is written until a second person settles it.

    `entry` is the statement that was disputed. The mark stands on the record: a correction that comes meanwhile carries it on.
    """

    class Channel(models.TextChoices):
        PAPER = "paper", _("on paper")
        COUNTER = "counter", _("at the counter")
        ONLINE = "online", _("online")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld: the entry was put right")
        REJECTED = "rejected", _("rejected: the entry is right")
        WITHDRAWN = "withdrawn", _("withdrawn by the person")

    code = models.CharField(max_length=16, unique=True, default=codes.dispute_code, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="disputes")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="disputes")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel.choices)
    received_number = models.CharField(_("number under which it was received"), max_length=60)
    received_on = models.DateField(_("received on"))
    text = models.TextField(_("what is disputed"), max_length=1000)
    opened_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("marked"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("reasons"), max_length=1000, blank=True)
    settled_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        ordering = [F("settled_at").desc(nulls_first=True), "received_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(settled_at=None), name="dispute_one_open"),
            models.CheckConstraint(
                condition=Q(settled_by=None, settled_at=None, outcome="", reason="")
                | Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(outcome="") & ~Q(reason=""),
                name="dispute_settling_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("opened_by")), name="dispute_second_person"
            ),
            models.CheckConstraint(condition=~Q(text="") & ~Q(received_number=""), name="dispute_says_what"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            # What was said stays said, and it is settled once.
            pgtrigger.Protect(
                name="settled_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__settled_at__isnull=False)
                | pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                | pgtrigger.Q(old__entry_id__df=pgtrigger.F("new__entry_id")),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation"], condition=Q(settled_at=None), name="dispute_open_of_body"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.settled_at is None
