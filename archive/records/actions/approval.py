"""A second person decides; what is approved enters the check index in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.common import feed
from archive.common.models import Change
from archive.notices.models import Notice
from archive.records.actions.effect import take_effect
from archive.records.letters import tell
from archive.records.models import Entry, HearingAnswer
from archive.records.rules import may_approve
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require

REFUSALS = {
    "own_draft": gettext_noop("You drafted this entry; a second person approves it."),
    "not_served": gettext_noop("The person has not been served with the notice yet."),
    "window": gettext_noop("The person may still answer; approve after the hearing window."),
    "unread": gettext_noop("The person has made a statement. Read it first."),
}


@transaction.atomic
def approve(*, entries: Iterable[Entry], by: Account) -> list[Entry]:
    """A second person puts entries in force: they are displayed, enter the check index, and the persons are told. All or none."""
    wanted = {entry.pk for entry in entries}
    rows = [entry for entry in Entry.objects.lock_records_of(wanted) if entry.pk in wanted]
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
    _refuse_second_record([entry for entry in rows if entry.kind == Entry.Kind.CORRECTION])
    Entry.objects.filter(pk__in=[entry.pk for entry in rows]).update(
        state=Entry.State.APPROVED, approved_by=by, approved_at=now, approved_on=today
    )
    for entry in rows:
        entry.state, entry.approved_by, entry.approved_at = Entry.State.APPROVED, by, now
        entry.approved_on = today
    take_effect(entries=rows, known_from=now, by=by)
    record_many(draft(by=by, verb=Verb.ENTRY_APPROVED, obj=entry, item=entry.item_code) for entry in rows)
    return rows


def _refuse_second_record(corrections: list[Entry]) -> None:
    """A correction may make a fact the same as another record's; a fact is on record once."""
    if not corrections:
        return
    keys = {(row.person_id, row.item_code, row.act_date, row.document_number): row for row in corrections}
    others = (
        Entry.objects.on_file()
        .filter(person_id__in={row.person_id for row in corrections})
        .exclude(record__in=[row.record_id for row in corrections])
        .values_list("person_id", "item_code", "act_date", "document_number", "record__number")
    )
    for *key, number in others:
        if tuple(key) in keys:
            raise ActionRefused(
                _("%(number)s: record %(other)s holds the same fact. A fact is on record once: void one of the two.")
                % {"number": keys[tuple(key)].record.number, "other": number}
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
    if entry.notified_at is not None:
        tell([entry], Notice.Kind.ENTRY_DECLINED, by=by)
    record(by=by, verb=Verb.ENTRY_DECLINED, obj=entry)
    return entry
