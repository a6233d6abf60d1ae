"""The public page that says whether a document is genuine, and nothing of what it says."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import LookCount, Pledge, Report, Slip, VerificationUse
from archive.reports import actions
from archive.reports.looks import LOOKS, forget_looks, may_look
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import codes
from profiles.common.permissions import System
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def world() -> World:
    return World.make()


@pytest.fixture
def report(world: World) -> Report:
    world.barred_person()
    made: Report = world.report()
    return made


def look(code: str, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(f"/verify/{code}/", headers={**ENGLISH, **headers})


def words(response: Any) -> str:
    """What stands on the page, without markup and scripts."""
    body = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert body is not None
    return re.sub(r"<[^>]+>", " ", body[0])


# The verdict


def test_a_right_code_shows_kind_number_dates_last_four_and_hash_and_no_more(world: World, report: Report) -> None:
    response = look(report.verification_code)
    page, person = words(response), world.person
    number = person.identities.get().number
    facts = re.findall(r"<dd(?![^>]*data-value)[^>]*>(.*?)</dd>", response.content.decode(), re.DOTALL)
    assert [fact for fact in facts if fact in {report.number, number[-4:], report.sha256, "Professional credit report"}] == [
        "Professional credit report", report.number, number[-4:], report.sha256
    ]  # fmt: skip
    assert len(facts) == 6
    assert "Valid" in page
    for secret in (person.name, number, number[6:14], number[:6], person.code, report.purpose, str(person.birth_date)):
        assert secret not in response.content.decode()


@pytest.mark.parametrize(("kind", "name"), [("slip", "Slip of a check"), ("pledge", "Credit pledge")])
def test_slips_and_pledges_are_verified_on_the_same_page(world: World, kind: str, name: str) -> None:
    if kind == "slip":
        world.decided()
        document: Slip | Pledge = Slip.objects.get()
    else:
        document = world.pledge()
    page = words(look(document.verification_code))
    for said in (name, document.number, document.sha256, "Valid"):
        assert said in page
    assert "Valid until " not in page


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "7K3Q-X9M2-VC4T-0PRA", "abc", "x" * 200])
def test_a_wrong_code_is_not_known_and_leaves_nothing(report: Report, code: str) -> None:
    events = AuditEvent.objects.count()
    response = look(code)
    assert (response.status_code, "Not known here" in words(response)) == (404, True)
    assert not VerificationUse.objects.exists()
    assert AuditEvent.objects.count() == events


def test_one_wrong_sign_in_a_right_code_is_a_wrong_code(report: Report) -> None:
    code = report.verification_code
    wrong = code[:-1] + codes.ALPHABET[(codes.ALPHABET.index(code[-1]) + 1) % 32]
    assert look(wrong).status_code == 404


def typed(code: str) -> list[str]:
    plain = code.replace("-", "")
    confused = code.replace("0", "O").replace("1", "I")
    return [
        code.lower(),
        plain,
        f"  {code}  ",
        " ".join(plain),
        code.replace("-", " "),
        confused,
        confused.lower(),
        f"{plain}.",
    ]


def test_the_form_takes_a_code_however_it_is_typed(report: Report) -> None:
    for written in typed(report.verification_code):
        response = Client().get("/verify/", {"code": written})
        assert response["Location"] == f"/verify/{report.verification_code}/", written
    for written in (report.verification_code.lower(), report.verification_code.replace("-", "")):
        assert look(written).status_code == 200


@pytest.mark.parametrize("written", ["", "123", "0000-0000-0000-0000-0000"])
def test_what_cannot_be_a_code_is_said_beside_the_field(written: str) -> None:
    response = Client().get("/verify/", {"code": written}, headers=ENGLISH)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_a_report_is_valid_to_its_last_day_and_expired_the_day_after(report: Report) -> None:
    today = timezone.localdate()
    for last, verdict in ((today, "Valid"), (today - DAY, "Expired")):
        Report.objects.update(valid_until=last)
        assert verdict in words(look(report.verification_code))
    assert list(VerificationUse.objects.order_by("at").values_list("verdict", flat=True)) == ["valid", "expired"]


def test_the_owner_ends_a_report_once_and_for_good(world: World, report: Report) -> None:
    owner = report.requested_by
    sign_in(owner).post(f"/my/reports/{report.number}/end/")
    report.refresh_from_db()
    ended = report.ended_at
    assert "Ended by its owner" in words(look(report.verification_code))
    actions.end(report=report, by=owner)
    report.refresh_from_db()
    assert report.ended_at == ended
    Report.objects.update(valid_until=timezone.localdate() - DAY)
    assert "Ended by its owner" in words(look(report.verification_code))


@pytest.mark.parametrize("state", ["requested", "failed"])
def test_a_report_that_was_never_issued_is_not_known(world: World, state: str) -> None:
    report = world.report(issued=False)
    Report.objects.update(state=state)
    assert look(report.verification_code).status_code == 404


# Who looked


def test_each_look_is_noted_for_the_owner_without_who_it_was(world: World, report: Report) -> None:
    look(report.verification_code, **{"user-agent": "Neugier/1.0", "x-forwarded-for": "203.0.113.9"})
    look(report.verification_code)
    uses = VerificationUse.objects.filter(code=report.verification_code)
    assert [use.verdict for use in uses] == ["valid", "valid"]
    assert {field.name for field in VerificationUse._meta.fields} == {"id", "code", "at", "verdict"}
    events = AuditEvent.objects.filter(verb=Verb.DOCUMENT_VERIFIED)
    assert [event.person_id for event in events] == [world.person.pk] * 2
    assert "203.0.113.9" not in str(list(events.values()))
    page = sign_in(report.requested_by).get(f"/my/reports/{report.number}/", headers=ENGLISH)
    shown = [(use.at, "Valid", use.verdict) for use in uses.order_by("-at")]
    assert page.context["uses"] == shown


# The page itself


@pytest.mark.parametrize("path", ["/verify/", "/verify/0000-0000-0000-0000/"])
def test_nothing_of_it_is_kept_by_browsers_and_proxies(path: str) -> None:
    kept = Client().get(path)["Cache-Control"]
    assert {"no-store", "private"} <= set(kept.replace(" ", "").split(","))


def test_from_one_address_sixty_codes_a_minute_and_another_address_is_not_held_up(report: Report) -> None:
    one = Client(REMOTE_ADDR="192.0.2.1")
    statuses = [look(codes.verification_code(), one).status_code for _look in range(60)]
    assert set(statuses) == {404}
    slowed = look(report.verification_code, one)
    assert slowed.status_code == 429
    assert "no-store" in slowed["Cache-Control"]
    assert report.number not in slowed.content.decode()
    assert not VerificationUse.objects.exists()
    assert look(report.verification_code, Client(REMOTE_ADDR="192.0.2.2")).status_code == 200


def test_the_count_is_of_the_minute_and_nothing_of_it_is_kept() -> None:
    one = "198.51.100.7"
    assert [may_look(address=one) for _look in range(LOOKS + 2)] == [True] * LOOKS + [False] * 2
    LookCount.objects.update(minute=timezone.now() - dt.timedelta(minutes=1))
    assert may_look(address=one)
    assert LookCount.objects.get().looks == 1
    assert one.encode() not in bytes(LookCount.objects.get().address)
    assert forget_looks(by=System("worker")) == 0
    LookCount.objects.update(minute=timezone.now() - dt.timedelta(minutes=3))
    assert forget_looks(by=System("worker")) == 1


def test_addresses_of_one_household_count_together() -> None:
    for last in range(LOOKS):
        may_look(address=f"2001:db8:1:2::{last:x}")
    assert not may_look(address="2001:db8:1:2:ffff::1")
    assert may_look(address="2001:db8:1:3::1")


def test_a_guess_at_a_link_counts_too() -> None:
    one = Client(REMOTE_ADDR="192.0.2.9")
    for _look in range(LOOKS):
        one.get(f"/verify/{codes.verification_code()}/file/")
    assert one.get(f"/verify/{codes.verification_code()}/file/").status_code == 429


def test_a_look_costs_few_queries(report: Report) -> None:
    look(report.verification_code)
    with CaptureQueriesContext(connection) as queries:
        look(report.verification_code)
    said = [str(query["sql"])[:40] for query in queries]
    assert len([sql for sql in said if not sql.startswith(("SAVEPOINT", "RELEASE"))]) <= 8, said


def test_nobody_has_to_sign_in_and_no_session_is_begun(report: Report) -> None:
    client = Client()
    assert look(report.verification_code, client).status_code == 200
    assert "sessionid" not in client.cookies


def test_codes_are_random_and_hold_no_letter_that_is_read_as_a_figure() -> None:
    many = {codes.verification_code() for _code in range(500)}
    assert len(many) == 500
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in many)
    assert {sign for code in many for sign in code} == {*codes.ALPHABET, "-"}
