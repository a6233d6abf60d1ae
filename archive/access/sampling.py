"""Sampled audits of the register: drawn at random, repeatable, judged line by line (FEATURES 59)."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access.models import Sample, SampledLine
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked
from profiles.organisations.models import Organisation

MOST, LONGEST = 200, 92  # lines, days

# The persons' own queries are no business of an audit. Months that are not asked for are not read.
IN_PERIOD = """
    FROM archive_queryline line
    WHERE line.at >= %(since)s AND line.at < %(until)s AND line.basis <> 'self'
        AND (%(body)s::bigint IS NULL OR line.organisation_id = %(body)s)
"""
DRAW = f"SELECT line.uid, line.at {IN_PERIOD} ORDER BY sha256((line.uid::text || %(seed)s)::bytea), line.uid LIMIT %(size)s"
COUNT = f"SELECT count(*) {IN_PERIOD}"


@transaction.atomic
def draw_sample(*, since: dt.date, until: dt.date, organisation: Organisation | None, size: int, by: Account) -> Sample:
    """Draw `size` lines (fewer where there are fewer) of the days `since` to `until`, both included."""
    require(by, Permission.SAMPLE_QUERIES)
    if until < since or (until - since).days > LONGEST:
        raise ActionRefused(_("Choose a period of at most %(days)s days.") % {"days": LONGEST})
    if not 1 <= size <= MOST:
        raise ActionRefused(_("Draw between 1 and %(most)s queries.") % {"most": MOST})
    seed = secrets.token_hex(16)
    asked = {
        "since": _midnight(since),
        "until": _midnight(until + dt.timedelta(days=1)),
        "body": organisation.pk if organisation is not None else None,
        "seed": seed,
        "size": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, asked)
        total = cursor.fetchone()[0]
        cursor.execute(DRAW, asked)
        drawn = cursor.fetchall()
    if not drawn:
        raise ActionRefused(_("There is no query of a body in this period."))
    sample = Sample.objects.create(
        since=since, until=until, organisation=organisation, seed=seed, lines_total=total, drawn_by=by
    )
    SampledLine.objects.bulk_create(
        SampledLine(sample=sample, position=position, line_uid=uid, line_at=at)
        for position, (uid, at) in enumerate(drawn, 1)
    )
    record(by=by, verb=Verb.SAMPLE_DRAWN, obj=sample, sample=sample.code, lines=len(drawn), of=total)
    return sample


@transaction.atomic
def judge_line(*, line: SampledLine, finding: str, note: str, by: Account) -> SampledLine:
    """In order, or questioned with what the body has to explain. A judgement can be changed; the trail keeps each."""
    require(by, Permission.SAMPLE_QUERIES)
    line = locked(SampledLine.objects.select_related("sample"), line.pk)
    if finding not in {SampledLine.Finding.IN_ORDER, SampledLine.Finding.QUESTIONED}:
        raise ActionRefused(_("Choose what you found."))
    if finding == SampledLine.Finding.QUESTIONED and not note.strip():
        raise ActionRefused(_("Say what the body has to explain."))
    line.finding, line.note = finding, note.strip()[:300]
    line.judged_by, line.judged_at = by, timezone.now()
    line.save(update_fields=["finding", "note", "judged_by", "judged_at"])
    record(by=by, verb=Verb.SAMPLE_JUDGED, obj=line, sample=line.sample.code, line=line.position, finding=finding)
    return line


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
