"""The mark “in dispute”: set at once when somebody objects, lifted by a second person with reasons.

Marked entries stay shown, with the mark, and decide nothing in any check. The lines of the check index change with the mark.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.common import feed
from archive.common.models import Change
from archive.intake.words import forbidden_word
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.check_index import mark_lines
from archive.records.models import Dispute, Entry
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Actor, Permission, require
from profiles.common.querysets import locked

DISPUTE_LIMIT = 1000


@dataclass(frozen=True)
class Objection:
    """As it came: on which way, under which number and on which day it was received, and what it says is wrong."""

    channel: Dispute.Channel | str
    received_number: str
    received_on: dt.date
    text: str


@transaction.atomic
def mark_disputed(*, entry: Entry, objection: Objection, by: Account) -> Dispute:
    """Mark an entry that holds as in dispute, at once: every reader sees it, no check is decided by it. Once at a time."""
    require(by, Permission.MARK_DISPUTED, entry)
    text, number = mask_in_text(objection.text.strip()), mask_in_text(objection.received_number.strip())
    _must_say(text)
    if not number:
        raise ActionRefused(_("Enter the number under which the objection was received."))
    if objection.received_on > timezone.localdate():
        raise ActionRefused(_("The objection cannot have been received in the future. Correct the date."))
    family = Entry.objects.lock_records_of([entry.pk])
    entry = next(row for row in family if row.pk == entry.pk)
    if not entry.is_standing:
        raise ActionRefused(
            _(
                "%(number)s: only an entry that holds can be marked as in dispute. What is planned is answered in its hearing."
            )
            % {"number": entry.record.number}
        )
    if Dispute.objects.open().filter(record=entry.record_id).exists():
        raise ActionRefused(
            _("%(number)s is marked as in dispute already. Settle that objection first.")
            % {"number": entry.record.number}
        )
    now = moments.of_a_change()
    dispute = Dispute.objects.create(
        record=entry.record,
        entry=entry,
        person_id=entry.person_id,
        organisation=entry.organisation,
        channel=objection.channel,
        received_number=number[:60],
        received_on=objection.received_on,
        text=text,
        opened_by=by,
        opened_at=now,
    )
    mark_lines([entry], disputed=True, moment=now)
    _announce(Change.Kind.ENTRY_DISPUTED, Notice.Kind.ENTRY_DISPUTED, dispute, entry, by=by)
    record(by=by, verb=Verb.DISPUTE_OPENED, obj=dispute, entry=entry.pk, channel=str(dispute.channel))
    return dispute


@transaction.atomic
def settle_dispute(*, dispute: Dispute, outcome: Dispute.Outcome | str, reason: str, by: Account) -> Dispute:
    """A second person settles it and the mark is lifted. Upheld only once the entry was put right: else it would count again."""
    require(by, Permission.SETTLE_DISPUTE, dispute)
    reason = mask_in_text(reason.strip())
    _must_say(reason)
    family = Entry.objects.lock_records_of([dispute.entry_id])
    dispute = locked(Dispute.objects.select_related("entry", "record", "organisation"), dispute.pk)
    if not dispute.is_open:
        raise ActionRefused(_("The objection has been settled already."))
    if dispute.opened_by_id == by.pk:
        raise ActionRefused(_("You recorded this objection; a second person settles it."))
    disputed = next(row for row in family if row.pk == dispute.entry_id)
    if outcome == Dispute.Outcome.UPHELD and disputed.is_standing:
        raise ActionRefused(
            _("The disputed entry still holds. Correct, revise or void it first; then the objection is upheld.")
        )
    now = moments.of_a_change()
    dispute.outcome, dispute.reason, dispute.settled_by, dispute.settled_at = outcome, reason, by, now
    dispute.save(update_fields=["outcome", "reason", "settled_by", "settled_at"])
    holding = [row for row in family if row.is_standing]
    mark_lines(holding, disputed=False, moment=now)
    told = holding[0] if holding else disputed
    _announce(Change.Kind.ENTRY_SETTLED, Notice.Kind.DISPUTE_SETTLED, dispute, told, by=by)
    record(by=by, verb=Verb.DISPUTE_SETTLED, obj=dispute, entry=told.pk, outcome=str(outcome))
    return dispute


def _must_say(text: str) -> None:
    if not text:
        raise ActionRefused(_("Say in a few sentences what it is about."))
    if len(text) > DISPUTE_LIMIT:
        raise ActionRefused(_("The text is longer than %(limit)s characters. Shorten it.") % {"limit": DISPUTE_LIMIT})
    word = forbidden_word(text)
    if word:
        raise ActionRefused(
            _("The text speaks of “%(word)s”, which may not be kept in an archive. Leave it out.") % {"word": word}
        )


def _announce(change: Change.Kind, notice: Notice.Kind, dispute: Dispute, entry: Entry, *, by: Actor) -> None:
    feed.announce(change, person_id=entry.person_id, object_id=entry.pk)
    letter = Letter(
        kind=notice,
        person_id=entry.person_id,
        organisation=entry.organisation,
        about=entry,
        context={"dispute": dispute, "entry": entry, "item": entry.item},
    )
    send(letters=[letter], by=by)
