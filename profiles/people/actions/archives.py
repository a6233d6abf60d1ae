"""Opening archives and keeping memberships."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import ciphers, codes, identity
from profiles.common.copying import copy_rows, reserve
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require
from profiles.common.vocabulary import Group
from profiles.organisations.models import Organisation
from profiles.people.models import IdentityDocument, Membership, Person


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is needed to open an archive. `number` is normalised and checked (`identity.read`)."""

    name: str
    number: str
    kind: identity.DocumentKind
    birth_date: dt.date


@transaction.atomic
def open_many(*, people: list[NewPerson], organisation: Organisation, by: Actor) -> dict[str, int]:
    """Create persons set-wise; returns number → person id. The unique index refuses a second archive for one number."""
    require(by, Permission.OPEN_ARCHIVE, organisation)
    if not people:
        return {}
    keys = reserve(Person, len(people))
    copy_rows(
        Person,
        ("id", "code", "name", "birth_date"),
        ((key, codes.person_code(), new.name, new.birth_date) for key, new in zip(keys, people, strict=True)),
        created_by_organisation_id=organisation.pk,
    )
    indexes = ciphers.blind_indexes(new.number for new in people)
    copy_rows(
        IdentityDocument,
        ("person_id", "kind", "number", "index"),
        ((key, new.kind, new.number, index) for key, new, index in zip(keys, people, indexes, strict=True)),
    )
    record(by=by, verb=Verb.PEOPLE_CREATED, obj=organisation, organisation_id=organisation.pk, count=len(people))
    return {new.number: key for key, new in zip(keys, people, strict=True)}


def open_archives(*, people: list[NewPerson], organisation: Organisation, by: Actor) -> dict[str, Person]:
    """`open_many` for a few: returns number → person."""
    keys = open_many(people=people, organisation=organisation, by=by)
    persons = Person.objects.in_bulk(keys.values())
    return {number: persons[key] for number, key in keys.items()}


@transaction.atomic
def add_memberships(*, rows: Iterable[tuple[int, str, str]], organisation: Organisation, by: Actor) -> int:
    """Enrol persons `(person id, group, unit)` at a body; those already enrolled stay as they are. Returns how many were added."""
    require(by, Permission.OPEN_ARCHIVE, organisation)
    wanted = {(person_id, str(group)): unit for person_id, group, unit in rows}
    present = Membership.objects.enrolled(organisation.pk, [person_id for person_id, _group in wanted])
    added = [(*key, unit) for key, unit in wanted.items() if key not in present]
    if added:
        copy_rows(Membership, ("person_id", "group", "unit"), added, organisation_id=organisation.pk)
        record(by=by, verb=Verb.MEMBERSHIP_ADDED, obj=organisation, organisation_id=organisation.pk, count=len(added))
    return len(added)


@transaction.atomic
def enrol(
    *,
    person: Person,
    group: Group,
    organisation: Organisation,
    unit: str = "",
    licence_number: str = "",
    joined_on: dt.date | None = None,
    by: Actor,
) -> Membership:
    """Enrol one person with licence and date. Refused where an open membership of this group at this body exists."""
    require(by, Permission.OPEN_ARCHIVE, organisation)
    if Membership.objects.filter(person=person, group=group, organisation=organisation, left_on=None).exists():
        raise ActionRefused(_("This person is already enrolled in this group at your body."))
    membership = Membership(
        person=person,
        group=group,
        organisation=organisation,
        unit=unit,
        licence_number=licence_number,
        joined_on=joined_on,
    )
    membership.full_clean()
    membership.save()
    record(
        by=by,
        verb=Verb.MEMBERSHIP_ADDED,
        obj=membership,
        organisation_id=organisation.pk,
        group=str(group),
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, left_on: dt.date, by: Actor) -> Membership:
    """Note the day on which a person left the group at this body."""
    require(by, Permission.OPEN_ARCHIVE, membership.organisation)
    if membership.left_on is not None:
        raise ActionRefused(_("This membership has already ended."))
    if membership.joined_on and left_on < membership.joined_on:
        raise ActionRefused(_("The day of leaving is before the day of joining."))
    membership.left_on = left_on
    membership.save(update_fields=["left_on"])
    record(by=by, verb=Verb.MEMBERSHIP_ENDED, obj=membership, organisation_id=membership.organisation_id)
    return membership


@transaction.atomic
def reveal_identity(*, person: Person, context: object, reason: str, typed: str = "", by: Actor) -> str:
    """The full number of a person, for a stated reason; the trail keeps who, when and why it was asked (not the number).

    `context` is the entry, check or membership through which the account meets this person; its owner must be the account's body.
    Who asked with a number (`typed`) is shown that one, not another of the same person.
    """
    require(by, Permission.REVEAL_IDENTITY, context)
    if len(reason.strip()) < 4:
        raise ActionRefused(_("Say in a few words why the full number is needed."))
    document = IdentityDocument.objects.by_numbers([typed]).get(typed) if typed else person.main_identity
    if document is None or document.person_id != person.pk:
        raise ActionRefused(_("No identity document is on file."))
    record(
        by=by,
        verb=Verb.IDENTITY_REVEALED,
        obj=person,
        person_id=person.pk,
        reason=identity.mask_in_text(reason.strip())[:200],
    )
    return str(document.number)
