"""Checks of one person and of lists: answer, register, trail in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.access import actions as access
from archive.access.models import Purpose
from archive.intake import actions as intake
from archive.intake.models import Batch, Row
from archive.intake.problems import Cancelled, Problem
from archive.intake.pulse import Pulse
from archive.intake.spool import RowSpool
from archive.intake.words import is_below_table
from archive.vetoes import engine
from archive.vetoes.keeping import keep_answer, keep_answers, keep_unreadable
from archive.vetoes.matters import clean_matter_number
from archive.vetoes.models import Answer, Check, Outcome
from archive.vetoes.resources import CheckSheet
from archive.vetoes.rules import Question
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.copying import parted
from profiles.common.permissions import Permission, System, require
from profiles.common.querysets import locked
from profiles.organisations.models import Competence


@transaction.atomic
def check_person(
    *, name: str, number: str, group: str, event: str, post: str = "", matter_number: str, by: Account
) -> Answer:
    """Check one person. `number` is normalised and readable. Register line, trail event and answer are one transaction."""
    require(by, Permission.CHECK_PERSON)
    asked, competence = _new_check(group=group, event=event, post=post, matter_number=matter_number, by=by)
    ((given,),) = _judge(asked, competence, [engine.Asked(1, name, number)])
    asked.counts = {given.outcome.value: 1}
    asked.save()
    answer = keep_answer(asked, given)
    _register(asked, [given], by=by)
    record(by=by, verb=Verb.CHECK_MADE, obj=asked, person_id=answer.person_id, outcome=answer.outcome)
    return answer


def _new_check(
    *, group: str, event: str, post: str, matter_number: str, by: Account, batch: Batch | None = None
) -> tuple[Check, Competence]:
    """Not stored yet."""
    assert by.organisation is not None, "only staff hold CHECK_PERSON"
    matter_number = clean_matter_number(matter_number)
    competence = access.entitlement(organisation=by.organisation, group=group, event=event, day=timezone.localdate())
    asked = Check(
        organisation=by.organisation,
        account=by,
        group=group,
        event=event,
        post=post,
        matter_number=matter_number,
        batch=batch,
    )
    return asked, competence


def _judge(asked: Check, competence: Competence, people: Iterable[engine.Asked]) -> Iterator[list[engine.Answered]]:
    """What is known now of each, step by step; when that was is written on `asked`.

    `competence` is the one by which is asked, read in the same transaction.
    """
    if competence.needs_authorisation:
        locked(Competence.objects.all(), competence.pk)  # what is authorised for once is used once
    asked.day, asked.known_at = timezone.localdate(), moments.of_a_question()
    return engine.in_steps(
        people,
        question=Question(asked.group, asked.event, asked.day, asked.post),
        organisation=asked.organisation,
        known_at=asked.known_at,
        needs_authorisation=competence.needs_authorisation,
    )


def _answer(
    asked: Check,
    competence: Competence,
    people: Iterable[engine.Asked],
    *,
    unreadable: Iterable[tuple[engine.Asked, list[Any]]],
    beat: Callable[[int], object],
    by: Account,
) -> None:
    """Answer and register a list, in the caller's transaction, step by step. `beat` is told how many have been answered."""
    counts: Counter[str] = Counter()
    for given in _judge(asked, competence, people):
        keep_answers(asked, given)
        _register(asked, given, by=by)
        counts.update(item.outcome.value for item in given)
        beat(counts.total())
    for part in parted(unreadable, engine.STEP):
        keep_unreadable(asked, part)
        counts[Outcome.UNREADABLE.value] += len(part)
    asked.counts = dict(counts)
    asked.save(update_fields=["known_at", "day", "counts"])


def _register(asked: Check, given: list[engine.Answered], *, by: Account) -> None:
    access.register(
        purpose=Purpose.CHECK,
        asked=[
            access.Asked(
                item.person_id,
                answer=item.outcome.value,
                authorisation=item.authorisation,
                answered=item.outcome not in {engine.Outcome.NAME_MISMATCH, engine.Outcome.UNAUTHORISED},
            )
            for item in given
            if item.person_id is not None
        ],
        organisation=asked.organisation,
        group=asked.group,
        event=asked.event,
        matter_number=asked.matter_number,
        by=by,
    )


@transaction.atomic
def ask_about_list(*, upload: Any, group: str, event: str, post: str = "", matter_number: str, by: Account) -> Check:
    """Take a list in; a worker reads it. Raises `Refused` with the file's problem or ActionRefused."""
    batch = intake.receive(upload=upload, kind=Batch.Kind.CHECK, permission=Permission.CHECK_PERSON, by=by)
    asked, _competence = _new_check(
        group=group, event=event, post=post, matter_number=matter_number, batch=batch, by=by
    )
    asked.save()
    return asked


def read_list(*, batch_id: int, by: System) -> None:
    """Read a list and say which rows can be checked; nobody is looked up yet. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    batch = intake.claim(
        batch_id=batch_id, states=(Batch.State.RECEIVED, Batch.State.READING), to=Batch.State.READING, by=by
    )
    if batch is not None:
        with intake.at_work(batch=batch, by=by):
            _read_list(batch, by=by)


def _read_list(batch: Batch, *, by: System) -> None:
    table = intake.open_table(batch=batch, resource=CheckSheet)
    reader = CheckSheet.reader(
        {name: table.header_of(name) for name in CheckSheet.sheet_fields()}, today=timezone.localdate()
    )
    with RowSpool(batch) as rows:
        for number, cells in table:
            if not any(value not in (None, "") for value in cells.values()):
                continue
            if is_below_table(str(value or "") for value in cells.values()):
                rows.add(number, {}, Row.Verdict.SKIPPED, [], [Problem("totals_row")])
                continue
            _values, problems, warnings = reader.read(cells)
            verdict = Row.Verdict.REFUSED if problems else Row.Verdict.READABLE
            rows.add(number, cells, verdict, problems, warnings)
            if rows.count % 1_000 == 0 and not intake.beat(batch, rows.count, table.rows_total):
                raise Cancelled
        intake.store_rehearsal(batch=batch, table=table, rows=rows, by=by)


def answer_list(*, batch_id: int, by: System) -> None:
    """Answer a confirmed list in one transaction. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    batch = intake.claim(batch_id=batch_id, states=(Batch.State.ADMITTING,), to=Batch.State.ADMITTING, by=by)
    if batch is not None:
        with intake.at_work(batch=batch, by=by):
            _answer_batch(batch, by=by)


def _answer_batch(batch: Batch, *, by: System) -> None:
    with Pulse(batch, rows_total=batch.rows_total) as pulse, transaction.atomic():
        if not Batch.objects.hold(batch.pk):
            return  # another worker has taken it over
        batch = Batch.objects.get(pk=batch.pk)
        if batch.state != Batch.State.ADMITTING:
            return
        asked = Check.objects.select_related("organisation", "account").get(batch=batch)
        competence = access.entitlement(
            organisation=asked.organisation, group=asked.group, event=asked.event, day=timezone.localdate()
        )
        _answer(asked, competence, _readable(batch), unreadable=_unreadable(batch), beat=pulse.beat, by=asked.account)
        record(by=asked.account, verb=Verb.LIST_CHECKED, obj=asked, people=sum(asked.counts.values()))
        intake.finish(batch=batch, by=by)


def _readable(batch: Batch) -> Iterator[engine.Asked]:
    reader = CheckSheet.reader(batch.columns, today=timezone.localdate())
    rows = batch.rows.good().order_by("number").values_list("number", "cells")
    for number, cells in rows.iterator(chunk_size=engine.STEP):
        values, _problems, _warnings = reader.read(cells)
        yield engine.Asked(number, values["name"], values["identity_number"].number)


def _unreadable(batch: Batch) -> Iterator[tuple[engine.Asked, list[Any]]]:
    rows = batch.rows.filter(verdict=Row.Verdict.REFUSED).order_by("number").values_list("number", "cells", "problems")
    for number, cells, problems in rows.iterator(chunk_size=engine.STEP):
        yield (
            engine.Asked(number, str(cells.get("name", "")), str(cells.get("identity_number", ""))),
            problems,
        )
