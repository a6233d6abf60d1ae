"""Working days and the change feed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from profiles.common.bilingual import Bilingual
from profiles.common.models import AppendOnly


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

    Lines of one person are in order, because an act on a person's entry locks the entry first.
    """

    class Kind(models.TextChoices):
        ENTRY_ADMITTED = "entry.admitted"
        ENTRY_IN_FORCE = "entry.in_force"
        ENTRY_DECLINED = "entry.declined"
        VETO_DECIDED = "veto.decided"
        REPORT_ISSUED = "report.issued"
        PLEDGE_SIGNED = "pledge.signed"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30, choices=Kind.choices)
    person_id = models.BigIntegerField()
    object_id = models.BigIntegerField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["person_id", "id"], name="change_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
