"""From where and when a body's staff may work."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from profiles.accounts.permissions import Role
from profiles.common.exceptions import ActionRefused
from profiles.models import AuditEvent
from profiles.organisations.actions import set_sign_in_rules
from profiles.organisations.rules import may_work, read_network
from tests import factories as f
from tests.world import sign_in

NINE, SIX = dt.time(9), dt.time(18)


def rules(address: str, at: dt.time = dt.time(10), networks: tuple[str, ...] = ("10.2.0.0/16",)) -> str | None:
    return may_work(networks=networks, open_from=NINE, open_until=SIX, address=address, at=at)


def test_the_own_network_at_working_hours_is_let_in() -> None:
    assert rules("10.2.3.4") is None
    assert rules("::ffff:10.2.3.4") is None, "the same address as a dual-stack server sees it"


def test_other_networks_are_refused() -> None:
    assert rules("10.3.0.1") == "network"
    assert rules("2001:db8::1") == "network"


@pytest.mark.parametrize(
    ("at", "refused"), [(dt.time(8, 59), "hours"), (NINE, None), (dt.time(17, 59), None), (SIX, "hours")]
)
def test_the_first_minute_counts_and_the_last_does_not(at: dt.time, refused: str | None) -> None:
    assert rules("10.2.3.4", at) == refused


def test_no_rules_refuse_nobody() -> None:
    assert may_work(networks=[], open_from=None, open_until=None, address="203.0.113.9", at=dt.time(3)) is None


def test_a_network_is_read_in_its_usual_spellings() -> None:
    assert read_network(" 10.2.3.4/16 ") == "10.2.0.0/16"
    assert read_network("192.168.1.7") == "192.168.1.7/32"
    with pytest.raises(ValueError, match=r"10\.2\.0"):
        read_network("10.2.0")


pytestmark = pytest.mark.django_db


def staff() -> tuple[Client, object]:
    account = f.AccountFactory(organisation=f.OrganisationFactory(), holds=[Role.CLERK])
    return sign_in(account), account


def restrict(account: object, **changed: object) -> None:
    values = {"networks": ["10.2.0.0/16"], "open_from": None, "open_until": None, "address": "127.0.0.1", **changed}
    set_sign_in_rules(organisation=account.organisation, by=f.AccountFactory(holds=[Role.SECURITY_ADMIN]), **values)  # type: ignore[attr-defined]


def test_an_open_session_ends_at_the_next_click_from_elsewhere_and_the_trail_tells() -> None:
    client, account = staff()
    assert client.get("/record/").status_code == 200
    restrict(account)
    assert client.get("/record/", REMOTE_ADDR="10.2.9.9").status_code == 200
    answer = client.get("/record/", follow=True)
    assert answer.redirect_chain[0][0] == "/accounts/login/"
    assert "不允许" in answer.content.decode()
    assert client.get("/record/").status_code == 302, "signed out, not only sent away"
    assert AuditEvent.objects.filter(verb="account.work_refused", details__rule="network").count() == 1


def test_outside_the_hours_nobody_of_the_body_works() -> None:
    client, account = staff()
    other = 1 if timezone.localtime().hour >= 12 else 13  # an hour of the other half of the day
    restrict(account, networks=[], open_from=dt.time(other), open_until=dt.time(other + 1))
    assert client.get("/record/").status_code == 302


def test_persons_reach_their_archive_from_everywhere() -> None:
    client = sign_in(f.AccountFactory(person=f.PersonFactory(), organisation=None))
    assert client.get("/my/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_rules_that_lock_out_who_sets_them_are_refused() -> None:
    admin = f.AccountFactory(organisation=f.OrganisationFactory(), holds=[Role.SECURITY_ADMIN])
    with pytest.raises(ActionRefused, match="lock you out"):
        set_sign_in_rules(
            organisation=admin.organisation, networks=["10.0.0.0/8"], open_from=None, open_until=None,
            address="127.0.0.1", by=admin,
        )  # fmt: skip


def test_only_security_administrators_set_them() -> None:
    with pytest.raises(PermissionDenied):
        set_sign_in_rules(
            organisation=f.OrganisationFactory(), networks=[], open_from=None, open_until=None,
            address="127.0.0.1", by=f.AccountFactory(holds=[Role.SYSTEM_ADMIN]),
        )  # fmt: skip


def test_the_form_names_the_line_at_fault_and_keeps_what_was_typed() -> None:
    body = f.OrganisationFactory()
    client = sign_in(f.AccountFactory(organisation=f.OrganisationFactory(), holds=[Role.SECURITY_ADMIN]))
    page = client.post(f"/sign-in-rules/{body.code}/", {"networks": "10.0.0.0/8\nten.one", "open_from": "09:00"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "ten.one" in text
    assert "第2行" in text
    done = client.post(
        f"/sign-in-rules/{body.code}/", {"networks": "10.0.0.0/8", "open_from": "09:00", "open_until": "18:00"}
    )
    assert done.status_code == 302
    body.refresh_from_db()
    assert (body.networks, body.open_from, body.open_until) == (["10.0.0.0/8"], NINE, SIX)
