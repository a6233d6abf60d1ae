"""Who asks: the key, its body's sign-in rules, and how often. The account that the key names is the one who acts."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from typing import Any, NoReturn

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from archive.api import actions
from archive.api.models import ApiKey
from archive.api.problems import ApiProblem
from profiles.accounts.models import Account
from profiles.common.permissions import Permission, System, can
from profiles.common.views import client_address
from profiles.organisations.rules import may_work

_FORM = re.compile(r"(K-[0-9A-Z]{10})\.([0-9A-Z]{32})")


class KeyAuth(HttpBearer):
    """`Authorization: Bearer K-….…`. Puts the key into `request.auth`; `request.auth.account` acts."""

    openapi_bearerFormat = "code.secret"

    def __call__(self, request: HttpRequest) -> Any:
        key = super().__call__(request)
        if key is None:
            _turn_away(request, "key_missing")
        return key

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        parts = _FORM.fullmatch(token)
        key = ApiKey.objects.with_its_actor(parts[1]) if parts else None
        if key is None or parts is None or not hmac.compare_digest(bytes(key.secret_hash), hash_of(parts[2])):
            _turn_away(request, "key_unknown")
        refusal = _refusal(key, request)
        if refusal:
            _turn_away(request, refusal, key=key)
        if not meter.admits(key):
            raise ApiProblem("too_many_requests")
        key.account.through = key.code
        return key


def hash_of(secret: str) -> bytes:
    """160 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def need(request: Any, reach: ApiKey.Reach) -> Account:
    """The account that acts, if the key reaches this far."""
    if reach not in request.auth.reach:
        raise ApiProblem("reach")
    account: Account = request.auth.account
    return account


def _refusal(key: ApiKey, request: HttpRequest) -> str:
    now = timezone.localtime()
    account, body = key.account, key.account.organisation
    state = key.state_on(now.date())
    if state != "live":
        return f"key_{state}"
    if body is None or body.pk != key.organisation_id or not can(account, Permission.CHECK_PERSON):
        return "account_left"
    if body.ended_on is not None and body.ended_on <= now.date():
        return "account_left"
    if body.networks or body.open_from:
        return (
            may_work(
                networks=body.networks,
                open_from=body.open_from,
                open_until=body.open_until,
                address=client_address(request),
                at=now.time(),
            )
            or ""
        )
    return ""


def _turn_away(request: HttpRequest, code: str, *, key: ApiKey | None = None) -> NoReturn:
    """A known key that is refused stands in the trail; who guesses is slowed down, and fills no trail."""
    if not ratelimit.consume(request, action="api_key"):
        raise ApiProblem("too_many_failures")
    if key is not None:
        actions.note_refusal(key=key, rule=code, by=System("interface"))
    raise ApiProblem(code)


class Meter:
    """Counts a key's requests of a minute. The count is shared by all processes, drawn in small lots: never more than allowed,
    a few lots less when many processes share a key."""

    def __init__(self) -> None:
        self._lots: dict[int, tuple[dt.datetime, int]] = {}

    def admits(self, key: ApiKey) -> bool:
        now = timezone.now()
        minute = now.replace(second=0, microsecond=0)
        begun, left = self._lots.get(key.pk, (minute, 0))
        if begun != minute or left <= 0:
            lot = max(1, min(20, key.per_minute // 20))
            drawn = ApiKey.objects.draw(key.pk, minute=minute, count=lot, now=now)
            if drawn > key.per_minute:
                return False
            left = lot
        self._lots[key.pk] = (minute, left - 1)
        return True


meter = Meter()
