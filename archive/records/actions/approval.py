"""A second person decides; what is approved enters the check index in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.common import feed
from archive.common.models import Change
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.index import lines
from archive.records.models import CheckFact, Entry, HearingAnswer
from archive.records.rules import may_approve
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require

REFUSALS = {
    "own_draft": gettext_noop("You drafted this entry; a second person approves it."),
    "not_served": gettext_noop("The person has not been served with the notice yet."),
    "window": gettext_noop("The person may still answer; approve after the hearing window."),
    "unread": gettext_noop("The person has made a statement. Read it first."),
}


@transaction.atomic
def approve(*, entries: Iterable[Entry], by: Account) -> list[Entry]:
    """A second person puts entries in force: they are displayed, enter the check index, and the persons are told. All or none."""
    rows = list(
        Entry.objects.select_for_update(of=("self",))
        .select_related("record", "item", "organisation")
        .filter(pk__in=[entry.pk for entry in entries])
        .order_by("pk")
    )
    now, today = moments.of_a_change(), timezone.localdate()
    unread = Counter(HearingAnswer.objects.filter(entry__in=rows, read_at=None).values_list("entry_id", flat=True))
    for entry in rows:
        require(by, Permission.APPROVE_ENTRY, entry)
        if entry.state not in Entry.UNDECIDED:
            raise ActionRefused(_("Entry %(number)s has been decided already.") % {"number": entry.record.number})
        code = may_approve(
            drafted_by_id=entry.drafted_by_id,
            approver_id=by.pk,
            unread_answers=unread[entry.pk],
            approvable_from=entry.approvable_from,
            needs_hearing=entry.is_adverse and not entry.eases,
            today=today,
        )
        if code is not None:
            raise ActionRefused(f"{entry.record.number}: {_(REFUSALS[code])}")
    Entry.objects.filter(pk__in=[entry.pk for entry in rows]).update(
        state=Entry.State.APPROVED, approved_by=by, approved_at=now, approved_on=today
    )
    _take_effect(rows, known_from=now, by=by)
    record_many(draft(by=by, verb=Verb.ENTRY_APPROVED, obj=entry, item=entry.item_code) for entry in rows)
    return rows


def _take_effect(rows: list[Entry], *, known_from: dt.datetime, by: Account) -> None:
    """Approved entries come into force: displayed, in the check index, on the feed; the persons are told."""
    Entry.objects.filter(pk__in=[entry.pk for entry in rows]).update(state=Entry.State.IN_FORCE)
    for entry in rows:
        entry.state = Entry.State.IN_FORCE
    _enter_index(rows, known_from=known_from)
    feed.announce_many(Change.Kind.ENTRY_IN_FORCE, [(entry.person_id, entry.pk) for entry in rows])
    _tell(rows, Notice.Kind.ENTRY_IN_FORCE, by=by)


def _enter_index(entries: list[Entry], *, known_from: dt.datetime) -> None:
    """One line for each identity number of the person: checks find the entry by any of them."""
    CheckFact.objects.bulk_create(lines(entries, known_from=known_from), batch_size=2_000)


def _tell(entries: list[Entry], kind: Notice.Kind, *, by: Actor) -> None:
    send(
        letters=[
            Letter(
                kind=kind,
                person_id=entry.person_id,
                organisation=entry.organisation,
                about=entry,
                context={"entry": entry, "item": entry.item},
            )
            for entry in entries
        ],
        by=by,
    )


@transaction.atomic
def decline(*, entry: Entry, reason: str, by: Account) -> Entry:
    """The second person does not approve: the fact never takes effect, and the person is told."""
    require(by, Permission.APPROVE_ENTRY, entry)
    entry = (
        Entry.objects.select_for_update(of=("self",)).select_related("record", "item", "organisation").get(pk=entry.pk)
    )
    if entry.state not in Entry.UNDECIDED:
        raise ActionRefused(_("Entry %(number)s has been decided already.") % {"number": entry.record.number})
    if entry.drafted_by_id == by.pk:
        raise ActionRefused(_(REFUSALS["own_draft"]))
    if not reason.strip():
        raise ActionRefused(_("Say in a sentence why the entry is not approved."))
    entry.state, entry.declined_by, entry.declined_at = Entry.State.DECLINED, by, timezone.now()
    entry.declined_reason = reason.strip()[:300]
    entry.save(update_fields=["state", "declined_by", "declined_at", "declined_reason"])
    feed.announce(Change.Kind.ENTRY_DECLINED, person_id=entry.person_id, object_id=entry.pk)
    if entry.is_adverse:
        _tell([entry], Notice.Kind.ENTRY_DECLINED, by=by)
    record(by=by, verb=Verb.ENTRY_DECLINED, obj=entry)
    return entry
