"""A file as a whole was a mistake: what came of it is withdrawn, while nothing of it was approved."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from archive.common import feed
from archive.common.models import Change
from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.records.models import Entry
from profiles.accounts.models import Account
from profiles.audit.actions import record_each
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require

STEP = 5_000


@transaction.atomic
def reverse_batch(*, batch: Batch, reason: str, by: Account) -> Batch:
    """Withdraw all undecided entries of a file, in one transaction. Refused once any of them was approved.

    Persons who had been notified are told, by `notify_batch` afterwards. The archives that the file opened stay, empty, and so do
    the memberships: that somebody belongs to the body is no statement about conduct.
    """
    require(by, Permission.UPLOAD_BATCH, batch)
    batch = intake.mark_reversed(batch=batch, permission=Permission.UPLOAD_BATCH, reason=reason, by=by)
    entries = Entry.objects.filter(batch_id=batch.pk)
    entries.lock_all()
    if entries.decided_for().exists():
        raise ActionRefused(
            _("Entries of this file have been approved. Correct or void those; the file can no longer be reversed.")
        )
    told, after = 0, 0
    while rows := list(
        entries.undecided()
        .filter(batch_row__gt=after)
        .order_by("batch_row")
        .values_list("batch_row", "pk", "person_id", "notified_at")[:STEP]
    ):
        after = rows[-1][0]
        Entry.objects.filter(pk__in=[key for _row, key, _person, _notified in rows]).update(
            state=Entry.State.WITHDRAWN,
            declined_by=by,
            declined_at=batch.reversed_at,
            declined_reason=batch.reverse_reason,
        )
        record_each(
            by=by, verb=Verb.ENTRY_WITHDRAWN, model=Entry, rows=((person, key, {}) for _row, key, person, _at in rows)
        )
        feed.announce_many(Change.Kind.ENTRY_WITHDRAWN, [(person, key) for _row, key, person, _at in rows])
        told += sum(notified is not None for *_keys, notified in rows)
    intake.note_notices(batch=batch, left=told, total=told)
    return batch
