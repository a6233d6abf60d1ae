"""Checks of one person and of lists: answer, register, trail in one transaction."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access import actions as access
from archive.access.models import Purpose
from archive.intake import actions as intake
from archive.intake.models import Batch, Row
from archive.intake.problems import Cancelled, Problem
from archive.intake.spool import RowSpool
from archive.intake.words import is_below_table
from archive.vetoes import engine
from archive.vetoes.models import Answer, Check, FindingRow, Outcome
from archive.vetoes.resources import CheckSheet
from archive.vetoes.rules import Question
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import identity, moments
from profiles.common.exceptions import ActionRefused
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
    return _answer(asked, competence, [engine.Asked(1, name, number)], unreadable=[], by=by)[0]


def _new_check(
    *, group: str, event: str, post: str, matter_number: str, by: Account, batch: Batch | None = None
) -> tuple[Check, Competence]:
    assert by.organisation is not None, "only staff hold CHECK_PERSON"
    if not matter_number.strip():
        raise ActionRefused(
            _("Without a matter number there is no check. Enter the number of the application or file.")
        )
    if _names_a_person(matter_number):
        raise ActionRefused(
            _("The matter number holds an identity number. Enter the number of the application or file instead.")
        )
    competence = access.entitlement(organisation=by.organisation, group=group, event=event, day=timezone.localdate())
    asked = Check.objects.create(
        organisation=by.organisation,
        account=by,
        group=group,
        event=event,
        post=post,
        matter_number=matter_number.strip(),
        batch=batch,
    )
    return asked, competence


def _names_a_person(matter_number: str) -> bool:
    """Matter numbers stand in the register as they are. One that begins with a date is no number of a grown-up person."""
    today = timezone.localdate()
    readings = [identity.read(token, today=today) for token in re.findall(r"\d{17}[\dXx]", matter_number)]
    return any(reading.birth_date is not None and identity.adult_on(reading.birth_date, today) for reading in readings)


def _answer(
    asked: Check,
    competence: Competence,
    people: list[engine.Asked],
    *,
    unreadable: list[tuple[engine.Asked, list[Any]]],
    by: Account,
) -> list[Answer]:
    """Answer, register and record, in the caller's transaction. `competence` is the one by which is asked, read in it."""
    organisation, day = asked.organisation, timezone.localdate()
    if competence.needs_authorisation:
        locked(Competence.objects.all(), competence.pk)  # what is authorised for once is used once
    now = moments.of_a_question()
    given = engine.answer(
        people,
        question=Question(asked.group, asked.event, day, asked.post),
        organisation=organisation,
        known_at=now,
        needs_authorisation=competence.needs_authorisation,
    )
    answers = [
        Answer(
            check_asked=asked,
            organisation=organisation,
            row=item.asked.row,
            name=item.asked.name,
            number=item.asked.number,
            person_id=item.person_id,
            outcome=item.outcome.value,
            same_as_row=item.same_as_row,
            problems=_remarks(item),
        )
        for item in given
    ]
    answers += [
        Answer(
            check_asked=asked,
            organisation=organisation,
            row=person.row,
            name=person.name,
            number=person.number,
            outcome=Outcome.UNREADABLE,
            problems=problems,
        )
        for person, problems in unreadable
    ]
    Answer.objects.bulk_create(answers, batch_size=2_000)
    FindingRow.objects.bulk_create(
        [
            FindingRow(
                answer=answer,
                position=position,
                rule_id=finding.rule_id,
                clause=finding.clause,
                entry_id=finding.entry_id,
                effect=finding.effect.value,
                until=finding.until,
                doubt=finding.doubt.value if finding.doubt else "",
            )
            for answer, item in zip(answers[: len(given)], given, strict=True)
            for position, finding in enumerate(item.findings)
        ],
        batch_size=2_000,
    )
    access.register(
        purpose=Purpose.CHECK,
        asked=[
            access.Asked(
                item.person_id,
                answer=item.outcome.value,
                authorisation=item.authorisation,
                answered=item.outcome not in {Outcome.NAME_MISMATCH, Outcome.UNAUTHORISED},
            )
            for item in given
            if item.person_id is not None
        ],
        organisation=organisation,
        group=asked.group,
        event=asked.event,
        matter_number=asked.matter_number,
        by=by,
    )
    asked.known_at, asked.day = now, day
    asked.counts = dict(Counter(str(answer.outcome) for answer in answers))
    asked.save(update_fields=["known_at", "day", "counts"])
    if asked.batch_id is None:
        record(by=by, verb=Verb.CHECK_MADE, obj=asked, person_id=answers[0].person_id, outcome=str(answers[0].outcome))
    else:
        record(by=by, verb=Verb.LIST_CHECKED, obj=asked, people=len(answers))
    return answers


def _remarks(item: engine.Answered) -> list[dict[str, Any]]:
    """What the reader of an answer should know beside it."""
    until = item.former_name_until
    return [Problem("former_name_until", params={"day": until.isoformat()}).as_json()] if until is not None else []


@transaction.atomic
def ask_about_list(*, upload: Any, group: str, event: str, post: str = "", matter_number: str, by: Account) -> Check:
    """Take a list in; a worker reads it. Raises `Refused` with the file's problem or ActionRefused."""
    batch = intake.receive(upload=upload, kind=Batch.Kind.CHECK, permission=Permission.CHECK_PERSON, by=by)
    return _new_check(group=group, event=event, post=post, matter_number=matter_number, batch=batch, by=by)[0]


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
        with intake.at_work(batch=batch, by=by), transaction.atomic():
            _answer_batch(batch, by=by)


def _answer_batch(batch: Batch, *, by: System) -> None:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.ADMITTING:
        return
    asked = Check.objects.select_related("organisation", "account").get(batch=batch)
    people, unreadable = [], []
    reader = CheckSheet.reader(batch.columns, today=timezone.localdate())
    for row in batch.rows.exclude(verdict=Row.Verdict.SKIPPED):
        values, _problems, _warnings = reader.read(row.cells)
        if row.verdict == Row.Verdict.READABLE:
            people.append(engine.Asked(row.number, values["name"], values["identity_number"].number))
        else:
            written = {name: str(row.cells.get(name, "")) for name in ("name", "identity_number")}
            unreadable.append((engine.Asked(row.number, written["name"], written["identity_number"]), row.problems))
    competence = access.entitlement(
        organisation=asked.organisation, group=asked.group, event=asked.event, day=timezone.localdate()
    )
    _answer(asked, competence, people, unreadable=unreadable, by=asked.account)
    intake.finish(batch=batch, by=by)
