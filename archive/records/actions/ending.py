"""How an entry ends other than by a change: repaired, at the person's wish, by time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from archive.catalogue.periods import terms_of
from archive.common import feed
from archive.common.models import Change
from archive.notices.models import Notice
from archive.records.actions.effect import end_entries, withdraw_entries
from archive.records.letters import tell
from archive.records.models import Entry
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record_many
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

STEP = 1_000


@transaction.atomic
def mark_repaired(*, entries: Iterable[Entry], by: Account) -> list[Entry]:
    """Repaired: in one transaction out of every reader's view and the check index; planned changes fall. All or none.

    What was recorded stays in the sealed file; person and body see that it was repaired, and when.
    """
    rows, changes = _holding(entries)
    for entry in rows:
        require(by, Permission.APPROVE_ENTRY, entry)
        if not entry.is_adverse:
            raise ActionRefused(_("%(number)s is a positive entry; there is nothing to repair.") % _number(entry))
    _end(rows, changes, Entry.EndReason.REPAIRED, gettext_noop("The entry was repaired."), by=by)
    tell(rows, Notice.Kind.ENTRY_ENDED, by=by)
    return rows


@transaction.atomic
def opt_out(*, entry: Entry, by: Account) -> Entry:
    """The person has a positive entry taken out: at once, everywhere. It is recorded again only if the person asks for it."""
    require(by, Permission.OPT_OUT, entry)
    rows, changes = _holding([entry])
    if rows[0].is_adverse:
        raise ActionRefused(
            _("Only positive entries can be taken out. Against this one there are statement and objection.")
        )
    if not terms_of(rows[0].organisation.jurisdiction).values.get("positive_opt_out"):
        raise ActionRefused(_("The rules of this place do not provide for taking out positive entries. Ask the body."))
    _end(rows, changes, Entry.EndReason.OPTED_OUT, gettext_noop("The person had the entry taken out."), by=by)
    return rows[0]


def _holding(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Locked: the entries, which must hold, and the planned changes of their records."""
    wanted = {entry.pk for entry in entries}
    family = Entry.objects.lock_records_of(wanted)
    rows = [entry for entry in family if entry.pk in wanted]
    for entry in rows:
        if not entry.is_standing:
            raise ActionRefused(_("%(number)s: this entry does not hold, or no longer.") % _number(entry))
    return rows, [entry for entry in family if entry.is_undecided]


def _number(entry: Entry) -> dict[str, str]:
    return {"number": entry.record.number}


def _end(rows: list[Entry], changes: list[Entry], reason: Entry.EndReason, why: str, *, by: Account) -> None:
    now = moments.of_a_change()
    with override("zh-hans"):  # what is kept is kept in Chinese, whatever the reader's language
        kept = _(why)
    withdraw_entries(entries=changes, reason=kept, at=now, by=by)
    end_entries(entries=rows, reason=reason, at=now, ended_by=by, by=by)


def close_over(*, by: System, day: dt.date | None = None) -> int:
    """Write down that the display of entries is over, once, and announce it. Returns how many. Safe to run twice.

    Nothing waits for it: what is shown on a day follows from the dates. The lines of the check index stay, for a bar outlives
    its story.
    """
    require(by, Permission.RUN_SYSTEM)
    day = day or timezone.localdate()
    closed = 0
    while step := _close_step(day, by=by):
        closed += step
    return closed


@transaction.atomic
def _close_step(day: dt.date, *, by: System) -> int:
    rows = list(Entry.objects.due_to_close(day).select_for_update(skip_locked=True).order_by("pk")[:STEP])
    Entry.objects.filter(pk__in=[entry.pk for entry in rows]).update(
        state=Entry.State.ENDED, end_reason=Entry.EndReason.DISPLAY_OVER, ended_at=timezone.now()
    )
    feed.announce_many(Change.Kind.ENTRY_DISPLAY_OVER, [(entry.person_id, entry.pk) for entry in rows])
    record_many(
        draft(by=by, verb=Verb.ENTRY_ENDED, obj=entry, reason=str(Entry.EndReason.DISPLAY_OVER)) for entry in rows
    )
    return len(rows)
