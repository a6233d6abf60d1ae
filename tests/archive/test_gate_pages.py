"""Review programmes on screen: set up, brought in, decided on, printed, taken along as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import Applicant, Check, GateDecision, Notice, ReviewProgramme
from archive.vetoes import actions as vetoes
from archive.vetoes.gate_rules import Standing
from archive.vetoes.gate_text import picture
from archive.vetoes.models import Decision
from profiles.accounts.permissions import Role
from tests import factories as f
from tests import numbers
from tests.archive.test_gate import apply, barred, colleague, decide, programme
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World.make()


def english(browser: Any) -> Any:
    browser.cookies["django_language"] = "en"
    return browser


def form(**changed: Any) -> dict[str, Any]:
    today = timezone.localdate()
    values: dict[str, Any] = {
        "name": "2027年度考核",
        "purpose": "TEA:access",
        "matter_number": "示〔2027〕1号",
        "basis": "教师资格条例第十八条",
        "opens_on": today.isoformat(),
        "closes_on": (today + dt.timedelta(days=20)).isoformat(),
        "freshness_days": 30,
    }
    return {**values, **changed}


def test_a_programme_is_set_up_after_a_page_that_says_what_it_does(world: World) -> None:
    browser = english(sign_in(world.accounts[Role.EXAMINER]))
    asked = browser.post("/programmes/new/", form())
    assert asked.status_code == 200
    assert "cannot be changed afterwards" in asked.content.decode()
    assert not ReviewProgramme.objects.exists()
    done = browser.post("/programmes/new/", form(confirmed="1"))
    made = ReviewProgramme.objects.get()
    assert done.url == f"/programmes/{made.code}/"
    assert (made.group, made.event, made.freshness_days) == ("TEA", "access", 30)
    wrong = browser.post("/programmes/new/", form(closes_on="2020-01-01", name="乙"))
    assert wrong.status_code == 422
    assert "lies before the first" in wrong.content.decode()


def test_one_applicant_from_adding_to_approval(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    browser, at, person = english(sign_in(by)), world.programme(), f.PersonFactory()
    number = person.identities.get().number
    added = browser.post(f"/programmes/{at.code}/add/", {"name": person.name, "identity": number})
    applicant = Applicant.objects.get()
    assert added.url == f"/programmes/applicants/{applicant.code}/"
    page = browser.get(added.url).content.decode()
    assert number not in page
    assert "clear and fresh" in page
    ask = browser.post(f"{added.url}decide/", {"kind": "approved", "reasons": ""})
    assert "You are about to approve" in ask.content.decode()
    assert not GateDecision.objects.exists()
    browser.post(f"{added.url}decide/", {"kind": "approved", "reasons": "", "confirmed": "1"})
    assert GateDecision.objects.get().kind == "approved"
    after = browser.get(added.url).content.decode()
    assert "Approve the applicant" not in after
    assert "approved an applicant" in after, "the history says who did what"
    twice = browser.post(f"/programmes/{at.code}/add/", {"name": person.name, "identity": number})
    assert twice.status_code == 422
    assert "among the applicants already" in twice.content.decode()


def test_a_confirmed_obstacle_offers_refusal_only_and_tells_the_person(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    browser, person = english(sign_in(by)), barred()
    applicant = apply(world.programme(), by, person)
    url = f"/programmes/applicants/{applicant.code}/"
    waiting = browser.get(url).content.decode()
    assert "Look at the answer and decide" in waiting
    assert 'value="approved"' not in waiting
    decide(applicant, Decision.Kind.CONFIRMED, by)
    page = browser.get(url).content.decode()
    assert 'value="refused"' in page
    assert 'value="approved"' not in page
    ask = browser.post(f"{url}decide/", {"kind": "refused", "reasons": "教师资格丧失，期限未满。"}).content.decode()
    assert "The person is told at once" in ask
    browser.post(f"{url}decide/", {"kind": "refused", "reasons": "教师资格丧失，期限未满。", "confirmed": "1"})
    assert "the person was told how to contest it" in browser.get(url).content.decode()
    notice = Notice.objects.get(kind="gate_refused")
    reader = f.AccountFactory(person=person, organisation=None)
    theirs = english(sign_in(reader))
    assert "Download the slip" in theirs.get(f"/my/notices/{notice.number}/").content.decode()
    assert theirs.get(f"/my/slips/{notice.number}/")["Content-Type"] == "application/pdf"


def test_who_is_not_known_is_not_said_to_have_been_told(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    applicant = apply(world.programme(), by, name="无此人", number=numbers.resident())
    vetoes.refuse_applicant(applicant=applicant, reasons="申请人未在期限内更正。", by=by)
    page = english(sign_in(by)).get(f"/programmes/applicants/{applicant.code}/").content.decode()
    assert "your body tells the applicant itself" in page
    assert "was told" not in page


def test_a_list_is_uploaded_here_and_comes_back_as_applicants(
    world: World, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    browser, at, person = english(sign_in(world.accounts[Role.EXAMINER])), world.programme(), f.PersonFactory()
    text = f"姓名,身份证号码\n{person.name},{person.identities.get().number}\n错号人,110105199005170018\n"
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/programmes/{at.code}/upload/", {"file": SimpleUploadedFile("名单.csv", text.encode())})
    page = browser.get(f"/programmes/{at.code}/").content.decode()
    assert [row.answer.outcome for row in at.applicants.all()] == ["clear", "unreadable"]
    assert "to be clarified" in page
    assert 'class="gate-bar"' in page


def test_a_wrong_number_is_corrected_on_the_applicants_page(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    browser, person = english(sign_in(by)), f.PersonFactory()
    applicant = apply(world.programme(), by, person, number=numbers.resident())
    url = f"/programmes/applicants/{applicant.code}/"
    wrong = browser.post(f"{url}check/", {"name": person.name, "identity": "1"}, follow=True).content.decode()
    assert "18 characters" in wrong
    browser.post(f"{url}check/", {"name": person.name, "identity": person.identities.get().number})
    applicant.refresh_from_db()
    assert applicant.answer.outcome == "clear"  # type: ignore[union-attr]


def test_stale_ones_are_checked_again_by_one_button(
    world: World, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    by = world.accounts[Role.EXAMINER]
    browser, at = english(sign_in(by)), world.programme()
    apply(at, by)
    Check.objects.update(asked_at=timezone.now() - dt.timedelta(days=40))
    assert "Check again" in browser.get(f"/programmes/{at.code}/").content.decode()
    assert "1 applicant is about to be checked again" in browser.get(f"/programmes/{at.code}/recheck/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/programmes/{at.code}/recheck/")
    assert Applicant.objects.tally(at, now=timezone.now())["ready"] == 1


def test_a_second_person_approves_many_after_reading_what_it_does(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    at, second = world.programme(), colleague(by)
    for _applicant in range(3):
        apply(at, by)
    apply(at, by, name="无此人", number=numbers.resident())
    own = english(sign_in(by)).get(f"/programmes/{at.code}/approve/").content.decode()
    assert "you asked for their checks yourself" in own
    browser = english(sign_in(second))
    url = f"/programmes/{at.code}/approve/"
    page = browser.get(url).content.decode()
    assert "3 applicants are about to be approved" in page
    assert "Also approve 1 applicant who has no archive" in page
    browser.post(url, {})
    browser.post(url, {"stand": "on", "unknown": "on", "reasons": " "})
    assert not GateDecision.objects.exists()
    browser.post(url, {"stand": "on"})
    assert GateDecision.objects.filter(bulk=True).count() == 3
    browser.post(url, {"stand": "on", "unknown": "on", "reasons": "已逐一核对身份证件原件。"})
    assert GateDecision.objects.filter(bulk=True).count() == 4


def test_an_answered_list_is_taken_over_with_a_button(world: World) -> None:
    from tests.archive.test_gate import listed

    by = world.accounts[Role.EXAMINER]
    browser, at = english(sign_in(by)), world.programme()
    asked = listed(by, f.PersonFactory(), f.PersonFactory())
    assert asked.matter_number in browser.get(f"/programmes/{at.code}/take-over/").content.decode()
    done = browser.post(f"/programmes/{at.code}/take-over/", {"check": asked.code}, follow=True)
    assert "2 applicants are new" in done.content.decode()


def test_applicants_are_found_by_number_and_by_what_they_wait_for(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    browser, at = english(sign_in(by)), world.programme()
    names = [apply(at, by, f.PersonFactory(name=name)).name for name in ("张一", "张二")]
    waiting = apply(at, by, barred())

    def shown(query: str) -> list[str]:
        table = browser.get(f"/programmes/{at.code}/?{query}").content.decode().partition("<table")[2]
        return [name for name in (*names, waiting.name) if name in table]

    assert shown("position=2") == ["张二"]
    assert shown("standing=ready") == names
    assert shown("standing=to_decide") == [waiting.name]
    assert shown("outcome=veto") == [waiting.name]
    assert shown("standing=stale") == []


def test_the_list_leaves_as_a_file_without_full_numbers(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    browser, at, person = english(sign_in(by)), world.programme(), f.PersonFactory()
    apply(at, by, person)
    response = browser.get(f"/programmes/{at.code}/?_export=csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[1][:2] == ["1", person.name]
    assert "clear and fresh" in rows[1]
    assert person.identities.get().number not in str(rows)
    assert b"".join(browser.get(f"/programmes/{at.code}/?_export=xlsx").streaming_content)[:2] == b"PK"
    printed = browser.get(f"/programmes/{at.code}/print/").content.decode()
    assert person.name in printed
    assert at.basis in printed


def test_the_picture_shows_shares_side_by_side() -> None:
    tally = dict.fromkeys(Standing, 0) | {"ready": 3, "stale": 1, "total": 4}
    parts = [part for part in picture(tally) if part["count"]]
    assert [(part["code"], part["x"], part["width"]) for part in parts] == [("ready", 0, 480), ("stale", 480, 160)]
    assert all(part["width"] == 0 for part in picture(dict.fromkeys(Standing, 0) | {"total": 0}))


@pytest.mark.parametrize("path", ["", "print/", "approve/", "recheck/"])
def test_a_longer_programme_asks_no_more(world: World, path: str) -> None:
    by = world.accounts[Role.EXAMINER]
    browser, at = sign_in(by), world.programme()
    costs = []
    for count in (2, 8):
        for _applicant in range(count):
            apply(at, by, barred())
        vetoes.approve_applicant(applicant=apply(at, by), by=by)
        browser.get(f"/programmes/{at.code}/{path}")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/programmes/{at.code}/{path}").status_code == 200
        costs.append(len(captured))
    assert costs[1] <= costs[0]


def test_a_closed_programme_says_so_and_takes_nobody(world: World) -> None:
    by = world.accounts[Role.EXAMINER]
    at = programme(by)
    ReviewProgramme.objects.update(opens_on="2020-01-01", closes_on="2020-02-01")
    browser = english(sign_in(by))
    page = browser.get(f"/programmes/{at.code}/").content.decode()
    assert "not open today" in page
    assert f"/programmes/{at.code}/add/" not in page
    person = f.PersonFactory()
    form = {"name": person.name, "identity": person.identities.get().number}
    assert browser.post(f"/programmes/{at.code}/add/", form).status_code == 422
