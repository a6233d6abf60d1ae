"""What the pages of a batch share, whatever its rows mean."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone

from archive.intake.models import Batch, Row
from archive.intake.problems import safe_value, sentence

ROWS_A_PAGE = 50
WAITING_LONG = 20  # seconds without a worker


def batch_context(batch: Batch, request: HttpRequest, *, fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Remarks, tallies and one page of rows with their problems as sentences. `fields`: (name, label) of the cells shown."""
    verdict = request.GET.get("verdict", "")
    rows = batch.rows.all()
    if verdict in Row.Verdict.values:
        rows = rows.filter(verdict=verdict)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    tallies = [(value, label, batch.counts[value]) for value, label in Row.Verdict.choices if batch.counts.get(value)]
    waited = (timezone.now() - batch.heartbeat_at).total_seconds()
    return {
        "batch": batch,
        "remarks": [sentence(remark) for remark in batch.remarks],
        "tallies": tallies,
        "verdict": verdict,
        "page": page,
        "shown_rows": [_shown(row, fields) for row in page],
        "fields": fields,
        "no_worker": batch.is_working and waited > WAITING_LONG,
    }


def _shown(row: Row, fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        "row": row,
        "cells": [
            safe_value(row.cells.get(name, ""), is_identity=name == "identity_number") for name, _label in fields
        ],
        "problems": [sentence(problem, row=row.number) for problem in row.problems],
        "warnings": [sentence(warning, row=row.number) for warning in row.warnings],
    }
