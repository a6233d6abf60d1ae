"""Files of facts: the rehearsal is the admission itself, rolled back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.catalogue.models import Polarity
from archive.catalogue.periods import clocks
from archive.common import feed
from archive.common.models import Change
from archive.intake import actions as intake
from archive.intake.models import Batch, Row
from archive.intake.problems import Cancelled, Problem
from archive.intake.words import TOTALS
from archive.records.actions.hearing import notify
from archive.records.intake import PlannedRow, plan, terms_for
from archive.records.models import Entry, Record
from archive.records.resources import EntrySheet
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record_many
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission, System, require
from profiles.common.vocabulary import Group
from profiles.organisations.models import Organisation
from profiles.people.actions import NewPerson, add_memberships, open_archives


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
    table = intake.open_table(batch=batch, resource=EntrySheet)
    rows = list(table)
    data = [(number, cells) for number, cells in rows if not _is_totals(cells)]
    planned = plan(
        data,
        headers={name: table.header_of(name) for name in EntrySheet.sheet_fields()},
        organisation=batch.organisation,
        today=timezone.localdate(),
        progress=lambda done: intake.beat(batch, done, len(data)),
    )
    try:
        with transaction.atomic():
            if not Batch.objects.hold(batch.pk):
                raise Cancelled  # another worker has taken it over
            _admit(planned, organisation=batch.organisation, batch_id=batch.pk, by=batch.uploaded_by)
            raise _Rehearsed
    except _Rehearsed:
        pass
    totals = Problem("totals_row").as_json()
    skipped = [
        Row(batch=batch, number=number, cells={}, verdict=Row.Verdict.SKIPPED, warnings=[totals])
        for number, cells in rows
        if _is_totals(cells)
    ]
    intake.store_rehearsal(batch=batch, table=table, rows=[*(_row(batch, item) for item in planned), *skipped], by=by)


def _is_totals(cells: dict[str, Any]) -> bool:
    """Neither name nor number nor act: a totals row, a signature line, a remark below the table."""
    written = [str(cells.get(name) or "").strip() for name in ("name", "identity_number", "item")]
    return not any(text and not TOTALS.fullmatch(text) for text in written)


def _row(batch: Batch, item: PlannedRow) -> Row:
    if not item.decision.ok:
        verdict = Row.Verdict.REFUSED
    elif item.decision.person is None and not item.decision.seen_in_file:
        verdict = Row.Verdict.NEW
    else:
        verdict = Row.Verdict.KNOWN
    return Row(
        batch=batch,
        number=item.number,
        cells=intake.storable(item.cells),
        verdict=verdict,
        problems=[problem.as_json() for problem in item.decision.problems],
        warnings=[warning.as_json() for warning in item.warnings],
    )


def admit_batch(*, batch_id: int, by: System) -> None:
    """Carry out a confirmed batch: judge its good rows once more, write all of it in one transaction. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    batch = intake.claim(batch_id=batch_id, states=(Batch.State.ADMITTING,), to=Batch.State.ADMITTING, by=by)
    if batch is not None:
        with intake.at_work(batch=batch, by=by), transaction.atomic():
            _admit_confirmed(batch, by=by)


def _admit_confirmed(batch: Batch, *, by: System) -> None:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.ADMITTING:
        return
    rows = {row.number: row for row in batch.rows.good()}
    planned = plan(
        [(number, row.cells) for number, row in rows.items()],
        headers=batch.columns,
        organisation=batch.organisation,
        today=timezone.localdate(),
    )
    assert batch.confirmed_by is not None
    entries = _admit(planned, organisation=batch.organisation, batch_id=batch.pk, by=batch.confirmed_by)
    for item in planned:
        row = rows[item.number]
        if item.number in entries:
            row.entry_id, row.person_id = entries[item.number].pk, entries[item.number].person_id
        else:  # the world changed since the rehearsal
            row.verdict, row.problems = Row.Verdict.REFUSED, [problem.as_json() for problem in item.decision.problems]
    Row.objects.bulk_update(rows.values(), ["entry_id", "person_id", "verdict", "problems"], batch_size=1_000)
    intake.finish(batch=batch, counts=dict(Counter(batch.rows.values_list("verdict", flat=True))), by=by)


@transaction.atomic
def admit_one(
    *,
    cells: dict[str, Any],
    organisation: Organisation,
    by: Account,
    complete: Callable[[Entry], None] = lambda entry: None,
) -> tuple[Entry | None, list[Problem], list[Problem]]:
    """One fact that was typed, on the road of the files: (entry or None, problems, warnings). Its notice is written at once.

    `cells`: name of a field of `EntrySheet` → what was typed. `complete` adds to the entry what its notice must tell.
    """
    require(by, Permission.UPLOAD_BATCH, organisation)
    headers = {name: field.headers[0] for name, field in EntrySheet.sheet_fields().items()}
    (row,) = plan([(1, cells)], headers=headers, organisation=organisation, today=timezone.localdate())
    if not row.decision.ok:
        return None, row.decision.problems, row.warnings
    entries = _admit([row], organisation=organisation, complete=complete, by=by)
    return entries[1], [], row.warnings


def _admit(
    planned: list[PlannedRow],
    *,
    organisation: Organisation,
    by: Account,
    batch_id: int | None = None,
    complete: Callable[[Entry], None] = lambda entry: None,
) -> dict[int, Entry]:
    """Write the good rows: archives of new persons, memberships, records, entries, notices. Row number → entry.

    `complete` adds to an entry what its notice must tell.
    """
    good = [item for item in planned if item.decision.ok]
    people = _person_ids(good, organisation=organisation, by=by)
    add_memberships(
        rows=[
            (people[item.values["identity_number"].number], Group(item.decision.group), item.values.get("unit") or "")
            for item in good
            if item.decision.group
        ],
        organisation=organisation,
        by=by,
    )
    records = Record.objects.bulk_create(
        [Record(person_id=people[item.values["identity_number"].number], organisation=organisation) for item in good],
        batch_size=2_000,
    )
    terms = terms_for(organisation)
    entries = Entry.objects.bulk_create(
        [
            _draft_entry(item, row_record, organisation=organisation, terms=terms, batch_id=batch_id, by=by)
            for item, row_record in zip(good, records, strict=True)
        ],
        batch_size=2_000,
    )
    record_many(draft(by=by, verb=Verb.ENTRY_DRAFTED, obj=entry, item=entry.item_code) for entry in entries)
    feed.announce_many(Change.Kind.ENTRY_ADMITTED, [(entry.person_id, entry.pk) for entry in entries])
    for entry in entries:
        complete(entry)
    notify(entries=entries, organisation=organisation, by=by)
    return {item.number: entry for item, entry in zip(good, entries, strict=True)}


def _person_ids(good: list[PlannedRow], *, organisation: Organisation, by: Account) -> dict[str, int]:
    people = {
        item.values["identity_number"].number: item.decision.person.id
        for item in good
        if item.decision.person is not None
    }
    new: dict[str, NewPerson] = {}
    for item in good:
        reading = item.values["identity_number"]
        if item.decision.person is None and reading.number not in new:
            assert item.decision.birth_date is not None
            new[reading.number] = NewPerson(
                name=item.values["name"], number=reading.number, kind=reading.kind, birth_date=item.decision.birth_date
            )
    opened = open_archives(people=list(new.values()), organisation=organisation, by=by)
    return {**people, **{number: person.pk for number, person in opened.items()}}


def _day_after(day: dt.date | None) -> dt.date | None:
    """None also for 9999-12-31, by which bodies mean "for good"."""
    return None if day is None or day == dt.date.max else day + dt.timedelta(days=1)


def _draft_entry(
    item: PlannedRow, row_record: Record, *, organisation: Organisation, terms: Any, batch_id: int | None, by: Account
) -> Entry:
    values, decision = item.values, item.decision
    spans = clocks(
        decision.item,
        severity=decision.severity,
        document_date=values["document_date"],
        sanction_months=values.get("sanction_months"),
        bar_from=values.get("bar_from") or (values["document_date"] if values.get("bar_until") else None),
        bar_until=_day_after(values.get("bar_until")),
        terms=terms,
    )
    return Entry(
        record=row_record,
        person_id=row_record.person_id,
        organisation=organisation,
        item=decision.item,
        item_code=decision.item.code,
        severity=decision.severity,
        polarity=decision.item.polarity,
        act_date=values["act_date"],
        document_number=values["document_number"],
        document_date=values["document_date"],
        document_body=values.get("document_body") or organisation.name,
        facts=values.get("facts") or "",
        sanction_months=values.get("sanction_months"),
        bar_groups=values.get("bar_groups") or [],
        batch_id=batch_id,
        batch_row=None if batch_id is None else item.number,
        drafted_by=by,
        hearing_days=0 if decision.item.polarity == Polarity.POSITIVE else terms.number("hearing_working_days"),
        display=spans.display,
        retention=spans.retention,
        bar=spans.bar,
        repair_from=spans.repair_from,
    )
