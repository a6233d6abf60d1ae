"""Another system of a body, as it speaks to the interface: over a socket, or through Django's client."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from archive.models import ApiKey
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import MATTER, examiner

_tokens = itertools.count(1)


@dataclass
class Reply:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def question(person: Any = None, **changed: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"group": "TEA", "event": "access", "matter_number": MATTER}
    if person is not None:
        asked |= {"name": person.name, "identity_number": person.identities.first().number}
    return asked | changed


@dataclass
class System:
    """`base`: of a live server; without it Django's client is asked."""

    key: ApiKey
    base: str = ""

    @classmethod
    def make(cls, base: str = "", by: Account | None = None, **key: Any) -> System:
        by = by or examiner()
        return cls(f.ApiKeyFactory(organisation=by.organisation, account=by, **key), base)

    def send(
        self, method: str, path: str, body: Any = None, *, token: str | None = "", key: str | None = None, **more: Any
    ) -> Reply:
        """`token`: of the request; "" makes a new one, None sends none."""
        headers = {"Authorization": f"Bearer {key or f.token(self.key)}", "Accept-Language": "en", **more}
        if token is not None and method == "POST":
            headers["Idempotency-Key"] = token or f"test-request-{next(_tokens)}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if self.base:
            return self._over_http(method, path, data, headers)
        response = Client().generic(
            method, f"/api/v1{path}", data or b"", content_type="application/json", headers=headers
        )
        text = response.content.decode()
        return Reply(response.status_code, json.loads(text) if text else None, dict(response.items()))

    def _over_http(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Reply:
        headers = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(f"{self.base}/api/v1{path}", data, headers, method=method)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=30) as response:
                return Reply(response.status, json.load(response), dict(response.headers))
        except urllib.error.HTTPError as error:
            return Reply(error.code, json.load(error), dict(error.headers))

    def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return self.send("POST", path, body, **more)

    def get(self, path: str, **more: Any) -> Reply:
        return self.send("GET", path, **more)
