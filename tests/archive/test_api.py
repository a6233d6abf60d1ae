"""The interface for other systems: one person, lists, what is refused and how, and nothing twice."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from typing import Any

import pytest
from django.utils import timezone

from archive.api import actions
from archive.models import Answer, Check, IdempotentRequest, QueryLine
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.permissions import System as Machine
from profiles.common.vocabulary import Event
from tests import factories as f
from tests import numbers
from tests.archive.checking import MATTER, examiner, on_file
from tests.archive.systems import Reply, System, question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_meter(monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.api import auth

    monkeypatch.setattr(auth, "meter", auth.Meter())


def barred() -> Any:
    person = f.PersonFactory()
    on_file(person, "TEA-02")
    return person


# one person


def test_a_system_gets_the_answer_that_an_examiner_gets() -> None:
    system, person = System.make(), barred()
    reply = system.post("/checks", question(person))
    assert reply.status == 200, reply.body
    answer = Answer.objects.get()
    assert (reply.body["outcome"], reply.body["answer"], reply.body["check"]) == (
        "veto", answer.code, answer.check_asked.code,
    )  # fmt: skip
    finding, row = reply.body["findings"][0], answer.findings.get()
    assert (finding["rule"], finding["version"]) == (row.rule.code, row.rule.version)
    assert finding["until"] == (row.last_day.isoformat() if row.last_day else None)
    assert [basis["code"] for basis in finding["bases"]] == [basis["code"] for basis in row.rule.bases]
    assert all(basis["title"] for basis in finding["bases"])
    again = system.get(f"/checks/{answer.code}")
    assert again.body == reply.body


def test_register_and_trail_name_the_examiner_and_the_key() -> None:
    system, person = System.make(), barred()
    system.post("/checks", question(person))
    line = QueryLine.objects.get()
    assert (line.person_id, line.account_id, line.matter_number) == (person.pk, system.key.account_id, MATTER)
    event = AuditEvent.objects.get(verb=Verb.CHECK_MADE)
    assert (event.actor_id, event.details["through"]) == (system.key.account_id, system.key.code)


def test_nothing_that_comes_back_holds_name_or_number() -> None:
    system, person = System.make(), barred()
    asked = question(person)
    text = json.dumps(system.post("/checks", asked).body, ensure_ascii=False)
    assert asked["identity_number"] not in text
    assert asked["name"] not in text


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"matter_number": ""}, 422, "body_invalid"),
        ({"group": "XXX"}, 422, "body_invalid"),
        ({"more": 1}, 422, "body_invalid"),
        ({"identity_number": "110105199005170018"}, 422, "person_unreadable"),
        ({"event": "title"}, 422, "refused"),
    ],
)
def test_a_refusal_is_one_sentence_with_a_code_and_repeats_nothing(
    changed: dict[str, Any], status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    system, person = System.make(), f.PersonFactory()
    with caplog.at_level(logging.DEBUG):
        reply = system.post("/checks", question(person, **changed))
    assert (reply.status, reply.body["code"]) == (status, code)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.body["title"].endswith((".", "”."))
    number = person.identities.get().number
    for text in (json.dumps(reply.body), caplog.text):
        assert number not in text
        assert "110105199005170018" not in text
    assert not Check.objects.exists()
    assert not IdempotentRequest.objects.exists()


def test_no_body_and_broken_bodies_are_told() -> None:
    system = System.make()
    assert system.post("/checks", b"{").body["code"] == "body_unreadable"
    assert system.post("/check-lists", b"{").body["code"] == "body_unreadable"
    assert system.get("/checks/A-000000000000").body["code"] == "not_found"


def test_another_bodys_answer_is_not_there() -> None:
    system, other = System.make(), System.make()
    code = system.post("/checks", question(barred())).body["answer"]
    assert other.get(f"/checks/{code}").status == 404


def test_an_error_of_ours_says_nothing_of_the_request(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    system, person = System.make(), f.PersonFactory()
    number = person.identities.get().number

    def fail(**_more: Any) -> None:
        raise RuntimeError("lost")

    monkeypatch.setattr("archive.vetoes.actions.check_person", fail)
    reply = system.post("/checks", question(person))
    assert (reply.status, reply.body["code"]) == (500, "internal")
    assert number not in caplog.text + json.dumps(reply.body)


# nothing twice


def test_the_same_request_again_gets_the_same_answer_and_asks_nobody() -> None:
    system, person = System.make(), barred()
    first = system.post("/checks", question(person), token="application-2026-0001")
    second = system.post("/checks", question(person), token="application-2026-0001")
    assert (second.status, second.body) == (200, first.body)
    assert Check.objects.count() == QueryLine.objects.count() == 1


def test_another_request_under_the_same_token_is_refused() -> None:
    system = System.make()
    system.post("/checks", question(barred()), token="application-2026-0001")
    other = system.post("/checks", question(barred()), token="application-2026-0001")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert Check.objects.count() == 1


def test_a_token_is_obligatory_and_has_a_form() -> None:
    system = System.make()
    for token in (None, "short", "with space in it", "数字数字数字数字"):
        headers = {} if token is None or token.isascii() else {"Idempotency-Key": token.encode().decode("latin-1")}
        reply = system.post("/checks", question(barred()), token=token if not headers else None, **headers)
        assert (reply.status, reply.body["code"]) == (400, "idempotency_key_missing")


def test_a_token_of_another_key_is_another_token() -> None:
    one, person = System.make(), barred()
    two = System.make(by=one.key.account)
    for system in (one, two):
        assert system.post("/checks", question(person), token="application-2026-0001").status == 200
    assert Check.objects.count() == 2


def test_after_a_day_a_token_may_be_used_again_and_old_ones_are_forgotten() -> None:
    system = System.make()
    system.post("/checks", question(barred()), token="application-2026-0001")
    IdempotentRequest.objects.update(at=timezone.now() - dt.timedelta(hours=25))
    assert system.post("/checks", question(barred()), token="application-2026-0001").status == 200
    assert Check.objects.count() == 2
    IdempotentRequest.objects.update(at=timezone.now() - dt.timedelta(hours=49))
    assert actions.forget_requests(by=Machine("test")) == 1


def test_what_was_refused_may_be_sent_again() -> None:
    system, person = System.make(), f.PersonFactory()
    assert system.post("/checks", question(person, event="title"), token="application-2026-0001").status == 422
    assert system.post("/checks", question(person), token="application-2026-0001").status == 200


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one_check(catalogue: None, live_server: Any) -> None:
    """Over real sockets, each in a thread of the server: the second waits for the first."""
    system, asked = System.make(live_server.url), question(f.PersonFactory())
    replies: list[Reply] = []

    def ask() -> None:
        replies.append(system.post("/checks", asked, token="application-2026-0001"))

    threads = [threading.Thread(target=ask) for _request in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.status for reply in replies] == [200] * 6
    assert len({reply.body["answer"] for reply in replies}) == 1
    assert Check.objects.count() == QueryLine.objects.count() == 1


# lists


def rows(*people: Any) -> list[dict[str, str]]:
    return [{"name": person.name, "identity_number": person.identities.first().number} for person in people]


@pytest.mark.django_db(transaction=True)
def test_a_list_goes_through_the_intake_and_is_answered(catalogue: None, at_once: None, live_server: Any) -> None:
    system, veto, clear = System.make(live_server.url), barred(), f.PersonFactory()
    unknown = {"name": "无此人", "identity_number": numbers.resident()}
    broken = {"name": "错号人", "identity_number": "110105199005170018"}
    reply = system.post("/check-lists", question(rows=[*rows(veto, clear), unknown, broken]), token="list-2026-0001")
    assert reply.status == 202, reply.body
    code = reply.body["check"]
    state = system.get(f"/check-lists/{code}").body
    assert (state["state"], state["rows_total"], state["unreadable"]) == ("answered", 4, 1)
    assert state["counts"] == {"veto": 1, "clear": 1, "not_found": 1, "unreadable": 1}
    page = system.get(f"/check-lists/{code}/answers?limit=3").body
    assert [(row["row"], row["outcome"]) for row in page["answers"]] == [(2, "veto"), (3, "clear"), (4, "not_found")]
    rest = system.get(f"/check-lists/{code}/answers?limit=3&after={page['next_after']}").body
    assert [(row["row"], row["outcome"]) for row in rest["answers"]] == [(5, "unreadable")]
    assert rest["next_after"] is None
    assert rest["answers"][0]["remarks"]
    only = system.get(f"/check-lists/{code}/answers?outcome=veto").body["answers"]
    assert [row["findings"][0]["effect"] for row in only] == ["BLOCK"]
    again = system.post("/check-lists", question(rows=[*rows(veto, clear), unknown, broken]), token="list-2026-0001")
    assert (again.status, again.body["check"]) == (202, code)
    assert Check.objects.count() == 1


def test_a_file_is_taken_in_the_same_way(at_once: None, django_capture_on_commit_callbacks: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    system, person = System.make(), barred()
    text = f"备注,姓名,证件号码\n一,{person.name},{person.identities.get().number}\n"
    with django_capture_on_commit_callbacks(execute=True):
        response = Client().post(
            "/api/v1/check-lists",
            {**question(), "file": SimpleUploadedFile("名单.csv", text.encode("gb18030"))},
            headers={"Authorization": f"Bearer {f.token(system.key)}", "Idempotency-Key": "file-2026-0001"},
        )
    assert response.status_code == 202, response.content
    assert system.get(f"/check-lists/{response.json()['check']}").body["counts"] == {"veto": 1}


def test_a_list_that_cannot_be_used_says_why(at_once: None, django_capture_on_commit_callbacks: Any) -> None:
    system = System.make()
    with django_capture_on_commit_callbacks(execute=True):
        reply = system.post("/check-lists", question(rows=[{"name": "错号人", "identity_number": "1"}]))
    assert system.get(f"/check-lists/{reply.body['check']}").body["state"] == "refused"
    assert system.post("/check-lists", question(rows=[])).body["code"] == "no_rows"
    assert system.post("/check-lists", question(rows=[{"name": "x"}])).body["fields"] == [
        {"field": "rows.0.identity_number", "fault": "missing"}
    ]
    other = System.make()
    assert other.get(f"/check-lists/{reply.body['check']}").status == 404
    assert other.get(f"/check-lists/{reply.body['check']}/answers").status == 404


def test_a_page_of_answers_costs_the_same_however_long(
    at_once: None, django_capture_on_commit_callbacks: Any, django_assert_max_num_queries: Any
) -> None:
    system = System.make()
    people = [barred() for _person in range(8)]
    with django_capture_on_commit_callbacks(execute=True):
        code = system.post("/check-lists", question(rows=rows(*people))).body["check"]
    with django_assert_max_num_queries(9):
        assert len(system.get(f"/check-lists/{code}/answers").body["answers"]) == 8


def test_competence_and_authorisation_hold_as_on_the_screens() -> None:
    by = examiner(event=Event.TITLE, needs_authorisation=True)
    system, person = System.make(by=by), barred()
    assert system.post("/checks", question(person)).body["code"] == "refused"
    assert system.post("/checks", question(person, event="title")).body["outcome"] == "unauthorised"
    f.AuthorisationFactory(person=person, organisation=by.organisation, group="TEA", event="title", once=True)
    assert system.post("/checks", question(person, event="title")).body["outcome"] != "unauthorised"
    assert system.post("/checks", question(person, event="title")).body["outcome"] == "unauthorised"


def test_a_check_costs_few_statements(django_assert_max_num_queries: Any) -> None:
    """The figure `checks_per_s` lives on it; see benchmarks/checks_http.py."""
    system, person = System.make(), f.PersonFactory()
    system.post("/checks", question(person))
    with django_assert_max_num_queries(22):
        assert system.post("/checks", question(person)).status == 200
