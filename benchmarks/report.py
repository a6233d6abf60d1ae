"""A one-page report, from the person's request to the signed and stored PDF, against bare WeasyPrint on the same HTML."""

from __future__ import annotations

import io
import statistics
from collections.abc import Iterator

from benchmarks import world
from benchmarks.figure import Figure, seconds

ROUNDS = 15


def measure() -> Iterator[Figure]:
    world.large()
    import pypdf
    import weasyprint
    from django.conf import settings

    from archive.models import Report
    from archive.reports import actions
    from profiles.common.permissions import System
    from profiles.models import Account, Person

    person = Person.objects.filter(entries=None).order_by("pk").first()
    assert person is not None, "one in 150 invented people has no entry"
    account = Account.objects.create_user("bench-person", full_name=person.name, person=person)
    css = settings.BASE_DIR / "templates" / "documents" / "document.css"
    worker = System("bench")
    issued: list[Report] = []

    def ours() -> None:
        report = actions.request_report(purpose="测试", by=account)
        actions.issue(report_id=report.pk, by=worker)
        issued.append(Report.objects.get(pk=report.pk))

    def bare(html: str) -> bytes:
        return weasyprint.HTML(string=html).write_pdf(stylesheets=[weasyprint.CSS(filename=str(css))])

    ours()
    html = actions.report_html(issued[0])
    bare(html)  # both have read fonts and templates before the clock starts
    mine, peer = [], []
    for _round in range(ROUNDS):
        mine.append(seconds(ours))
        peer.append(seconds(lambda: bare(html)))
    data = issued[-1].read_pdf()
    pages = len(pypdf.PdfReader(io.BytesIO(data)).pages)
    yield Figure(
        "report_vs_weasyprint",
        statistics.median(mine),
        "s",
        limit=1.3,
        peer=statistics.median(peer),
        note=f"limit on the ratio; {pages} page, {len(data) / 1024:.0f} KB, signed",
    )
