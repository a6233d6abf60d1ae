"""Working days, the change feed and its readers."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from profiles.common.bilingual import Bilingual
from profiles.common.models import AppendOnly

FEED_LOCK = 0x4645  # "FE": the upper 16 bits of an advisory lock's key; below them an id of the feed

# The last id that was drawn; the sequence's name depends on how often the table was rebuilt.
FEED_DRAWN = "coalesce(pg_sequence_last_value(pg_get_serial_sequence('archive_change', 'id')::regclass), 0)"


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday."""

    date = models.DateField(_("day"), primary_key=True)
    working = models.BooleanField(_("worked"))
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    name = Bilingual("name")

    class Meta:
        verbose_name = _("day of the calendar")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name_zh}"


class CalendarYear(models.Model):
    """A year whose notice was entered. A year without a row is counted Monday to Friday, with a warning."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("year of the calendar")

    def __str__(self) -> str:
        return str(self.year)


class Change(AppendOnly):
    """One line of the change feed, written in the transaction of the change; what happens downstream hangs on it.

    An act on an entry locks the entry before it announces, so ids tell the order for a person. The states of an entry only go
    forward, so each kind of change is announced once for it; only a dispute may come again after it was settled.

    Ids are drawn before they are committed. Whoever writes, by whatever statement, first holds a lock that says from where on
    its ids lie, until it has committed; a reader stays below the lowest (`feed.after`).
    """

    class Kind(models.TextChoices):
        ENTRY_ADMITTED = "entry.admitted"
        ENTRY_IN_FORCE = "entry.in_force"
        ENTRY_CHANGED = "entry.changed"
        ENTRY_DISPLAY_OVER = "entry.display_over"
        ENTRY_ENDED = "entry.ended"
        ENTRY_DECLINED = "entry.declined"
        ENTRY_WITHDRAWN = "entry.withdrawn"
        ENTRY_DISPUTED = "entry.disputed"
        ENTRY_SETTLED = "entry.settled"  # the dispute is over
        PERSON_CHANGED = "person.changed"  # another name or number, joined or parted; the object is the person
        VETO_DECIDED = "veto.decided"
        VETO_WITHDRAWN = "veto.withdrawn"  # on a recall; the object is the decision
        REPORT_ISSUED = "report.issued"
        PLEDGE_SIGNED = "pledge.signed"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30, choices=Kind.choices)
    person_id = models.BigIntegerField()
    object_id = models.BigIntegerField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["person_id", "id"], name="change_person")]
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(  # type: ignore[list-item]
                name="hold_place",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=(
                    f"PERFORM pg_advisory_xact_lock_shared(({FEED_LOCK}::bigint << 48) | {FEED_DRAWN}); RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class FeedPosition(models.Model):
    """How far a reader of the feed has come: the id of the last line whose effect is stored."""

    reader = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("position in the change feed")

    def __str__(self) -> str:
        return f"{self.reader} {self.position}"
