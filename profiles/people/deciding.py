"""What acts about names, numbers and archives share: one proposes, a second decides, both know the persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require
from profiles.common.querysets import locked
from profiles.people.models import Person, Proposal

REASON_LEAST, REASON_LIMIT = 4, 300
Row = TypeVar("Row", bound=Proposal)


def require_known(by: Actor, permission: Permission, person_ids: Iterable[int]) -> None:
    """Raise PermissionDenied unless all these persons are among those that the account may work on."""
    wanted = set(person_ids)
    require(by, permission)
    if Person.objects.known_to(by, permission).filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied(f"{by.actor_kind} may not {permission} for a person that is not its body's")


def stated(reason: str) -> str:
    """The reason as it is kept: long enough to tell something, without identity numbers."""
    text = identity.mask_in_text(" ".join(reason.split()))
    if len(text) < REASON_LEAST:
        raise ActionRefused(_("Give the reason in a sentence; the second person and the person concerned read it."))
    return text[:REASON_LIMIT]


def documented(number: str, date: dt.date | None) -> dict[str, Any]:
    """Number and date of the document that proves it; both or none."""
    number = identity.mask_in_text(" ".join(number.split()))[:100]
    if bool(number) != (date is not None):
        raise ActionRefused(_("Enter number and date of the document, or neither."))
    if date is not None and date > timezone.localdate():
        raise ActionRefused(_("The document is dated in the future. Correct the date."))
    return {"document_number": number, "document_date": date}


def to_decide(proposal: Row) -> Row:
    """The proposal, locked; refused where it has been decided already."""
    current: Row = locked(type(proposal).objects.all(), proposal.pk)  # type: ignore[attr-defined]
    if not current.is_open:
        raise ActionRefused(_("This has been decided already."))
    return current


def carried_out(proposal: Row, *, by: Actor, at: dt.datetime) -> None:
    """Write down who carried it out; the second person is another one than the first."""
    if proposal.proposed_by_id == by.pk:
        raise ActionRefused(_("You proposed this; a second person carries it out."))
    proposal.state, proposal.carried_out_by_id, proposal.carried_out_at = Proposal.State.CARRIED_OUT, by.pk, at
    proposal.save(update_fields=["state", "carried_out_by", "carried_out_at"])


def declined(proposal: Row, *, reason: str, person_ids: Iterable[int], by: Actor) -> None:
    """Write down who declined it. Who proposed may take back, without being the second person."""
    if proposal.proposed_by_id != by.pk:
        require_known(by, Permission.CONFIRM_IDENTITY, person_ids)
    if not reason.strip():
        raise ActionRefused(_("Say in a sentence why it is not carried out."))
    proposal.state, proposal.declined_by_id, proposal.declined_at = Proposal.State.DECLINED, by.pk, timezone.now()
    proposal.declined_reason = stated(reason)
    proposal.save(update_fields=["state", "declined_by", "declined_at", "declined_reason"])
