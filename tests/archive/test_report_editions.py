"""Editions, languages, how long a report is valid, and what one reader is shown of it."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from django.test import Client
from django.utils import timezone

from archive.models import Report, ReportLink, VerificationUse
from archive.reports import actions, render, tasks
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import on_file
from tests.archive.test_reports import DAY, content, made, text_of
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


def issued(report: Report) -> Report:
    tasks.issue.apply(args=(report.pk,), throw=True)
    report.refresh_from_db()
    return report


def test_in_english_nothing_of_ours_is_left_in_chinese(owner: Account) -> None:
    on_file(owner.person, "TEA-02")
    report = actions.request_report(wish=actions.Wish(language=Report.Language.ENGLISH), by=owner)
    html = render.report_html(report)
    for foreign in (owner.person.name, *{str(value) for row in content(report)["adverse"] for value in (
        row["source"], row["document_body"], row["document_number"], row["facts"],
    )}, *(row["body"] for row in content(report)["coverage"])):  # fmt: skip
        html = html.replace(foreign, "")
    assert re.findall(r"[一-鿿]+", re.sub(r"data:[^\"]+", "", html)) == []
    text = text_of(issued(report))
    assert "Page1of" in text
    assert "页" not in text


@pytest.mark.parametrize(
    ("group", "title"), [("", "职业信用报告"), ("TEA", "职业信用报告（教师）"), ("STU", "学生诚信报告")]
)
def test_an_edition_has_the_title_of_its_profession(owner: Account, group: str, title: str) -> None:
    if group:
        f.MembershipFactory(person=owner.person, group=group)
    assert content(actions.request_report(wish=actions.Wish(group=group), by=owner))["title"] == title


def test_nobody_has_the_edition_of_a_profession_that_is_not_his(owner: Account) -> None:
    with pytest.raises(ActionRefused, match="not enrolled"):
        actions.request_report(wish=actions.Wish(group="LAW"), by=owner)


def test_the_certificate_says_yes_and_nothing_else_or_is_refused(owner: Account) -> None:
    on_file(owner.person, "STU-P1")
    wish = actions.Wish(edition=Report.Edition.CERTIFICATE)
    text = text_of(issued(actions.request_report(wish=wish, by=owner)))
    assert "没有该当事人处于展示期的失信信息" in text
    assert "志愿" not in text
    on_file(owner.person, "TEA-02")
    with pytest.raises(ActionRefused, match="cannot be made"):
        actions.request_report(wish=wish, by=owner)


@pytest.mark.parametrize(("days", "taken"), [(0, False), (1, True), (90, True), (91, False), (-5, False)])
def test_a_report_is_valid_from_one_day_to_ninety(owner: Account, days: int, taken: bool) -> None:
    if not taken:
        with pytest.raises(ActionRefused, match="between 1 and 90"):
            actions.request_report(wish=actions.Wish(days=days), by=owner)
        return
    report = issued(actions.request_report(wish=actions.Wish(days=days), by=owner))
    assert report.valid_until == timezone.localdate() + days * DAY
    actions.set_validity(report=report, days=1, by=owner)
    assert Report.objects.get().valid_until == timezone.localdate() + DAY
    assert Report.objects.get().printed_until == report.valid_until


def test_an_older_report_is_not_made_younger(owner: Account) -> None:
    report = made(owner)
    Report.objects.filter(pk=report.pk).update(as_of=report.as_of - 60 * DAY)
    actions.set_validity(report=report, days=30, by=owner)
    with pytest.raises(ActionRefused, match="no report counts after"):
        actions.set_validity(report=report, days=31, by=owner)


@pytest.mark.parametrize("shows", ["verdict", "counts", "file"])
def test_a_link_shows_what_its_owner_allows_and_ends_alone(owner: Account, shows: str) -> None:
    report = made(owner)
    link = actions.make_link(report=report, reader="示例医院", shows=ReportLink.Shows(shows), days=7, by=owner)
    look = lambda: Client().get(f"/verify/{link.verification_code}/", headers={"accept-language": "en"})  # noqa: E731
    page = look().content.decode()
    assert "it is in force" in page
    assert "示例医院" not in page
    assert ("Adverse entries in it</dt><dd>0" in page) == (shows != "verdict")
    file = Client().get(f"/verify/{link.verification_code}/file/")
    assert (file.status_code == 200) == (shows == "file")
    assert file.status_code != 200 or file.content == report.read_pdf()
    actions.end_link(link=link, by=owner)
    assert "its owner has ended it" in look().content.decode()
    assert Client().get(f"/verify/{link.verification_code}/file/").status_code == 302
    assert (
        "it is in force"
        in Client().get(f"/verify/{report.verification_code}/", headers={"accept-language": "en"}).content.decode()
    )
    assert VerificationUse.objects.filter(code=link.verification_code).count() == 2


def test_before_the_end_the_owner_reads_what_it_means_and_afterwards_each_use(owner: Account) -> None:
    report = made(owner)
    actions.make_link(report=report, reader="示例医院", shows=ReportLink.Shows.VERDICT, days=7, by=owner)
    client = sign_in(owner)
    page = client.get(f"/my/reports/{report.number}/end/", headers={"accept-language": "en"}).content.decode()
    assert "It cannot be taken back" in page
    assert "示例医院" in page
    assert Report.objects.get().ended_at is None
    Client().get(f"/verify/{report.verification_code}/")
    client.post(f"/my/reports/{report.number}/end/")
    Client().get(f"/verify/{report.verification_code}/")
    page = client.get(f"/my/reports/{report.number}/", headers={"accept-language": "en"}).content.decode()
    uses = page[page.index('class="uses"') :]
    assert uses.index("Ended by its owner") < uses.index("Valid"), "the newest first"


def test_a_renewed_report_replaces_the_old_one_once_it_is_ready(owner: Account) -> None:
    old = made(owner)
    new = actions.request_report(wish=actions.Wish(renews=old), by=owner)
    old.refresh_from_db()
    assert old.replaced_at is None
    issued(new)
    old.refresh_from_db()
    assert (old.replaced_why, old.is_valid_on(timezone.localdate())) == ("renewed", False)


def test_the_line_of_years_shows_each_adverse_entry(owner: Account) -> None:
    on_file(owner.person, "TEA-02")
    on_file(owner.person, "TEA-03")
    html = render.report_html(actions.request_report(wish=actions.Wish(), by=owner))
    drawn = b64decode(re.search(r'class="timeline" src="data:image/svg\+xml;base64,([^"]+)"', html)[1]).decode()
    assert drawn.count("<rect") == 3  # two rows and the legend
