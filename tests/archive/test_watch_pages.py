"""The pages of continuous checks and recalls, walked as an examiner, a person, a credit officer and an auditor walk them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import RecallTask, Slip, Watch, WatchAlert, WatchOrder
from archive.vetoes import actions as vetoes
from profiles.accounts.permissions import Role
from profiles.models import Account, Person
from tests import factories as f
from tests import world
from tests.archive.checking import MATTER, check, confirmed, examiner, on_file
from tests.archive.test_watch_ends import listed
from tests.archive.watching import DAY, WORKER, end, in_a_year, read, watched

pytestmark = pytest.mark.django_db


def sign_in(account: Account) -> Client:
    """In English."""
    client = world.sign_in(account)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def client(by: Account) -> Client:
    return sign_in(by)


@pytest.fixture
def person() -> Person:
    return f.PersonFactory()


def text(client: Client, address: str, status: int = 200, **query: Any) -> str:
    response = client.get(address, query)
    assert response.status_code == status
    return response.content.decode()


WISH = {"matter_number": MATTER, "valid_until": in_a_year().isoformat()}


# Enrolling


def test_from_an_answer_first_what_will_happen_then_the_act(person: Person, by: Account, client: Client) -> None:
    answer = check(person, by)
    address = f"/check/answers/{answer.code}/watch/"
    assert address in text(client, f"/check/answers/{answer.code}/")
    assert f'value="{MATTER}"' in text(client, address), "the matter of the check is proposed"
    confirm = client.post(address, WISH)
    assert not WatchOrder.objects.exists()
    assert "You are about to have 1 person watched" in confirm.content.decode()
    done = client.post(address, {**WISH, "confirmed": "1"})
    order = WatchOrder.objects.get()
    assert done.url == f"/watch/orders/{order.code}/"
    page = text(client, done.url)
    assert "1 person is watched" in page
    assert f"/watch/{Watch.objects.get().code}/" in page
    again = text(client, address)
    assert "Nobody here can be watched" in again
    assert "Watched already" in again


@pytest.mark.parametrize(
    "wrong",
    [{"matter_number": ""}, {"valid_until": ""}, {"valid_until": "2020-01-01"}, {"matter_number": "x" * 61}],
)
def test_what_is_missing_is_said_and_nothing_is_done(
    person: Person, by: Account, client: Client, wrong: dict[str, str]
) -> None:
    address = f"/check/answers/{check(person, by).code}/watch/"
    response = client.post(address, {**WISH, **wrong, "confirmed": "1"})
    assert response.status_code == 422
    assert not WatchOrder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_list_is_enrolled_in_the_background_and_counts_who_is_left_out(catalogue: None, at_once: None) -> None:
    by = examiner()
    client = sign_in(by)
    asked = listed(by, f.PersonFactory(), f.PersonFactory())
    address = f"/check/{asked.code}/watch/"
    page = text(client, address)
    assert "Listed twice" in page
    assert "Not found, not readable" in page
    assert "You are about to have 2 people watched" in client.post(address, WISH).content.decode()
    done = client.post(address, {**WISH, "confirmed": "1"})
    order = WatchOrder.objects.get()
    assert (order.state, order.enrolled) == ("done", 2)
    assert "2 people are watched" in text(client, done.url)
    WatchOrder.objects.update(state="waiting")
    page = client.get(done.url, headers={"hx-request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="order" hx-get=')


# The list, one of them, renewing, ending


def test_the_list_filters_sorts_exports_and_costs_the_same_however_long(by: Account, client: Client) -> None:
    assert "Nobody is watched" in text(client, "/watch/")
    soon = f.PersonFactory(name="钱即到")
    watched(soon, by, until=timezone.localdate() + 5 * DAY)
    counts = []
    for _n in range(2):
        for _more in range(5):
            watched(f.PersonFactory(name="孙后到"), by)
        with CaptureQueriesContext(connection) as queries:
            page = text(client, "/watch/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.count("孙后到") == 10
    assert "Renew 1 that ends soon" in page
    for query, names in (
        ({"soon": "yes"}, (1, 0)),
        ({"standing": "watching"}, (1, 10)),
        ({"standing": "expired"}, (0, 0)),
        ({"matter_number": MATTER[:4]}, (1, 10)),
        ({"matter_number": "别的"}, (0, 0)),
        ({"event": "access", "group": "TEA"}, (1, 10)),
        ({"event": "title"}, (0, 0)),
    ):
        page = text(client, "/watch/", **query)
        assert (page.count("钱即到"), page.count("孙后到")) == names, query
    table = b"".join(client.get("/watch/", {"_export": "csv", "soon": "yes"})).decode("utf-8-sig")  # type: ignore[arg-type]
    assert "钱即到" in table
    assert MATTER in table
    assert "watching" in table
    assert soon.identities.get().number not in table
    assert "钱即到" not in text(sign_in(examiner()), "/watch/")


def test_what_ended_by_itself_says_why_before_anybody_wrote_it_down(
    person: Person, by: Account, client: Client
) -> None:
    membership = f.MembershipFactory(person=person, group="TEA")
    watch = watched(person, by)
    membership.left_on = timezone.localdate()
    membership.save()
    page = text(client, f"/watch/{watch.code}/")
    assert "the person left the group" in page
    assert f"/watch/{watch.code}/stop/" not in page
    assert person.name in text(client, "/watch/", standing="membership")


def test_renewing_all_and_one(person: Person, by: Account, client: Client) -> None:
    assert "Nothing ends soon" in text(client, "/watch/renew/")
    watch = watched(person, by, until=timezone.localdate() + 5 * DAY)
    assert "1 continuous check, which ends on" in text(client, "/watch/renew/")
    assert client.post("/watch/renew/", {"valid_until": "1999-01-01"}).status_code == 422
    client.post("/watch/renew/", {"valid_until": in_a_year().isoformat()})
    watch.refresh_from_db()
    assert watch.valid_until == in_a_year()
    later = in_a_year() + 9 * DAY
    assert f'name="watch" value="{watch.code}"' in text(client, "/watch/renew/", watch=watch.code)
    client.post("/watch/renew/", {"valid_until": later.isoformat(), "watch": watch.code})
    watch.refresh_from_db()
    assert watch.valid_until == later
    page = client.post("/watch/renew/", {"valid_until": later.isoformat(), "watch": watch.code}, follow=True)
    assert "Nothing was renewed" in page.content.decode()


def test_ending_it(person: Person, by: Account, client: Client) -> None:
    watch = watched(person, by)
    assert "End the continuous check of" in text(client, f"/watch/{watch.code}/stop/")
    page = client.post(f"/watch/{watch.code}/stop/", follow=True).content.decode()
    assert "ended by the body" in page


# Alerts


def test_an_alert_shows_what_is_new_and_leads_to_the_decision(person: Person, by: Account, client: Client) -> None:
    on_file(person, "TEA-03")
    watch = watched(person, by)
    entry = on_file(person, "TEA-02")
    read()
    alert = WatchAlert.objects.get()
    desk = text(client, "/desk/")
    assert "/watch/alerts/?seen=no" in desk
    assert f"/watch/alerts/{alert.code}/" in text(client, "/watch/alerts/", seen="no")
    page = text(client, f"/watch/alerts/{alert.code}/")
    new, kept = page.split("What is new")[1].split("What holds as before")
    assert entry.record.number in new
    assert entry.record.number not in kept
    assert "An entry came into force." in page
    response = client.post(f"/watch/alerts/{alert.code}/note/")
    assert response.url == f"/check/answers/{alert.answer.code}/"
    assert "/watch/alerts/?seen=no" not in text(client, "/desk/")
    assert "took note of it" in text(client, f"/watch/alerts/{alert.code}/")
    assert watch.code in text(client, response.url)
    assert "continuous check" in text(client, "/check/")


def test_what_no_longer_holds_tells_no_story_of_a_repaired_entry(person: Person, by: Account, client: Client) -> None:
    entry = on_file(person, "TEA-02")
    watched(person, by)
    end(entry, reason=entry.EndReason.REPAIRED)
    read()
    alert = WatchAlert.objects.get()
    page = text(client, f"/watch/alerts/{alert.code}/")
    assert "What no longer holds" in page
    assert entry.document_number not in page
    assert client.post(f"/watch/alerts/{alert.code}/note/").url == "/watch/alerts/"


# The person


def test_the_person_sees_who_watches_for_what_until_when(by: Account) -> None:
    owner = f.AccountFactory(a_person=True)
    mine = sign_in(owner)
    assert "Nobody watches your archive" in text(mine, "/my/watches/")
    watched(f.PersonFactory(), by)
    watch = watched(owner.person, by)
    page = text(mine, "/my/watches/")
    assert by.organisation is not None
    assert page.count(by.organisation.name) == 1
    assert MATTER in page
    assert "statutory duty" in page
    queries = text(mine, "/my/queries/")
    assert "continuous check" in queries
    assert "/my/watches/" in queries
    assert "/my/watches/" in text(mine, "/my/authorisations/")
    vetoes.stop_watch(watch=watch, by=by)
    assert "ended by the body" in text(mine, "/my/watches/")


# Recalls


def recalled(person: Person, by: Account) -> RecallTask:
    entry = on_file(person, "TEA-02")
    answer = check(person, by)
    confirmed(answer, by)
    end(entry)
    vetoes.follow_recalls(by=WORKER)
    return RecallTask.objects.get(answer=answer)


def test_a_recall_from_the_desk_to_the_withdrawn_slip(person: Person, by: Account, client: Client) -> None:
    task = recalled(person, by)
    assert "/recalls/?state=open" in text(client, "/desk/")
    assert f"/recalls/{task.code}/" in text(client, "/recalls/", state="open")
    assert f"/recalls/{task.code}/" in text(client, f"/check/answers/{task.answer.code}/")
    page = text(client, f"/recalls/{task.code}/")
    assert "the same findings" in page
    assert "voided" in page
    assert "proposal of this product, not law" in page
    client.post(f"/recalls/{task.code}/check/")
    assert "Clear" in text(client, f"/recalls/{task.code}/")
    wish = {"outcome": "withdrawn", "reasons": "原认定已撤销，决定失去依据。"}
    confirm = client.post(f"/recalls/{task.code}/conclude/", wish).content.decode()
    assert "You are about to withdraw the decision" in confirm
    assert RecallTask.objects.get().done_at is None
    client.post(f"/recalls/{task.code}/conclude/", {**wish, "confirmed": "1"})
    slip = Slip.objects.get()
    assert slip.withdrawn_at is not None
    assert "/recalls/?state=open" not in text(client, "/desk/")
    public = text(Client(headers={"accept-language": "en"}), f"/verify/{slip.verification_code}/")
    assert "Withdrawn by the body that issued it" in public
    assert "the decision is withdrawn" in text(client, f"/check/answers/{task.answer.code}/")


def test_what_is_overdue_is_marked_and_found(person: Person, by: Account, client: Client) -> None:
    task = recalled(person, by)
    assert f"/recalls/{task.code}/" not in text(client, "/recalls/", state="overdue")
    RecallTask.objects.update(deadline=timezone.localdate() - DAY)
    assert f"/recalls/{task.code}/" in text(client, "/recalls/", state="overdue")
    assert "1 overdue" in text(client, "/desk/")
    assert "It should have been looked at by" in text(client, f"/recalls/{task.code}/")
    table = b"".join(client.get("/recalls/", {"_export": "csv"})).decode("utf-8-sig")  # type: ignore[arg-type]
    assert "overdue" in table


def test_an_outcome_that_is_not_offered_or_without_reasons_does_nothing(
    person: Person, by: Account, client: Client
) -> None:
    task = recalled(person, by)
    for wish in (
        {"outcome": "nothing_decided", "reasons": "没有作出任何决定。"},
        {"outcome": "withdrawn", "reasons": "无"},
        {"outcome": "stands", "reasons": "已核对，另有依据。"},
    ):
        client.post(f"/recalls/{task.code}/conclude/", {**wish, "confirmed": "1"})
        assert RecallTask.objects.get().done_at is None


def test_the_list_of_recalls_costs_the_same_however_long(by: Account, client: Client) -> None:
    counts = []
    for _n in range(2):
        for _more in range(4):
            f.RecallTaskFactory(organisation=by.organisation)
        with CaptureQueriesContext(connection) as queries:
            text(client, "/recalls/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [Role.CREDIT_OFFICER, Role.AUDITOR])
def test_those_who_oversee_see_how_many_and_no_name(person: Person, by: Account, role: Role) -> None:
    office = sign_in(f.AccountFactory(holds=[role]))
    assert "Nothing was recalled" in text(office, "/oversight/recalls/")
    recalled(person, by)
    RecallTask.objects.update(deadline=timezone.localdate() - DAY)
    page = text(office, "/oversight/recalls/")
    assert by.organisation is not None
    assert by.organisation.name in page
    assert person.name not in page
    assert "Nothing matches" in text(office, "/oversight/recalls/", name="没有这个机构")
    assert text(office, "/recalls/", status=403)
    assert isinstance(in_a_year(), dt.date)
