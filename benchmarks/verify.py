"""The public verification page against a bare Django view that does the same single query, in requests a second.

Both go through the whole stack of middlewares as WSGI requests. The bare view finds the document by its code and answers with its
number; ours judges it, notes the use for its owner and in the trail, and renders the page. VERIFY_ROUNDS: how many requests.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from benchmarks import world
from benchmarks.figure import Figure

ROUNDS = int(os.environ.get("VERIFY_ROUNDS", "600"))
WARM_UP = 30


def measure() -> Iterator[Figure]:
    world.large()
    from django.conf import settings
    from django.test import Client
    from django.urls import path

    from archive.models import Report, VerificationUse
    from config import urls

    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify": "1000000/m/ip"}
    urls.urlpatterns.insert(0, path("bench/<slug:code>/", _bare_view()))
    code = _report().verification_code
    client = Client()
    before = VerificationUse.objects.count()
    ours, bare = [], []
    for place in range(WARM_UP + ROUNDS):
        for times, address in ((ours, f"/verify/{code}/"), (bare, f"/bench/{code}/")):
            started = perf_counter()
            response = client.get(address)
            times.append(perf_counter() - started)
            assert response.status_code == 200, (place, address)
    assert VerificationUse.objects.count() - before == WARM_UP + ROUNDS, "each look is noted"
    assert Report.objects.filter(verification_code=code).exists()
    mine, peer = (1 / statistics.median(times[WARM_UP:]) for times in (ours, bare))
    yield Figure(
        "verify_vs_bare",
        mine,
        "requests/s",
        limit=0.6,
        peer=peer,
        note=f"limit on the ratio, at least; {ROUNDS} rounds in turn",
    )


def _bare_view() -> Any:
    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404

    from archive.models import Report

    def view(request: Any, code: str) -> HttpResponse:
        report = get_object_or_404(Report, verification_code=code)
        return HttpResponse(f"<p>{report.number}</p>")

    return view


def _report() -> Any:
    from archive.models import Report
    from archive.reports import actions
    from profiles.common.permissions import System
    from profiles.models import Account, Person

    person = Person.objects.order_by("-pk").first()
    account = Account.objects.create_user("bench-verify", full_name=person.name, person=person)
    report = actions.request_report(wish=actions.Wish(purpose="测试"), by=account)
    actions.issue(report_id=report.pk, by=System("bench"))
    return Report.objects.get(pk=report.pk)
