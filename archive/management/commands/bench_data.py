"""`manage.py bench_data`: a large world of invented people by COPY, to measure with.

It goes past notice and approval and is therefore refused outside demonstration installations, where nobody is real.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, models, transaction
from django.utils import timezone
from psycopg import sql
from psycopg.types.range import DateRange

from archive.catalogue.models import Item, Polarity
from archive.catalogue.periods import clocks, terms_of
from archive.records.models import CheckFact, Entry, Record
from profiles.accounts.actions import create_staff_account, grant_role
from profiles.accounts.founding import Founder
from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.common import ciphers, codes, identity
from profiles.common.vocabulary import Event, Group, OrganisationKind
from profiles.organisations.actions import give_competence, save_organisation
from profiles.organisations.models import Competence, Organisation
from profiles.people.models import IdentityDocument, Person

SCHOOL, BUREAU = "12990000400000901X", "119900004000009024"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "安柏晨丹尔帆歌禾佳凯岚米宁欧培琪然诗桐薇溪妍哲"
DIVISIONS = ("110105", "120103", "310107", "320106", "330106", "360426", "420106", "440106", "510107", "610113")
OLDEST, BIRTH_DAYS = dt.date(1965, 1, 1), 14_600  # to the end of 2004
PASSWORD = "bench-archive-2026"  # noqa: S105  of accounts in a world without real people
SEED = 20261122


class Command(BaseCommand):
    help = "Adds invented people with entries in force (default 100,000 and 500,000), for measurements."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=100_000)
        parser.add_argument("--entries", type=int, default=500_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Invented people are made in demonstration installations only (DEMO=1), never beside real ones."
            )
        if Organisation.objects.filter(code=SCHOOL).exists():
            raise CommandError(
                "This database holds the large world already. Remove var/ (or ARCHIVE_VAR) to begin anew."
            )
        if options["people"] < 1 or options["people"] > BIRTH_DAYS * 100:
            raise CommandError(f"--people is a number from 1 to {BIRTH_DAYS * 100}.")
        started = time.monotonic()
        create(people=options["people"], entries=options["entries"])
        self.stdout.write(
            f"{options['people']} people, {options['entries']} entries in {time.monotonic() - started:.0f} s."
            f" Examiner: bench-examiner, {PASSWORD}."
        )


@transaction.atomic
def create(*, people: int, entries: int) -> None:
    """The world is the same each time, but for the random codes."""
    now, choose = timezone.now(), random.Random(SEED)  # noqa: S311  repeatable, not secret
    accounts = _accounts()
    numbers = list(numbers_of(people))
    indexes = [ciphers.blind_index(number) for number, _birth in numbers]
    ids = _people(numbers, indexes, now, accounts)
    owners = [choose.randrange(people) for _ in range(entries)]
    _entries([(ids[n], indexes[n], numbers[n][1]) for n in owners], now, choose, accounts)
    with connection.cursor() as cursor:
        for model in (Person, IdentityDocument, Record, Entry, CheckFact):
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table)))


def numbers_of(count: int) -> Iterator[tuple[str, dt.date]]:
    """Different fictional citizen numbers with their birth dates, always in the same order."""
    for n in range(count):
        birth = OLDEST + dt.timedelta(days=n * 7919 % BIRTH_DAYS)
        seventeen = f"{DIVISIONS[n // BIRTH_DAYS % 10]}{birth:%Y%m%d}{900 + n // BIRTH_DAYS // 10:03d}"
        yield seventeen + identity.check_character(seventeen), birth


def name_of(n: int) -> str:
    return SURNAMES[n % 20] + GIVEN[n // 20 % 23] + GIVEN[n // 460 % 23]


def _accounts() -> dict[Role, Account]:
    by = Founder("bench_data")
    school, bureau = (
        save_organisation(organisation=Organisation(name=name, code=code, kind=kind), by=by)
        for name, code, kind in (
            ("甲示例学院（压测）", SCHOOL, OrganisationKind.SCHOOL),
            ("乙示例教育局（压测）", BUREAU, OrganisationKind.EDUCATION_AUTHORITY),
        )
    )
    give_competence(
        organisation=bureau,
        role=Competence.Role.CHECK,
        group=Group.TEA,
        event=Event.ACCESS,
        basis="教师资格条例",
        valid_from=dt.date(2020, 1, 1),
        by=by,
    )
    accounts = {}
    for role, body in ((Role.CLERK, school), (Role.APPROVER, school), (Role.EXAMINER, bureau)):
        accounts[role] = create_staff_account(
            username=f"bench-{role}", full_name=str(role), email="", organisation=body, password=PASSWORD, by=by
        )
        grant_role(account=accounts[role], role=role, by=by)
    return accounts


def _people(
    numbers: list[tuple[str, dt.date]], indexes: list[bytes], now: dt.datetime, accounts: dict[Role, Account]
) -> list[int]:
    ids, school = _reserve(Person, len(numbers)), accounts[Role.CLERK].organisation_id
    _copy(
        Person,
        (
            {
                "id": pk,
                "code": codes.person_code(),
                "name": name_of(n),
                "birth_date": birth,
                "created_by_organisation_id": school,
                "created_at": now,
            }
            for n, (pk, (_number, birth)) in enumerate(zip(ids, numbers, strict=True))
        ),
    )
    context = IdentityDocument._meta.get_field("number").context
    _copy(
        IdentityDocument,
        (
            {
                "person_id": pk,
                "kind": identity.DocumentKind.RESIDENT_ID.value,
                "number": ciphers.encrypt(number.encode(), context=context),
                "index": index,
                "added_at": now,
            }
            for pk, index, (number, _birth) in zip(ids, indexes, numbers, strict=True)
        ),
    )
    return ids


@dataclass(frozen=True, slots=True)
class Fact:
    """One invented entry."""

    entry_id: int
    record_id: int
    person_id: int
    item: Item
    act_date: dt.date
    document_date: dt.date
    index: bytes
    clocks: dict[str, Any]


def _entries(
    owners: list[tuple[int, bytes, dt.date]], now: dt.datetime, choose: random.Random, accounts: dict[Role, Account]
) -> None:
    school, clerk, approver = accounts[Role.CLERK].organisation_id, accounts[Role.CLERK].pk, accounts[Role.APPROVER].pk
    facts, today = _facts(owners, timezone.localdate(now), choose), timezone.localdate(now)
    _copy(
        Record,
        (
            {
                "id": fact.record_id,
                "number": codes.record_number(),
                "person_id": fact.person_id,
                "organisation_id": school,
                "created_at": now,
            }
            for fact in facts
        ),
    )
    _copy(
        Entry,
        (
            {
                "id": fact.entry_id,
                "record_id": fact.record_id,
                "kind": Entry.Kind.INITIAL.value,
                "change_reason": "",
                "changes": "{}",
                "eases": False,
                "end_reason": "",
                "person_id": fact.person_id,
                "organisation_id": school,
                "item_id": fact.item.pk,
                "item_code": fact.item.code,
                "severity": fact.item.severity,
                "polarity": fact.item.polarity,
                "act_date": fact.act_date,
                "document_number": f"压测〔{fact.document_date.year}〕{fact.entry_id}号",
                "document_date": fact.document_date,
                "document_body": "甲示例学院（压测）",
                "facts": "",
                "bar_groups": [],
                "state": Entry.State.IN_FORCE.value,
                "drafted_by_id": clerk,
                "drafted_at": now,
                "hearing_days": 0,
                "notified_at": now,
                "approvable_from": today,
                "approved_by_id": approver,
                "approved_at": now,
                "approved_on": today,
                "declined_reason": "",
                **fact.clocks,
            }
            for fact in facts
        ),
    )
    _copy(
        CheckFact,
        (
            {
                "identity_index": fact.index,
                "entry_id": fact.entry_id,
                "known_from": now,
                "person_id": fact.person_id,
                "organisation_id": school,
                "item_code": fact.item.code,
                "severity": fact.item.severity,
                "polarity": fact.item.polarity,
                "document_date": fact.document_date,
                "display": fact.clocks["display"],
                "bar_groups": [],
            }
            for fact in facts
        ),
    )


def _facts(owners: list[tuple[int, bytes, dt.date]], today: dt.date, choose: random.Random) -> list[Fact]:
    """Adults' acts between 2020 and today, over all adverse items of the catalogue."""
    items = [item for item in Item.objects.current() if item.polarity == Polarity.ADVERSE and not item.forbidden]
    terms = terms_of("national")

    @cache
    def periods(item: Item, document_date: dt.date) -> dict[str, Any]:
        found = clocks(
            item,
            severity=item.severity,
            document_date=document_date,
            sanction_months=None,
            bar_from=None,
            bar_until=None,
            terms=terms,
        )
        return {
            "display": None if found.display is None else _written(found.display),
            "retention": _written(found.retention),
            "repair_from": found.repair_from,
        }

    facts = []
    for record_id, entry_id, (person_id, index, birth) in zip(
        _reserve(Record, len(owners)), _reserve(Entry, len(owners)), owners, strict=True
    ):
        item = choose.choice(items)
        earliest = max(birth + dt.timedelta(days=18 * 366), dt.date(2020, 1, 1))
        act_date = earliest + dt.timedelta(days=choose.randrange((today - earliest).days - 40))
        document_date = (act_date + dt.timedelta(days=31)).replace(day=1)
        facts.append(
            Fact(entry_id, record_id, person_id, item, act_date, document_date, index, periods(item, document_date))
        )
    return facts


def _written(span: DateRange) -> str:
    """A range as PostgreSQL reads it: once for many rows, where the driver would write each anew."""
    return f"[{span.lower},{span.upper or ''})"


def _reserve(model: type[models.Model], count: int) -> list[int]:
    """Fresh keys from the table's own sequence."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def _copy(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """COPY `rows`, all with the columns of the first."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
        table=sql.Identifier(model._meta.db_table), columns=sql.SQL(", ").join(map(sql.Identifier, first))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row(first.values())
        for row in rows:
            copy.write_row(row.values())
