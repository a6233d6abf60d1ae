"""From a change that somebody writes down to what it would do: looks up what the rules ask. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from archive.catalogue.periods import terms_of
from archive.records.change_rules import PlannedChange, Reporter, plan_change
from archive.records.models import Entry
from profiles.organisations.models import Competence


def planned_change(entry: Entry, kind: str, values: Mapping[str, Any]) -> PlannedChange:
    """The change as the page shows it before it is proposed, and as it is drafted."""
    body, today = entry.organisation, timezone.localdate()
    return plan_change(
        entry,
        kind,
        values,
        terms=terms_of(body.jurisdiction),
        reporter=Reporter(body.kind, frozenset(Competence.objects.to_report(body, today))),
        birth_date=entry.person.birth_date,
        today=today,
    )
