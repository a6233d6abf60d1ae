"""Pages work without scripts, are not kept where they show persons, and forms say where and how to mend."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from archive.models import Batch
from profiles.accounts.permissions import Role
from tests import factories as f
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

FIELD_LINK = re.compile(r'<li><a href="#(\w+)">([^<·]+) · ([^<]+)</a></li>')


@pytest.fixture
def world() -> World:
    return World.make()


# Scripts


def test_progress_is_a_page_of_its_own_and_a_part_for_the_script(world: World) -> None:
    clerk = sign_in(world.accounts[Role.CLERK])
    batch = f.BatchFactory(
        organisation=world.school, uploaded_by=world.accounts[Role.CLERK], state=Batch.State.READING, rows_total=9
    )
    address = f"/record/{batch.code}/"
    page, part = clerk.get(address), clerk.get(address, headers={"hx-request": "true"})
    assert page.content.startswith(b"<!doctype html>")
    assert b"<html" not in part.content
    inner = re.search(r'<div id="batch".*</div>', part.content.decode(), re.DOTALL)[0]
    assert re.sub(r"\s|csrfmiddlewaretoken\S+ value=\S+", "", inner[:300]) in re.sub(
        r"\s|csrfmiddlewaretoken\S+ value=\S+", "", page.content.decode()
    )
    assert 'hx-trigger="every 1s"' in inner
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.CANCELLED)
    assert b"hx-trigger" not in clerk.get(address, headers={"hx-request": "true"}).content  # and then it is quiet


def test_every_act_is_an_ordinary_form(world: World) -> None:
    """htmx refreshes progress and does nothing else: without scripts every act is still there."""
    from tests.conftest import ROOT

    used = {
        attribute
        for template in (ROOT / "templates").rglob("*.html")
        for attribute in re.findall(r"\bhx-[a-z-]+", template.read_text(encoding="utf-8"))
    }
    assert used == {"hx-get", "hx-trigger", "hx-swap"}


# Keeping


def test_no_page_about_persons_is_kept_by_browsers(world: World) -> None:
    entry = world.entry()
    looks = {
        Role.CLERK: [f"/record/{world.batch().code}/", f"/entries/{entry.record.number}/", "/people/", "/entries/?_export=csv"],
        Role.EXAMINER: [f"/check/answers/{world.decided().code}/", "/check/"],
        Role.PERSON: ["/my/", "/my/queries/", "/my/notices/", f"/my/pledges/{world.pledge().number}/pdf/"],
        Role.AUDITOR: ["/trail/", "/register/", "/trail/export/"],
    }  # fmt: skip
    for role, addresses in looks.items():
        browser = sign_in(world.accounts[role])
        for address in addresses:
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert "no-store" in answer.headers["Cache-Control"], address


@pytest.mark.parametrize("address", ["/activate/", "/verify/", "/verify/0000-0000-0000-0000/"])
def test_pages_on_which_codes_are_typed_are_not_kept(address: str) -> None:
    assert "no-store" in Client().get(address).headers["Cache-Control"]


# Forms


def refused(browser: Client, address: str, data: dict[str, Any]) -> str:
    answer = browser.post(address, data, headers={"accept-language": "zh-CN"})
    assert answer.status_code == 422
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "address", "data", "fields"),
    [
        (Role.CLERK, "/record/upload/", {}, {"id_file"}),
        (Role.CLERK, "/people/enrol/", {}, {"id_name", "id_identity"}),
        (Role.EXAMINER, "/check/person/", {"identity": "123"}, {"id_purpose", "id_matter_number", "id_name", "id_identity"}),
        (Role.EXAMINER, "/check/list/", {}, {"id_purpose", "id_matter_number", "id_file"}),
        (Role.PERSON, "/my/authorisations/new/", {}, {"id_organisation"}),
        (Role.PERSON, "/my/pledges/sign/APPLY-GENERAL/", {}, {"id_agreed"}),
        (Role.SYSTEM_ADMIN, "/staff/new/", {}, {"id_username", "id_full_name", "id_organisation"}),
        (Role.SYSTEM_ADMIN, "/organisations/new/", {"code": "1"}, {"id_code", "id_name"}),
        (None, "/activate/", {"identity": "1"}, {"id_code", "id_name", "id_identity", "id_username", "id_password"}),
    ],
)  # fmt: skip
def test_an_error_names_the_field_leads_to_it_and_says_what_to_do(
    world: World, role: Role | None, address: str, data: dict[str, Any], fields: set[str]
) -> None:
    page = refused(Client() if role is None else sign_in(world.accounts[role]), address, data)
    told = {field: (label, sentence) for field, label, sentence in FIELD_LINK.findall(page)}
    assert fields <= set(told)
    assert 'role="alert"' in page
    for field, (label, sentence) in told.items():
        assert re.search(r"[\u4e00-\u9fff]", label), (field, label)
        assert re.search(r"[\u4e00-\u9fff].*。", sentence), (field, sentence)
        assert re.search(rf'id="{field}"', page), field


def test_a_missing_signature_is_asked_for_without_a_link_to_what_nobody_sees(world: World) -> None:
    page = refused(sign_in(world.accounts[Role.PERSON]), "/my/pledges/sign/APPLY-GENERAL/", {"agreed": "on"})
    assert re.search(r"<li>[^<]*签[^<]*。</li>", page)
    assert 'href="#id_drawing"' not in page


def test_a_refused_form_keeps_what_was_typed_but_no_secret(world: World) -> None:
    page = refused(Client(), "/activate/", {"username": "zhang-san", "password": "geheim-geheim", "code": "ABCD"})
    assert 'value="zhang-san"' in page
    assert "geheim-geheim" not in page


# Where sessions end


def test_leaving_ends_an_open_session_on_the_day(world: World) -> None:
    import datetime as dt

    from django.utils import timezone

    from profiles.accounts.actions import set_leaving_date

    clerk = world.accounts[Role.CLERK]
    browser = sign_in(clerk)
    assert browser.get("/record/").status_code == 200
    today = timezone.localdate()
    administrator = world.accounts[Role.SYSTEM_ADMIN]
    set_leaving_date(account=clerk, left_on=today + dt.timedelta(days=1), by=administrator)
    assert browser.get("/record/").status_code == 200
    set_leaving_date(account=clerk, left_on=today, by=administrator)
    assert browser.get("/record/").headers["Location"].startswith("/accounts/login/")
    set_leaving_date(account=clerk, left_on=None, by=administrator)
    assert browser.get("/record/").status_code == 302  # the session itself is over
