"""What was compiled is stored as it is, once."""

from __future__ import annotations

import hashlib
from typing import Any

from archive.records.models import Entry
from archive.reports.compile import canonical
from archive.reports.models import Report, ReportEntry


def freeze(report: Report, content: dict[str, Any], entries: list[Entry]) -> None:
    """Store what was compiled and which entries it holds, in the transaction that read them."""
    text = canonical(content)
    report.content, report.content_hash = text, hashlib.sha256(text.encode()).hexdigest()
    report.save()
    ReportEntry.objects.bulk_create([ReportEntry(report=report, entry=entry) for entry in entries])
