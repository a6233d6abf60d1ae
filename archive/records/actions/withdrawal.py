"""What entries rest on has fallen, a decision or a rule of law: they are withdrawn everywhere, many at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from archive.common import feed
from archive.common.models import Change
from archive.records.actions.effect import take_effect, withdraw_entries
from archive.records.models import Entry
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record_many
from profiles.audit.verbs import Verb
from profiles.common import moments


@transaction.atomic
def withdraw_many(
    *, entries: Iterable[int], reason: str, proposed_by: Account, proposed_at: dt.datetime, by: Account
) -> tuple[int, int]:
    """Entries (ids) that hold are voided, planned ones withdrawn; display, check index, feed and persons follow at once.

    Returns (voided, withdrawn). `by` is the second person; the caller has asked whether he may. What has moved on meanwhile
    stays as it is. The number of queries does not depend on the number of entries.
    """
    wanted = set(entries)
    family = Entry.objects.lock_records_of(wanted)
    now, today = moments.of_a_change(), timezone.localdate()
    standing = [entry for entry in family if entry.is_standing and entry.pk in wanted]
    fallen = {
        entry.record_id for entry in standing
    }  # a planned change falls with its record, whatever it rests on itself
    planned = [entry for entry in family if entry.is_undecided and (entry.pk in wanted or entry.record_id in fallen)]
    withdraw_entries(entries=planned, reason=reason[:300], at=now, by=by)
    voids = Entry.objects.bulk_create(
        [_void(entry, reason, proposed_by, proposed_at, approved_at=now, today=today, by=by) for entry in standing],
        batch_size=1_000,
    )
    feed.announce_many(Change.Kind.ENTRY_ADMITTED, [(entry.person_id, entry.pk) for entry in voids])
    take_effect(entries=voids, known_from=now, revoked=True, by=by)
    record_many(draft(by=by, verb=Verb.ENTRY_APPROVED, obj=entry, item=entry.item_code) for entry in voids)
    return len(voids), len(planned)


def _void(
    entry: Entry,
    reason: str,
    proposed_by: Account,
    proposed_at: dt.datetime,
    *,
    approved_at: dt.datetime,
    today: dt.date,
    by: Account,
) -> Entry:
    """The void of an entry: drafted by who proposed the withdrawal, approved by the second person."""
    kept = ("record", "person_id", "organisation", "item", "item_code", "severity", "polarity", "act_date",
            "document_number", "document_date", "document_body", "facts", "sanction_months", "bar_groups",
            "display", "retention", "bar", "repair_from")  # fmt: skip
    return Entry(
        **{name: getattr(entry, name) for name in kept},
        kind=Entry.Kind.VOID,
        supersedes=entry,
        change_reason=reason[:500],
        eases=True,
        state=Entry.State.APPROVED,
        drafted_by=proposed_by,
        drafted_at=proposed_at,
        hearing_days=0,
        approved_by=by,
        approved_at=approved_at,
        approved_on=today,
    )
