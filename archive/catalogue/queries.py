"""Reading the catalogue."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q


class ItemQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        return self.filter(valid_to=None)

    def in_force_on(self, day: dt.date) -> Self:
        return self.filter(ended_back=False, valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))

    def newest(self) -> Self:
        """The last version of each item, also of ended ones."""
        return self.order_by("code", "-version").distinct("code")
