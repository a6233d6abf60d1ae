"""The pages of an objection: recorded, confirmed, seen by every reader, settled."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.models import Dispute
from archive.reports import actions as reports
from profiles.accounts.permissions import Role
from tests import factories as f
from tests.archive.checking import check, examiner, on_file
from tests.archive.disputing import REASON, TEXT, dispute, settle
from tests.world import WORKER, World
from tests.world import sign_in as sign_in_with_second_factor

pytestmark = pytest.mark.django_db
FORM = {"channel": "counter", "received_number": "示收〔2026〕7号", "received_on": "2026-01-05", "text": TEXT}


def sign_in(account: Any) -> Client:
    client = sign_in_with_second_factor(account)
    client.cookies.load({"django_language": "en"})
    return client


def holding(world: World) -> Any:
    """An entry of the school that went the whole road."""
    entry = on_file(world.person, "TEA-02")
    type(entry).objects.filter(pk=entry.pk).update(organisation=world.school)
    entry.refresh_from_db()
    return entry


def page(world: World, role: Role, name: str, *args: object) -> str:
    response = sign_in(world.accounts[role]).get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_a_clerk_records_an_objection_and_an_approver_settles_it() -> None:
    world = World.make()
    entry = holding(world)
    number = entry.record.number
    assert reverse("records:dispute_new", args=[number]) in page(world, Role.CLERK, "records:entry", number)
    clerk, address = sign_in(world.accounts[Role.CLERK]), reverse("records:dispute_new", args=[number])
    asked = clerk.post(address, FORM)
    assert asked.status_code == 200
    assert "Check what will happen" in asked.content.decode()
    assert not Dispute.objects.exists()
    done = clerk.post(address, {**FORM, "confirmed": "1"}, follow=True)
    opened = Dispute.objects.get()
    assert done.redirect_chain[-1][0] == reverse("records:dispute", args=[opened.code])
    assert "An approver settles the objection" in done.content.decode()
    assert reverse("records:dispute_new", args=[number]) not in page(world, Role.CLERK, "records:entry", number)

    approver, settling = sign_in(world.accounts[Role.APPROVER]), reverse("records:dispute_settle", args=[opened.code])
    assert settling in page(world, Role.APPROVER, "records:dispute", opened.code)
    early = approver.post(settling, {"outcome": "upheld", "reason": REASON})
    assert "still holds" in early.content.decode()
    asked = approver.post(settling, {"outcome": "rejected", "reason": REASON})
    assert "counts in checks again" in asked.content.decode()
    done = approver.post(settling, {"outcome": "rejected", "reason": REASON, "confirmed": "1"}, follow=True)
    assert REASON in done.content.decode()
    opened.refresh_from_db()
    assert (opened.outcome, opened.settled_by) == ("rejected", world.accounts[Role.APPROVER])


def test_a_form_with_a_mistake_comes_back_and_nothing_is_marked() -> None:
    world = World.make()
    number = holding(world).record.number
    clerk, address = sign_in(world.accounts[Role.CLERK]), reverse("records:dispute_new", args=[number])
    assert clerk.post(address, {**FORM, "text": "", "confirmed": "1"}).status_code == 422
    late = {**FORM, "received_on": timezone.localdate().replace(year=2100).isoformat(), "confirmed": "1"}
    refused = clerk.post(address, late)
    assert (refused.status_code, "in the future" in refused.content.decode()) == (422, True)
    assert clerk.post(address, {**FORM, "channel": "online", "confirmed": "1"}).status_code == 422
    assert not Dispute.objects.exists()


def test_every_reader_sees_the_mark_until_it_is_settled() -> None:
    world, by = World.make(), examiner()
    entry = holding(world)
    answer = check(world.person, by)
    opened = dispute(entry, by=world.accounts[Role.CLERK])
    places = [
        lambda: page(world, Role.CLERK, "records:entry", entry.record.number),
        lambda: page(world, Role.CLERK, "records:entries"),
        lambda: page(world, Role.CLERK, "records:disputes"),
        lambda: page(world, Role.PERSON, "records:my_archive"),
        lambda: sign_in(by).get(reverse("vetoes:answer", args=[answer.code])).content.decode(),
    ]
    for place in places:
        assert "in dispute" in place().lower()
    listed = reverse("records:entries") + "?phase=disputed"
    assert entry.record.number in sign_in(world.accounts[Role.CLERK]).get(listed).content.decode()
    assert TEXT not in places[4](), "what the person wrote is for the body that keeps the entry"
    settle(opened, by=world.accounts[Role.APPROVER])
    for place in (places[0], places[3], places[4]):
        assert "an objection is open" not in place().lower()
    assert entry.record.number not in sign_in(world.accounts[Role.CLERK]).get(listed).content.decode()


def test_a_check_of_what_is_in_dispute_says_so() -> None:
    by, person = examiner(), f.PersonFactory()
    dispute(on_file(person, "TEA-02"))
    shown = sign_in(by).get(reverse("vetoes:answer", args=[check(person, by).code])).content.decode()
    assert "decides nothing before the objection is settled" in shown
    assert "It decides nothing until the objection is settled" in shown


def test_a_report_names_the_day_since_which_an_entry_is_in_dispute() -> None:
    world = World.make()
    dispute(holding(world), by=world.accounts[Role.CLERK])
    report = reports.request_report(wish=reports.Wish(purpose="测试"), by=world.accounts[Role.PERSON])
    reports.issue(report_id=report.pk, by=WORKER)
    report.refresh_from_db()
    (row,) = json.loads(report.content)["adverse"]
    assert row["disputed_since"] == timezone.localdate().isoformat()


def test_who_recorded_it_is_told_that_another_settles_it() -> None:
    world = World.make()
    both = f.AccountFactory(organisation=world.school, holds=[Role.CLERK, Role.APPROVER])
    opened = dispute(holding(world), by=both)
    shown = sign_in(both).get(reverse("records:dispute", args=[opened.code])).content.decode()
    assert "a second person settles it" in shown
    assert reverse("records:dispute_settle", args=[opened.code]) not in shown
