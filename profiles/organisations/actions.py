"""Changing bodies and their competences."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import Actor, Permission, require
from profiles.common.vocabulary import Event, Group
from profiles.organisations.models import Competence, Organisation


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: Actor) -> Organisation:
    """Create or change a body. Raises ValidationError with the fields at fault."""
    require(by, Permission.MANAGE_ORGANISATIONS)
    organisation.full_clean()
    organisation.save()
    record(by=by, verb=Verb.ORGANISATION_SAVED, obj=organisation, organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def give_competence(
    *,
    organisation: Organisation,
    role: Competence.Role,
    group: Group,
    event: Event | None = None,
    basis: str,
    needs_authorisation: bool = False,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    by: Actor,
) -> Competence:
    """Let a body report facts about a group, or check it for an event. `basis` names the law or document that says so."""
    require(by, Permission.MANAGE_ORGANISATIONS)
    competence = Competence(
        organisation=organisation,
        role=role,
        group=group,
        event=event or "",
        basis=basis,
        needs_authorisation=needs_authorisation,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    competence.full_clean()
    competence.save()
    record(
        by=by,
        verb=Verb.COMPETENCE_GIVEN,
        obj=competence,
        organisation_id=organisation.pk,
        role=str(role),
        group=str(group),
        event=str(event or ""),
    )
    return competence
