"""The list of what proves a row, for the page of that row: `{% include "evidence/list.html" %}` with this context."""

from __future__ import annotations

from typing import Any

from django.db import models

from archive.evidence.models import Evidence
from archive.evidence.problems import REMARKS
from profiles.accounts.models import Account


def evidence_context(about: models.Model, account: Account) -> dict[str, Any]:
    """`evidence`: list of (file, remarks as sentences), in the order in which they were added."""
    rows = Evidence.objects.visible_to(account).about(about).select_related("added_by", "withdrawn_by")
    return {"evidence": [(row, [REMARKS[code] for code in row.remarks]) for row in rows]}
