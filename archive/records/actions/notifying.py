"""The notices of a file: written after its admission or reversal, in steps that each stand for themselves."""

from __future__ import annotations

from django.db import transaction

from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.notices.models import Notice
from archive.records.actions.hearing import notify
from archive.records.letters import tell
from archive.records.models import Entry
from profiles.common.permissions import Permission, System, require

STEP = 500


def notify_batch(*, batch_id: int, by: System) -> None:
    """Tell the persons of a file, until nobody is left. Cut off at any moment it goes on where it stopped; nobody is told twice."""
    require(by, Permission.RUN_SYSTEM)
    after: int | None = 0
    while after is not None:
        after = _tell_some(batch_id, after)


@transaction.atomic
def _tell_some(batch_id: int, after: int) -> int | None:
    """Tell the persons of the next rows behind row `after`; the last row of them, or None when nobody is left.

    The batch is locked, so a second worker waits, and then finds these persons told.
    """
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if not batch.notices_left:
        return None
    waiting = (
        Entry.objects.select_for_update(of=("self",)).with_details().filter(batch_id=batch_id, batch_row__gt=after)
    )
    if batch.state == Batch.State.REVERSED:
        entries = list(waiting.to_tell_of_withdrawal().order_by("batch_row")[:STEP])
        assert batch.reversed_by is not None
        why = dict.fromkeys((entry.pk for entry in entries), batch.reverse_reason)
        tell(entries, Notice.Kind.ENTRY_WITHDRAWN, why=why, by=batch.reversed_by)
    else:
        entries = list(waiting.filter(state=Entry.State.DRAFTED).unserved().order_by("batch_row")[:STEP])
        assert batch.confirmed_by is not None
        notify(entries=entries, organisation=batch.organisation, by=batch.confirmed_by)
    intake.note_notices(batch=batch, left=batch.notices_left - len(entries) if entries else 0)
    return entries[-1].batch_row if entries else None
