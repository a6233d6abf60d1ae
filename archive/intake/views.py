"""What the pages of a batch share, whatever its rows mean."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.intake.models import Batch, Row
from archive.intake.problems import safe_value, sentence

ROWS_A_PAGE = 50
WAITING_LONG = 20  # seconds without a worker
KNOWN_AFTER = 5  # seconds of work before the time that is left can be told
WARNED = "warned"


def batch_context(batch: Batch, request: HttpRequest, *, fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Remarks, tallies and one page of rows with their problems as sentences. `fields`: (name, label) of the cells shown."""
    verdict = request.GET.get("verdict", "")
    rows = batch.rows.all()
    if verdict in Row.Verdict.values:
        rows = rows.filter(verdict=verdict)
    elif verdict == WARNED:
        rows = rows.warned()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    tallies: list[tuple[str, Any, int]] = [
        (value, label, batch.counts[value]) for value, label in Row.Verdict.choices if batch.counts.get(value)
    ]
    if warned := batch.outlook.get("warned"):
        tallies.append((WARNED, _("good, with a remark"), warned))
    waited = (timezone.now() - batch.heartbeat_at).total_seconds()
    return {
        "batch": batch,
        "remarks": [sentence(remark) for remark in batch.remarks if remark not in batch.own_remarks],
        "tallies": tallies,
        "verdict": verdict,
        "page": page,
        "shown_rows": [_shown(row, fields) for row in page],
        "fields": fields,
        "phase": phase(batch),
        "left": time_left(batch),
        "no_worker": batch.is_working and waited > WAITING_LONG,
    }


def phase(batch: Batch) -> Any:
    """What a worker does with it just now, in words."""
    if batch.state == Batch.State.READING:
        if not batch.rows_total:
            return _("The file is opened and its columns are found")
        if batch.rows_done >= batch.rows_total:
            return _("The recording is rehearsed and taken back")
        return _("Row by row is read and judged")
    return batch.get_state_display()


def time_left(work: Any) -> str:
    """How long the present step still takes at the pace so far; nothing where that cannot be told yet."""
    if not work.started_at or not 0 < work.rows_done < work.rows_total:
        return ""
    gone = (timezone.now() - work.started_at).total_seconds()
    if gone < KNOWN_AFTER:
        return ""
    left = gone * (work.rows_total - work.rows_done) / work.rows_done
    if left < 60:
        return _("less than a minute left for this step")
    minutes = round(left / 60)
    return ngettext(
        "about %(minutes)s minute left for this step", "about %(minutes)s minutes left for this step", minutes
    ) % {"minutes": minutes}


def earlier_of_same_file(batch: Batch) -> Batch | None:
    """The file with the same bytes that the body sent before."""
    codes = [remark["params"]["code"] for remark in batch.own_remarks]
    return Batch.objects.filter(code__in=codes, organisation_id=batch.organisation_id).first()


def _shown(row: Row, fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        "row": row,
        "cells": [
            safe_value(row.cells.get(name, ""), is_identity=name == "identity_number") for name, _label in fields
        ],
        "problems": [sentence(problem, row=row.number) for problem in row.problems],
        "warnings": [sentence(warning, row=row.number) for warning in row.warnings],
    }
