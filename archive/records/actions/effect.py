"""Entries take effect and end: state, check index, change feed and the letters to the persons, always together, set-wise."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction

from archive.common import feed
from archive.common.models import Change
from archive.notices.models import Notice
from archive.records.check_index import enter_index
from archive.records.letters import tell
from archive.records.models import CheckFact, Entry
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record_many
from profiles.audit.verbs import Verb
from profiles.common.permissions import Actor

ENDS_WITH = {
    Entry.Kind.CORRECTION: Entry.EndReason.CORRECTED,
    Entry.Kind.REVISION: Entry.EndReason.REVISED,
    Entry.Kind.VOID: Entry.EndReason.VOIDED,
}


@transaction.atomic
def take_effect(*, entries: list[Entry], known_from: dt.datetime, by: Actor, revoked: bool = False) -> None:
    """Approved entries, locked by the caller, come into force; what they change ends. A void ends itself: it shows nothing.

    The number of queries does not depend on the number of entries. `revoked`: the voids carry out a revocation.
    """
    changes = [entry for entry in entries if entry.supersedes_id is not None]
    if changes:
        _end_superseded(changes, at=known_from, revoked=revoked, by=by)
    shown = [entry for entry in entries if entry.kind != Entry.Kind.VOID]
    Entry.objects.filter(pk__in=[entry.pk for entry in shown]).update(state=Entry.State.IN_FORCE)
    for entry in shown:
        entry.state = Entry.State.IN_FORCE
    enter_index(shown, known_from=known_from)
    initial = [entry for entry in shown if entry.kind == Entry.Kind.INITIAL]
    changed = [entry for entry in shown if entry.kind != Entry.Kind.INITIAL]
    feed.announce_many(Change.Kind.ENTRY_IN_FORCE, [(entry.person_id, entry.pk) for entry in initial])
    feed.announce_many(Change.Kind.ENTRY_CHANGED, [(entry.person_id, entry.pk) for entry in changed])
    tell(initial, Notice.Kind.ENTRY_IN_FORCE, by=by)
    tell(changed, Notice.Kind.ENTRY_CHANGED, by=by)


def _end_superseded(changes: list[Entry], *, at: dt.datetime, revoked: bool, by: Actor) -> None:
    old = Entry.objects.select_related("record", "item", "organisation").in_bulk(
        [entry.supersedes_id for entry in changes]
    )
    groups: dict[tuple[Entry.EndReason, Any], list[Entry]] = defaultdict(list)
    for entry in changes:
        reason = Entry.EndReason.REVOKED if revoked else ENDS_WITH[Entry.Kind(entry.kind)]
        groups[(reason, entry.approved_by)].append(entry)
    for (reason, approver), successors in groups.items():
        ended = [old[entry.supersedes_id] for entry in successors]
        end_entries(entries=ended, reason=reason, at=at, ended_by=approver, by=by)
        voids = [entry for entry in successors if entry.kind == Entry.Kind.VOID]
        end = {"state": Entry.State.ENDED, "end_reason": reason, "ended_by": approver, "ended_at": at}
        Entry.objects.filter(pk__in=[entry.pk for entry in voids]).update(**end)
        for entry in voids:
            entry.state, entry.end_reason, entry.ended_by, entry.ended_at = end.values()
        why = {entry.supersedes_id or 0: entry.change_reason for entry in voids}
        tell([row for row in ended if row.pk in why], Notice.Kind.ENTRY_ENDED, why=why, by=by)


@transaction.atomic
def end_entries(
    *, entries: list[Entry], reason: Entry.EndReason, at: dt.datetime, ended_by: Account, by: Actor
) -> None:
    """Entries that hold, locked by the caller, end: shown to nobody, out of the check index from `at`, announced."""
    end: dict[str, Any] = {"state": Entry.State.ENDED, "end_reason": reason, "ended_by": ended_by, "ended_at": at}
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(**end)
    for entry in entries:
        entry.state, entry.end_reason, entry.ended_by, entry.ended_at = end.values()
    CheckFact.objects.open_of(entries).update(known_until=at)
    feed.announce_many(Change.Kind.ENTRY_ENDED, [(entry.person_id, entry.pk) for entry in entries])
    record_many(draft(by=by, verb=Verb.ENTRY_ENDED, obj=entry, reason=str(reason)) for entry in entries)


@transaction.atomic
def withdraw_entries(*, entries: list[Entry], reason: str, at: dt.datetime, by: Account) -> None:
    """Undecided entries, locked by the caller, are withdrawn. Who had been notified is told."""
    told = [entry for entry in entries if entry.notified_at is not None]
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        state=Entry.State.WITHDRAWN, declined_by=by, declined_at=at, declined_reason=reason
    )
    for entry in entries:
        entry.state, entry.declined_by, entry.declined_at = Entry.State.WITHDRAWN, by, at
        entry.declined_reason = reason
    feed.announce_many(Change.Kind.ENTRY_WITHDRAWN, [(entry.person_id, entry.pk) for entry in entries])
    tell(told, Notice.Kind.ENTRY_WITHDRAWN, why={entry.pk: reason for entry in told}, by=by)
    record_many(draft(by=by, verb=Verb.ENTRY_WITHDRAWN, obj=entry) for entry in entries)
