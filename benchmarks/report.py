"""A one-page report, from the person's request to the signed and stored PDF, against bare WeasyPrint on the same HTML."""

from __future__ import annotations

import io
import statistics
from collections.abc import Iterator
from time import perf_counter

from benchmarks import world
from benchmarks.figure import Figure

ROUNDS = 15


def measure() -> Iterator[Figure]:
    world.large()
    import pypdf
    import weasyprint
    from django.conf import settings

    from archive.models import Report
    from archive.reports import actions, render
    from profiles.common.permissions import System
    from profiles.models import Account, Person

    people = Person.objects.filter(entries=None).order_by("pk")[: ROUNDS + 1]
    assert len(people) == ROUNDS + 1, "one in 150 invented people has no entry"
    css = settings.BASE_DIR / "templates" / "documents" / "document.css"
    worker = System("bench")

    def ours(account: Account) -> Report:
        report = actions.request_report(wish=actions.Wish(purpose="测试"), by=account)
        actions.issue(report_id=report.pk, by=worker)
        return Report.objects.get(pk=report.pk)

    def bare(html: str) -> bytes:
        return weasyprint.HTML(string=html).write_pdf(stylesheets=[weasyprint.CSS(filename=str(css))])

    mine, peer = [], []
    for n, person in enumerate(people):  # a person each: whoever asks twice has a query record and a longer report
        account = Account.objects.create_user(f"bench-person-{n}", full_name=person.name, person=person)
        started = perf_counter()
        report = ours(account)
        mine.append(perf_counter() - started)
        html = render.report_html(report)
        started = perf_counter()
        bare(html)
        peer.append(perf_counter() - started)
    # The first round is not counted: both have read fonts and templates before the clock starts.
    mine, peer = mine[1:], peer[1:]
    data = report.read_pdf()
    pages = len(pypdf.PdfReader(io.BytesIO(data)).pages)
    yield Figure(
        "report_vs_weasyprint",
        statistics.median(mine),
        "s",
        limit=1.3,
        peer=statistics.median(peer),
        note=f"limit on the ratio; {pages} page(s), {len(data) / 1024:.0f} KB, signed",
    )
