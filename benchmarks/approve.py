"""Bulk approval as the worker does it: queries of a step of 1,000 entries, the same for 1,000, 5,000 and 10,000, and the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import world
from benchmarks.figure import Figure, seconds

SETS = (1_000, 5_000, 10_000)


class Counter:
    """Counts what goes to the database, whole statements."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)


def measure() -> Iterator[Figure]:
    world.large()
    from django.db import connection

    from archive.models import BulkApproval, CheckFact, Entry, Notice
    from archive.records import actions
    from profiles.common.permissions import System
    from profiles.models import Account

    approver = Account.objects.get(username="bench-approver")
    steps, taken = {}, 0.0
    for number in SETS:
        pks = _served(number)
        approval = actions.propose_approval(entries=Entry.objects.filter(pk__in=pks), by=approver)
        actions.confirm_approval(approval=approval, by=approver)
        counter = Counter()
        before = Notice.objects.count()

        def work(approval: BulkApproval = approval, counter: Counter = counter) -> None:
            with connection.execute_wrapper(counter):
                actions.carry_out_approval(approval_id=approval.pk, by=System("bench"))

        taken = seconds(work)
        approval.refresh_from_db()
        assert (approval.state, approval.approved) == (BulkApproval.State.DONE, number)
        assert CheckFact.objects.filter(entry_id__in=pks).count() == number, "each is in the check index"
        assert Notice.objects.count() - before == number, "each person is told"
        steps[number] = counter.queries / (number / 1_000)
    told = ", ".join(f"{queries:.4g} for {number}" for number, queries in steps.items())
    # Each set also pays once for taking the work and ending it; a step itself costs the same however many there are.
    yield Figure("approve_queries_per_1000", max(steps.values()), "queries", limit=60, note=told)
    yield Figure("approve_s_per_10000", taken, "s", note=f"{SETS[-1]} entries, told and in the check index")


def _served(number: int) -> list[int]:
    """Entries of invented people, drafted by the clerk, whose hearing window is over."""
    from django.utils import timezone
    from psycopg.types.range import DateRange

    from archive.models import Entry, Item, Record
    from profiles.models import Account, Person

    today = timezone.localdate()
    clerk = Account.objects.get(username="bench-clerk")
    item = Item.objects.current().get(code="STU-04")
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:number])
    records = Record.objects.bulk_create(
        [Record(person_id=pk, organisation_id=clerk.organisation_id) for pk in people], batch_size=2_000
    )
    act, document = today - dt.timedelta(days=60), today - dt.timedelta(days=40)
    entries = Entry.objects.bulk_create(
        [
            Entry(
                record=record,
                person_id=record.person_id,
                organisation_id=clerk.organisation_id,
                item=item,
                item_code=item.code,
                severity=item.severity,
                polarity=item.polarity,
                act_date=act,
                document_number=f"压测批准〔{number}〕{n}号",
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
            for n, record in enumerate(records)
        ],
        batch_size=2_000,
    )
    return [entry.pk for entry in entries]
