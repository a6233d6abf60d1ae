"""Opening archives and keeping memberships."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import ciphers, identity
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
def open_archives(*, people: list[NewPerson], organisation: Organisation, by: Actor) -> dict[str, Person]:
    """Create persons set-wise; returns number → person. The unique index refuses a second archive for one number."""
    require(by, Permission.OPEN_ARCHIVE, organisation)
    persons = Person.objects.bulk_create(
        [
            Person(name=new.name, birth_date=new.birth_date, created_by_organisation_id=organisation.pk)
            for new in people
        ],
        batch_size=2_000,
    )
    IdentityDocument.objects.bulk_create(
        [
            IdentityDocument(person=person, kind=new.kind, number=new.number, index=ciphers.blind_index(new.number))
            for person, new in zip(persons, people, strict=True)
        ],
        batch_size=2_000,
    )
    if persons:
        record(
            by=by,
            verb=Verb.PEOPLE_CREATED,
            obj=organisation,
            organisation_id=organisation.pk,
            count=len(persons),
        )
    return {new.number: person for person, new in zip(persons, people, strict=True)}


@transaction.atomic
def add_memberships(
    *, rows: Iterable[tuple[int, Group, str]], organisation: Organisation, by: Actor
) -> list[Membership]:
    """Enrol persons `(person id, group, unit)` at a body; those already enrolled stay as they are."""
    require(by, Permission.OPEN_ARCHIVE, organisation)
    wanted = {(person_id, str(group)): unit for person_id, group, unit in rows}
    present = set(
        Membership.objects.filter(
            organisation=organisation, left_on=None, person_id__in={person_id for person_id, _group in wanted}
        ).values_list("person_id", "group")
    )
    added = Membership.objects.bulk_create(
        [
            Membership(person_id=person_id, group=group, organisation=organisation, unit=unit)
            for (person_id, group), unit in wanted.items()
            if (person_id, group) not in present
        ],
        batch_size=2_000,
    )
    if added:
        record(
            by=by,
            verb=Verb.MEMBERSHIP_ADDED,
            obj=organisation,
            organisation_id=organisation.pk,
            count=len(added),
        )
    return added


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
