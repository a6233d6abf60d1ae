"""Lists cost the same number of queries however long they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import Batch, Entry
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.common.vocabulary import Group
from profiles.models import Person
from tests import factories as f
from tests.archive.sheets import approver_beside, clerk, fact, rehearse, xlsx
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db
R = Role
MANY = 12


@dataclass(frozen=True)
class Page:
    role: Role
    add: Callable[[World], object]  # one more row
    path: Callable[[World], str]


def entry(world: World) -> Entry:
    record = f.RecordFactory(organisation=world.school)
    made = f.EntryFactory(record=record, drafted_by=world.accounts[R.CLERK], notified=True)
    f.HearingAnswerFactory(entry=made)
    f.NoticeFactory(person=made.person, organisation=world.school, about_id=made.pk)
    return made


def own_entry(world: World) -> Entry:
    made = world.entry(in_force=True)
    world.notice(made)
    return made


def row(world: World) -> object:
    batch = Batch.objects.filter(organisation=world.school).first() or world.batch()
    problem = {"code": "name_empty", "column": "姓名", "value": "", "params": {}}
    return f.RowFactory(batch=batch, problems=[problem], cells={"name": "张三"})


def query_line(world: World) -> object:
    return f.QueryLineFactory(person_id=world.person.pk, organisation=f.OrganisationFactory())


def unserved(world: World) -> object:
    batch = Batch.objects.filter(organisation=world.school).first() or world.batch()
    Batch.objects.update(state="done", confirmed_at=timezone.now(), confirmed_by=world.accounts[R.CLERK])
    record = f.RecordFactory(organisation=world.school)
    return f.EntryFactory(record=record, batch_id=batch.pk, drafted_by=world.accounts[R.CLERK])


def namesakes(world: World) -> None:
    born = dt.date(1990, 1, 1) + dt.timedelta(days=Person.objects.count())
    for person in f.PersonFactory.create_batch(2, name="张三", birth_date=born):
        f.MembershipFactory(person=person, organisation=world.school)


def joined(world: World) -> None:
    """Always to the same person, the newest: once more a former name, a number, an archive, a proposal."""
    person = Person.objects.filter(name="张满").first() or f.PersonFactory(name="张满")
    if not person.memberships.exists():
        f.MembershipFactory(person=person, organisation=world.school)
    f.FormerNameFactory(
        person=person,
        change__state="declined",
        change__declined_by=world.accounts[R.CLERK],
        change__declined_at=timezone.now(),
    )
    f.IdentityDocumentFactory(person=person)
    f.PersonMergeFactory(kept=person, merged__name="张另", carried_out=True)


PAGES = {
    "files": Page(R.CLERK, World.batch, lambda world: "/record/"),
    "entries": Page(R.APPROVER, entry, lambda world: "/entries/"),
    "rows of a file": Page(R.CLERK, row, lambda world: f"/record/{Batch.objects.get().code}/"),
    "file with letters to serve": Page(R.CLERK, unserved, lambda world: f"/record/{Batch.objects.get().code}/"),
    "people": Page(
        R.CLERK,
        lambda world: f.MembershipFactory(organisation=world.school, group=Group.STU),
        lambda world: "/people/",
    ),
    "names and numbers": Page(R.APPROVER, lambda world: (world.change(), world.merge()), lambda world: "/identity/"),
    "namesakes": Page(R.CLERK, namesakes, lambda world: "/identity/namesakes/"),
    "person": Page(R.CLERK, joined, lambda world: f"/people/{Person.objects.get(name='张满').code}/"),
    "desk of the clerk": Page(R.CLERK, unserved, lambda world: "/desk/"),
    "desk of the approver": Page(R.APPROVER, entry, lambda world: "/desk/"),
    "desk of the examiner": Page(R.EXAMINER, World.answer, lambda world: "/desk/"),
    "own archive": Page(R.PERSON, own_entry, lambda world: "/my/"),
    "own notices": Page(R.PERSON, own_entry, lambda world: "/my/notices/"),
    "own queries": Page(R.PERSON, query_line, lambda world: "/my/queries/"),
    "own authorisations": Page(
        R.PERSON, lambda world: f.AuthorisationFactory(person=world.person), lambda world: "/my/authorisations/"
    ),
    "own pledges": Page(R.PERSON, lambda world: f.PledgeFactory(person=world.person), lambda world: "/my/pledges/"),
    "own reports": Page(R.PERSON, lambda world: f.ReportFactory(person=world.person), lambda world: "/my/reports/"),
    "checks": Page(R.EXAMINER, World.answer, lambda world: "/check/"),
    "register": Page(R.AUDITOR, query_line, lambda world: "/register/"),
    "trail": Page(R.AUDITOR, lambda world: f.AuditEventFactory(actor_kind="account", actor_id=world.accounts[R.CLERK].pk),
                  lambda world: "/trail/"),
    "organisations": Page(R.SYSTEM_ADMIN, lambda world: f.CompetenceFactory(), lambda world: "/organisations/"),
    "staff": Page(R.SYSTEM_ADMIN, lambda world: f.AccountFactory(holds=[R.CLERK]), lambda world: "/staff/"),
    "roles": Page(R.SECURITY_ADMIN, lambda world: f.AccountFactory(holds=[R.CLERK]), lambda world: "/staff/roles/"),
}  # fmt: skip


def queries(world: World, page: Page) -> list[str]:
    browser = sign_in(world.accounts[page.role])
    path = page.path(world)
    assert browser.get(path).status_code == 200  # fills what is kept from one request to the next
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_longer_list_asks_no_more(page: Page) -> None:
    world = World.make()
    page.add(world)
    page.add(world)
    few = queries(world, page)
    for _row in range(MANY):
        page.add(world)
    many = queries(world, page)
    assert len(many) <= len(few), "\n".join(sorted(many))


def count(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_a_longer_file_asks_no_more() -> None:
    by = clerk()
    short, long = xlsx(fact(), fact()), xlsx(*(fact() for _row in range(30)))
    rehearse(short, by=by)
    assert count(lambda: rehearse(long, by=by)) <= count(lambda: rehearse(xlsx(fact(), fact()), by=by))


def test_approving_many_asks_no_more_than_approving_two() -> None:
    by = clerk()
    second = approver_beside(by)

    def entries(number: int) -> list[Entry]:
        return [
            f.EntryFactory(record=f.RecordFactory(organisation=by.organisation), drafted_by=by, notified=True)
            for _entry in range(number)
        ]

    two, many = entries(2), entries(30)
    few = count(lambda: records.approve(entries=two, by=second))
    assert count(lambda: records.approve(entries=many, by=second)) <= few
