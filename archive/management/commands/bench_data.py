"""`manage.py bench_data`: a large world of invented people by COPY, to measure with.

It goes past notice and approval and is therefore refused outside demonstration installations, where nobody is real.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from archive.catalogue.models import Item, Polarity
from archive.catalogue.periods import clocks, terms_of
from archive.records.models import CheckFact, Entry, Record
from profiles.accounts.actions import create_staff_account, grant_role
from profiles.accounts.founding import Founder
from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.common import ciphers, codes, identity
from profiles.common.copying import copy_rows, reserve, span_text
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
PART = 100_000  # rows stored in one transaction


class Command(BaseCommand):
    help = "Adds invented people with entries in force (default 100,000 and 500,000), for measurements."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=100_000)
        parser.add_argument("--entries", type=int, default=500_000)
        parser.add_argument("--first", type=int, default=0, help="people that are there already, to add more to them")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Invented people are made in demonstration installations only (DEMO=1), never beside real ones."
            )
        if Organisation.objects.filter(code=SCHOOL).exists() != bool(options["first"]):
            raise CommandError(
                "This database holds the large world already. Remove var/ (or ARCHIVE_VAR) to begin anew, or add with --first."
                if not options["first"]
                else "There is no large world to add to yet. Leave --first out."
            )
        if options["people"] < 1 or options["first"] + options["people"] > BIRTH_DAYS * 100:
            raise CommandError(f"--people is a number from 1 to {BIRTH_DAYS * 100}, together with --first.")
        started = time.monotonic()
        create(people=options["people"], entries=options["entries"], first=options["first"])
        self.stdout.write(
            f"{options['people']} people, {options['entries']} entries in {time.monotonic() - started:.0f} s."
            f" Examiner: bench-examiner, {PASSWORD}."
        )


def create(*, people: int, entries: int, first: int = 0) -> None:
    """The world is the same each time, but for the random codes. It is stored in parts, so memory and locks stay small."""
    now, choose = timezone.now(), random.Random(SEED + first)  # noqa: S311  repeatable, not secret
    with transaction.atomic():
        accounts = _accounts() if not first else _accounts_there()
    numbers = list(numbers_of(first + people))[first:]
    indexes = [ciphers.blind_index(number) for number, _birth in numbers]
    ids: list[int] = []
    for start in range(0, people, PART):
        part = slice(start, start + PART)
        with transaction.atomic():
            ids += _people(numbers[part], indexes[part], first + start, now, accounts)
    for start in range(0, entries, PART):
        owners = [choose.randrange(people) for _ in range(min(PART, entries - start))]
        with transaction.atomic():
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


def _accounts_there() -> dict[Role, Account]:
    return {role: Account.objects.get(username=f"bench-{role}") for role in (Role.CLERK, Role.APPROVER, Role.EXAMINER)}


def _people(
    numbers: list[tuple[str, dt.date]],
    indexes: list[bytes],
    first: int,
    now: dt.datetime,
    accounts: dict[Role, Account],
) -> list[int]:
    ids, school = reserve(Person, len(numbers)), accounts[Role.CLERK].organisation_id
    copy_rows(
        Person,
        ("id", "code", "name", "birth_date"),
        (
            (pk, codes.person_code(), name_of(n), birth)
            for n, (pk, (_number, birth)) in enumerate(zip(ids, numbers, strict=True), first)
        ),
        created_by_organisation_id=school,
        created_at=now,
    )
    copy_rows(
        IdentityDocument,
        ("person_id", "number", "index"),
        ((pk, number, index) for pk, index, (number, _birth) in zip(ids, indexes, numbers, strict=True)),
        kind=identity.DocumentKind.RESIDENT_ID,
        added_at=now,
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
    clocks: tuple[str | None, str, dt.date | None]  # display, retention, earliest repair


def _entries(
    owners: list[tuple[int, bytes, dt.date]], now: dt.datetime, choose: random.Random, accounts: dict[Role, Account]
) -> None:
    school, clerk, approver = accounts[Role.CLERK].organisation_id, accounts[Role.CLERK].pk, accounts[Role.APPROVER].pk
    facts, today = _facts(owners, timezone.localdate(now), choose), timezone.localdate(now)
    copy_rows(
        Record,
        ("id", "number", "person_id"),
        ((fact.record_id, codes.record_number(), fact.person_id) for fact in facts),
        organisation_id=school,
        created_at=now,
    )
    copy_rows(
        Entry,
        (
            "id", "record_id", "person_id", "item_id", "item_code", "severity", "polarity", "act_date",
            "document_number", "document_date", "display", "retention", "repair_from",
        ),
        (
            (
                fact.entry_id, fact.record_id, fact.person_id, fact.item.pk, fact.item.code, fact.item.severity,
                fact.item.polarity, fact.act_date, f"压测〔{fact.document_date.year}〕{fact.entry_id}号",
                fact.document_date, *fact.clocks,
            )
            for fact in facts
        ),
        organisation_id=school,
        document_body="甲示例学院（压测）",
        state=Entry.State.IN_FORCE,
        drafted_by_id=clerk,
        drafted_at=now,
        hearing_days=0,
        notified_at=now,
        approvable_from=today,
        approved_by_id=approver,
        approved_at=now,
        approved_on=today,
    )  # fmt: skip
    copy_rows(
        CheckFact,
        (
            "identity_index", "entry_id", "person_id", "item_code", "severity", "polarity", "document_date", "display",
        ),
        (
            (
                fact.index, fact.entry_id, fact.person_id, fact.item.code, fact.item.severity, fact.item.polarity,
                fact.document_date, fact.clocks[0],
            )
            for fact in facts
        ),
        known_from=now,
        organisation_id=school,
    )  # fmt: skip


@cache
def _periods(item: Item, document_date: dt.date) -> tuple[str | None, str, dt.date | None]:
    found = clocks(
        item,
        severity=item.severity,
        document_date=document_date,
        sanction_months=None,
        bar_from=None,
        bar_until=None,
        terms=terms_of("national"),
    )
    display = None if found.display is None else span_text(found.display)
    return display, span_text(found.retention), found.repair_from


def _facts(owners: list[tuple[int, bytes, dt.date]], today: dt.date, choose: random.Random) -> list[Fact]:
    """Adults' acts between 2020 and today, over all adverse items of the catalogue."""
    items = [item for item in Item.objects.current() if item.polarity == Polarity.ADVERSE and not item.forbidden]
    facts = []
    for record_id, entry_id, (person_id, index, birth) in zip(
        reserve(Record, len(owners)), reserve(Entry, len(owners)), owners, strict=True
    ):
        item = choose.choice(items)
        earliest = max(birth + dt.timedelta(days=18 * 366), dt.date(2020, 1, 1))
        act_date = earliest + dt.timedelta(days=choose.randrange((today - earliest).days - 40))
        document_date = (act_date + dt.timedelta(days=31)).replace(day=1)
        facts.append(
            Fact(entry_id, record_id, person_id, item, act_date, document_date, index, _periods(item, document_date))
        )
    return facts
