"""Reading notices."""

from __future__ import annotations

from typing import Self

from django.db import models

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet


class NoticeQuerySet(VisibleQuerySet):
    """The person sees the own notices; the body that sent them sees those."""

    view_permission = Permission.VIEW_ENTRY

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def about(self, row: models.Model) -> Self:
        return self.filter(about_type=row._meta.model_name, about_id=row.pk)
