"""The gate: no approval without a fresh answer of the right check, on the rules in force; in actions and in the database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from archive.models import Answer, Applicant, Check, GateDecision, Notice, ReviewProgramme, RuleVersion
from archive.vetoes import actions as vetoes
from archive.vetoes.gate_rules import Standing
from archive.vetoes.gate_text import stands
from archive.vetoes.models import Decision, Outcome
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.vocabulary import Event, Group
from tests import factories as f
from tests import numbers
from tests.archive.checking import adopt, examiner, heard, on_file
from tests.archive.disputing import dispute

pytestmark = pytest.mark.django_db
WHY = "已核对身份证件原件，系统暂无该人档案。"


def programme(by: Any, **changed: Any) -> ReviewProgramme:
    today = timezone.localdate()
    values: dict[str, Any] = {
        "name": "2027年度教师资格认定",
        "group": Group.TEA,
        "event": Event.ACCESS,
        "matter_number": "示教资〔2027〕1号",
        "basis": "教师资格条例第十八条",
        "opens_on": today,
        "closes_on": today + dt.timedelta(days=30),
        "freshness_days": 15,
    }
    return vetoes.open_programme(**{**values, **changed}, by=by)


def apply(at: ReviewProgramme, by: Any, person: Any = None, **changed: Any) -> Applicant:
    person = person or f.PersonFactory()
    values = {"name": person.name, "number": person.identities.get().number}
    return vetoes.add_applicant(programme=at, **{**values, **changed}, by=by)


def barred() -> Any:
    person = f.PersonFactory()
    on_file(person, "TEA-02")
    return person


def colleague(by: Any) -> Any:
    return f.AccountFactory(organisation=by.organisation, holds=[Role.EXAMINER])


def decide(applicant: Applicant, kind: Decision.Kind, by: Any) -> Decision:
    assert applicant.answer is not None
    if kind == Decision.Kind.CONFIRMED:
        heard(applicant.answer, by)
    return vetoes.decide(answer=applicant.answer, kind=kind, reasons="已核对认定文书，期限未满。", by=by)


def grow_old(days: int) -> None:
    """As if the checks had been asked so long ago."""
    Check.objects.update(asked_at=timezone.now() - dt.timedelta(days=days))


# programmes


def test_a_programme_asks_what_its_body_is_competent_for() -> None:
    by = examiner()
    made = programme(by)
    assert AuditEvent.objects.filter(verb=Verb.PROGRAMME_OPENED, object_id=str(made.pk)).exists()
    with pytest.raises(ActionRefused, match="not competent"):
        programme(by, name="另一个", event=Event.TITLE)
    with pytest.raises(ActionRefused, match="of this name already"):
        programme(by)
    with pytest.raises(ActionRefused, match="holds an identity number"):
        programme(by, name="又一个", matter_number=numbers.resident())
    with pytest.raises(PermissionDenied):
        programme(f.AccountFactory(holds=[Role.CLERK]), name="再一个")


def test_applicants_come_in_while_it_is_open_each_once_with_an_answer() -> None:
    by = examiner()
    at, person = programme(by), f.PersonFactory()
    first = apply(at, by, person)
    assert (first.position, first.state) == (1, "checked")
    assert first.answer is not None
    assert (first.answer.outcome, first.answer.check_asked.matter_number) == ("clear", at.matter_number)
    with pytest.raises(ActionRefused, match="among the applicants already"):
        apply(at, by, person)
    ReviewProgramme.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=1), opens_on="2020-01-01")
    with pytest.raises(ActionRefused, match="not open today"):
        apply(at, by)


def test_names_and_numbers_of_applicants_are_ciphertext() -> None:
    by, person = examiner(), f.PersonFactory()
    apply(programme(by), by, person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, number FROM archive_applicant")
        name, number = (bytes(value) for value in cursor.fetchone())
    assert person.name.encode() not in name
    assert person.identities.get().number.encode() not in number


# approving


def test_clear_and_fresh_is_approved_once() -> None:
    by = examiner()
    applicant = apply(programme(by), by)
    final = vetoes.approve_applicant(applicant=applicant, by=by)
    applicant.refresh_from_db()
    assert (applicant.state, final.kind, final.answer_id) == ("approved", "approved", applicant.answer_id)
    assert AuditEvent.objects.filter(verb=Verb.APPLICANT_APPROVED).count() == 1
    for act in (vetoes.approve_applicant, vetoes.refuse_applicant):
        with pytest.raises(ActionRefused, match="decided on already"):
            act(applicant=applicant, reasons=WHY, by=by)


def test_an_answer_that_is_too_old_approves_nobody_and_a_new_one_does() -> None:
    by = examiner()
    applicant = apply(programme(by), by)
    grow_old(15)
    with pytest.raises(ActionRefused, match="fresh enough"):
        vetoes.approve_applicant(applicant=applicant, by=by)
    vetoes.check_applicant(applicant=applicant, by=by)
    assert vetoes.approve_applicant(applicant=applicant, by=by).kind == "approved"


def test_an_answer_within_the_days_still_counts() -> None:
    by = examiner()
    applicant = apply(programme(by), by)
    grow_old(14)
    assert vetoes.approve_applicant(applicant=applicant, by=by).kind == "approved"


def test_an_answer_on_rules_that_have_changed_approves_nobody() -> None:
    by = examiner()
    applicant = apply(programme(by), by)
    officer = f.AccountFactory(holds=[Role.CREDIT_OFFICER])
    other = RuleVersion.objects.current().filter(status="on", groups__contains=["LAW"]).exclude(
        groups__overlap=["TEA", "*"]
    )[0]  # fmt: skip
    vetoes.end_rule(rule=other, document="示", by=officer)
    assert vetoes.standing_of(applicant=applicant, now=timezone.now()) == "ready", "a rule of others changes nothing"
    ours = RuleVersion.objects.current().filter(status="on", groups__contains=["TEA"], events__contains=["access"])[0]
    vetoes.end_rule(rule=ours, document="示", by=officer)
    with pytest.raises(ActionRefused, match="rules now in force"):
        vetoes.approve_applicant(applicant=applicant, by=by)
    vetoes.check_applicant(applicant=applicant, by=by)
    assert vetoes.approve_applicant(applicant=applicant, by=by).kind == "approved"


def test_a_rule_that_the_body_adopts_meanwhile_makes_answers_stale() -> None:
    by = examiner()
    applicant = apply(programme(by), by)
    adopt("V-GEN-05-ACCESS", examiner().organisation)
    assert vetoes.standing_of(applicant=applicant, now=timezone.now()) == "ready", "another body's adoption"
    adopt("V-GEN-05-ACCESS", by.organisation)
    assert vetoes.standing_of(applicant=applicant, now=timezone.now()) == "stale"


def test_an_obstacle_waits_for_an_examiner_lifted_it_may_be_approved() -> None:
    by = examiner()
    applicant = apply(programme(by), by, barred())
    for act in (vetoes.approve_applicant, vetoes.refuse_applicant):
        with pytest.raises(ActionRefused, match="confirms or lifts it first"):
            act(applicant=applicant, reasons=WHY, by=by)
    decide(applicant, Decision.Kind.LIFTED, by)
    with pytest.raises(ActionRefused, match="Nothing in the archive stands against"):
        vetoes.refuse_applicant(applicant=applicant, reasons=WHY, by=by)
    final = vetoes.approve_applicant(applicant=applicant, by=by)
    assert (final.examined_kind, final.slip) == ("lifted", None)


def test_confirmed_it_can_only_be_refused_with_its_slip_and_the_person_is_told() -> None:
    by, person = examiner(), barred()
    applicant = apply(programme(by), by, person)
    decide(applicant, Decision.Kind.CONFIRMED, by)
    with pytest.raises(ActionRefused, match="can only be refused"):
        vetoes.approve_applicant(applicant=applicant, reasons=WHY, by=by)
    with pytest.raises(ActionRefused, match="Give the reasons"):
        vetoes.refuse_applicant(applicant=applicant, reasons=" ", by=by)
    final = vetoes.refuse_applicant(applicant=applicant, reasons="教师资格丧失，期限未满。", by=by)
    assert final.slip == applicant.answer.slip  # type: ignore[union-attr]
    notice = Notice.objects.get(kind=Notice.Kind.GATE_REFUSED)
    assert notice.person_id == person.pk
    for part in ("教师资格丧失，期限未满。", final.slip.number, "apply for reconsideration"):
        assert part in notice.body_en
    assert person.identities.get().number not in notice.body_zh + notice.body_en


def test_not_found_is_approved_with_a_named_reason_only() -> None:
    by = examiner()
    applicant = apply(programme(by), by, name="无此人", number=numbers.resident())
    with pytest.raises(ActionRefused, match="Give the reasons"):
        vetoes.approve_applicant(applicant=applicant, by=by)
    final = vetoes.approve_applicant(applicant=applicant, reasons=WHY, by=by)
    assert (final.reasons, final.person_id) == (WHY, None)


def test_a_name_that_does_not_match_has_to_be_clarified() -> None:
    by, person = examiner(), f.PersonFactory()
    applicant = apply(programme(by), by, person, name="别人名")
    with pytest.raises(ActionRefused, match="Clarify name"):
        vetoes.approve_applicant(applicant=applicant, reasons=WHY, by=by)
    vetoes.check_applicant(applicant=applicant, name=person.name, by=by)
    assert vetoes.approve_applicant(applicant=applicant, by=by).kind == "approved"


def test_what_was_never_clarified_may_be_refused_and_nobody_else_is_told() -> None:
    by, person = examiner(), f.PersonFactory()
    applicant = apply(programme(by), by, person, name="别人名")
    final = vetoes.refuse_applicant(applicant=applicant, reasons="申请人未在期限内更正姓名。", by=by)
    assert final.person_id is None
    assert not Notice.objects.exists()


def test_what_is_in_dispute_bars_nobody_and_is_approved_with_a_named_reason_only() -> None:
    by, person = examiner(), f.PersonFactory()
    dispute(on_file(person, "TEA-02"))
    at = programme(by)
    applicant = apply(at, by, person)
    assert applicant.answer is not None
    assert applicant.answer.outcome == "in_dispute"
    assert Applicant.objects.tally(at, now=timezone.now())["in_dispute"] == 1
    with pytest.raises(ActionRefused, match="bars nobody"):
        vetoes.refuse_applicant(applicant=applicant, reasons=WHY, by=by)
    with pytest.raises(ActionRefused, match="Give the reasons"):
        vetoes.approve_applicant(applicant=applicant, by=by)
    with pytest.raises(ActionRefused, match="Nobody is clear"):
        vetoes.approve_ready(programme=at, reasons=WHY, by=colleague(by))
    final = vetoes.approve_applicant(applicant=applicant, reasons="异议处理中，不作为否决依据。", by=by)
    assert (final.outcome, final.person_id) == ("in_dispute", person.pk)


def test_what_an_applicant_waits_for_is_one_thing_on_its_page_and_in_the_list() -> None:
    by = examiner()
    at, pages = programme(by), {}
    examined = [(outcome, kind) for outcome in ("veto", "condition", "review") for kind in Decision.Kind]
    for outcome, kind in [*((outcome, None) for outcome in Outcome), *examined]:
        applicant = apply(at, by)
        Answer.objects.filter(pk=applicant.answer_id).update(outcome=outcome)
        if kind is not None:
            answer = Answer.objects.get(pk=applicant.answer_id)
            heard(answer, by)
            decision = {"kind": kind, "reasons": WHY, "decided_by": by, "organisation": by.organisation}
            Decision.objects.create(answer=answer, person_id=answer.person_id, **decision)
        pages[applicant.pk] = stands(Applicant.objects.get(pk=applicant.pk), fresh=True)
    now, listed = timezone.now(), {}
    for each in Standing:
        listed.update(
            dict.fromkeys(Applicant.objects.in_standing(each, at, now=now).values_list("pk", flat=True), each)
        )
    assert listed == pages
    tally = Applicant.objects.tally(at, now=now)
    assert {**dict.fromkeys(Standing, 0), **Counter(pages.values()), "total": len(pages)} == tally


def test_another_body_decides_nothing() -> None:
    by = examiner()
    at = programme(by)
    applicant = apply(at, by)
    other = examiner()
    for act in (
        lambda: vetoes.approve_applicant(applicant=applicant, by=other),
        lambda: vetoes.refuse_applicant(applicant=applicant, reasons=WHY, by=other),
        lambda: vetoes.check_applicant(applicant=applicant, by=other),
        lambda: vetoes.approve_ready(programme=at, by=other),
        lambda: vetoes.recheck_stale(programme=at, by=other),
        lambda: apply(at, other),
    ):
        with pytest.raises(PermissionDenied):
            act()


# many at once


def test_a_second_person_approves_all_who_are_clear_and_fresh() -> None:
    by = examiner()
    at, second = programme(by), colleague(by)
    for _applicant in range(3):
        apply(at, by)
    apply(at, by, barred())
    own = apply(at, second)
    with pytest.raises(ActionRefused, match="somebody else asked for"):
        vetoes.approve_ready(programme=programme(by, name="空的"), by=second)
    assert vetoes.approve_ready(programme=at, by=second) == 3
    assert GateDecision.objects.filter(bulk=True, decided_by=second).count() == 3
    own.refresh_from_db()
    assert own.state == "checked", "who asked does not approve in bulk"
    assert AuditEvent.objects.filter(verb=Verb.APPLICANT_APPROVED).count() == 3
    assert AuditEvent.objects.get(verb=Verb.APPLICANTS_APPROVED).details["people"] == 3


def test_approving_many_asks_no_more_than_approving_two() -> None:
    from django.test.utils import CaptureQueriesContext

    by = examiner()
    second = colleague(by)
    assert second.roles
    costs = []
    for count in (2, 12):
        at = programme(by, name=f"第{count}批")
        for _applicant in range(count):
            apply(at, by)
        with CaptureQueriesContext(connection) as captured:
            assert vetoes.approve_ready(programme=at, by=second) == count
        costs.append(len(captured))
    assert costs[0] == costs[1]


def listed(by: Any, *people: Any, at: Any = None, work: bool = True) -> Check:
    rows = [(person.name, person.identities.get().number) for person in people]
    target = {"group": Group.TEA, "event": Event.ACCESS, "matter_number": "示名单〔2027〕1号"}
    asked = vetoes.order_list(upload=vetoes.as_file(rows), programme=at, question=target, by=by)
    if work:
        carry(asked)
    return asked


def carry(asked: Check) -> None:
    from profiles.common.permissions import System

    vetoes.carry_list(check_id=asked.pk, by=System("test"))
    asked.refresh_from_db()


def test_an_uploaded_list_brings_its_applicants_with_their_answers() -> None:
    by = examiner()
    at, known = programme(by), f.PersonFactory()
    apply(at, by, known)
    asked = listed(by, known, f.PersonFactory(), barred(), at=at)
    assert asked.counts == {"clear": 2, "veto": 1}
    assert [row.position for row in at.applicants.all()] == [1, 2, 3]
    assert {row.answer.check_asked_id for row in at.applicants.all()} == {asked.pk}  # type: ignore[union-attr]
    carry(asked)
    assert at.applicants.count() == 3, "a second worker changes nothing"


def test_an_answered_list_is_taken_over_if_it_asked_the_same() -> None:
    by = examiner()
    f.CompetenceFactory(organisation=by.organisation, check=True, group=Group.LAW)
    asked = listed(by, f.PersonFactory(), f.PersonFactory())
    assert vetoes.take_answers(programme=programme(by), asked=asked, by=by) == (2, 0)
    with pytest.raises(ActionRefused, match="same group, event and post"):
        vetoes.take_answers(programme=programme(by, name="律师", group=Group.LAW), asked=asked, by=by)
    waiting = listed(by, f.PersonFactory(), work=False)
    with pytest.raises(ActionRefused, match="answered list"):
        vetoes.take_answers(programme=programme(by, name="待答"), asked=waiting, by=by)


def test_stale_ones_are_asked_about_again_in_one_list() -> None:
    by = examiner()
    at = programme(by)
    applicants = [apply(at, by), apply(at, by, barred()), apply(at, by)]
    vetoes.approve_applicant(applicant=applicants[2], by=by)
    with pytest.raises(ActionRefused, match="All answers are fresh"):
        vetoes.recheck_stale(programme=at, by=by)
    Check.objects.filter(answers__applicants__in=applicants[:2]).update(asked_at=timezone.now() - dt.timedelta(days=20))
    asked = vetoes.recheck_stale(programme=at, by=by)
    with pytest.raises(ActionRefused, match="being checked"):
        vetoes.recheck_stale(programme=at, by=by)
    carry(asked)
    assert asked.matter_number == at.matter_number
    assert asked.counts == {"clear": 1, "veto": 1}
    tally = Applicant.objects.tally(at, now=timezone.now())
    assert (tally["ready"], tally["to_decide"], tally["approved"], tally["stale"]) == (1, 1, 1, 0)


# the database itself


def raw(applicant: Applicant, **changed: Any) -> GateDecision:
    answer = applicant.answer
    assert answer is not None
    asked = answer.check_asked
    values: dict[str, Any] = {
        "applicant": applicant, "programme": applicant.programme, "organisation": applicant.organisation,
        "group": asked.group, "event": asked.event, "post": asked.post,
        "freshness_days": applicant.programme.freshness_days, "check_asked": asked, "asked_at": asked.asked_at,
        "asked_by_id": asked.account_id, "answer": answer, "outcome": answer.outcome, "kind": "approved",
        "decided_by": applicant.added_by,
    }  # fmt: skip
    with transaction.atomic():
        made = GateDecision.objects.create(**{**values, **changed})
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return made


def test_what_bulk_sql_would_write_by_hand_is_refused_too() -> None:
    by = examiner()
    at = programme(by)
    good, bad = apply(at, by), apply(at, by, barred())
    assert bad.answer is not None
    unknown = apply(at, by, name="无此人", number=numbers.resident())
    other = programme(by, name="另一个")
    now = timezone.now()
    wrong: list[tuple[Applicant, dict[str, Any], str]] = [
        (bad, {}, "needs_a_good_answer"),
        (bad, {"outcome": "clear"}, "gate_tie_answer"),
        (unknown, {}, "needs_a_good_answer"),
        (good, {"kind": "refused", "reasons": WHY}, "needs_a_confirmed_obstacle"),
        (good, {"answer": unknown.answer}, "gate_tie_(answer|applicant)"),
        (good, {"programme": other}, "gate_tie_applicant"),
        (good, {"event": "title"}, "gate_tie_(check|programme)"),
        (good, {"freshness_days": 300}, "gate_tie_programme"),
        (good, {"asked_at": now - dt.timedelta(hours=1)}, "gate_tie_check"),
        (good, {"decided_at": now + dt.timedelta(days=15, hours=1)}, "gate_check_is_fresh"),
        (good, {"bulk": True, "decided_by": by}, "second_person"),
        (good, {"bulk": True, "decided_by": by, "asked_by_id": by.pk + 1}, "gate_tie_check"),
    ]
    for applicant, changed, name in wrong:
        with pytest.raises(IntegrityError, match=name):
            raw(applicant, **changed)
    assert raw(good).pk


def test_a_lifting_that_belongs_to_another_answer_helps_nobody() -> None:
    by = examiner()
    at = programme(by)
    one, two = apply(at, by, barred()), apply(at, by, barred())
    lifted = decide(one, Decision.Kind.LIFTED, by)
    with pytest.raises(IntegrityError, match="gate_tie_examined"):
        raw(two, examined=lifted, examined_kind="lifted")
    confirmed = decide(two, Decision.Kind.CONFIRMED, by)
    with pytest.raises(IntegrityError, match="gate_tie_examined"):
        raw(two, examined=confirmed, examined_kind="lifted")
    assert raw(one, examined=lifted, examined_kind="lifted").pk


def test_what_was_decided_on_is_never_asked_about_again() -> None:
    by = examiner()
    applicant = apply(programme(by), by)
    vetoes.approve_applicant(applicant=applicant, by=by)
    with pytest.raises(ActionRefused, match="decided on already"):
        vetoes.check_applicant(applicant=applicant, by=by)
    other = f.AnswerFactory(row=99, check_asked=applicant.answer.check_asked)  # type: ignore[union-attr]
    with pytest.raises(IntegrityError, match="gate_tie_applicant"), transaction.atomic():
        Applicant.objects.filter(pk=applicant.pk).update(answer=other)
    assert Answer.objects.count() == 2


def test_many_without_an_archive_are_approved_with_one_reason_that_stands_in_each() -> None:
    by = examiner()
    at, second = programme(by), colleague(by)
    clear, unknown = apply(at, by), apply(at, by, name="无此人", number=numbers.resident())
    mismatch = apply(at, by, f.PersonFactory(), name="别人名")
    with pytest.raises(ActionRefused, match="Give the reasons"):
        vetoes.approve_ready(programme=at, reasons="好", by=second)
    assert vetoes.approve_ready(programme=at, reasons=WHY, by=second) == 2
    said = dict(GateDecision.objects.values_list("applicant_id", "reasons"))
    assert said == {clear.pk: "", unknown.pk: WHY}
    mismatch.refresh_from_db()
    assert mismatch.state == "checked"
