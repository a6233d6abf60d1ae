"""Files of facts: the rehearsal is the admission itself, rolled back. A typed fact goes the same road."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.intake import actions as intake
from archive.intake.models import Batch, Row
from archive.intake.problems import Cancelled, Problem
from archive.intake.pulse import Pulse
from archive.intake.spool import RowSpool
from archive.intake.words import is_below_table
from archive.records.actions.hearing import notify
from archive.records.intake import CHUNK, PlannedRow, Planner
from archive.records.models import Entry
from archive.records.outlook import outlook
from archive.records.resources import EntrySheet, is_example
from archive.records.writing import Writer
from profiles.accounts.models import Account
from profiles.common.copying import parted
from profiles.common.permissions import Permission, System, require
from profiles.organisations.models import Organisation

Rows = Iterable[tuple[int, dict[str, Any]]]


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsal: everything that was really done is rolled back."""


def rehearse_batch(*, batch_id: int, by: System) -> None:
    """Read a file, do for real what its admission would do, roll that back, and keep what it showed. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    batch = intake.claim(
        batch_id=batch_id, states=(Batch.State.RECEIVED, Batch.State.READING), to=Batch.State.READING, by=by
    )
    if batch is not None:
        with intake.at_work(batch=batch, by=by):
            _rehearse(batch, by=by)


def _rehearse(batch: Batch, *, by: System) -> None:
    layout = intake.settle_columns(batch=batch, resource=EntrySheet, by=by)
    if layout is None:
        return  # the clerk is asked about the columns first
    table = intake.open_table(batch=batch, resource=EntrySheet, layout=layout)
    headers = {name: table.header_of(name) for name in EntrySheet.sheet_fields()}
    will: dict[str, Any] = {}
    warned = 0
    with RowSpool(batch) as spool, Pulse(batch, rows_total=table.rows_total) as pulse:
        road = _Road(headers=headers, organisation=batch.organisation, batch_id=batch.pk, by=batch.uploaded_by)
        try:
            with transaction.atomic():
                if not Batch.objects.hold(batch.pk):
                    raise Cancelled  # another worker has taken it over
                for planned in road.travel(_data(table, spool)):
                    for row in planned:
                        spool.add(row.number, row.cells, *_said(row, continues=batch.continues_id is not None))
                        warned += row.decision.ok and bool(row.warnings)
                    if not pulse.beat(spool.count):
                        raise Cancelled
                will = outlook(batch_id=batch.pk, new_people=len(road.planner.opened), warned=warned)
                raise _Rehearsed
        except _Rehearsed:
            pass
        intake.store_rehearsal(batch=batch, table=table, rows=spool, outlook=will, by=by)


def _data(rows: Rows, spool: RowSpool) -> Iterator[tuple[int, dict[str, Any]]]:
    """Without what is no data: the template's example, totals, remarks below the table."""
    for number, cells in rows:
        if is_example(cells):
            spool.add(number, {}, Row.Verdict.SKIPPED, [], [Problem("example_row")])
        elif _is_totals(cells):
            spool.add(number, {}, Row.Verdict.SKIPPED, [], [Problem("totals_row")])
        else:
            yield number, cells


def _said(row: PlannedRow, *, continues: bool) -> tuple[str, list[Problem], list[Problem]]:
    """(verdict, problems, warnings). A corrected file brings the rows again that were good the first time."""
    problems = row.decision.problems
    if continues and [problem.code for problem in problems] == ["duplicate_on_file"]:
        return Row.Verdict.SKIPPED, [], [*row.warnings, replace(problems[0], code="on_record")]
    return row.verdict, problems, row.warnings


def _is_totals(cells: dict[str, Any]) -> bool:
    """Neither name nor number nor act: a totals row, a signature line, a remark below the table."""
    return is_below_table(str(cells.get(name) or "") for name in ("name", "identity_number", "item"))


class _Road:
    """Rows of one file, or of a form, are judged and written, chunk after chunk, in the caller's transaction."""

    def __init__(
        self, *, headers: dict[str, str], organisation: Organisation, batch_id: int | None = None, by: Account
    ) -> None:
        self.planner = Planner(
            headers=headers, organisation=organisation, today=timezone.localdate(), batch_id=batch_id
        )
        self.writer = Writer(organisation=organisation, terms=self.planner.context.terms, batch_id=batch_id, by=by)

    def travel(self, rows: Rows) -> Iterator[list[PlannedRow]]:
        for chunk in parted(rows, CHUNK):
            planned = self.planner.plan(chunk)
            self.planner.note_opened(self.writer.write(planned))
            yield planned


def admit_batch(*, batch_id: int, by: System) -> None:
    """Carry out a confirmed batch: judge its good rows once more, write all of it in one transaction. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    batch = intake.claim(batch_id=batch_id, states=(Batch.State.ADMITTING,), to=Batch.State.ADMITTING, by=by)
    if batch is not None:
        with intake.at_work(batch=batch, by=by):
            _admit_confirmed(batch, by=by)


def _admit_confirmed(batch: Batch, *, by: System) -> None:
    with Pulse(batch, rows_total=batch.rows_total) as pulse, transaction.atomic():
        if not Batch.objects.hold(batch.pk):
            return  # another worker has taken it over
        batch = Batch.objects.select_related("organisation", "confirmed_by").get(pk=batch.pk)
        if batch.state != Batch.State.ADMITTING:
            return
        assert batch.confirmed_by is not None
        done, road = (
            0,
            _Road(headers=batch.columns, organisation=batch.organisation, batch_id=batch.pk, by=batch.confirmed_by),
        )
        rows = batch.rows.good().order_by("number").values_list("number", "cells")
        for planned in road.travel(rows.iterator(chunk_size=CHUNK)):
            # the world changed since the rehearsal
            intake.refuse_rows(
                batch=batch, rows=[(row.number, row.decision.problems) for row in planned if not row.decision.ok]
            )
            done += len(planned)
            pulse.beat(done)
        intake.finish(batch=batch, notices=road.writer.adverse, by=by)


@transaction.atomic
def admit_one(
    *,
    cells: dict[str, Any],
    organisation: Organisation,
    by: Account,
    complete: Callable[[Entry], None] = lambda entry: None,
) -> tuple[Entry | None, list[Problem], list[Problem]]:
    """One fact that was typed, on the road of the files: the same columns, rules and writes; its notice is written at once.

    `cells`: name of a field of `EntrySheet` → what was typed. `complete` adds to the entry what its notice must tell.
    Returns (entry or None, problems, warnings).
    """
    require(by, Permission.UPLOAD_BATCH)
    headers = {name: field.headers[0] for name, field in EntrySheet.sheet_fields().items()}
    ((row,),) = _Road(headers=headers, organisation=organisation, by=by).travel([(1, cells)])
    if not row.entry_id:
        return None, row.decision.problems, row.warnings
    entry = Entry.objects.with_details().get(pk=row.entry_id)
    complete(entry)
    notify(entries=[entry], organisation=organisation, by=by)
    return entry, [], row.warnings
