"""A decision was revoked: whatever rests on it is withdrawn everywhere, in one act, within the law's days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.catalogue.periods import terms_of
from archive.common import calendar
from archive.common.workdays import deadline
from archive.records.actions.withdrawal import withdraw_many
from archive.records.models import Entry, Revocation
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked


@dataclass(frozen=True)
class RevokedDocument:
    """The decision that is gone, and the one that revoked it. `body` may be empty: whoever issued the number."""

    number: str
    body: str
    revoking_number: str
    revoking_date: dt.date
    revoking_body: str


@transaction.atomic
def register_revocation(*, document: RevokedDocument, learned_on: dt.date, by: Account) -> Revocation:
    """A clerk enters that a decision was revoked. The days of the law run from the day on which the body learned of it."""
    require(by, Permission.PROPOSE_CHANGE)
    body = by.organisation
    assert body is not None
    today = timezone.localdate()
    if not document.revoking_date <= learned_on <= today:
        raise ActionRefused(
            _(
                "The day on which your body learned of it lies between the revoking document and today. Correct the dates."
            )
        )
    number, issuer = document.number.strip(), document.body.strip()
    if Revocation.objects.open().filter(organisation=body, document_number=number, document_body=issuer).exists():
        raise ActionRefused(_("The revocation of this document is registered already and waits for the second person."))
    days = terms_of(body.jurisdiction).number("revoked_base_working_days")
    revocation = Revocation(
        organisation=body,
        document_number=number,
        document_body=issuer,
        revoking_number=document.revoking_number.strip(),
        revoking_date=document.revoking_date,
        revoking_body=document.revoking_body.strip(),
        learned_on=learned_on,
        working_days=days,
        deadline=deadline(learned_on, days, calendar.current()).last_day,
        proposed_by=by,
    )
    if not Entry.objects.resting_on(revocation).exists():
        raise ActionRefused(
            _("No entry of your body rests on document %(number)s. Compare the number.") % {"number": number}
        )
    revocation.save()
    record(by=by, verb=Verb.REVOCATION_REGISTERED, obj=revocation, days=days)
    return revocation


@transaction.atomic
def drop_revocation(*, revocation: Revocation, by: Account) -> None:
    """It was registered by mistake. The row goes, the trail keeps that it was there."""
    require(by, Permission.PROPOSE_CHANGE, revocation)
    revocation = locked(Revocation.objects.all(), revocation.pk)
    if revocation.confirmed_at is not None:
        raise ActionRefused(_("The revocation has been carried out already."))
    record(by=by, verb=Verb.REVOCATION_DROPPED, obj=revocation, code=revocation.code)
    revocation.delete()


@transaction.atomic
def confirm_revocation(*, revocation: Revocation, by: Account) -> Revocation:
    """The second person confirms: entries that hold are voided, planned ones withdrawn, readers and checks know at once.

    The number of queries does not depend on the number of entries.
    """
    require(by, Permission.APPROVE_ENTRY, revocation)
    revocation = locked(Revocation.objects.select_related("organisation", "proposed_by"), revocation.pk)
    if revocation.confirmed_at is not None:
        raise ActionRefused(_("The revocation has been carried out already."))
    if revocation.proposed_by_id == by.pk:
        raise ActionRefused(_("You registered this revocation; a second person confirms it."))
    with override("zh-hans"):  # what is kept is kept in Chinese, whatever the reader's language
        reason = _why(revocation)
    revocation.ended, revocation.withdrawn = withdraw_many(
        entries=Entry.objects.resting_on(revocation).values_list("pk", flat=True),
        reason=reason,
        proposed_by=revocation.proposed_by,
        proposed_at=revocation.proposed_at,
        by=by,
    )
    revocation.confirmed_by, revocation.confirmed_at = by, timezone.now()
    revocation.save(update_fields=["confirmed_by", "confirmed_at", "ended", "withdrawn"])
    record(
        by=by, verb=Verb.REVOCATION_CONFIRMED, obj=revocation, ended=revocation.ended, withdrawn=revocation.withdrawn
    )
    return revocation


def _why(revocation: Revocation) -> str:
    return _("Document %(number)s was revoked by %(revoking)s of %(day)s (%(body)s).") % {
        "number": revocation.document_number,
        "revoking": revocation.revoking_number,
        "day": revocation.revoking_date.isoformat(),
        "body": revocation.revoking_body,
    }
