"""Reading evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet


class EvidenceQuerySet(VisibleQuerySet):
    """Who may read the entry may read what proves it: staff of the body that keeps it, and the person."""

    view_permission = Permission.VIEW_ENTRY

    def about(self, *rows: models.Model) -> Self:
        """Of rows of one kind."""
        return self.about_ids(rows[0]._meta.model_name or "", [row.pk for row in rows])

    def about_ids(self, about_type: str, ids: Iterable[int]) -> Self:
        return self.filter(about_type=about_type, about_id__in=list(ids))

    def waiting(self) -> Self:
        """For the scanner."""
        return self.filter(scan_state="waiting", withdrawn_at=None)
