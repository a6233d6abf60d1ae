"""What a report says: the fixed chapters, from the archive as it is shown on the day. Plain data, in Chinese."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from archive.access.models import QueryLine
from archive.catalogue.models import LegalBasis
from archive.pledges.models import Pledge
from archive.records.models import Entry
from archive.reports.models import Report
from profiles.common.bilingual import articles_zh
from profiles.people.models import Person

QUERY_YEARS = 2


def canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def compile_report(report: Report) -> dict[str, Any]:
    """The chapters of `report.person` as of `report.as_of`. Only what is displayed on that day; no score; no birth date.

    The identity number is masked, and with it the birth date is left out: the two together would give the number away.
    """
    person = report.person
    day = timezone.localtime(report.as_of).date()
    entries = list(
        Entry.objects.with_details().filter(person=person).displayed_on(day).order_by("-document_date", "pk")
    )
    titles = dict(LegalBasis.objects.values_list("code", "title_zh"))
    with override("zh-hans"):
        adverse = [_entry(entry, titles) for entry in entries if entry.is_adverse]
        positive = [_entry(entry, titles) for entry in entries if not entry.is_adverse]
        memberships = _memberships(person)
        pledges = _pledges(person)
        queries = _queries(person, day)
        identities = _identity(person)
    return {
        "number": report.number,
        "as_of": timezone.localtime(report.as_of).isoformat(timespec="seconds"),
        "valid_until": report.valid_until.isoformat(),
        "purpose": report.purpose,
        "reader": person.name,
        "verification_code": report.verification_code,
        "person": {"name": person.name, "identity": identities},
        "memberships": memberships,
        "adverse": adverse,
        "positive": positive,
        "pledges": pledges,
        "queries": queries,
        "coverage": _coverage(),
        "counts": {
            "memberships": len(memberships),
            "adverse": len(adverse),
            "positive": len(positive),
            "pledges": len(pledges),
            "queries": len(queries),
        },
    }


def _identity(person: Person) -> list[dict[str, str]]:
    return [
        {"kind": str(document.get_kind_display()), "number": document.masked}
        for document in person.identities.order_by("pk")
    ]


def _memberships(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "group": str(row.get_group_display()),
            "organisation": row.organisation.name,
            "unit": row.unit,
            "licence": row.licence_number,
            "joined": _day(row.joined_on),
            "left": _day(row.left_on),
        }
        for row in person.memberships.select_related("organisation")
    ]


def _entry(entry: Entry, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "record": entry.record.number,
        "item": entry.item_code,
        "name": entry.item.name_zh,
        "severity": str(entry.get_severity_display()),
        "source": entry.organisation.name,
        "act_date": entry.act_date.isoformat(),
        "document_number": entry.document_number,
        "document_date": entry.document_date.isoformat(),
        "document_body": entry.document_body,
        "facts": entry.facts,
        "bases": [f"《{titles[basis['code']]}》{articles_zh(basis.get('articles', ''))}" for basis in entry.item.bases],
        "mark": entry.item.mark,
        "mark_text": str(entry.item.get_mark_display()),
        "bar": entry.item.bar_zh,
        "displayed_until": _last(entry.display.upper if entry.display else None),
        "repair_from": _day(entry.repair_from),
    }


def _pledges(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "number": pledge.number,
            "title": pledge.template.title_zh,
            "kind": str(pledge.template.get_kind_display()),
            "signed": timezone.localtime(pledge.signed_at).date().isoformat(),
            "performance": str(pledge.get_performance_display()),
        }
        for pledge in Pledge.objects.filter(person=person).select_related("template")
    ]


def _queries(person: Person, day: dt.date) -> list[dict[str, Any]]:
    since = timezone.make_aware(dt.datetime.combine(day, dt.time())) - dt.timedelta(days=365 * QUERY_YEARS)
    rows = QueryLine.objects.about(person.pk).filter(at__gte=since).select_related("organisation")
    return [
        {
            "at": timezone.localtime(row.at).isoformat(timespec="minutes"),
            "organisation": row.organisation.name if row.organisation else "本人",
            "purpose": str(row.get_event_display() or row.get_purpose_display()),
            "basis": str(row.basis_text),
        }
        for row in rows
    ]


def _coverage() -> list[dict[str, str]]:
    """Which kinds of facts this installation holds, and which chapters are not connected yet; silence is not innocence."""
    from profiles.organisations.models import Organisation

    bodies = (
        Organisation.objects.filter(competences__role="report")
        .distinct()
        .order_by("name")
        .values_list("name", flat=True)
    )
    return [{"body": name, "state": "已接入"} for name in bodies]


def _day(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def _last(end: dt.date | None) -> str:
    """Last day of a half-open range."""
    return (end - dt.timedelta(days=1)).isoformat() if end else ""
