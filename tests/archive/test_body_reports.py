"""A report for the body that checked: only through the door of the check, and the person sees it in the register."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.utils import timezone

from archive.models import Notice, QueryLine, ReaderNotice, Report
from archive.records.actions.effect import end_entries
from archive.reports import actions, recall, tasks
from archive.reports.actions import bodies
from archive.vetoes.models import Outcome
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account, Competence
from tests import factories as f
from tests.archive.checking import MATTER, check, examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


def authorise(owner: Account, by: Account, *, once: bool) -> Any:
    return f.AuthorisationFactory(
        person=owner.person,
        organisation=by.organisation,
        group="TEA",
        event="access",
        once=once,
        valid_until=timezone.localdate() + 5 * DAY,
    )


def test_the_report_is_made_for_the_matter_and_the_person_sees_the_line(owner: Account) -> None:
    by, entry = examiner(), on_file(owner.person, "STU-P1")
    answer = check(owner.person, by)
    client = sign_in(by)
    place = f"/check/answers/{answer.code}/reports/"
    assert place in client.get(f"/check/answers/{answer.code}/").content.decode()
    assert client.post(place)["Location"] == place
    report = Report.objects.made_for(by).get()
    assert "every 1s" in client.get(place).content.decode()
    assert client.get(f"/check/reports/{report.number}/pdf/").status_code == 302
    tasks.issue.apply(args=(report.pk,), throw=True)
    assert report.verification_code in client.get(place).content.decode()
    assert client.get(f"/check/reports/{report.number}/pdf/").content.startswith(b"%PDF")
    assert AuditEvent.objects.get(verb=Verb.REPORT_READ_BY_BODY).person_id == owner.person_id
    line = QueryLine.objects.visible_to(owner).get(purpose="report")
    assert (line.organisation_id, line.matter_number, line.basis) == (by.organisation_id, MATTER, "statute")
    content = json.loads(report.content)
    assert content["reader"] == by.organisation.name
    assert MATTER in content["purpose"]
    assert [row["record"] for row in content["positive"]] == [entry.record.number]
    assert owner.person.identities.get().number not in report.content


def test_who_else_looked_is_not_told_to_the_body(owner: Account) -> None:
    other, by = examiner(), examiner()
    check(owner.person, other)
    report = bodies.request_for_body(answer=check(owner.person, by), by=by)
    assert json.loads(report.content)["queries"] == []
    assert other.organisation.name not in report.content
    from archive.reports.render import report_html

    html = report_html(report)
    assert "仅向本人显示" in html
    assert "为该单位出具" in html


def test_the_person_does_not_steer_it_and_other_bodies_do_not_see_it(owner: Account) -> None:
    by, other = examiner(), examiner()
    report = bodies.request_for_body(answer=check(owner.person, by), by=by)
    assert not Report.objects.visible_to(owner).exists()
    assert sign_in(owner).post(f"/my/reports/{report.number}/end/").status_code == 404
    for account in (other, owner, f.AccountFactory(organisation=by.organisation, holds=[Role.CLERK])):
        assert not Report.objects.made_for(account).exists()
        for act in (lambda who: bodies.read_by_body(report=report, by=who),
                    lambda who: bodies.request_for_body(answer=report.answer, by=who)):  # fmt: skip
            with pytest.raises(PermissionDenied):
                act(account)


@pytest.mark.parametrize("outcome", [Outcome.NOT_FOUND, Outcome.NAME_MISMATCH, Outcome.UNAUTHORISED])
def test_where_the_check_opened_no_archive_there_is_no_report(owner: Account, outcome: Any) -> None:
    by = examiner(needs_authorisation=outcome == Outcome.UNAUTHORISED)
    person: Any = f.PersonFactory.build() if outcome == Outcome.NOT_FOUND else owner.person
    changed = {"name": "另一人"} if outcome == Outcome.NAME_MISMATCH else {}
    if outcome == Outcome.NOT_FOUND:
        answer = f.AnswerFactory(organisation=by.organisation, check_asked__organisation=by.organisation)
    else:
        answer = check(person, by, **changed)
    assert answer.outcome == outcome
    with pytest.raises(ActionRefused, match="opened no archive"):
        bodies.request_for_body(answer=answer, by=by)
    assert sign_in(by).get(f"/check/answers/{answer.code}/reports/").status_code == 200
    assert not QueryLine.objects.filter(purpose="report").exists()


def test_an_authorisation_for_one_query_was_used_by_the_check(owner: Account) -> None:
    by = examiner(needs_authorisation=True)
    authorise(owner, by, once=True)
    answer = check(owner.person, by)
    with pytest.raises(ActionRefused, match="authorisation of its own"):
        bodies.request_for_body(answer=answer, by=by)
    again = authorise(owner, by, once=True)
    bodies.request_for_body(answer=answer, by=by)
    line = QueryLine.objects.get(purpose="report")
    assert (line.basis, line.authorisation_code) == ("authorisation", again.code)
    with pytest.raises(ActionRefused, match="authorisation of its own"):
        bodies.request_for_body(answer=answer, by=by)


def test_a_withdrawn_authorisation_and_an_ended_competence_end_it(owner: Account) -> None:
    by = examiner(needs_authorisation=True)
    standing = authorise(owner, by, once=False)
    answer = check(owner.person, by)
    bodies.request_for_body(answer=answer, by=by)
    standing.withdrawn_at = timezone.now()
    standing.save()
    with pytest.raises(ActionRefused, match="authorisation of its own"):
        bodies.request_for_body(answer=answer, by=by)
    authorise(owner, by, once=False)
    Competence.objects.filter(organisation=by.organisation).update(valid_until=timezone.localdate())
    with pytest.raises(ActionRefused, match="not competent"):
        bodies.request_for_body(answer=answer, by=by)


def test_no_line_in_the_register_no_report(owner: Account, settings: Any) -> None:
    by = examiner()
    answer = check(owner.person, by)
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON archive_queryline FROM {settings.DATABASE_APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    with pytest.raises(DatabaseError, match="permission denied"):
        bodies.request_for_body(answer=answer, by=by)
    assert not Report.objects.exists()


def test_a_change_replaces_it_and_tells_the_body_and_not_the_person(owner: Account) -> None:
    by, entry = examiner(), on_file(owner.person, "STU-P1")
    answer = check(owner.person, by)
    assert not answer.findings.exists()
    report = bodies.request_for_body(answer=answer, by=by)
    actions.issue(report_id=report.pk, by=System("worker"))
    officer = f.AccountFactory(organisation=entry.organisation, holds=[Role.APPROVER])
    end_entries(entries=[entry], reason="opted_out", at=timezone.now(), ended_by=officer, by=officer)  # type: ignore[arg-type]
    recall.follow_feed(by=System("worker"))
    report.refresh_from_db()
    assert report.replaced_why == "changed"
    with pytest.raises(ActionRefused, match="changed since"):
        bodies.read_by_body(report=report, by=by)
    assert "/pdf/" not in sign_in(by).get(f"/check/answers/{answer.code}/reports/").content.decode()
    assert ReaderNotice.objects.visible_to(by).get().answer_id == answer.pk
    assert not Notice.objects.about(report).exists()
