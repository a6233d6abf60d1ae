"""From the frozen content to HTML, picture and signed PDF: the same content gives the same pages."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.utils.translation import gettext, override

from archive.common import documents, fonts, signing
from archive.reports import timeline, wording
from archive.reports.compile import LANGUAGES
from archive.reports.models import Report


def report_html(report: Report) -> str:
    """The frozen content as HTML; the same content gives the same bytes."""
    if hashlib.sha256(report.content.encode()).hexdigest() != report.content_hash:
        raise ValueError(f"The content of report {report.pk} is not the one that was compiled.")
    content = json.loads(report.content)
    with override(LANGUAGES[report.language]):
        return documents.render_html(
            "documents/report.html",
            {
                "content": content,
                "timeline": _timeline(content),
                "qr": documents.qr_svg(report.signed_url),
                "verification_url": report.verification_url,
            },
        )


def _timeline(content: dict[str, Any]) -> str:
    """The picture of the adverse entries, or nothing."""

    def day(text: str, *, after: bool = False) -> dt.date | None:
        return dt.date.fromisoformat(text) + dt.timedelta(days=after) if text else None

    spans = [
        timeline.Span(
            label=row["name"],
            shown=(
                day(row["displayed_from"]) or dt.date.fromisoformat(row["document_date"]),
                day(row["displayed_until"], after=True),
            ),
            barred=(begin, day(row["barred_until"], after=True)) if (begin := day(row["barred_from"])) else None,
        )
        for row in content["adverse"]
    ]
    drawn = timeline.layout(spans, today=dt.date.fromisoformat(content["as_of"][:10]))
    if drawn is None:
        return ""
    words = {
        "shown": gettext("on display"),
        "barred": gettext("bar stated in the decision"),
        "now": gettext("as of this report"),
    }
    families = fonts.families(fonts.SANS, "Noto Sans CJK SC").replace('"', "")
    return documents.svg_uri("documents/timeline.svg", {"t": drawn, "families": families, **words})


def make_pdf(report: Report) -> signing.Signed:
    """Render and sign."""
    with override(LANGUAGES[report.language]):
        reason, place = wording.title(report.edition, report.group), gettext("Integrity archive")
    return signing.sign_pdf(documents.render_pdf(report_html(report)), reason=reason, location=place)
