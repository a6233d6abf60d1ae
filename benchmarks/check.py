"""Server time of a single check, from the posted form to the redirect, in the world of a million people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from time import perf_counter

from benchmarks import world
from benchmarks.figure import Figure, percentile

WARM_UP, ROUNDS = 30, 600


def measure() -> Iterator[Figure]:
    world.huge()
    from django.test import Client
    from django.urls import reverse

    from archive.management.commands.bench_data import name_of, numbers_of
    from archive.models import Answer, QueryLine
    from profiles.models import Account

    client = Client()
    client.force_login(
        Account.objects.get(username="bench-examiner"), backend="profiles.accounts.backends.AccountBackend"
    )
    session = client.session
    session["second_factor"] = True
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
    session.save()
    numbers = list(numbers_of(world.ALL_PEOPLE))
    choose = random.Random(7)
    address = reverse("vetoes:check_person")
    before = (Answer.objects.count(), QueryLine.objects.count())
    times = []
    for n in range(WARM_UP + ROUNDS):
        who = choose.randrange(world.ALL_PEOPLE)
        form = {
            "name": name_of(who),
            "identity": numbers[who][0],
            "purpose": "TEA:access",
            "matter_number": f"压测〔2026〕{n}号",
        }
        started = perf_counter()
        response = client.post(address, form)
        times.append(perf_counter() - started)
        assert response.status_code == 302, response.content.decode()
    after = (Answer.objects.count(), QueryLine.objects.count())
    assert [b - a for a, b in zip(before, after, strict=True)] == [WARM_UP + ROUNDS] * 2, "each check leaves its lines"
    yield Figure(
        "check_p95_ms",
        percentile(times[WARM_UP:], 95) * 1000,
        "ms",
        limit=50,
        note=f"{ROUNDS} checks, median {percentile(times[WARM_UP:], 50) * 1000:.3g} ms",
    )
