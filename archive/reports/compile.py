"""What a report says: the fixed chapters, from the archive as it is shown on the day. Plain data, in the report's language."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext, override

from archive.access.models import QueryLine
from archive.catalogue.models import LegalBasis
from archive.pledges.models import Pledge
from archive.records.models import Dispute, Entry, PersonStatement
from archive.reports import wording
from archive.reports.models import Report
from profiles.common.bilingual import articles_zh, language_suffix
from profiles.organisations.models import Organisation
from profiles.people.models import IdentityDocument, Membership, PersonMerge

QUERY_YEARS = 2
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def shown_entries(report: Report) -> list[Entry]:
    """What is displayed about the person on the day, with what is displayed about those joined with it."""
    family = PersonMerge.objects.family(report.person_id)
    displayed = Entry.objects.with_details().filter(person_id__in=family).displayed_on(timezone.localdate(report.as_of))
    return list(displayed.order_by("-document_date", "pk"))


def compile_report(report: Report, entries: list[Entry]) -> dict[str, Any]:
    """The chapters of `report.person` as of `report.as_of`, with those of archives joined with it; `entries` as
    `shown_entries` gives them. No score; no birth date.

    The identity number is masked, and with it the birth date is left out: the two together would give the number away.
    Texts are in the report's language; names of bodies, documents and facts stay as they were written.
    """
    person, family = report.person, PersonMerge.objects.family(report.person_id)
    day = timezone.localdate(report.as_of)
    statements = dict(
        PersonStatement.objects.filter(record__in=[entry.record_id for entry in entries])
        .current()
        .values_list("record_id", "text")
    )
    disputes = Dispute.objects.open_by_record(entry.record_id for entry in entries)
    with override(LANGUAGES[report.language]):
        titles = {basis.code: basis.title for basis in LegalBasis.objects.all()}
        chapters = {
            "memberships": _memberships(family, report.group),
            "adverse": [_entry(entry, titles, statements, disputes) for entry in entries if entry.is_adverse],
            "positive": [_entry(entry, titles, statements, disputes) for entry in entries if not entry.is_adverse],
            "pledges": _pledges(family),
            # Who else looked is for the person alone.
            "queries": _queries(family, day) if report.answer is None else [],
        }
        return {
            "number": report.number,
            "edition": report.edition,
            "language": report.language,
            "title": wording.title(report.edition, report.group),
            "headings": wording.headings(report.group),
            "as_of": timezone.localtime(report.as_of).isoformat(timespec="seconds"),
            "valid_until": report.valid_until.isoformat(),
            "purpose": report.purpose,
            "reader": report.reader or person.name,
            "by_owner": not report.reader,
            "by_body": report.answer is not None,
            "verification_code": report.verification_code,
            "person": {"name": person.name, "identity": _identity(family)},
            **chapters,
            "coverage": _coverage(),
            "counts": {name: len(rows) for name, rows in chapters.items()},
        }


def _identity(family: frozenset[int]) -> list[dict[str, str]]:
    return [
        {"kind": str(document.get_kind_display()), "number": document.masked}
        for document in IdentityDocument.objects.live().filter(person_id__in=family).newest_first()
    ]


def _memberships(family: frozenset[int], group: str) -> list[dict[str, Any]]:
    """Those of the edition's profession first."""
    found = Membership.objects.filter(person_id__in=family).select_related("organisation")
    rows = sorted(found, key=lambda row: row.group != group)
    return [
        {
            "group": str(row.get_group_display()),
            "organisation": row.organisation.name,
            "unit": row.unit,
            "licence": row.licence_number,
            "joined": _day(row.joined_on),
            "left": _day(row.left_on),
        }
        for row in rows
    ]


def _entry(
    entry: Entry, titles: dict[str, str], statements: dict[int, str], disputes: dict[int, Dispute]
) -> dict[str, Any]:
    dispute = disputes.get(entry.record_id)
    return {
        "record": entry.record.number,
        "item": entry.item_code,
        "name": entry.item.name,
        "severity": str(entry.get_severity_display()),
        "source": entry.organisation.name,
        "act_date": entry.act_date.isoformat(),
        "document_number": entry.document_number,
        "document_date": entry.document_date.isoformat(),
        "document_body": entry.document_body,
        "facts": entry.facts,
        "statement": statements.get(entry.record_id, ""),
        "disputed_since": _day(timezone.localdate(dispute.opened_at)) if dispute else "",
        "breach_of": _named(entry.subject_organisation, entry.subject_uscc) if entry.subject_organisation else "",
        "bases": [cited(titles[basis["code"]], basis.get("articles", "")) for basis in entry.item.bases],
        "mark": entry.item.mark,
        "mark_text": str(entry.item.get_mark_display()),
        "bar": entry.item.bar,
        "displayed_from": _day(entry.display.lower if entry.display else None),
        "displayed_until": _last(entry.display.upper if entry.display else None),
        "kept_until": _last(entry.retention.upper),
        "barred_from": _day(entry.bar.lower if entry.bar else None),
        "barred_until": _last(entry.bar.upper if entry.bar else None),
        "repair_from": _day(entry.repair_from),
    }


def _named(organisation: str, code: str) -> str:
    return f"{organisation}（{code}）" if language_suffix() == "zh" else f"{organisation} ({code})"


def cited(title: str, articles: str) -> str:
    """`《教育法》第79条` or `Education Law, art. 79`."""
    if language_suffix() == "zh":
        return f"《{title}》{articles_zh(articles)}"
    return f"{title}, art. {articles}" if articles else title


def _pledges(family: frozenset[int]) -> list[dict[str, Any]]:
    return [
        {
            "number": pledge.number,
            "title": pledge.template.title,
            "kind": str(pledge.template.get_kind_display()),
            "signed": timezone.localdate(pledge.signed_at).isoformat(),
            "performance": str(pledge.get_performance_display()),
        }
        for pledge in Pledge.objects.filter(person_id__in=family).select_related("template")
    ]


def _queries(family: frozenset[int], day: dt.date) -> list[dict[str, Any]]:
    since = timezone.make_aware(dt.datetime.combine(day, dt.time())) - dt.timedelta(days=365 * QUERY_YEARS)
    rows = QueryLine.objects.about(*family).filter(at__gte=since).select_related("organisation")
    return [
        {
            "at": timezone.localtime(row.at).isoformat(timespec="minutes"),
            "organisation": row.organisation.name if row.organisation else gettext("the person"),
            "purpose": str(row.get_event_display() or row.get_purpose_display()),
            "basis": str(row.basis_text),
        }
        for row in rows
    ]


def _coverage() -> list[dict[str, str]]:
    """Which body reports since when; silence is not innocence."""
    bodies = (
        Organisation.objects.filter(competences__role="report")
        .annotate(since=Min("competences__valid_from"))
        .order_by("name")
        .values_list("name", "since")
    )
    return [{"body": name, "since": since.isoformat()[:7] if since else ""} for name, since in bodies]


def _day(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def _last(end: dt.date | None) -> str:
    """Last day of a half-open range."""
    return (end - dt.timedelta(days=1)).isoformat() if end else ""
