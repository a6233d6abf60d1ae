"""A file that is no longer needed goes, with its rows; what it did and how many rows there were stays."""

from __future__ import annotations

from django.db import transaction

from archive.intake.models import Batch
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission, System, require


@transaction.atomic
def erase(*, batch: Batch, by: System) -> int:
    """Rows, file and what was made of it. Counts, state and hash stay. Returns the number of rows that went."""
    require(by, Permission.RUN_SYSTEM)
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    gone, _by_model = batch.rows.all().delete()
    batch.let_go_of_file()
    batch.save(update_fields=["file", "survey"])
    record(by=by, verb=Verb.BATCH_ERASED, obj=batch, organisation_id=batch.organisation_id, rows=gone)
    return gone
