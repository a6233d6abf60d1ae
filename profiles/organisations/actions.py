"""Changing bodies and their competences."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require
from profiles.common.vocabulary import Event, Group
from profiles.organisations.models import Competence, Organisation
from profiles.organisations.rules import may_work


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: Actor) -> Organisation:
    """Create or change a body. Raises ValidationError with the fields at fault."""
    require(by, Permission.MANAGE_ORGANISATIONS)
    organisation.full_clean()
    organisation.save()
    record(by=by, verb=Verb.ORGANISATION_SAVED, obj=organisation, organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def set_sign_in_rules(
    *,
    organisation: Organisation,
    networks: list[str],
    open_from: dt.time | None,
    open_until: dt.time | None,
    address: str,
    by: Actor,
) -> Organisation:
    """From where (`networks`, CIDR; none: everywhere) and when (none: always) the body's staff may work.

    `address` is where the request comes from: rules that would lock out who sets them are refused.
    """
    require(by, Permission.SET_SIGN_IN_RULES)
    if by.organisation_id == organisation.pk and may_work(
        networks=networks, open_from=open_from, open_until=open_until, address=address, at=timezone.localtime().time()
    ):
        raise ActionRefused(_("These rules would lock you out now. Include your own address and the present hour."))
    organisation.networks, organisation.open_from, organisation.open_until = networks, open_from, open_until
    organisation.full_clean()
    organisation.save(update_fields=["networks", "open_from", "open_until"])
    record(
        by=by,
        verb=Verb.SIGN_IN_RULES_SET,
        obj=organisation,
        organisation_id=organisation.pk,
        networks=len(networks),
        hours=f"{open_from:%H:%M}-{open_until:%H:%M}" if open_from and open_until else "",
    )
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
