"""The public verification page against bare Django views that do the same single query, in requests a second.

All go through the whole stack of middlewares as WSGI requests, in turn. The bare views find the document by its code; the peer then
renders the same page, which is Django's work and not ours, and the naked one of the note answers with a number and no page. Ours
also limits the address, finds the number's last four, and notes the use for its owner and in the trail. VERIFY_ROUNDS: how many.
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
    from django.test import Client
    from django.urls import path

    from archive.models import Report, VerificationUse
    from config import urls

    for name, view in (("bare", _bare_view()), ("naked", _naked_view())):
        urls.urlpatterns.insert(0, path(f"bench/{name}/<slug:code>/", view))
    code = _report().verification_code
    client = Client()
    before = VerificationUse.objects.count()
    times: dict[str, list[float]] = {"verify": [], "bench/bare": [], "bench/naked": []}
    for place in range(WARM_UP + ROUNDS):
        for where, taken in times.items():
            # Each look from an address of its own: the limit is counted and never reached.
            address = f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
            started = perf_counter()
            response = client.get(f"/{where}/{code}/", REMOTE_ADDR=address)
            taken.append(perf_counter() - started)
            assert response.status_code == 200, (place, where)
    assert VerificationUse.objects.count() - before == WARM_UP + ROUNDS, "each look is noted"
    assert Report.objects.filter(verification_code=code).exists()
    rates = {where: 1 / statistics.median(taken[WARM_UP:]) for where, taken in times.items()}
    yield Figure(
        "verify_vs_bare",
        rates["verify"],
        "requests/s",
        limit=0.6,
        peer=rates["bench/bare"],
        note=f"limit on the ratio, at least; without a page {rates['bench/naked']:.4g} requests/s; {ROUNDS} rounds in turn",
    )


def _bare_view() -> Any:
    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404, render
    from django.utils import timezone

    from archive.models import Report
    from archive.reports.verify import Verdict, Verified
    from archive.reports.views.public import MEANINGS

    def view(request: Any, code: str) -> HttpResponse:
        report = get_object_or_404(Report, verification_code=code)
        said = Verified(
            Verdict.VALID, kind="report", number=report.number, issued_at=report.issued_at,
            valid_until=report.valid_until, identity_tail="0000", sha256=report.sha256,
        )  # fmt: skip
        shown = {"result": said, "meaning": MEANINGS[Verdict.VALID], "now": timezone.now(), "key": ""}
        return render(request, "verify/verdict.html", shown)

    return view


def _naked_view() -> Any:
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
    account, _made = Account.objects.get_or_create(
        username="bench-verify", defaults={"full_name": person.name, "person": person}
    )
    report = actions.request_report(wish=actions.Wish(purpose="测试"), by=account)
    actions.issue(report_id=report.pk, by=System("bench"))
    return Report.objects.get(pk=report.pk)
