"""Where the trail, the register or the notice cannot be written, the act does not happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from archive.access import actions as access
from archive.intake import actions as intake
from archive.models import Batch, Entry, Notice
from archive.notices import actions as notices
from archive.records import actions as records
from archive.reports import actions as reports
from profiles.accounts import actions as accounts
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission
from profiles.common.vocabulary import Event, Group
from profiles.people import actions as people
from tests import factories as f
from tests.world import World

pytestmark = pytest.mark.django_db
R = Role


def no_more(table: str) -> None:
    """From here on the application may not add to `table`, as if its disk were full."""
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON {table} FROM {settings.DATABASE_APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")


def everything() -> dict[str, list[str]]:
    """All rows of the product's tables, as text."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^(archive|profiles|check)_'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def served(world: World) -> Entry:
    return world.entry(notified=True)


def approve(world: World) -> Callable[[], Any]:
    entry, by = served(world), world.accounts[R.APPROVER]
    return lambda: records.approve(entries=[entry], by=by)


def decline(world: World) -> Callable[[], Any]:
    entry, by = served(world), world.accounts[R.APPROVER]
    return lambda: records.decline(entry=entry, reason="证据不足。", by=by)


def answer(world: World) -> Callable[[], Any]:
    entry, by = served(world), world.accounts[R.PERSON]
    return lambda: records.answer(entry=entry, text="我没有替考。", by=by)


def read_answer(world: World) -> Callable[[], Any]:
    entry, by = served(world), world.accounts[R.APPROVER]
    f.HearingAnswerFactory(entry=entry)
    return lambda: records.note_answers_read(entry=entry, by=by)


def serve(world: World) -> Callable[[], Any]:
    entry = f.EntryFactory(written=True, record=f.RecordFactory(organisation=world.school))
    today = timezone.localdate()
    return lambda: records.record_service(entries=[entry], served_on=today, by=world.accounts[R.CLERK])


def print_letter(world: World) -> Callable[[], Any]:
    notice = world.notice()
    return lambda: notices.note_printed(notice=notice, by=world.accounts[R.CLERK])


def read_notice(world: World) -> Callable[[], Any]:
    notice = world.notice()
    return lambda: notices.mark_read(notice=notice, by=world.accounts[R.PERSON])


def give_code(world: World) -> Callable[[], Any]:
    entry = f.EntryFactory(record=f.RecordFactory(organisation=world.school))
    return lambda: accounts.issue_activation_code(person=entry.person, context=entry, by=world.accounts[R.CLERK])


def confirm(world: World) -> Callable[[], Any]:
    batch = world.batch()
    Batch.objects.update(counts={"new": 1})
    return lambda: intake.confirm(batch=batch, permission=Permission.UPLOAD_BATCH, by=world.accounts[R.CLERK])


def cancel(world: World) -> Callable[[], Any]:
    batch = world.batch()
    return lambda: intake.cancel(batch=batch, permission=Permission.UPLOAD_BATCH, by=world.accounts[R.CLERK])


def reveal(world: World) -> Callable[[], Any]:
    entry = served(world)
    return lambda: access.reveal_identity(
        person=entry.person, context=entry, matter_number="示〔2026〕1号", reason="核对证件", by=world.accounts[R.CLERK]
    )


def check(world: World) -> Callable[[], Any]:
    person = world.barred_person()
    return lambda: world.answer(person)


def authorise(world: World) -> Callable[[], Any]:
    until = timezone.localdate() + dt.timedelta(days=30)
    return lambda: access.authorise(
        organisation=world.bureau,
        group=Group.TEA,
        event=Event.AWARD,
        once=False,
        valid_until=until,
        by=world.accounts[R.PERSON],
    )


def pledge(world: World) -> Callable[[], Any]:
    return world.pledge


def report(world: World) -> Callable[[], Any]:
    return lambda: reports.request_report(wish=reports.Wish(purpose="测试"), by=world.accounts[R.PERSON])


def enrol(world: World) -> Callable[[], Any]:
    person = f.PersonFactory()
    by = world.accounts[R.CLERK]
    return lambda: people.enrol(person=person, group=Group.STU, organisation=world.school, by=by)


def change_name(world: World) -> Callable[[], Any]:
    change = world.change()
    return lambda: records.carry_out_change(change=change, by=world.accounts[R.APPROVER])


def join(world: World) -> Callable[[], Any]:
    merge = world.merge()
    return lambda: records.carry_out_merge(merge=merge, by=world.accounts[R.APPROVER])


def part(world: World) -> Callable[[], Any]:
    merge = join(world)()
    return lambda: records.undo_merge(merge=merge, reason="核对后确认是两个人。", by=world.accounts[R.APPROVER])


ACTS = {
    approve: Verb.ENTRY_APPROVED,
    decline: Verb.ENTRY_DECLINED,
    answer: Verb.ENTRY_ANSWERED,
    read_answer: Verb.STATEMENT_READ,
    serve: Verb.ENTRY_NOTIFIED,
    print_letter: Verb.NOTICE_PRINTED,
    read_notice: Verb.NOTICE_READ,
    give_code: Verb.ACTIVATION_ISSUED,
    confirm: Verb.BATCH_CONFIRMED,
    cancel: Verb.BATCH_CANCELLED,
    reveal: Verb.IDENTITY_REVEALED,
    check: Verb.CHECK_MADE,
    authorise: Verb.AUTHORISATION_GIVEN,
    pledge: Verb.PLEDGE_SIGNED,
    report: Verb.REPORT_REQUESTED,
    enrol: Verb.MEMBERSHIP_ADDED,
    change_name: Verb.IDENTITY_CHANGED,
}


@pytest.mark.parametrize("prepare", [*ACTS, join, part], ids=lambda act: act.__name__)
def test_without_the_trail_nothing_happens(prepare: Callable[[World], Callable[[], Any]]) -> None:
    act = prepare(World.make())
    before = everything()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        no_more("profiles_auditevent")
        act()
    assert everything() == before


@pytest.mark.parametrize(("prepare", "verb"), ACTS.items(), ids=[act.__name__ for act in ACTS])
def test_with_it_the_same_act_happens_and_is_told_once(
    prepare: Callable[[World], Callable[[], Any]], verb: Verb
) -> None:
    act = prepare(World.make())
    before, told = everything(), AuditEvent.objects.filter(verb=verb).count()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
        act()
    changed = {table for table, rows in everything().items() if rows != before[table]}
    assert [table for table in changed if not table.startswith(("profiles_auditevent", "profiles_trailpending"))]
    assert AuditEvent.objects.filter(verb=verb).count() == told + 1


@pytest.mark.parametrize("prepare", [check, reveal], ids=lambda act: act.__name__)
def test_without_the_register_nothing_is_told(prepare: Callable[[World], Callable[[], Any]]) -> None:
    act = prepare(World.make())
    before = everything()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        no_more("archive_queryline")
        act()
    assert everything() == before


@pytest.mark.parametrize("prepare", [approve, decline, change_name, join, part], ids=lambda act: act.__name__)
def test_without_the_notice_nothing_is_decided(prepare: Callable[[World], Callable[[], Any]]) -> None:
    act = prepare(World.make())
    before = everything()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        no_more("archive_notice")
        act()
    assert everything() == before
    assert not Notice.objects.filter(kind=Notice.Kind.ENTRY_IN_FORCE).exists()
