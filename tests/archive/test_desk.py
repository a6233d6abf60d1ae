"""The desk of each role: what waits is counted rightly, leads to where it is done, and costs the same however much there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.desk import queries
from archive.models import Batch, CalendarYear, Entry, HearingAnswer, Item, RuleVersion
from profiles.accounts.actions import EDITORS
from profiles.accounts.permissions import Role
from profiles.audit.verbs import Verb
from profiles.models import Account, AuditEvent, TrailPending
from tests import factories as f
from tests.archive.checking import adopt
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ENGLISH = {"accept-language": "en"}
STAFF = sorted(set(Role) - {Role.PERSON})


@pytest.fixture
def world() -> World:
    return World.make()


def counts(account: Account, day: dt.date | None = None) -> dict[str, int]:
    """label → count of the one role that the account holds."""
    ((_role, tiles),) = queries.tiles(account, day or timezone.localdate())
    return {str(tile.label): tile.count for tile in tiles}


def nothing_owed(world: World, year: int | None = None) -> None:
    """Both schools have signed their statement."""
    for school in (world.school, world.others[Role.CLERK].organisation):
        f.AttestationFactory(organisation=school, year=year or timezone.localdate().year - 1)


# Counts


def test_the_clerk_sees_the_own_bodys_files_and_notices(world: World) -> None:
    clerk, other = world.accounts[Role.CLERK], world.others[Role.CLERK]
    nothing_owed(world)
    assert set(counts(clerk).values()) == {0}
    states = Batch.State
    for state, kind in (
        (states.READY, "entries"),
        (states.COLUMNS, "entries"),
        (states.READING, "entries"),
        (states.RECEIVED, "entries"),
        (states.READY, "check"),
    ):
        f.BatchFactory(organisation=world.school, uploaded_by=clerk, state=state, kind=kind)
    f.BatchFactory(organisation=other.organisation, state=states.READY)
    today = timezone.localdate()
    world.entry(state="drafted")
    world.entry(notified=True, approvable_from=today + DAY)
    world.entry(notified=True, approvable_from=today)
    f.EntryFactory(state="drafted")
    assert counts(clerk) == {
        "Files to decide": 1, "Files with open columns": 1, "Files being worked on": 2, "Notices to serve": 1,
        "In the hearing window": 1,
    }  # fmt: skip
    assert set(counts(other).values()) == {0, 1}


def test_the_approver_sees_what_is_ready_but_not_the_own_drafts(world: World) -> None:
    approver, today = world.accounts[Role.APPROVER], timezone.localdate()
    nothing_owed(world)
    assert set(counts(approver).values()) == {0}
    ready = world.entry(notified=True)
    world.entry(notified=True, approvable_from=today + 3 * DAY)
    world.entry(in_force=True)
    record = f.RecordFactory(person=world.person, organisation=world.school)
    f.EntryFactory(record=record, drafted_by=approver, notified=True)
    good = Item.objects.current().get(code="STU-P1")
    world.entry(item=good, polarity="positive", state="drafted")
    for _statement in range(2):
        f.HearingAnswerFactory(entry=ready)
    world.change()
    world.merge()
    world.merge(proposed_by=approver)
    expected = {"Entries to decide": 2, "Statements to read": 1, "In the hearing window": 1, "Names and numbers": 2}
    assert counts(approver) == expected
    HearingAnswer.objects.update(read_by=approver, read_at=timezone.now())
    assert counts(approver) == {**expected, "Statements to read": 0}
    assert set(counts(world.others[Role.APPROVER]).values()) == {0}


def test_the_examiner_sees_open_answers_and_lists(world: World) -> None:
    examiner = world.accounts[Role.EXAMINER]
    assert set(counts(examiner).values()) == {0}
    world.answer()
    world.decided()
    world.answer(f.PersonFactory())
    world.list_check()
    assert counts(examiner) == {"Answers to decide": 1, "Lists to confirm": 1, "Checks today": 4}
    assert counts(examiner, timezone.localdate() + DAY)["Checks today"] == 0
    assert set(counts(world.others[Role.EXAMINER]).values()) == {0}


def test_the_credit_officer_sees_the_catalogue_as_it_stands_and_a_missing_calendar(world: World) -> None:
    officer = world.accounts[Role.CREDIT_OFFICER]
    adopt("V-GEN-05-ACCESS", world.bureau)
    day = dt.date(2026, 6, 1)
    items = Item.objects.filter(valid_to=None)
    nothing_owed(world, 2025)
    f.LawChangeFactory()
    f.LawChangeFactory(item_code="STU-05", proposed_by=officer)  # waits for somebody else
    assert counts(officer, day) == {
        "Changes of law to approve": 1,
        "Silent bodies 2025": 1,  # the bureau
        "Catalogue items in force": items.count(),
        "Items to be verified": items.filter(mark="K").count(),
        "Rules off by default": RuleVersion.objects.filter(valid_to=None, status="off").count(),
        "Rules adopted by bodies": 1,
        "Adoptions to approve": 0,
        "Rules to approve": 0,
        "Names and numbers": 0,
    }
    world.change()
    assert counts(officer, day)["Names and numbers"] == 1
    CalendarYear.objects.all().delete()
    assert counts(officer, day)["Working days are missing"] == 2026


def test_the_auditor_sees_the_events_of_the_day_and_what_waits_for_the_seal(world: World) -> None:
    auditor, now = world.accounts[Role.AUDITOR], timezone.now()
    before = counts(auditor)
    for verb, at in ((Verb.SIGN_IN_FAILED, now), (Verb.SIGN_IN_FAILED, now - 2 * DAY), (Verb.IDENTITY_REVEALED, now)):
        f.AuditEventFactory(verb=verb, at=at)
    f.TrailPendingFactory()
    after = counts(auditor)
    assert {label: after[label] - before[label] for label in after} == {
        "Events today": 2, "Failed sign-ins today": 1, "Numbers revealed today": 1, "Waiting for the seal": 1
    }  # fmt: skip
    assert after["Waiting for the seal"] == TrailPending.objects.count()
    assert after["Events today"] == AuditEvent.objects.filter(at__date=timezone.localdate()).count()


def test_the_system_administrator_sees_files_that_no_worker_takes(world: World) -> None:
    admin = world.accounts[Role.SYSTEM_ADMIN]
    before = counts(admin)
    assert before["Files without a worker"] == 0
    f.BatchFactory(heartbeat_at=timezone.now() - DAY)
    f.BatchFactory(heartbeat_at=timezone.now() - DAY, state="done", confirmed_by=admin, confirmed_at=timezone.now())
    f.BatchFactory()
    f.AccountFactory(left_on=timezone.localdate())
    after = counts(admin)
    # each body and uploader that the factory makes counts too
    assert {label: after[label] - before[label] for label in after} == {
        "Bodies": 4, "Staff accounts in use": 3, "Files without a worker": 1
    }  # fmt: skip


def test_the_security_administrator_sees_accounts_whose_roles_are_missing_or_taken_away(world: World) -> None:
    officer = world.accounts[Role.SECURITY_ADMIN]
    before = counts(officer)
    f.AccountFactory()
    f.AccountFactory(holds=[Role.CLERK])
    lost, kept = f.AccountFactory(holds=[Role.CLERK]), f.AccountFactory(holds=[Role.CLERK, Role.APPROVER])
    for account in (lost, kept):
        grant = account.role_grants.get(role=Role.CLERK)
        grant.revoked_at, grant.revoked_by = timezone.now(), officer
        grant.save()
    f.AccountFactory(last_login=timezone.now())
    f.AccountFactory(a_person=True)
    after = counts(officer)
    assert {label: after[label] - before[label] for label in after} == {
        "Accounts without a role": 3, "Never signed in": 4
    }  # fmt: skip


def test_the_editor_sees_pages_and_drafts(world: World) -> None:
    from wagtail.models import Page

    before = counts(world.accounts[Role.EDITOR])
    assert before == {"Pages": Page.objects.filter(depth__gt=1).count(), "Drafts": before["Drafts"]}
    page = Page.objects.filter(depth=3).first()
    Page.objects.filter(pk=page.pk).update(has_unpublished_changes=True)
    assert counts(world.accounts[Role.EDITOR])["Drafts"] == before["Drafts"] + 1


# The page


@pytest.mark.parametrize("role", STAFF)
def test_each_tile_leads_to_a_page_that_the_role_may_open(world: World, role: Role) -> None:
    if role == Role.EDITOR:  # granted by the action, which puts editors into Wagtail's group
        world.accounts[role].groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    client = sign_in(world.accounts[role])
    page = client.get("/desk/", headers=ENGLISH)
    ((_label, tiles),) = page.context["tiles"]
    for tile in tiles:
        assert client.get(tile.url).status_code == 200, tile.url
        assert f'href="{tile.url}"'.replace("&", "&amp;") in page.content.decode()


@pytest.mark.parametrize("role", STAFF)
def test_acts_are_offered_to_those_who_may(world: World, role: Role) -> None:
    body = sign_in(world.accounts[role]).get("/desk/", headers=ENGLISH).content.decode()
    offered = {"Upload a file": Role.CLERK, "Check one person": Role.EXAMINER, "Check a list": Role.EXAMINER}
    for words, may in offered.items():
        assert (words in body) is (role == may), words


def test_a_person_lands_in_the_own_archive(world: World) -> None:
    assert sign_in(world.accounts[Role.PERSON]).get("/desk/")["Location"] == "/my/"


def test_an_account_without_a_role_is_told_what_to_do() -> None:
    page = sign_in(f.AccountFactory()).get("/desk/", headers=ENGLISH)
    assert page.status_code == 200
    assert page.templates[0].name == "desk/no_role.html"
    assert "tiles" not in (page.context or {})


def test_two_roles_are_two_sections(world: World) -> None:
    account = f.AccountFactory(organisation=world.school, holds=[Role.APPROVER, Role.CLERK])
    assert [label for label, _tiles in queries.tiles(account, timezone.localdate())] == [
        Role.CLERK.label, Role.APPROVER.label
    ]  # fmt: skip


def test_a_tile_with_nothing_to_do_is_shown_as_such(world: World) -> None:
    client = sign_in(world.accounts[Role.EXAMINER])
    assert client.get("/desk/").content.decode().count("tile-none") == 3
    world.answer()
    assert client.get("/desk/").content.decode().count("tile-none") == 1


def more_of_everything(world: World, times: int) -> None:
    for _time in range(times):
        world.batch()
        f.HearingAnswerFactory(entry=world.entry())
        world.answer()
        world.list_check()
        f.AccountFactory(organisation=world.school)


@pytest.mark.parametrize("role", STAFF)
def test_the_desk_costs_the_same_queries_however_much_waits(
    world: World, role: Role, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = sign_in(world.accounts[role])
    more_of_everything(world, 1)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/")
    more_of_everything(world, 5)
    assert Entry.objects.count() > 5
    with django_assert_num_queries(len(few)):
        client.get("/desk/")
    assert len(few) <= 20
