"""Reading persons. Matching by number happens here and in the check index, nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Self

from django.db import connections, models
from django.db.models import Exists, OuterRef, Q, Subquery

from profiles.common import ciphers
from profiles.common.copying import keys_text
from profiles.common.permissions import Actor, Permission, Scope
from profiles.common.querysets import VisibleQuerySet, among
from profiles.people.rules import Names, names_known_at

if TYPE_CHECKING:
    from profiles.people.models import IdentityDocument

STEP = 10_000
# LATERAL … OFFSET 0: by the index, key by key. In the middle of a great file the statistics know nothing of its rows yet, and
# left to itself the planner reads whole tables for a few thousand keys (or all that an organisation has: hence the + 0).
# A number that was live at a moment is live still or was retired later: two indexes.
PEOPLE_BY_INDEX = """
    SELECT found.* FROM unnest(%s::bytea[]) AS asked (index) CROSS JOIN LATERAL (
        SELECT document.index, person.id, person.name, person.birth_date
        FROM profiles_identitydocument document JOIN profiles_person person ON person.id = document.person_id
        WHERE document.index = asked.index AND document.retired_at IS NULL OFFSET 0
    ) found
"""
# For checks: who it was at a moment (a number that was live then is live still or was retired later: two indexes), and whether
# there is more to know of the names than the one on the row.
KNOWN_AT = """
    SELECT found.index, person.id, person.name, person.more
    FROM unnest(%(indexes)s::bytea[]) AS asked (index)
    CROSS JOIN LATERAL (
        SELECT live.index, live.person_id FROM profiles_identitydocument live
        WHERE live.index = asked.index AND live.retired_at IS NULL AND live.added_at <= %(moment)s
        UNION ALL
        SELECT retired.index, retired.person_id FROM profiles_identitydocument retired
        WHERE retired.index = asked.index AND retired.retired_at > %(moment)s AND retired.added_at <= %(moment)s
        OFFSET 0
    ) found
    CROSS JOIN LATERAL (
        SELECT person.id, person.name,
            EXISTS (SELECT FROM profiles_formername former WHERE former.person_id = person.id)
            OR EXISTS (SELECT FROM profiles_personmerge WHERE kept_id = person.id)
            OR EXISTS (SELECT FROM profiles_personmerge WHERE merged_id = person.id) AS more
        FROM profiles_person person WHERE person.id = found.person_id OFFSET 0
    ) person
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

    def known_to(self, actor: Actor, *permissions: Permission) -> Self:
        """Whose names and numbers an account may work on: a body's, whom it opened an archive for or enrolled; all, for some."""
        from profiles.people.models import Membership

        scopes = frozenset[Scope]().union(*(actor.scopes(permission) for permission in permissions))
        if Scope.ALL in scopes:
            return self.all()
        if Scope.OWN not in scopes or actor.organisation_id is None:
            return self.none()
        enrolled = Membership.objects.filter(person=OuterRef("pk"), organisation=actor.organisation_id)
        return self.filter(Q(created_by_organisation_id=actor.organisation_id) | Exists(enrolled))

    def called(self, name: str) -> Self:
        """Whose name is or was exactly this."""
        from profiles.people.models import FormerName

        return self.filter(Q(name=name) | Exists(FormerName.objects.filter(person=OuterRef("pk"), name=name)))

    def names(self, people: Mapping[int, str], *, known_at: dt.datetime | None = None) -> dict[int, Names]:
        """Person id → names, for `people` (id → the name on the row): of the whole family, as known now or at a moment.

        Two queries, three where somebody is joined with somebody else.
        """
        from profiles.people.models import FormerName, PersonMerge

        families = PersonMerge.objects.families(people, known_at=known_at)
        present = dict(people)
        others = {member for family in families.values() for member in family} - present.keys()
        if others:
            present.update(self.filter(pk__in=others).values_list("pk", "name"))
        former = FormerName.objects.by_person(present)
        return {
            person_id: Names.together(
                names_known_at(present[member], former.get(member, ()), known_at) for member in sorted(family)
            )
            for person_id, family in families.items()
        }

    def perhaps_one(self) -> Self:
        """Of these persons those with a namesake among them, born on the same day: `other_id`. Exact keys only.

        Who is joined to another archive is looked for under that one; a pair that was declined is not shown again.
        """
        from profiles.people.models import PersonMerge

        joined = PersonMerge.objects.live().filter(merged=OuterRef("pk"))
        declined = PersonMerge.objects.filter(
            Q(kept=OuterRef("pk"), merged=OuterRef(OuterRef("pk")))
            | Q(merged=OuterRef("pk"), kept=OuterRef(OuterRef("pk"))),
            state="declined",
        )
        alone = self.filter(~Exists(joined))
        namesakes = alone.filter(
            ~Exists(declined), name=OuterRef("name"), birth_date=OuterRef("birth_date"), pk__gt=OuterRef("pk")
        )
        return alone.annotate(other_id=Subquery(namesakes.order_by("pk").values("pk")[:1])).filter(
            other_id__isnull=False
        )


class IdentityQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def live(self, *, known_at: dt.datetime | None = None) -> Self:
        """By which a person is found, now or at a moment."""
        if known_at is None:
            return self.filter(retired_at=None)
        return self.filter(added_at__lte=known_at).filter(Q(retired_at=None) | Q(retired_at__gt=known_at))

    def newest_first(self) -> Self:
        return self.order_by("-added_at", "-pk")

    def by_numbers(self, numbers: Iterable[str], *, known_at: dt.datetime | None = None) -> dict[str, IdentityDocument]:
        """Normalised number → its document with person, for those on file. One query for each ten thousand numbers."""
        wanted = list(dict.fromkeys(numbers))
        found: dict[str, IdentityDocument] = {}
        for start in range(0, len(wanted), STEP):
            by_index = {ciphers.blind_index(number): number for number in wanted[start : start + STEP]}
            live = self.live(known_at=known_at).filter(index__in=list(by_index))
            for document in live.select_related("person").defer("number"):
                found[by_index[bytes(document.index)]] = document
        return found

    def people_by_numbers(self, numbers: Iterable[str]) -> dict[str, tuple[int, str, dt.date]]:
        """Normalised number → (person id, name, birth date), for those on file: what many rows need to know, without objects."""
        by_index = {ciphers.blind_index(number): number for number in numbers}
        with connections[self.db].cursor() as cursor:
            cursor.execute(PEOPLE_BY_INDEX, [keys_text(by_index)])
            return {by_index[bytes(index)]: (key, name, birth) for index, key, name, birth in cursor.fetchall()}

    def known_at(self, indexes: Iterable[bytes], *, moment: dt.datetime) -> dict[bytes, tuple[int, str, bool]]:
        """Index of a number → (person id, name on the row, is there more to know of the names?), as found at `moment`. One query.

        More there is for those who are or were joined with others, or had another name: see `PersonQuerySet.names`.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(KNOWN_AT, {"indexes": keys_text(sorted(indexes)), "moment": moment})
            return {bytes(index): (key, name, more) for index, key, name, more in cursor.fetchall()}


class MembershipQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_MEMBERS

    def shown_beside_names(self, actor: Actor) -> Self:
        """To those who work on names and numbers: the memberships at their body, or at all bodies where they work across them."""
        scopes = actor.scopes(Permission.PROPOSE_IDENTITY) | actor.scopes(Permission.CONFIRM_IDENTITY)
        return self.all() if Scope.ALL in scopes else self.filter(organisation_id=actor.organisation_id)

    def current_on(self, day: dt.date) -> Self:
        return self.filter(Q(joined_on=None) | Q(joined_on__lte=day)).filter(Q(left_on=None) | Q(left_on__gt=day))

    def enrolled(self, organisation_id: int, person_ids: list[int]) -> set[tuple[int, str]]:
        """(person, group) of those of many persons who are enrolled at a body now."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(ENROLLED, [keys_text(person_ids), organisation_id])
            return set(cursor.fetchall())


class FormerNameQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def by_person(self, person_ids: Iterable[int]) -> dict[int, list[tuple[str, dt.date, dt.datetime]]]:
        """Person id → (name, first day on which it was no longer the name, when that was recorded), oldest first."""
        found: dict[int, list[tuple[str, dt.date, dt.datetime]]] = {}
        rows = self.filter(person_id__in=among(person_ids)).order_by("recorded_at", "pk")
        for person_id, name, held_until, recorded_at in rows.values_list(
            "person_id", "name", "held_until", "recorded_at"
        ):
            found.setdefault(person_id, []).append((name, held_until, recorded_at))
        return found


class ProposalQuerySet(VisibleQuerySet):
    """Seen by the body that proposed, and by those who may carry out what is proposed anywhere."""

    view_permission = Permission.CONFIRM_IDENTITY
    person_path = None

    def visible_to(self, actor: Actor) -> Self:
        scopes = actor.scopes(Permission.PROPOSE_IDENTITY) | actor.scopes(Permission.CONFIRM_IDENTITY)
        if Scope.ALL in scopes:
            return self.all()
        return self.filter(organisation_id=actor.organisation_id) if Scope.OWN in scopes else self.none()

    def waiting(self) -> Self:
        return self.filter(state="proposed")


class MergeQuerySet(ProposalQuerySet):
    def live(self, *, known_at: dt.datetime | None = None) -> Self:
        """In force, now or at a moment."""
        if known_at is None:
            return self.filter(state="carried_out")
        return self.filter(carried_out_at__lte=known_at).filter(Q(undone_at=None) | Q(undone_at__gt=known_at))

    def families(self, person_ids: Iterable[int], *, known_at: dt.datetime | None = None) -> dict[int, frozenset[int]]:
        """Person id → all persons that are this one: itself, and those joined with it. One query."""
        ids = list(person_ids)
        live = self.live(known_at=known_at)
        heads = live.filter(merged_id__in=among(ids)).values("kept_id")
        pairs = live.filter(Q(kept_id__in=among(ids)) | Q(kept_id__in=heads)).values_list("kept_id", "merged_id")
        members: dict[int, set[int]] = {}
        for kept_id, merged_id in pairs:
            members.setdefault(kept_id, {kept_id}).add(merged_id)
        joined = {member: frozenset(family) for family in members.values() for member in family}
        return {person_id: joined.get(person_id, frozenset({person_id})) for person_id in ids}

    def family(self, person_id: int) -> frozenset[int]:
        return self.families([person_id])[person_id]

    def between(self, one_id: int, other_id: int) -> Self:
        return self.filter(Q(kept=one_id, merged=other_id) | Q(kept=other_id, merged=one_id))
