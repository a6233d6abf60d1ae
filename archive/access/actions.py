"""Opening the door: who may ask, the line in the register, the person's authorisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access.models import Authorisation, Basis, Purpose, QueryLine
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.models import time_ordered_ids
from profiles.audit.verbs import Verb
from profiles.common.copying import copy_rows
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require
from profiles.organisations.models import Competence, Organisation
from profiles.people import actions as people
from profiles.people.models import Person

LONGEST_AUTHORISATION = 365  # days


@dataclass(frozen=True, slots=True)
class Asked:
    """One person asked about, with the answer that was given. Not `answered`: an authorisation for once is not used up."""

    person_id: int
    answer: str = ""
    authorisation: Authorisation | None = None
    answered: bool = True


def entitlement(*, organisation: Organisation, group: str, event: str, day: dt.date) -> Competence:
    """The competence by which a body may check this group for this event; refused with a sentence where there is none."""
    competence = Competence.objects.for_check(organisation.pk, group=group, event=event, day=day)
    if competence is None:
        raise ActionRefused(
            _("Your body is not competent for this check. Ask the system administrator to enter its legal basis.")
        )
    return competence


def register(
    *,
    purpose: Purpose,
    asked: Iterable[Asked],
    organisation: Organisation | None,
    group: str = "",
    event: str = "",
    matter_number: str = "",
    by: Actor,
) -> None:
    """Write the register lines of a query, in the transaction that reads the data. No line, no data."""
    assert connection.in_atomic_block, "the register line belongs in the transaction that reads the data"
    now = timezone.now()
    lines = []
    used = []
    people = list(asked)
    for uid, item in zip(time_ordered_ids(len(people)), people, strict=True):
        if organisation is None:
            basis = Basis.SELF
        elif item.authorisation is not None:
            basis = Basis.AUTHORISATION
            if item.answered:
                used.append(item.authorisation.pk)
        else:
            basis = Basis.STATUTE
        code = item.authorisation.code if item.authorisation else ""
        lines.append((uid, item.person_id, basis.value, code, item.answer))
    copy_rows(
        QueryLine,
        ("uid", "person_id", "basis", "authorisation_code", "answer"),
        lines,
        at=now,
        account_id=by.pk,
        organisation_id=organisation.pk if organisation is not None else None,
        purpose=purpose,
        group=group,
        event=event,
        matter_number=matter_number.strip(),
    )
    if used:
        Authorisation.objects.filter(pk__in=used, used_at=None).update(used_at=now)


@transaction.atomic
def authorise(
    *, organisation: Organisation, group: str, event: str, once: bool, valid_until: dt.date, by: Account
) -> Authorisation:
    """The person lets a body check for one event."""
    require(by, Permission.AUTHORISE)
    assert by.person_id is not None, "only persons hold AUTHORISE"
    today = timezone.localdate()
    if not today <= valid_until <= today + dt.timedelta(days=LONGEST_AUTHORISATION):
        raise ActionRefused(_("Choose a last day between today and one year from now."))
    given = Authorisation.objects.create(
        person_id=by.person_id,
        organisation=organisation,
        group=group,
        event=event,
        once=once,
        valid_until=valid_until,
    )
    record(
        by=by,
        verb=Verb.AUTHORISATION_GIVEN,
        obj=given,
        organisation_id=organisation.pk,
        event=event,
        until=valid_until.isoformat(),
    )
    return given


@transaction.atomic
def withdraw(*, authorisation: Authorisation, by: Account) -> Authorisation:
    """From this moment the body may not use it any more. What it already read stays in the register."""
    require(by, Permission.AUTHORISE, authorisation)
    if authorisation.withdrawn_at is None:
        authorisation.withdrawn_at = timezone.now()
        authorisation.save(update_fields=["withdrawn_at"])
        record(
            by=by,
            verb=Verb.AUTHORISATION_WITHDRAWN,
            obj=authorisation,
            organisation_id=authorisation.organisation_id,
        )
    return authorisation


@transaction.atomic
def reveal_identity(
    *, person: Person, context: object, matter_number: str, reason: str, typed: str = "", by: Account
) -> str:
    """Show the full number once: a line in the register that the person sees, an event in the trail, then the number."""
    number = people.reveal_identity(person=person, context=context, reason=reason, typed=typed, by=by)
    register(
        purpose=Purpose.REVEAL,
        asked=[Asked(person.pk)],
        organisation=by.organisation,
        matter_number=matter_number,
        by=by,
    )
    return number
