"""How often an address has looked documents up in the running minute; nothing of it outlives two minutes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LookCount(models.Model):
    """`address` is a keyed hash. The table is unlogged: a count costs no write to the disk, and a crash forgets it."""

    address = models.BinaryField(primary_key=True, max_length=32)
    minute = models.DateTimeField()
    looks = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("looks of an address")

    def __str__(self) -> str:
        return f"{self.minute:%H:%M} {self.looks}"
