"""Rules as the engine reads them, compiled once in a process. A check needs all that hold, and they are long."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from archive.vetoes.models import RuleVersion
from archive.vetoes.queries import RuleQuerySet
from archive.vetoes.rules import Rule
from profiles.common.statements import Statement

MOST = 2_000  # versions kept; far more than there are
# PostgreSQL's number of the transaction that wrote the row, and its place: whatever changes the row changes these.
WRITTEN = RawSQL("archive_ruleversion.xmin::text || archive_ruleversion.ctid::text", [], output_field=TextField())

_kept: dict[tuple[int, str], Rule] = {}


def _holding(*, organisation_id: int | None, moment: dt.datetime, day: dt.date) -> models.QuerySet[Any]:
    holding: RuleQuerySet = RuleVersion.objects.for_checks_of(organisation_id, moment=moment, day=day)
    return holding.annotate(written=WRITTEN).values_list("pk", "written")


HOLDING = Statement(_holding, organisation_id=int, moment=dt.datetime, day=dt.date)


def compiled_for(organisation_id: int, *, moment: dt.datetime, day: dt.date) -> list[Rule]:
    """The rules for checks of a body, in the order of their codes, each as it stands in the database now."""
    keys = HOLDING.rows(organisation_id=organisation_id, moment=moment, day=day)
    missing = [pk for pk, written in keys if (pk, written) not in _kept]
    if missing:
        if len(_kept) > MOST:
            _kept.clear()
        for version in RuleVersion.objects.filter(pk__in=missing).annotate(written=WRITTEN):
            _kept[version.pk, version.written] = version.compiled()
        # What was written between the two queries, by whoever holds no lock against questions, is compiled as it was read.
        versions = RuleVersion.objects.for_checks_of(organisation_id, moment=moment, day=day)
        return [version.compiled() for version in versions]
    return [_kept[key] for key in keys]
