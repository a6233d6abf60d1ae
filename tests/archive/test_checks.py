"""A check of one person: what it answers, what it never guesses, and that nobody looks without leaving a line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.utils import timezone

from archive.common.periods import after_months
from archive.models import Answer, Check, QueryLine
from archive.vetoes.explain import explain
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, can
from profiles.common.vocabulary import Event, Group
from tests import factories as f
from tests import numbers
from tests.archive.checking import MATTER, check, examiner, months_ago, on_file

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)

# What is answered


def test_a_person_without_obstacles_is_clear() -> None:
    person = f.PersonFactory()
    on_file(person, "STU-04")
    answer = check(person, examiner())
    assert (answer.outcome, answer.person_id, answer.findings.count()) == ("clear", person.pk, 0)


def test_a_veto_names_rule_entry_article_and_the_day_on_which_it_ends() -> None:
    person = f.PersonFactory()
    entry = on_file(person, "TEA-02", document=months_ago(30))
    answer = check(person, examiner())
    assert answer.outcome == "veto"
    (row,) = explain(answer)
    assert (row["rule"].code, row["entry"], row["story"]) == ("V-TEA-1", entry, True)
    assert ("教师法", "14") in [
        (basis.title_zh.removeprefix("中华人民共和国"), articles) for basis, articles in row["bases"]
    ]
    assert row["clause"]["items"] == ["TEA-02", "TEA-03"]
    assert row["finding"].until == after_months(entry.document_date, 60)
    assert row["finding"].last_day == row["finding"].until - DAY


def test_a_bar_that_outlasts_the_display_is_answered_without_its_story() -> None:
    person = f.PersonFactory()
    entry = on_file(person, "TEA-02", document=months_ago(58), severity="minor")
    assert timezone.localdate() not in entry.display
    answer = check(person, examiner())
    (row,) = explain(answer)
    assert (answer.outcome, row["entry"], row["story"]) == ("veto", entry, False)


def test_an_entry_that_nobody_approved_bars_nothing() -> None:
    person = f.PersonFactory()
    on_file(person, "TEA-02", approved=False)
    assert check(person, examiner()).outcome == "clear"


def test_an_entry_is_found_by_any_number_of_the_person_and_never_for_another() -> None:
    person, other, by = f.PersonFactory(), f.PersonFactory(), examiner()
    second = f.IdentityDocumentFactory(person=person, kind="passport", number="E12345678")
    on_file(person, "TEA-02")
    assert check(person, by, number=second.number).outcome == "veto"
    assert check(other, by).outcome == "clear"


def test_an_unknown_number_is_answered_as_not_found_and_keeps_no_person() -> None:
    answer = check(f.PersonFactory(), examiner(), number=numbers.resident())
    assert (answer.outcome, answer.person_id) == ("not_found", None)


def test_a_number_with_another_name_gives_away_nothing() -> None:
    person = f.PersonFactory(name="张三")
    on_file(person, "TEA-02")
    answer = check(person, examiner(), name="李四")
    assert (answer.outcome, answer.findings.count(), answer.name) == ("name_mismatch", 0, "李四")


@pytest.mark.parametrize("typed", ["买买提 · 艾力", "买买提•艾力", " 买买提·艾力 "])
def test_the_same_name_written_otherwise_is_the_same_name(typed: str) -> None:
    assert check(f.PersonFactory(name="买买提·艾力"), examiner(), name=typed).outcome == "clear"


# Never guessed


def test_a_term_that_the_decision_left_out_needs_a_look() -> None:
    by, person = examiner(group=Group.STU, event=Event.EXAM), f.PersonFactory()
    on_file(person, "STU-02")
    answer = check(person, by, group=Group.STU, event=Event.EXAM)
    finding = answer.findings.get()
    assert (answer.outcome, finding.doubt, finding.until) == ("review", "term_not_stated", None)


def test_the_same_term_stated_is_a_veto_until_its_end() -> None:
    by, person = examiner(group=Group.STU, event=Event.EXAM), f.PersonFactory()
    start = months_ago(6)
    on_file(person, "STU-02", document=start, bar=(start, start + 400 * DAY))
    answer = check(person, by, group=Group.STU, event=Event.EXAM)
    finding = answer.findings.get()
    assert (answer.outcome, finding.doubt, finding.last_day) == ("veto", "", start + 399 * DAY)


@pytest.mark.parametrize(
    ("named", "outcome", "doubts"),
    [((), "review", ["occupation_not_stated"]), (("TEA",), "veto", [""]), (("LAW",), "clear", [])],
)
def test_an_occupation_that_the_court_did_not_name_needs_a_look(
    named: tuple[str, ...], outcome: str, doubts: list[str]
) -> None:
    person, start = f.PersonFactory(), months_ago(6)
    on_file(person, "GEN-15", document=start, bar=(start, start + 700 * DAY), bar_groups=named)
    answer = check(person, examiner())
    assert answer.outcome == outcome
    assert [row.doubt for row in answer.findings.all() if row.rule.code == "V-GEN-1"] == doubts


@pytest.mark.parametrize(("post", "outcome"), [("", "review"), ("partner", "veto"), ("court_agent", "clear")])
def test_a_post_that_the_body_did_not_name_needs_a_look(post: str, outcome: str) -> None:
    by, person = examiner(group=Group.LAW, event=Event.POST), f.PersonFactory()
    start = months_ago(6)
    on_file(person, "LAW-04", document=start, bar=(start, start + 30 * DAY))
    answer = check(person, by, group=Group.LAW, event=Event.POST, post=post)
    assert (answer.outcome, answer.check_asked.post) == (outcome, post)


def test_what_police_and_courts_must_answer_is_shown_as_a_question_for_them() -> None:
    person = f.PersonFactory()
    on_file(person, "TEA-06")
    answer = check(person, examiner())
    doubts = {row.rule.code: row.doubt for row in answer.findings.all()}
    assert (answer.outcome, doubts["V-TEA-2"]) == ("review", "outside_check")


# Who may ask, for what


@pytest.mark.parametrize("matter", ["", "  ", "\u3000"])
def test_without_a_matter_number_nobody_looks(matter: str) -> None:
    person = f.PersonFactory()
    with pytest.raises(ActionRefused, match="matter number"):
        check(person, examiner(), matter_number=matter)
    assert not QueryLine.objects.about(person.pk).exists()


def test_a_matter_number_that_is_an_identity_number_is_refused() -> None:
    """It would stand in the register in plain text."""
    by, person = examiner(), f.PersonFactory()
    with pytest.raises(ActionRefused, match="holds an identity number"):
        check(person, by, matter_number=f"申请人{person.identities.get().number}")
    lookalike = numbers.resident(timezone.localdate())
    assert check(person, by, matter_number=lookalike).check_asked.matter_number == lookalike


@pytest.mark.parametrize("asked", [{"group": Group.LAW}, {"event": Event.TITLE}])
def test_a_body_checks_only_what_it_is_competent_for(asked: dict[str, Any]) -> None:
    person = f.PersonFactory()
    with pytest.raises(ActionRefused, match="not competent"):
        check(person, examiner(), **asked)
    assert not Check.objects.exists()
    assert not QueryLine.objects.about(person.pk).exists()


def test_a_competence_that_is_over_opens_no_door() -> None:
    by = examiner()
    by.organisation.competences.update(valid_until=timezone.localdate())
    with pytest.raises(ActionRefused, match="not competent"):
        check(f.PersonFactory(), by)


def test_a_competence_to_report_is_none_to_check() -> None:
    body = f.OrganisationFactory(licensing=True)
    f.CompetenceFactory(organisation=body, group=Group.TEA)
    with pytest.raises(ActionRefused, match="not competent"):
        check(f.PersonFactory(), f.AccountFactory(organisation=body, holds=[Role.EXAMINER]))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.EXAMINER, Role.PERSON}))
def test_only_examiners_check(role: Role) -> None:
    by = f.AccountFactory(organisation=examiner().organisation, holds=[role])
    with pytest.raises(PermissionDenied):
        check(f.PersonFactory(), by)
    assert not Check.objects.exists()


def test_an_examiner_of_another_body_sees_nothing_of_it() -> None:
    earlier, by = examiner(), examiner()
    answer = check(f.PersonFactory(), by)
    assert (Answer.objects.visible_to(by).get(), Check.objects.visible_to(by).get()) == (answer, answer.check_asked)
    for stranger in (earlier, examiner(), f.AccountFactory(a_person=True), System("worker")):
        assert not Answer.objects.visible_to(stranger).exists()
        assert not Check.objects.visible_to(stranger).exists()
        for permission in (Permission.VIEW_CHECK, Permission.DECIDE_CHECK, Permission.REVEAL_IDENTITY):
            assert can(by, permission, answer)
            assert not can(stranger, permission, answer)


# Every look leaves a line


def test_each_answer_leaves_a_line_that_the_person_sees() -> None:
    by, person = examiner(), f.PersonFactory()
    owner = f.AccountFactory(organisation=None, person=person)
    on_file(person, "TEA-02")
    check(person, by, matter_number=f" {MATTER} ")
    line = QueryLine.objects.visible_to(owner).get()
    assert (line.organisation, line.account_id, line.matter_number) == (by.organisation, by.pk, MATTER)
    assert (line.purpose, line.group, line.event, line.basis, line.answer) == (
        "check",
        "TEA",
        "access",
        "statute",
        "veto",
    )
    assert not QueryLine.objects.visible_to(f.AccountFactory(a_person=True)).exists()


def test_a_name_that_does_not_match_leaves_a_line_and_an_unknown_number_none() -> None:
    by, person = examiner(), f.PersonFactory(name="张三")
    check(person, by, name="李四")
    assert QueryLine.objects.about(person.pk).get().answer == "name_mismatch"
    before = QueryLine.objects.count()
    check(person, by, number=numbers.resident())
    assert QueryLine.objects.count() == before


def test_the_trail_tells_of_the_check_without_the_number() -> None:
    person = f.PersonFactory()
    answer = check(person, examiner())
    event = AuditEvent.objects.get(verb=Verb.CHECK_MADE)
    assert (event.person_id, event.details["outcome"], event.object_id) == (
        person.pk,
        "clear",
        str(answer.check_asked_id),
    )
    assert answer.number not in str(event.details)


@pytest.mark.parametrize("table", ["archive_queryline", "profiles_auditevent"])
def test_where_the_line_cannot_be_written_there_is_no_answer(table: str, settings: Any) -> None:
    by, person = examiner(), f.PersonFactory()
    on_file(person, "TEA-02")
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON {table} FROM {settings.DATABASE_APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    with pytest.raises(DatabaseError, match="permission denied"):
        check(person, by)
    assert not Answer.objects.exists()


def test_name_and_number_lie_in_the_table_as_ciphertext() -> None:
    answer = check(f.PersonFactory(name="张三"), examiner())
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM archive_answer a WHERE id = %s", [answer.pk])
        stored = cursor.fetchone()[0]
    assert answer.number not in stored
    assert "张三" not in stored
