"""The narrow index that checks read."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.records.queries import CheckFactQuerySet


class CheckFact(models.Model):
    """The check index: what checks, watches and matching read. Narrow, without foreign keys, its key starts with the identity.

    A row says what was known from `known_from` to `known_until` about an entry in force; changes close the row and add
    another, so a check can be asked "as known at" any past moment. Written only by `records.actions`, with the entry.
    """

    pk = models.CompositePrimaryKey("identity_index", "item_code", "entry_id", "known_from")
    identity_index = models.BinaryField(max_length=32)
    entry_id = models.BigIntegerField()
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    item_code = models.CharField(max_length=10)
    severity = models.CharField(max_length=10)
    polarity = models.CharField(max_length=10)
    document_date = models.DateField()
    sanction_months = models.PositiveSmallIntegerField(null=True)
    display = DateRangeField(null=True)
    bar = DateRangeField(null=True)
    bar_groups = ArrayField(models.CharField(max_length=3), default=list)
    disputed = models.BooleanField(default=False, db_default=False)

    objects = CheckFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("check fact")
        db_table = "check_fact"
        indexes = [models.Index(fields=["person_id"], name="check_fact_person")]

    def __str__(self) -> str:
        return f"entry {self.entry_id} from {self.known_from}"
