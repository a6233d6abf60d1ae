"""Names and numbers: a new name by law, another number of the same person, the right number for a wrong one.

`carry_out_change` writes the tables of people only. It is called by `archive.records.actions.identity`, which brings the check
index to the new state and tells the person in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import ciphers, identity, moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission
from profiles.common.querysets import locked
from profiles.people.deciding import carried_out, declined, documented, require_known, stated, to_decide
from profiles.people.models import FormerName, IdentityChange, IdentityDocument, Person
from profiles.people.rules import name_fault, normalise_name

Kind = IdentityChange.Kind


@transaction.atomic
def propose_name(
    *, person: Person, name: str, document_number: str, document_date: dt.date | None, reason: str, by: Actor
) -> IdentityChange:
    """A legal change of name, from the day of its document on. The old name is kept with its time (Civil Code 1016)."""
    name = normalise_name(name)
    if name_fault(name):
        raise ActionRefused(_("A name has letters and “·” only, at most 100. Remove the other characters."))
    if name == person.name:
        raise ActionRefused(_("The archive has this name already."))
    document = documented(document_number, document_date)
    if document["document_date"] is None:
        raise ActionRefused(_("A change of name needs its document: enter number and date."))
    return _propose(person, Kind.RENAME, reason=reason, by=by, new_name=name, **document)


@transaction.atomic
def propose_number(
    *,
    person: Person,
    number: str,
    kind: identity.DocumentKind,
    birth_date: dt.date | None,
    reason: str,
    document_number: str = "",
    document_date: dt.date | None = None,
    by: Actor,
) -> IdentityChange:
    """Another number of the same person: passport, permit, a new card. `birth_date`: the one that the number holds, if any."""
    _refuse_taken(number)
    if birth_date is not None and birth_date != person.birth_date:
        raise ActionRefused(
            _(
                "This number holds another birth date than the archive. If the number on file is wrong, correct it instead."
            )
        )
    return _propose(
        person,
        Kind.ADD_NUMBER,
        reason=reason,
        by=by,
        number=number,
        document_kind=kind,
        **documented(document_number, document_date),
    )


@transaction.atomic
def propose_correction(
    *,
    wrong: IdentityDocument,
    number: str,
    kind: identity.DocumentKind,
    reason: str,
    document_number: str = "",
    document_date: dt.date | None = None,
    by: Actor,
) -> IdentityChange:
    """The number on file was wrong: it is retired, the right one takes its place, with the birth date that it holds."""
    if wrong.retired_at is not None:
        raise ActionRefused(_("This number is not valid any more."))
    _refuse_taken(number)
    return _propose(
        wrong.person,
        Kind.CORRECT_NUMBER,
        reason=reason,
        by=by,
        wrong=wrong,
        number=number,
        document_kind=kind,
        **documented(document_number, document_date),
    )


def _refuse_taken(number: str) -> None:
    if number in IdentityDocument.objects.by_numbers([number]):
        raise ActionRefused(
            _(
                "This number is on file already. If it belongs to another archive of the same person, propose to join the two."
            )
        )


def _propose(person: Person, kind: IdentityChange.Kind, *, reason: str, by: Actor, **what: Any) -> IdentityChange:
    require_known(by, Permission.PROPOSE_IDENTITY, [person.pk])
    if IdentityChange.objects.waiting().filter(person=person, kind=kind).exists():
        raise ActionRefused(_("A change of this kind waits for a decision already. Let it be decided first."))
    assert by.organisation_id is not None, "only staff hold PROPOSE_IDENTITY"
    change = IdentityChange.objects.create(
        person=person,
        kind=kind,
        organisation_id=by.organisation_id,
        proposed_by_id=by.pk,
        reason=stated(reason),
        **what,
    )
    record(by=by, verb=Verb.IDENTITY_PROPOSED, obj=change, kind=str(kind))
    return change


@transaction.atomic
def carry_out_change(*, change: IdentityChange, by: Actor) -> IdentityChange:
    """A second person carries it out, known from `carried_out_at` on. Holds up all other changes until the transaction ends."""
    moment = moments.of_a_lone_change()
    change = to_decide(change)
    require_known(by, Permission.CONFIRM_IDENTITY, [change.person_id])
    carried_out(change, by=by, at=moment)
    person = locked(Person.objects.all(), change.person_id)
    if change.kind == Kind.RENAME:
        _rename(person, change, moment)
    else:
        _enter_number(person, change, moment)
    record(by=by, verb=Verb.IDENTITY_CHANGED, obj=change, kind=change.kind)
    return change


def _rename(person: Person, change: IdentityChange, moment: dt.datetime) -> None:
    assert change.document_date is not None
    last = person.former_names.last()
    if last is not None and change.document_date < last.held_until:
        raise ActionRefused(_("The document is older than the last change of name. Check its date."))
    FormerName.objects.create(
        person=person,
        name=person.name,
        held_from=last.held_until if last is not None else None,
        held_until=change.document_date,
        recorded_at=moment,
        change=change,
    )
    person.name = change.new_name
    person.save(update_fields=["name"])


def _enter_number(person: Person, change: IdentityChange, moment: dt.datetime) -> None:
    if change.wrong_id is not None:
        retired = IdentityDocument.objects.filter(pk=change.wrong_id, retired_at=None).update(
            retired_at=moment, retired_by=change
        )
        if not retired:
            raise ActionRefused(_("This number is not valid any more."))
        born = identity.read(change.number, today=timezone.localdate(moment)).birth_date
        if born is not None and born != person.birth_date:
            person.birth_date = born
            person.save(update_fields=["birth_date"])
    try:
        with transaction.atomic():
            IdentityDocument.objects.create(
                person=person,
                kind=change.document_kind,
                number=change.number,
                index=ciphers.blind_index(change.number),
                added_at=moment,
            )
    except IntegrityError:
        raise ActionRefused(
            _("Meanwhile this number has come on file for another archive. Decline this, and propose to join the two.")
        ) from None


@transaction.atomic
def decline_change(*, change: IdentityChange, reason: str, by: Actor) -> IdentityChange:
    """The second person does not carry it out, or the first takes it back: nothing changes."""
    change = to_decide(change)
    declined(change, reason=reason, person_ids=[change.person_id], by=by)
    record(by=by, verb=Verb.IDENTITY_DECLINED, obj=change, kind=change.kind)
    return change
