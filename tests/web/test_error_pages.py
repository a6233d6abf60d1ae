"""Pages for what goes wrong: in the reader's language, with a way on, and telling nothing that is not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, override_settings
from django.urls import include, path

from profiles.accounts.permissions import Role
from tests.numbers import resident
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

NUMBER = resident()


def broken(request: Any) -> Any:
    raise RuntimeError(f"about {NUMBER}")


def odd(request: Any) -> Any:
    raise SuspiciousOperation(f"about {NUMBER}")


def closed(request: Any) -> Any:
    raise PermissionDenied(f"about {NUMBER}")


urlpatterns = [
    path("broken/", broken),
    path("odd/", odd),
    path("closed/", closed),
    path("", include("config.urls")),
]
handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

PAGES = [
    ("/broken/", 500, "系统出错", "An error of ours"),
    ("/odd/", 400, "无法", "cannot be read"),
    ("/closed/", 403, "无权", "not open to you"),
    ("/nothing-here/", 404, "没有", "nothing here"),
]


@pytest.mark.parametrize(("address", "status", "chinese", "english"), PAGES)
@override_settings(ROOT_URLCONF=__name__)
def test_an_error_page_speaks_the_readers_language_and_leads_on(
    address: str, status: int, chinese: str, english: str
) -> None:
    browser = Client(raise_request_exception=False)
    said = browser.get(address, headers={"accept-language": "zh-CN"})
    assert said.status_code == status
    page = said.content.decode()
    assert chinese in page
    assert 'href="/"' in page
    assert NUMBER not in page
    assert "Traceback" not in page
    assert english in browser.get(address, headers={"accept-language": "en"}).content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_the_log_of_an_error_masks_the_number(capfd: pytest.CaptureFixture[str], caplog: Any) -> None:
    import logging

    from profiles.common.logging import MaskIdentityNumbers

    caplog.handler.addFilter(MaskIdentityNumbers())
    with caplog.at_level(logging.ERROR):
        Client(raise_request_exception=False).get("/broken/")
    assert "RuntimeError" in caplog.text
    assert NUMBER not in caplog.text


def test_a_foreign_object_and_one_that_is_not_there_look_the_same() -> None:
    world = World.make()
    clerk = sign_in(world.others[Role.CLERK])
    foreign = clerk.get(f"/record/{world.batch().code}/")
    missing = clerk.get("/record/B-AAAAAAAAAA/")
    assert (foreign.status_code, missing.status_code) == (404, 404)

    def told(answer: Any) -> str:
        page = answer.content.decode()
        return page[page.index("<main") : page.index("</main>")]

    assert told(foreign) == told(missing)


def test_a_form_that_was_open_too_long_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/activate/", {}, headers={"accept-language": "zh-CN"})
    assert answer.status_code == 403
    assert "表单" in answer.content.decode()
