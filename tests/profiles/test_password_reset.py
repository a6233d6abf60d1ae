"""A forgotten password: a link by e-mail, once; the second factor stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from profiles.models import Account, AuditEvent
from tests import factories as f

pytestmark = pytest.mark.django_db
ASK = "/accounts/password/reset/"


@pytest.fixture
def account() -> Account:
    made: Account = f.AccountFactory(email="mei@example.org", username="mei")
    return made


def link() -> str:
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def choose(client: Client, password: str) -> Any:
    page = client.get(link(), follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_the_link_sets_a_new_password_once_and_the_trail_notes_it(client: Client, account: Account) -> None:
    asked = client.post(ASK, {"email": "mei@example.org"}, follow=True)
    assert asked.status_code == 200
    assert mail.outbox[0].to == ["mei@example.org"]
    assert mail.outbox[0].subject == "个人诚信档案：设置新密码"
    assert choose(client, "quite-another-word").status_code == 302
    account.refresh_from_db()
    assert account.check_password("quite-another-word")
    assert AuditEvent.objects.filter(verb="account.password_reset").count() == 1
    again = Client().get(link(), follow=True).content.decode()
    assert "链接已使用过" in again


def test_the_second_factor_is_asked_for_afterwards(client: Client, account: Account) -> None:
    TOTP.activate(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.post(ASK, {"email": "mei@example.org"})
    choose(client, "quite-another-word")
    client.post("/accounts/login/", {"login": "mei", "password": "quite-another-word"})
    assert client.get("/desk/").status_code == 302, "the password alone lets nobody in"
    assert client.get("/accounts/2fa/authenticate/").status_code == 200


def test_a_weak_password_is_refused_with_the_reason(client: Client, account: Account) -> None:
    client.post(ASK, {"email": "mei@example.org"})
    page = choose(client, "12345")
    assert page.status_code == 200
    assert "10" in page.content.decode()
    account.refresh_from_db()
    assert not account.check_password("12345")


def test_an_unknown_address_gets_no_mail_and_the_page_does_not_tell(client: Client, account: Account) -> None:
    known = client.post(ASK, {"email": "mei@example.org"}, follow=True)
    unknown = client.post(ASK, {"email": "nobody@example.org"}, follow=True)
    assert len(mail.outbox) == 1
    assert known.redirect_chain == unknown.redirect_chain
    assert "example.org" not in unknown.content.decode()


def test_the_sign_in_page_leads_there(client: Client) -> None:
    assert client.get("/accounts/login/").content.decode().count(f'href="{ASK}"') == 1
