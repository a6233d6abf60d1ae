"""Keys: made once, shown once, bounded by examiner, reach, dates, networks, hours and a meter; refused with a sentence."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.api import actions, auth
from archive.models import ApiKey, Check
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from tests import factories as f
from tests.archive.checking import examiner
from tests.archive.systems import System, question
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_meter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "meter", auth.Meter())


def administrator() -> Any:
    return f.AccountFactory(holds=[Role.SYSTEM_ADMIN])


def make(**changed: Any) -> tuple[ApiKey, str]:
    values: dict[str, Any] = {
        "account": examiner(),
        "name": "业务系统",
        "reach": ["check"],
        "per_minute": 600,
        "valid_until": timezone.localdate() + dt.timedelta(days=90),
        "by": administrator(),
    }
    return actions.make_key(**{**values, **changed})


def test_the_secret_is_shown_once_and_not_kept() -> None:
    key, token = make()
    assert re.fullmatch(r"K-[0-9A-Z]{10}\.[0-9A-Z]{32}", token)
    secret = token.partition(".")[2]
    assert secret.encode() not in bytes(key.secret_hash)
    assert secret not in str(AuditEvent.objects.get(verb=Verb.KEY_MADE).details)
    assert System(key).post("/checks", question(f.PersonFactory()), key=token).status == 200


def test_only_a_system_administrator_makes_keys_and_only_for_examiners() -> None:
    with pytest.raises(PermissionDenied):
        make(by=examiner())
    with pytest.raises(ActionRefused, match="names an examiner"):
        make(account=f.AccountFactory(holds=[Role.CLERK]))
    for day in (0, 367):
        with pytest.raises(ActionRefused, match="a year at most"):
            make(valid_until=timezone.localdate() + dt.timedelta(days=day))


def test_the_database_takes_no_key_that_reaches_nothing_or_is_half_revoked() -> None:
    for wrong in ({"reach": []}, {"per_minute": 0}, {"revoked_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            f.ApiKeyFactory(**wrong)


def refused(system: System, code: str, status: int, **more: Any) -> None:
    reply = system.post("/checks", question(f.PersonFactory()), **more)
    assert (reply.status, reply.body["code"]) == (status, code)
    assert not Check.objects.exists()


def test_without_a_right_key_nothing_is_answered() -> None:
    system = System.make()
    right = f.token(system.key)
    refused(system, "key_missing", 401, Authorization="Basic abc")
    for wrong in ("K-0000000000." + "0" * 32, right[:-1] + "1", right + "0", right.lower(), "x"):
        refused(system, "key_unknown", 401, key=wrong)


def test_a_revoked_and_an_expired_key_open_nothing_and_stand_in_the_trail() -> None:
    system = System.make(valid_until=timezone.localdate() - dt.timedelta(days=1))
    refused(system, "key_expired", 401)
    system = System.make()
    actions.revoke_key(key=system.key, by=administrator())
    refused(system, "key_revoked", 401)
    assert [event.details["rule"] for event in AuditEvent.objects.filter(verb=Verb.KEY_REFUSED).order_by("at")] == [
        "key_expired",
        "key_revoked",
    ]
    with pytest.raises(ActionRefused, match="revoked already"):
        actions.revoke_key(key=system.key, by=administrator())


def test_a_key_ends_with_the_examiners_employment_role_and_body() -> None:
    left = System.make()
    left.key.account.left_on = timezone.localdate()
    left.key.account.save()
    refused(left, "account_left", 403)
    demoted = System.make()
    demoted.key.account.role_grants.update(revoked_at=timezone.now(), revoked_by=administrator())
    refused(demoted, "account_left", 403)
    moved = System.make()
    moved.key.account.organisation = f.OrganisationFactory()
    moved.key.account.save()
    refused(moved, "account_left", 403)
    ended = System.make()
    ended.key.organisation.ended_on = timezone.localdate()
    ended.key.organisation.save()
    refused(ended, "account_left", 403)


def test_the_bodys_networks_and_hours_hold_for_its_systems() -> None:
    system = System.make()
    body = system.key.organisation
    body.networks = ["10.9.0.0/16"]
    body.save()
    refused(system, "network", 403)
    now = timezone.localtime()
    opening = (now + dt.timedelta(hours=2)).time() if now.hour < 21 else dt.time(0, 0)
    body.networks, body.open_from, body.open_until = [], opening, dt.time(opening.hour, opening.minute, 59)
    if body.open_from >= body.open_until:
        body.open_until = dt.time(opening.hour, opening.minute, 59, 999999)
    body.save()
    refused(system, "hours", 403)
    body.open_from = body.open_until = None
    body.networks = ["127.0.0.0/8"]
    body.save()
    assert system.post("/checks", question(f.PersonFactory())).status == 200


def test_a_key_reaches_only_so_far() -> None:
    system = System.make(reach=["list"])
    refused(system, "reach", 403)
    system = System.make(reach=["check"])
    assert system.post("/check-lists", question(rows=[])).body["code"] == "reach"
    assert system.get("/check-lists/C-000000000000").body["code"] == "reach"


def test_a_key_is_slowed_down_across_processes() -> None:
    system = System.make(per_minute=5)
    person = f.PersonFactory()
    statuses = [system.post("/checks", question(person)).status for _request in range(4)]
    auth.meter = auth.Meter()  # another process
    replies = [system.post("/checks", question(person)) for _request in range(3)]
    assert statuses + [reply.status for reply in replies] == [200] * 5 + [429] * 2
    assert replies[-1].headers["Retry-After"] == "60"
    system.key.refresh_from_db()
    assert system.key.last_used_at is not None


def test_a_new_minute_begins_with_a_full_measure() -> None:
    key = f.ApiKeyFactory(per_minute=2)
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    assert ApiKey.objects.draw(key.pk, minute=minute, count=2, now=now) == 2
    assert ApiKey.objects.draw(key.pk, minute=minute, count=1, now=now) == 3
    assert ApiKey.objects.draw(key.pk, minute=minute + dt.timedelta(minutes=1), count=1, now=now) == 1


def test_who_guesses_is_slowed_down(settings: Any) -> None:
    from django.core.cache import cache

    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "api_key": "3/m/ip"}
    system = System.make()
    codes = [system.post("/checks", {}, key="K-0000000000." + "1" * 32).body["code"] for _guess in range(5)]
    assert codes == ["key_unknown"] * 3 + ["too_many_failures"] * 2
    cache.clear()


# the pages of the system administrator


def test_making_and_revoking_on_the_pages() -> None:
    world = World.make()
    browser = sign_in(world.accounts[Role.SYSTEM_ADMIN])
    target = world.accounts[Role.EXAMINER]
    form = {
        "account": target.pk,
        "name": "教师资格系统",
        "reach": ["check", "list"],
        "per_minute": 600,
        "valid_until": (timezone.localdate() + dt.timedelta(days=90)).isoformat(),
    }
    first = browser.post("/keys/new/", form)
    assert first.status_code == 200
    assert not ApiKey.objects.exists()
    assert "What will happen" in first.content.decode() or "confirmed" in first.content.decode()
    made = browser.post("/keys/new/", {**form, "confirmed": "1"})
    key = ApiKey.objects.get()
    token = re.search(r"K-[0-9A-Z]{10}\.[0-9A-Z]{32}", made.content.decode())
    assert token
    assert token[0].startswith(key.code)
    assert "no-store" in made["Cache-Control"]
    detail = browser.get(f"/keys/{key.code}/").content.decode()
    assert token[0] not in detail
    assert key.code in detail
    assert System(key).post("/checks", question(f.PersonFactory()), key=token[0]).status == 200
    browser.post(f"/keys/{key.code}/revoke/")
    assert System(key).post("/checks", {}, key=token[0]).body["code"] == "key_revoked"
