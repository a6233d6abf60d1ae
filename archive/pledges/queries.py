"""Reading pledge texts and pledges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet
from profiles.common.vocabulary import ANY_GROUP


class TemplateQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        return self.filter(valid_to=None)

    def for_groups(self, groups: Iterable[str]) -> Self:
        return self.filter(groups__overlap=[*groups, ANY_GROUP])


class PledgeQuerySet(VisibleQuerySet):
    view_permission = Permission.SIGN_PLEDGE
    organisation_path = None
