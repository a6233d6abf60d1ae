"""A list of 100,000 people from the upload to the last answer: read, confirmed, answered, registered, in the large world.

`batch_100k_s` is the whole road, in one process as one worker would go it. `batch_vs_sql` sets what finds and judges (the engine:
numbers to people, names, facts, rules) against a bare SQL join of the same numbers with the same tables and items, fetched by the
same driver; storing answers, findings and register lines is no part of either. `batch_linear` is the seconds a person in the
largest list over those in the 100,000. BATCH_ROWS sets the largest list.
"""

from __future__ import annotations

import io
import itertools
import os
import random
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from benchmarks import world
from benchmarks.figure import Figure, seconds

ROWS = 100_000
MOST = int(os.environ.get("BATCH_ROWS", "1000000"))
UNKNOWN = 50  # one row in so many is of nobody on file
BARE = """
    SELECT document.index, person.id, person.name, fact.entry_id, fact.item_code, fact.document_date, fact.sanction_months,
           fact.display, fact.bar, fact.bar_groups
    FROM asked
    JOIN profiles_identitydocument document ON document.index = asked.index AND document.retired_at IS NULL
    JOIN profiles_person person ON person.id = document.person_id
    LEFT JOIN check_fact fact ON fact.identity_index = asked.index AND fact.known_until IS NULL AND fact.polarity = 'adverse'
        AND fact.item_code = ANY(%s)
"""


def measure() -> Iterator[Figure]:
    world.huge()
    people = _people(ROWS, seed=1)
    _warm_up()
    total, parts = _whole_road(people)
    yield Figure("batch_100k_s", total, "s", limit=30, note=parts)
    rounds = [(_bare_join(people), _engine(people)) for _ in range(5)]  # in turn: a busy machine slows both
    bare, engine = (min(times) for times in zip(*rounds, strict=True))
    yield Figure(
        "batch_vs_sql", engine, "s", limit=3, peer=bare, note="limit on the ratio; finding and judging, not storing"
    )
    if MOST > ROWS:
        large, parts = _whole_road(_people(MOST, seed=2))
        yield Figure(
            "batch_linear",
            large / MOST,
            "s a person",
            peer=total / ROWS,
            note=f"{MOST} people in {large:.1f} s: {parts}",
        )


def _people(count: int, *, seed: int) -> list[tuple[str, str]]:
    """(name, number): people of the world in any order, and some that nobody knows."""
    from archive.management.commands.bench_data import name_of, numbers_of

    choose = random.Random(seed)
    numbers = [number for number, _birth in numbers_of(world.ALL_PEOPLE)]
    order = [choose.randrange(world.ALL_PEOPLE) for _ in range(count)]
    unknown = "11010519491231002X"
    return [
        ("无此人", unknown) if place % UNKNOWN == UNKNOWN - 1 else (name_of(n), numbers[n])
        for place, n in enumerate(order)
    ]


def _examiner() -> Any:
    from profiles.models import Account

    return Account.objects.select_related("organisation").get(username="bench-examiner")


def _whole_road(people: list[tuple[str, str]]) -> tuple[float, str]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from archive.intake import actions as intake
    from archive.models import Answer, Batch, Check, QueryLine
    from archive.vetoes import actions
    from profiles.common.permissions import Permission, System

    worker, examiner = System("bench"), _examiner()
    text = io.StringIO()
    text.write("序号,姓名,身份证号码\n")
    for place, (name, number) in enumerate(people, 1):
        text.write(f"{place},{name},{number}\n")
    data = text.getvalue().encode("utf-8-sig")
    before = QueryLine.objects.count()
    marks = [perf_counter()]
    asked: Check = actions.ask_about_list(
        upload=SimpleUploadedFile("list.csv", data),
        group="TEA",
        event="access",
        matter_number=f"压测〔2026〕{len(people)}号",
        by=examiner,
    )
    assert asked.batch_id is not None
    marks.append(perf_counter())
    actions.read_list(batch_id=asked.batch_id, by=worker)
    marks.append(perf_counter())
    batch = Batch.objects.get(pk=asked.batch_id)
    if batch.state == Batch.State.READY:
        intake.confirm(batch=batch, permission=Permission.CHECK_PERSON, by=examiner)
    actions.answer_list(batch_id=asked.batch_id, by=worker)
    marks.append(perf_counter())
    asked.refresh_from_db()
    assert asked.is_answered, Batch.objects.get(pk=asked.batch_id).error
    assert Answer.objects.filter(check_asked=asked).count() == len(people)
    assert QueryLine.objects.count() - before == len(people) - asked.counts.get("not_found", 0)
    upload, read, answered = (later - earlier for earlier, later in itertools.pairwise(marks))
    return marks[-1] - marks[0], f"upload {upload:.1f} s, reading {read:.1f} s, answering {answered:.1f} s"


def _warm_up() -> None:
    _whole_road(_people(1_000, seed=3))


def _bare_join(people: list[tuple[str, str]]) -> float:
    from django.db import connection, transaction

    from profiles.common import ciphers
    from profiles.common.copying import keys_text

    indexes, items = set(ciphers.blind_indexes(number for _name, number in people)), _items()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE asked (index bytea) ON COMMIT DROP")
        cursor.execute("INSERT INTO asked SELECT unnest(%s::bytea[])", [keys_text(indexes)])
        cursor.execute("ANALYZE asked")

        def join() -> None:
            cursor.execute(BARE, [items])
            cursor.fetchall()

        return seconds(join)


def _items() -> list[str]:
    """That the rules of the question name."""
    from django.utils import timezone

    from archive.vetoes.compiled import compiled_for
    from archive.vetoes.rules import that_apply

    question = _question()
    holding = compiled_for(_examiner().organisation_id, moment=timezone.now(), day=question.day)
    return sorted({code for rule in that_apply(holding, question) for part in rule.clauses for code in part.items})


def _question() -> Any:
    from django.utils import timezone

    from archive.vetoes.rules import Question

    return Question("TEA", "access", timezone.localdate())


def _engine(people: list[tuple[str, str]]) -> float:
    from django.db import transaction
    from django.utils import timezone

    from archive.vetoes import engine

    asked = [engine.Asked(row, name, number) for row, (name, number) in enumerate(people, 1)]

    def work() -> None:
        with transaction.atomic():
            engine.answer(
                asked,
                question=_question(),
                organisation=_examiner().organisation,
                known_at=timezone.now(),
                needs_authorisation=False,
            )

    return seconds(work)
