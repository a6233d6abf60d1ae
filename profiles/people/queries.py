"""Reading persons. Matching by number happens here and in the check index, nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import connections, models
from django.db.models import Q

from profiles.common import ciphers
from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from profiles.people.models import IdentityDocument

STEP = 10_000
# LATERAL … OFFSET 0: by the index, key by key. In the middle of a great file the statistics know nothing of its rows yet, and
# left to itself the planner reads whole tables for a few thousand keys (or all that an organisation has: hence the + 0).
PEOPLE_BY_INDEX = """
    SELECT found.* FROM unnest(%s::bytea[]) AS asked (index) CROSS JOIN LATERAL (
        SELECT document.index, person.id, person.name, person.birth_date
        FROM profiles_identitydocument document JOIN profiles_person person ON person.id = document.person_id
        WHERE document.index = asked.index OFFSET 0
    ) found
"""
ENROLLED = """
    SELECT found.* FROM unnest(%s::bigint[]) AS asked (person_id) CROSS JOIN LATERAL (
        SELECT membership.person_id, membership."group" FROM profiles_membership membership
        WHERE membership.person_id = asked.person_id AND organisation_id + 0 = %s AND left_on IS NULL OFFSET 0
    ) found
"""


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
        with connections[self.db].cursor() as cursor:
            cursor.execute(PEOPLE_BY_INDEX, [list(by_index)])
            return {by_index[bytes(index)]: (key, name, birth) for index, key, name, birth in cursor.fetchall()}


class MembershipQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_MEMBERS

    def current_on(self, day: dt.date) -> Self:
        return self.filter(Q(joined_on=None) | Q(joined_on__lte=day)).filter(Q(left_on=None) | Q(left_on__gt=day))

    def enrolled(self, organisation_id: int, person_ids: list[int]) -> set[tuple[int, str]]:
        """(person, group) of those of many persons who are enrolled at a body now."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(ENROLLED, [person_ids, organisation_id])
            return set(cursor.fetchall())
