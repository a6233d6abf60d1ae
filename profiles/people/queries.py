"""Reading persons. Matching by number happens here and in the check index, nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from profiles.common import ciphers
from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from profiles.people.models import IdentityDocument

STEP = 10_000


class PersonQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_ARCHIVE
    organisation_path = None
    person_path = "pk"


class IdentityQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def by_numbers(self, numbers: Iterable[str]) -> dict[str, IdentityDocument]:
        """Normalised number → its document with person, for those on file. One query for each ten thousand numbers."""
        wanted = list(dict.fromkeys(numbers))
        found: dict[str, IdentityDocument] = {}
        for start in range(0, len(wanted), STEP):
            by_index = {ciphers.blind_index(number): number for number in wanted[start : start + STEP]}
            for document in self.select_related("person").defer("number").filter(index__in=list(by_index)):
                found[by_index[bytes(document.index)]] = document
        return found

    def people_by_numbers(self, numbers: Iterable[str]) -> dict[str, tuple[int, str, dt.date]]:
        """Normalised number → (person id, name, birth date), for those on file: what many rows need to know, without objects."""
        by_index = {ciphers.blind_index(number): number for number in numbers}
        found = self.filter(index__in=list(by_index)).values_list(
            "index", "person_id", "person__name", "person__birth_date"
        )
        return {by_index[bytes(index)]: (key, name, birth) for index, key, name, birth in found}


class MembershipQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_MEMBERS

    def current_on(self, day: dt.date) -> Self:
        return self.filter(Q(joined_on=None) | Q(joined_on__lte=day)).filter(Q(left_on=None) | Q(left_on__gt=day))
