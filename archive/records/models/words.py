"""What the person says: before an entry is decided, and beside a record as long as it is read."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.models.entries import Entry, Record
from archive.records.queries import StatementQuerySet
from profiles.common.models import AppendOnly


class HearingAnswer(models.Model):
    """陈述申辩: what the person said before the entry was decided. Written once; the approver notes having read it."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("statement"), max_length=2000)
    given_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey("profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("statement")
        ordering = ["given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_by=None, read_at=None) | Q(read_by__isnull=False, read_at__isnull=False),
                name="answer_reading_paired",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="text_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text")),
            ),
            # Beside an approval that runs, one of the two waits: nothing is said to an entry that is decided already.
            pgtrigger.Trigger(
                name="before_the_decision",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=(
                    "PERFORM 1 FROM archive_entry WHERE id = NEW.entry_id"
                    " AND state IN ('drafted', 'notified', 'in_hearing') FOR SHARE;"
                    " IF NOT FOUND THEN RAISE EXCEPTION 'entry % has been decided', NEW.entry_id; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"answer to entry {self.entry_id}"


class PersonStatement(AppendOnly):
    """本人声明: what the person wants every reader of the record to know. Each version is kept; an empty text withdraws it."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="statements")
    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    text = models.CharField(_("own statement"), max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = StatementQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("own statement")
        ordering = ["record", "-version"]
        constraints = [models.UniqueConstraint(fields=["record", "version"], name="statement_version_once")]

    def __str__(self) -> str:
        return f"statement {self.version} to record {self.record_id}"
