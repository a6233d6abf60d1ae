"""What an answer rests on may have changed since it was given."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archive.records.models import Dispute, Entry
from archive.vetoes.models import Answer
from archive.vetoes.rules import Doubt, Effect
from profiles.common.exceptions import ActionRefused


def refuse_disputed(answer: Answer) -> None:
    """Nothing is confirmed where all that stands in the way is in dispute by now. An objection after the check counts as well."""
    weighty = answer.findings.exclude(effect=Effect.NOTE.value).exclude(doubt=Doubt.IN_DISPUTE.value)
    records = set(
        Entry.objects.filter(pk__in=weighty.values("entry_id")).select_for_update().values_list("record_id", flat=True)
    )
    if records and records <= set(Dispute.objects.open_by_record(records)):
        raise ActionRefused(
            _("What the answer rests on is in dispute by now. Wait until the objection is settled, or check again.")
        )
