"""A two-page Chinese report from the person's request to the signed and stored PDF: compile, render, sign, store.

`report_vs_weasyprint` is the median against bare WeasyPrint on the same HTML, which has its stylesheet parsed and its fonts open
like ours, round by round in turn so that a busy machine slows both. `report_p95_ms` is the 95th percentile of ours. REPORT_ROUNDS
sets the number of rounds.
"""

from __future__ import annotations

import io
import os
import statistics
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from benchmarks import world
from benchmarks.figure import Figure, percentile

ROUNDS = int(os.environ.get("REPORT_ROUNDS", "100"))
WARM_UP = 3
PAGES = 2


def measure() -> Iterator[Figure]:
    world.large()
    import pypdf

    from archive.models import Report
    from archive.reports import actions, render
    from profiles.common.permissions import System

    worker, bare = System("bench"), _bare()
    mine, peer, sizes = [], [], []
    for account in _owners(ROUNDS + WARM_UP):
        started = perf_counter()
        report = actions.request_report(wish=actions.Wish(purpose="测试"), by=account)
        actions.issue(report_id=report.pk, by=worker)
        mine.append(perf_counter() - started)
        report = Report.objects.get(pk=report.pk)
        html = render.report_html(report)
        started = perf_counter()
        bare(html)
        peer.append(perf_counter() - started)
        data = report.read_pdf()
        assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == PAGES
        sizes.append(len(data))
    mine, peer = mine[WARM_UP:], peer[WARM_UP:]
    yield Figure(
        "report_vs_weasyprint",
        statistics.median(mine),
        "s",
        limit=1.25,
        peer=statistics.median(peer),
        note=f"limit on the ratio; {PAGES} pages, {ROUNDS} rounds, largest {max(sizes) / 1024:.0f} KB, signed",
    )
    yield Figure(
        "report_p95_ms",
        percentile(mine, 95) * 1000,
        "ms",
        limit=300,
        note=f"warm, median {statistics.median(mine) * 1000:.0f} ms",
    )


def _bare() -> Any:
    """WeasyPrint alone, with the fonts of the system."""
    import weasyprint
    from django.conf import settings
    from weasyprint.text.fonts import FontConfiguration

    css = (settings.BASE_DIR / "templates" / "documents" / "document.css").read_text(encoding="utf-8")
    css = css.replace("var(--sans)", '"Noto Sans CJK SC", sans-serif').replace(
        "var(--serif)", '"Noto Serif CJK SC", serif'
    )
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(string=css, font_config=fonts)

    def write(html: str) -> bytes:
        made: bytes = weasyprint.HTML(string=html).write_pdf(stylesheets=[sheet], font_config=fonts)
        return made

    return write


def _owners(count: int) -> Iterator[Any]:
    """An account each for invented people with two entries on display: that makes two pages."""
    from django.db.models import Count
    from django.utils import timezone

    from archive.models import Entry
    from profiles.models import Account, Person

    shown = Entry.objects.displayed_on(timezone.localdate()).values("person_id").annotate(n=Count("pk")).filter(n=2)
    people = Person.objects.filter(pk__in=shown.values("person_id")).order_by("pk")[:count]
    assert len(people) == count
    for n, person in enumerate(people):
        yield Account.objects.get_or_create(
            username=f"bench-person-{n}", defaults={"full_name": person.name, "person": person}
        )[0]
