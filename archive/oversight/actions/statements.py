"""A body signs its yearly statement; the credit office reminds those that do not."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.oversight import duty, figures
from archive.oversight.models import Attestation, Reminder
from archive.oversight.statements import CURRENT
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.organisations.models import Organisation


@transaction.atomic
def sign(*, year: int, nothing: bool, shown: int, remark: str, by: Account) -> Attestation:
    """State for the own body what it reported about `year`, or that there was nothing.

    `shown` is the number of entries that the page showed: who signs stands for that number. A second statement about a year
    replaces the first and says why in `remark`.
    """
    require(by, Permission.SIGN_STATEMENT)
    assert by.organisation is not None, "only staff hold SIGN_STATEMENT"
    body = Organisation.objects.select_for_update().get(pk=by.organisation_id)  # one statement after the other
    found = next((row for row in duty.duties(body, day=timezone.localdate()) if row.year == year), None)
    if found is None:
        raise ActionRefused(
            _("Your body had nothing to report about in %(year)s: it had no competence then.") % {"year": year}
        )
    if not found.is_over:
        raise ActionRefused(_("The year %(year)s is not over yet. Sign from 1 January on.") % {"year": year})
    reported = found.figures.reported
    if nothing and reported:
        raise ActionRefused(
            _("Your body reported %(count)s entries about %(year)s; it cannot state that there was nothing.")
            % {"count": reported, "year": year}
        )
    if shown != reported or nothing != (reported == 0):
        raise ActionRefused(_("Meanwhile the number of entries has changed. Read the page again, then sign."))
    remark = identity.mask_in_text(" ".join(remark.split()))[:500]
    if found.statement is not None and not remark:
        raise ActionRefused(_("A statement is signed already. Say in the remark why a new one replaces it."))
    statement = Attestation.objects.create(
        organisation=body,
        year=year,
        groups=found.groups,
        reported=reported,
        late=found.figures.late,
        by_item=[list(row) for row in figures.by_item(year, organisation=body)],
        text_version=CURRENT.version,
        remark=remark,
        replaces=found.statement,
        signed_by=by,
        **CURRENT.words(year=year, count=reported),
    )
    record(
        by=by,
        verb=Verb.STATEMENT_SIGNED,
        obj=statement,
        organisation_id=body.pk,
        year=year,
        reported=reported,
        replaces=found.statement.number if found.statement else None,
    )
    return statement


@transaction.atomic
def remind(*, organisations: Iterable[Organisation], year: int, text: str, by: Account) -> list[Reminder]:
    """Put the reminder on the desks of bodies that owe their statement; a body is reminded once a day. Returns the new ones."""
    require(by, Permission.OVERSEE)
    today = timezone.localdate()
    if year >= today.year:
        raise ActionRefused(_("The year %(year)s is not over yet; nobody owes its statement.") % {"year": year})
    wanted = {row.pk for row in organisations}
    list(
        Organisation.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    )  # nobody is reminded twice at once
    stated = Attestation.objects.filter(year=year, organisation__in=wanted).values_list("organisation_id", flat=True)
    told = Reminder.objects.filter(year=year, organisation__in=wanted, sent_at__date=today)
    wanted -= {*stated, *told.values_list("organisation_id", flat=True)}
    reminders = Reminder.objects.bulk_create(
        [
            Reminder(organisation_id=pk, year=year, text=identity.mask_in_text(text.strip())[:300], sent_by=by)
            for pk in sorted(wanted)
        ],
        batch_size=1_000,
    )
    record_many(
        draft(by=by, verb=Verb.BODY_REMINDED, obj=row, organisation_id=row.organisation_id, year=year)
        for row in reminders
    )
    return reminders
