"""A million persons watched: one new entry, from its line on the change feed to the rows of the alerts, as the worker does it.

Each person is watched for ten events. WATCHES sets the number.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator
from typing import Any

from benchmarks import world
from benchmarks.figure import Figure, percentile, seconds

WATCHES = int(os.environ.get("WATCHES", "1000000"))
ROUNDS, WARM_UP = 40, 3
EVENTS = (
    "access", "registration", "annual_review", "title", "promotion", "award", "recommendation", "project", "evaluation", "exam",
)  # fmt: skip


def measure() -> Iterator[Figure]:
    world.large()
    from django.db import connection
    from django.utils import timezone

    from archive.common.models import Change, FeedPosition
    from archive.models import Entry, Item, QueryLine, Watch, WatchAlert
    from archive.records import actions as records
    from archive.vetoes import actions as vetoes
    from profiles.common.permissions import System
    from profiles.models import Account

    people = list(_people(WATCHES // len(EVENTS)))
    made = seconds(lambda: _watches(people))
    with connection.cursor() as cursor:
        for table in ("watch", "archive_answer"):
            cursor.execute(f"ANALYZE {table}")
    assert Watch.objects.count() == len(people) * len(EVENTS)
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    FeedPosition.objects.update_or_create(reader="watch", defaults={"position": newest})
    approver, item = Account.objects.get(username="bench-approver"), Item.objects.current().get(code="TEA-02")
    choose, times, alerts = random.Random(11), [], 0
    for n in range(WARM_UP + ROUNDS):
        person_id, _index, _number = choose.choice(people)
        entry = _served(person_id, item, n)
        records.approve(entries=[entry], by=approver)
        before = WatchAlert.objects.count(), QueryLine.objects.count()
        times.append(seconds(lambda: vetoes.follow_watches(by=System("bench"))))
        raised = WatchAlert.objects.count() - before[0]
        assert raised >= 1, "a new entry that bars access is news"
        assert QueryLine.objects.count() - before[1] == raised, "each alert has its line in the register"
        assert Entry.objects.get(pk=entry.pk).state == Entry.State.IN_FORCE
        alerts += raised
    assert timezone.localdate()
    yield Figure(
        "watch_match_s",
        max(times[WARM_UP:]),
        "s",
        limit=1,
        note=(
            f"slowest of {ROUNDS}, median {percentile(times[WARM_UP:], 50) * 1000:.3g} ms, {alerts / len(times):.3g} alerts "
            f"each of {len(EVENTS)} watches; {len(people) * len(EVENTS)} watches made in {made:.0f} s"
        ),
    )


def _people(count: int) -> Iterator[tuple[int, bytes, str]]:
    """(person id, blind index, number) of invented people."""
    from archive.management.commands.bench_data import numbers_of
    from profiles.common import ciphers
    from profiles.models import IdentityDocument

    found = dict(IdentityDocument.objects.values_list("index", "person_id").iterator())
    found = {bytes(index): person_id for index, person_id in found.items()}
    for number, _birth in numbers_of(count):
        index = ciphers.blind_index(number)
        yield found[index], index, number


def _watches(people: list[tuple[int, bytes, str]]) -> None:
    """By COPY: an answered list, an order for each event, and ten lines a person. The answer is one, whatever the event."""
    from django.db import transaction
    from django.utils import timezone

    from archive.management.commands.bench_data import BUREAU, name_of
    from archive.models import Answer, Check, Watch, WatchOrder
    from profiles.accounts.founding import Founder
    from profiles.common import codes
    from profiles.common.copying import copy_rows, reserve
    from profiles.models import Account, Competence, Organisation
    from profiles.organisations.actions import give_competence

    bureau, account = Organisation.objects.get(code=BUREAU), Account.objects.get(username="bench-examiner")
    today, now = timezone.localdate(), timezone.now()
    until = today + dt.timedelta(days=300)
    held = set(Competence.objects.filter(organisation=bureau, role="check").values_list("event", flat=True))
    with transaction.atomic():
        keys = reserve(Answer, len(people))
        for position, event in enumerate(EVENTS):
            if event not in held:
                give_competence(
                    organisation=bureau, role=Competence.Role.CHECK, group="TEA", event=event, basis="压测",
                    valid_from=dt.date(2020, 1, 1), by=Founder("bench"),
                )  # fmt: skip
            asked = Check.objects.create(
                organisation=bureau, account=account, group="TEA", event=event, matter_number=f"压测持续〔2026〕{position}号",
                known_at=now, day=today,
            )  # fmt: skip
            order = WatchOrder.objects.create(
                organisation=bureau, account=account, check_asked=asked, matter_number=asked.matter_number,
                valid_until=until, state=WatchOrder.State.DONE, enrolled=len(people),
            )  # fmt: skip
            if position == 0:
                copy_rows(
                    Answer,
                    ("id", "code", "row", "name", "number", "person_id"),
                    (
                        (key, codes.answer_code(), n + 1, name_of(n), number, person_id)
                        for n, (key, (person_id, _index, number)) in enumerate(zip(keys, people, strict=True))
                    ),
                    check_asked_id=asked.pk,
                    organisation_id=bureau.pk,
                    outcome="clear",
                )
            copy_rows(
                Watch,
                ("identity_index", "code", "person_id", "answer_id"),
                (
                    (index, codes.watch_code(), person_id, key)
                    for key, (person_id, index, _number) in zip(keys, people, strict=True)
                ),
                organisation_id=bureau.pk,
                group="TEA",
                event=event,
                order_id=order.pk,
                valid_from=today,
                valid_until=until,
            )


def _served(person_id: int, item: Any, n: int) -> Any:
    """An entry of an invented person whose hearing window is over."""
    from django.utils import timezone
    from psycopg.types.range import DateRange

    from archive.models import Entry, Record
    from profiles.models import Account

    today = timezone.localdate()
    clerk = Account.objects.get(username="bench-clerk")
    document = today - dt.timedelta(days=40)
    return Entry.objects.create(
        record=Record.objects.create(person_id=person_id, organisation_id=clerk.organisation_id),
        person_id=person_id,
        organisation_id=clerk.organisation_id,
        item=item,
        item_code=item.code,
        severity=item.severity,
        polarity=item.polarity,
        act_date=today - dt.timedelta(days=60),
        document_number=f"压测持续〔{today.year}〕{n}号",
        document_date=document,
        document_body="甲示例学院（压测）",
        state=Entry.State.IN_HEARING,
        drafted_by=clerk,
        hearing_days=5,
        notified_at=timezone.now() - dt.timedelta(days=20),
        approvable_from=today - dt.timedelta(days=5),
        display=DateRange(document, document + dt.timedelta(days=366)),
        retention=DateRange(document, document + dt.timedelta(days=1827)),
    )
