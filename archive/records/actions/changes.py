"""Correction, revision, void: a new entry under the same record number. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.periods import terms_of
from archive.common import feed
from archive.common.models import Change
from archive.intake.problems import sentence
from archive.intake.words import forbidden_word
from archive.records.actions.effect import withdraw_entries
from archive.records.actions.hearing import notify
from archive.records.change_rules import PlannedChange
from archive.records.changing import planned_change
from archive.records.models import Entry
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Permission, require

REASON_LIMIT = 500


@transaction.atomic
def propose_change(
    *, entry: Entry, kind: Entry.Kind | str, values: Mapping[str, Any] | None = None, reason: str, by: Account
) -> Entry:
    """Draft a correction, revision or void of the entry that holds. `values`: field → what it should say.

    A change that lays anything new on the person goes through notice and hearing; a second person approves each.
    """
    require(by, Permission.PROPOSE_CHANGE, entry)
    reason = _reason(reason)
    family = Entry.objects.lock_records_of([entry.pk])
    entry = next(row for row in family if row.pk == entry.pk)
    if not entry.is_standing:
        raise ActionRefused(
            _("%(number)s: only the entry that holds can be changed; this one is planned or has ended.")
            % {"number": entry.record.number}
        )
    if any(row.is_undecided for row in family):
        raise ActionRefused(
            _("%(number)s: a change is being decided already. Withdraw it, or wait for the decision.")
            % {"number": entry.record.number}
        )
    planned = planned_change(entry, kind, values or {})
    if planned.problems:
        raise ActionRefused(f"{entry.record.number}: {sentence(planned.problems[0][1].as_json())}")
    if kind != Entry.Kind.VOID and not planned.changes:
        raise ActionRefused(_("Nothing is changed. Change at least one field."))
    change = _draft(entry, kind, planned, reason, by)
    feed.announce(Change.Kind.ENTRY_ADMITTED, person_id=change.person_id, object_id=change.pk)
    record(by=by, verb=Verb.CHANGE_PROPOSED, obj=change, kind=str(kind), supersedes=entry.pk, eases=change.eases)
    if change.is_adverse and not change.eases:
        notify(entries=[change], organisation=change.organisation, by=by)
    return change


def _reason(text: str) -> str:
    """The reason as it is kept; raises ActionRefused with what is wrong."""
    reason = mask_in_text(text.strip())
    if not reason:
        raise ActionRefused(_("Say in a sentence why the entry is changed."))
    if len(reason) > REASON_LIMIT:
        raise ActionRefused(_("The reason is longer than %(limit)s characters. Shorten it.") % {"limit": REASON_LIMIT})
    word = forbidden_word(reason)
    if word:
        raise ActionRefused(
            _("The reason speaks of “%(word)s”, which may not be kept in an archive. Leave it out.") % {"word": word}
        )
    return reason


def _draft(entry: Entry, kind: Entry.Kind | str, planned: PlannedChange, reason: str, by: Account) -> Entry:
    after, item = planned.values, planned.values["item"]
    heard = item.polarity == "adverse" and not planned.eases
    days = terms_of(entry.organisation.jurisdiction).number("hearing_working_days") if heard else 0
    return Entry.objects.create(
        record=entry.record,
        kind=kind,
        supersedes=entry,
        change_reason=reason,
        changes=planned.changes,
        eases=planned.eases,
        person=entry.person,
        organisation=entry.organisation,
        item=item,
        item_code=item.code,
        severity=after["severity"],
        polarity=item.polarity,
        act_date=after["act_date"],
        document_number=after["document_number"],
        document_date=after["document_date"],
        document_body=after["document_body"],
        facts=after["facts"],
        sanction_months=after["sanction_months"],
        bar_groups=after["bar_groups"],
        drafted_by=by,
        hearing_days=days,
        display=planned.clocks.display,
        retention=planned.clocks.retention,
        bar=planned.clocks.bar,
        repair_from=planned.clocks.repair_from,
    )


@transaction.atomic
def withdraw(*, entry: Entry, reason: str, by: Account) -> Entry:
    """The body takes a planned entry or change back before it is decided."""
    require(by, Permission.PROPOSE_CHANGE, entry)
    reason = _reason(reason)[:300]
    entry = next(row for row in Entry.objects.lock_records_of([entry.pk]) if row.pk == entry.pk)
    if not entry.is_undecided:
        raise ActionRefused(_("Entry %(number)s has been decided already.") % {"number": entry.record.number})
    withdraw_entries(entries=[entry], reason=reason, at=timezone.now(), by=by)
    return entry
