"""An entry in dispute: marked at once, shown to every reader, decides nothing, settled by a second person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from archive.models import Change, CheckFact, Decision, Dispute, Notice
from archive.records import actions as records
from archive.vetoes import actions as vetoes
from profiles.accounts.permissions import Role
from profiles.common.exceptions import ActionRefused
from profiles.models import AuditEvent
from tests import factories as f
from tests import numbers
from tests.archive.checking import check, examiner, heard, on_file
from tests.archive.disputing import TEXT, approver_of, clerk_of, dispute, settle
from tests.archive.lives import feed_of, fresh, told
from tests.archive.persons import correct_number, join
from tests.archive.test_replay import replay, stored

pytestmark = pytest.mark.django_db


def lines(entry: Any) -> list[tuple[bool, bool]]:
    """(disputed, open) of the entry's lines in the check index, in the order in which they were known."""
    rows = CheckFact.objects.filter(entry_id=entry.pk).order_by("known_from")
    return [(row.disputed, row.known_until is None) for row in rows]


def test_the_mark_and_its_end_reach_index_feed_person_and_trail() -> None:
    entry = on_file(f.PersonFactory(), "TEA-02")
    opened = dispute(entry)
    assert lines(entry) == [(False, False), (True, True)]
    closed, marked = CheckFact.objects.filter(entry_id=entry.pk).order_by("known_from")
    assert closed.known_until == marked.known_from == opened.opened_at
    done = settle(opened)
    assert lines(entry) == [(False, False), (True, False), (False, True)]
    last = CheckFact.objects.get(entry_id=entry.pk, known_until=None)
    assert last.known_from == done.settled_at
    for field in ("item_code", "severity", "document_date", "display", "bar", "person_id", "polarity"):
        assert getattr(last, field) == getattr(closed, field)
    kinds = [kind for kind, _pk in feed_of(entry)]
    assert kinds[-2:] == ["entry.disputed", "entry.settled"]
    assert told(entry)[-2:] == ["entry_disputed", "dispute_settled"]
    verbs = AuditEvent.objects.filter(verb__startswith="record.dispute").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["record.dispute_opened", "record.dispute_settled"]


def test_a_veto_becomes_in_dispute_and_a_veto_again_and_each_answer_can_be_replayed() -> None:
    by, person = examiner(), f.PersonFactory()
    entry = on_file(person, "TEA-02")
    answers = [check(person, by)]
    opened = dispute(entry)
    answers.append(check(person, by))
    settle(opened)
    answers.append(check(person, by))
    assert [answer.outcome for answer in answers] == ["veto", "in_dispute", "veto"]
    (finding,) = answers[1].findings.all()
    assert (finding.effect, finding.doubt, finding.entry_id) == ("REVIEW", "in_dispute", entry.pk)
    for answer in answers:
        assert replay([answer]) == [stored(answer)]


def test_the_notices_say_what_is_disputed_and_why_it_was_settled() -> None:
    entry = on_file(f.PersonFactory(), "TEA-02")
    settle(dispute(entry), reason="经复核，证件号码 110101199001011237 有误之说不成立。")
    first, second = Notice.objects.about(entry).filter(kind__in=["entry_disputed", "dispute_settled"]).order_by("pk")
    assert TEXT in first.body_zh
    assert "经复核" in second.body_zh
    assert "110101199001011237" not in second.body_zh + Dispute.objects.get().reason


@pytest.mark.parametrize("role", [Role.APPROVER, Role.EXAMINER, Role.CREDIT_OFFICER])
def test_a_clerk_of_the_body_marks(role: Role) -> None:
    entry = on_file(f.PersonFactory(), "TEA-02")
    with pytest.raises(PermissionDenied):
        dispute(entry, by=f.AccountFactory(organisation=entry.organisation, holds=[role]))
    with pytest.raises(PermissionDenied):
        dispute(entry, by=f.AccountFactory(holds=[Role.CLERK]))


def test_an_approver_of_the_body_settles_who_did_not_record_it() -> None:
    entry = on_file(f.PersonFactory(), "TEA-02")
    both = f.AccountFactory(organisation=entry.organisation, holds=[Role.CLERK, Role.APPROVER])
    opened = dispute(entry, by=both)
    with pytest.raises(ActionRefused, match="second person"):
        settle(opened, by=both)
    with pytest.raises(PermissionDenied):
        settle(opened, by=clerk_of(entry))
    with pytest.raises(PermissionDenied):
        settle(opened, by=f.AccountFactory(holds=[Role.APPROVER]))
    settle(opened)
    with pytest.raises(ActionRefused, match="already"):
        settle(opened)


def test_one_open_objection_a_record_and_another_after_it() -> None:
    entry = on_file(f.PersonFactory(), "TEA-02")
    opened = dispute(entry)
    with pytest.raises(ActionRefused, match="already"):
        dispute(entry)
    with pytest.raises(IntegrityError, match="dispute_one_open"), transaction.atomic():
        f.DisputeFactory(entry=entry)
    settle(opened, "withdrawn")
    dispute(entry)
    assert [kind for kind, _pk in feed_of(entry)].count("entry.disputed") == 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"text": "  "}, "few sentences"),
        ({"text": "长" * 1001}, "1000"),
        ({"text": "因为我有乙肝。"}, "乙肝"),
        ({"received_number": " "}, "number under which"),
        ({"received_on": timezone.localdate() + dt.timedelta(days=1)}, "future"),
    ],
)
def test_what_is_written_must_be_fit_to_be_kept(changed: dict[str, Any], message: str) -> None:
    entry = on_file(f.PersonFactory(), "TEA-02")
    with pytest.raises(ActionRefused, match=message):
        dispute(entry, **changed)
    assert lines(entry) == [(False, True)]


def test_what_does_not_hold_is_not_marked() -> None:
    planned = on_file(f.PersonFactory(), "TEA-02", approved=False)
    with pytest.raises(ActionRefused, match="only an entry that holds"):
        dispute(planned)
    repaired = on_file(f.PersonFactory(), "TEA-02")
    records.mark_repaired(entries=[repaired], by=approver_of(repaired))
    with pytest.raises(ActionRefused, match="only an entry that holds"):
        dispute(repaired)


def test_upheld_only_when_the_entry_was_put_right() -> None:
    by, person = examiner(), f.PersonFactory()
    entry = on_file(person, "TEA-02")
    opened = dispute(entry)
    with pytest.raises(ActionRefused, match="still holds"):
        settle(opened, "upheld")
    void = records.propose_change(entry=entry, kind="void", reason="核查后确认误报。", by=clerk_of(entry))
    records.approve(entries=[void], by=approver_of(entry))
    assert lines(entry) == [(False, False), (True, False)]
    assert settle(opened, "upheld").outcome == "upheld"
    assert lines(entry) == [(False, False), (True, False)]
    assert check(person, by).outcome == "clear"


def test_a_correction_that_comes_meanwhile_stays_in_dispute() -> None:
    by, person = examiner(), f.PersonFactory()
    entry = on_file(person, "TEA-02")
    opened = dispute(entry)
    change = records.propose_change(
        entry=entry, kind="correction", values={"document_body": "示例教育局"}, reason="单位写错。", by=clerk_of(entry)
    )
    if not change.eases:
        records.record_service(
            entries=[change], served_on=timezone.localdate() - dt.timedelta(days=40), by=clerk_of(entry)
        )
        fresh(change)
    records.approve(entries=[change], by=approver_of(entry))
    assert lines(change) == [(True, True)]
    assert check(person, by).outcome == "in_dispute"
    settle(opened, "upheld")
    assert lines(change) == [(True, False), (False, True)]
    assert check(person, by).outcome == "veto"


def test_the_mark_follows_the_person_under_every_number() -> None:
    by, person, other = examiner(), f.PersonFactory(), f.PersonFactory()
    entry = on_file(person, "TEA-02")
    opened = dispute(entry)
    correct_number(person, numbers.resident(person.birth_date))
    join(other, person)
    assert all(CheckFact.objects.filter(entry_id=entry.pk, known_until=None).values_list("disputed", flat=True))
    assert check(other, by).outcome == "in_dispute"
    settle(opened)
    assert not any(CheckFact.objects.filter(entry_id=entry.pk, known_until=None).values_list("disputed", flat=True))
    assert check(other, by).outcome == "veto"


def test_a_veto_is_not_confirmed_on_what_came_into_dispute_after_the_check() -> None:
    by, person = examiner(), f.PersonFactory()
    opened = [dispute(on_file(person, "TEA-02"))]
    settle(opened[0])
    answer = check(person, by)
    heard(answer, by)
    opened.append(dispute(opened[0].entry))
    reasons = {"answer": answer, "reasons": "已核对认定文书，期限未满。", "by": by}
    with pytest.raises(ActionRefused, match="in dispute by now"):
        vetoes.decide(kind=Decision.Kind.CONFIRMED, **reasons)
    settle(opened[1])
    assert vetoes.decide(kind=Decision.Kind.CONFIRMED, **reasons).kind == "confirmed"


def test_beside_a_dispute_what_is_settled_can_be_confirmed_and_anything_lifted() -> None:
    by, person = examiner(), f.PersonFactory()
    first = on_file(person, "TEA-02")
    on_file(person, "TEA-03")
    answers = [check(person, by), check(person, by)]
    heard(answers[0], by)
    dispute(first)
    reasons = {"reasons": "已核对认定文书，期限未满。", "by": by}
    assert vetoes.decide(answer=answers[0], kind=Decision.Kind.CONFIRMED, **reasons)
    assert vetoes.decide(answer=answers[1], kind=Decision.Kind.LIFTED, **reasons)


def test_what_was_said_stays_said() -> None:
    opened = f.DisputeFactory()
    for change in ("UPDATE archive_dispute SET text = '别的'", "DELETE FROM archive_dispute"):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    settle(opened)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Dispute.objects.update(reason="另一个理由")


def test_nothing_is_marked_where_the_person_cannot_be_told() -> None:
    entry = on_file(f.PersonFactory(), "TEA-02")
    before = Change.objects.count()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SAVEPOINT told")
        cursor.execute("ALTER TABLE archive_notice ADD CONSTRAINT none CHECK (kind <> 'entry_disputed')")
        with pytest.raises(IntegrityError), transaction.atomic():
            dispute(entry)
        cursor.execute("ROLLBACK TO SAVEPOINT told")
    assert (lines(entry), Change.objects.count(), Dispute.objects.count()) == ([(False, True)], before, 0)
