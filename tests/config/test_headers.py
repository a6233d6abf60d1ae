"""What every answer carries: a strict policy for scripts, closed frames, cookies that scripts cannot read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from profiles.accounts.permissions import Role
from tests.config.test_env import GOOD
from tests.conftest import ROOT
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/", "/about/", "/catalogue/", "/rules/", "/verify/", "/verify/0000-0000-0000-0000/", "/calendar/", "/activate/",
    "/accounts/login/", "/nothing-here/", "/healthz",
]  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def policy(response: Any) -> set[str]:
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


def assert_strict(response: Any) -> None:
    assert policy(response) == {part.strip() for part in POLICY.split(";")}
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PUBLIC)
def test_open_pages_carry_the_policy(path: str) -> None:
    assert_strict(Client().get(path))


@pytest.mark.parametrize("role", list(Role))
def test_every_roles_first_page_carries_the_policy(role: Role) -> None:
    browser = sign_in(World.make().accounts[role])
    assert_strict(browser.get("/my/" if role == Role.PERSON else "/desk/"))
    assert_strict(browser.get(reverse("staff:roles")))  # 403 for most


def test_only_the_editors_own_pages_may_write_scripts_into_themselves() -> None:
    editor = sign_in(World.make().accounts[Role.EDITOR])
    there = policy(editor.get("/editor/"))
    assert "script-src 'self' 'unsafe-inline'" in there
    assert "frame-ancestors 'self'" in there
    assert "default-src 'none'" in there
    assert_strict(editor.get("/about/"))


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_needs_what_the_policy_forbids(path: str) -> None:
    page = Client().get(path).content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []


def test_cookies_are_out_of_reach_for_scripts_and_other_sites() -> None:
    browser = Client()
    browser.post("/preferences/large-type/", {"next": "/"})
    browser.get("/accounts/login/")
    assert browser.cookies["large_type"]["httponly"]
    account = World.make().accounts[Role.CLERK]
    session = sign_in(account).get("/desk/").cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", "")  # ends with the browser


def test_production_speaks_tls_only_and_marks_its_cookies(tmp_path: Path) -> None:
    asked = """
import django; django.setup()
from django.test import Client
plain = Client().get("/accounts/login/", HTTP_HOST="archive.example")
print(plain.status_code, plain.headers["Location"])
from django.conf import settings as s
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER[1], s.DEMO, s.DEBUG)
"""
    said = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={**GOOD, "ARCHIVE_VAR": str(tmp_path), "STATIC_ROOT": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.stdout.splitlines() == [
        "301 https://archive.example/accounts/login/",
        "True True 31536000 https False False",
    ], said.stderr


def test_a_foreign_host_is_not_answered(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["archive.example"]
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400


def test_going_on_never_leads_outside() -> None:
    answer = Client().post("/preferences/large-type/", {"next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
