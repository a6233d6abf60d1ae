"""The person's own report: frozen when asked for, made by a worker, telling what is displayed and never the full number."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.types.range import DateRange
from pypdf import PdfReader

from archive.catalogue.periods import terms_of
from archive.common.documents import qr_svg
from archive.models import Entry, QueryLine, Report
from archive.reports import actions, render, tasks
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import MATTER, check, examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CHAPTERS = [
    "一、信息概要",
    "二、基本信息",
    "三、职业身份与执业资格",
    "四、守信信息",
    "五、信用承诺及履行情况",
    "六、诚信教育培训",
    "七、失信信息",
    "八、查询记录",
    "九、说明",
]


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


def made(owner: Account, purpose: str = "应聘") -> Report:
    """Asked for, and issued by the worker's task."""
    report = actions.request_report(wish=actions.Wish(purpose=purpose), by=owner)
    tasks.issue.apply(args=(report.pk,), throw=True)
    report.refresh_from_db()
    return report


def text_of(report: Report) -> str:
    pages = PdfReader(io.BytesIO(report.read_pdf())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def content(report: Report) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(report.content)
    return read


# From the request to the paper


def test_the_paper_has_its_fixed_chapters_in_their_order_and_its_numbers(owner: Account) -> None:
    report = made(owner)
    text = text_of(report)
    places = [text.index(chapter) for chapter in CHAPTERS]
    assert places == sorted(places)
    moment = timezone.localtime(report.as_of)
    for said in (
        report.number,
        report.verification_code,
        f"数据截至{moment:%Y-%m-%d%H:%M:%S}",
        report.valid_until.isoformat(),
        owner.person.name,
        "应聘",
    ):
        assert said in text


def test_the_paper_masks_the_number_and_never_tells_the_birth_date(owner: Account) -> None:
    f.IdentityDocumentFactory(person=owner.person, kind="passport", number="E12345678")
    number, birth = owner.person.identities.first().number, owner.person.birth_date
    report = made(owner, purpose=f"应聘 {number}")
    for text in (text_of(report), report.content):
        assert identity.mask(number) in text
        assert "E1*****78" in text
        for secret in (number, "E12345678", number[6:14], birth.isoformat(), f"{birth:%Y.%m.%d}"):
            assert secret not in text
        assert f"{birth.year}年{birth.month}月" not in text


def test_a_person_without_entries_gets_a_report_that_says_so(owner: Account) -> None:
    report = made(owner)
    assert content(report)["counts"] == {"memberships": 0, "adverse": 0, "positive": 0, "pledges": 0, "queries": 0}
    assert text_of(report).count("查询期内无相关信息") >= 5


def test_all_that_is_on_file_stands_in_its_chapter(owner: Account) -> None:
    person, by = owner.person, examiner()
    f.MembershipFactory(person=person, group="TEA", unit="语文组", licence_number="证2026001")
    bad, good = on_file(person, "TEA-02"), on_file(person, "STU-P1")
    check(person, by)
    text = text_of(made(owner))
    parts = dict(zip(CHAPTERS, re.split("|".join(CHAPTERS), text)[1:], strict=True))
    assert good.polarity == "positive"
    assert {"语文组", "证2026001"} <= {
        word for word in ("语文组", "证2026001") if word in parts["三、职业身份与执业资格"]
    }
    for entry, chapter in ((good, "四、守信信息"), (bad, "七、失信信息")):
        for said in (entry.record.number, entry.document_number, entry.item.name_zh):
            assert re.sub(r"\s", "", said) in parts[chapter]
    assert by.organisation.name in parts["八、查询记录"]
    assert MATTER not in text


@pytest.mark.parametrize(
    ("kept", "change"),
    [
        (True, {}),
        (False, {"state": "ended", "end_reason": "display_over", "ended_at": timezone.now()}),
        (False, {"display": DateRange(dt.date(2020, 1, 1), dt.date(2021, 1, 1))}),
        (False, {"display": None}),
        (False, {"retention": DateRange(dt.date(2020, 1, 1), dt.date(2021, 1, 1))}),
    ],
)
def test_only_what_is_displayed_on_the_day_is_told(owner: Account, kept: bool, change: dict[str, Any]) -> None:
    entry = on_file(owner.person, "TEA-02")
    Entry.objects.filter(pk=entry.pk).update(**change)
    on_file(owner.person, "TEA-03", approved=False)
    on_file(f.PersonFactory(), "TEA-02")
    told = content(actions.request_report(wish=actions.Wish(purpose=""), by=owner))["adverse"]
    assert [row["record"] for row in told] == ([entry.record.number] if kept else [])


def test_the_last_day_of_display_is_told_and_the_day_after_is_not(owner: Account) -> None:
    entry, today = on_file(owner.person, "TEA-02"), timezone.localdate()
    for upper, rows in ((today + DAY, 1), (today, 0)):
        Entry.objects.filter(pk=entry.pk).update(display=DateRange(entry.document_date, upper))
        told = content(actions.request_report(wish=actions.Wish(purpose=""), by=owner))["adverse"]
        assert len(told) == rows
        assert all(row["displayed_until"] == today.isoformat() for row in told)


def test_queries_of_two_years_are_told_and_older_ones_are_not(owner: Account) -> None:
    for days in (1, 729, 732):
        f.QueryLineFactory(person_id=owner.person_id, at=timezone.now() - days * DAY)
    assert len(content(actions.request_report(wish=actions.Wish(purpose=""), by=owner))["queries"]) == 2


def test_what_changes_between_request_and_paper_waits_for_the_next_report(owner: Account) -> None:
    report = actions.request_report(wish=actions.Wish(purpose=""), by=owner)
    entry = on_file(owner.person, "TEA-02")
    tasks.issue.apply(args=(report.pk,), throw=True)
    report.refresh_from_db()
    assert entry.record.number not in text_of(report)
    assert entry.record.number in text_of(made(owner))


def test_the_code_on_the_paper_leads_to_the_public_page(owner: Account, settings: Any) -> None:
    settings.PUBLIC_URL = "https://archive.example"
    report = actions.request_report(wish=actions.Wish(purpose=""), by=owner)
    address = f"https://archive.example/verify/{report.verification_code}/"
    html = render.report_html(report)
    assert qr_svg(report.signed_url) in html
    assert qr_svg(address) not in html
    assert address in html


# Asking


def test_asking_leaves_a_line_of_ones_own_and_sets_the_end_of_validity(owner: Account) -> None:
    report = actions.request_report(wish=actions.Wish(purpose="  应聘 \n 医院 "), by=owner)
    assert report.purpose == "应聘 医院"
    days = terms_of("national").number("report_validity_days")
    assert report.valid_until == timezone.localdate() + days * DAY
    line = QueryLine.objects.visible_to(owner).get()
    assert (line.purpose, line.basis, line.organisation) == ("own_report", "self", None)
    assert actions.request_report(wish=actions.Wish(purpose=""), by=owner).purpose == "本人查阅"


def test_a_purpose_is_a_line_and_not_a_letter(owner: Account) -> None:
    assert len(actions.request_report(wish=actions.Wish(purpose="字" * 100), by=owner).purpose) == 100
    with pytest.raises(ActionRefused, match="at most 100"):
        actions.request_report(wish=actions.Wish(purpose="字" * 101), by=owner)


def test_only_persons_ask_and_only_the_owner_reads_and_ends(owner: Account) -> None:
    report, stranger = made(owner), f.AccountFactory(a_person=True)
    for role in set(Role) - {Role.PERSON}:
        with pytest.raises(PermissionDenied):
            actions.request_report(wish=actions.Wish(purpose=""), by=f.AccountFactory(holds=[role]))
    assert not Report.objects.visible_to(stranger).exists()
    for act in (actions.download, actions.end):
        with pytest.raises(PermissionDenied):
            act(report=report, by=stranger)
    for page in ("", "pdf/"):
        assert sign_in(stranger).get(f"/my/reports/{report.number}/{page}").status_code == 404
    assert sign_in(stranger).post(f"/my/reports/{report.number}/end/").status_code == 404
    response = sign_in(owner).get(f"/my/reports/{report.number}/pdf/")
    assert response.content == report.read_pdf()
    assert report.number in response["Content-Disposition"]
    assert AuditEvent.objects.get(verb=Verb.REPORT_DOWNLOADED).actor_id == owner.pk


def test_where_the_line_cannot_be_written_there_is_no_report(owner: Account, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON archive_queryline FROM {settings.DATABASE_APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    with pytest.raises(DatabaseError, match="permission denied"):
        actions.request_report(wish=actions.Wish(purpose=""), by=owner)
    assert not Report.objects.exists()


# The worker


def test_the_page_shows_progress_and_then_the_file(owner: Account) -> None:
    client = sign_in(owner)
    place = client.post("/my/reports/", {"purpose": "应聘", "edition": "full", "language": "zh", "days": "30"})[
        "Location"
    ]
    report = Report.objects.get()
    assert report.state == "requested"
    assert client.get(f"{place}pdf/").status_code == 302
    tasks.issue.apply(args=(report.pk,), throw=True)
    page = client.get(place).content.decode()
    assert report.verification_code in page
    assert client.get(f"{place}pdf/")["Content-Type"] == "application/pdf"


def test_a_message_delivered_again_makes_no_second_paper(owner: Account) -> None:
    report = made(owner)
    before = (report.sha256, report.pdf.name, report.issued_at)
    for _again in range(4):
        Report.objects.update(heartbeat_at=timezone.now() - DAY)
        tasks.issue.apply(args=(report.pk,), throw=True)
    report.refresh_from_db()
    assert (report.sha256, report.pdf.name, report.issued_at) == before
    assert (report.state, report.attempts) == ("ready", 1)
    assert AuditEvent.objects.filter(verb=Verb.REPORT_ISSUED).count() == 1


def test_a_second_worker_leaves_a_report_that_is_being_made_alone(owner: Account) -> None:
    report = actions.request_report(wish=actions.Wish(purpose=""), by=owner)
    Report.objects.update(attempts=1, heartbeat_at=timezone.now())
    tasks.issue.apply(args=(report.pk,), throw=True)
    assert Report.objects.get().state == "requested"


def test_content_that_was_changed_in_the_table_is_never_made_into_paper(owner: Account) -> None:
    report = actions.request_report(wish=actions.Wish(purpose=""), by=owner)
    report.content = report.content.replace(owner.person.name, "另一人")
    report.save(update_fields=["content"])
    with pytest.raises(ValueError, match="not the one that was compiled"):
        tasks.issue.apply(args=(report.pk,), throw=True)
    report.refresh_from_db()
    assert (report.state, report.attempts, bool(report.pdf)) == ("requested", 1, False)


def test_after_three_lost_workers_the_person_is_told_that_it_failed(owner: Account) -> None:
    report = actions.request_report(wish=actions.Wish(purpose=""), by=owner)
    Report.objects.update(attempts=3, heartbeat_at=timezone.now() - DAY)
    assert list(Report.objects.left_behind()) == [report]
    tasks.issue.apply(args=(report.pk,), throw=True)
    report.refresh_from_db()
    assert report.state == "failed"
    assert AuditEvent.objects.filter(verb=Verb.REPORT_FAILED).exists()
    with pytest.raises(ActionRefused, match="not ready"):
        actions.download(report=report, by=owner)


def test_reports_are_issued_by_the_system_only_and_ready_ones_have_a_file(owner: Account) -> None:
    report = actions.request_report(wish=actions.Wish(purpose=""), by=owner)
    with pytest.raises(PermissionDenied):
        actions.issue(report_id=report.pk, by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(state="ready")
