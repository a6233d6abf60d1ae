"""What an answer rests on, for screens and slips."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from archive.catalogue.models import LegalBasis
from archive.records.models import Dispute, Entry
from archive.vetoes.models import Answer


def explain(answer: Answer) -> list[dict[str, Any]]:
    """An answer's findings with rule, clause, entry and legal bases, for screens and slips.

    Where the entry is no longer displayed, its story is left out: a statutory condition is answered as met, nothing more.
    """
    found = list(answer.findings.select_related("rule"))
    entries = Entry.objects.with_details().in_bulk([item.entry_id for item in found])
    disputes = Dispute.objects.open_by_record(entry.record_id for entry in entries.values()) if found else {}
    titles = {basis.code: basis for basis in LegalBasis.objects.all()} if found else {}
    day = answer.check_asked.day or timezone.localdate()
    result = []
    for item in found:
        entry = entries[item.entry_id]
        shown = entry.display is not None and day in entry.display and entry.end_reason not in Entry.UNTOLD
        result.append(
            {
                "finding": item,
                "rule": item.rule,
                "clause": item.clause_data,
                "entry": entry,
                "story": shown,
                "dispute": disputes.get(entry.record_id),
                "bases": [(titles[basis["code"]], basis.get("articles", "")) for basis in item.rule.bases],
            }
        )
    return result
