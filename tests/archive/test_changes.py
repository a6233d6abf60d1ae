"""Correction, revision, void: new entries under one number. What is replaced ends with its lines; nothing is overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from archive.models import CheckFact, Entry, Item, Notice
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests import factories as f
from tests.archive.lives import demo_clerk, everything_holds, feed_of, fresh, open_lines, serve, standing, told
from tests.archive.sheets import admitted, approver_beside, clerk, days_ago, fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Account:
    return demo_clerk()


@pytest.fixture
def second(by: Account) -> Account:
    return approver_beside(by)


@pytest.fixture
def entry(by: Account, second: Account) -> Entry:
    return standing(by, second)


def correct(
    entry: Entry, by: Account, kind: str = "correction", reason: str = "文号录入有误。", **values: Any
) -> Entry:
    return records.propose_change(entry=entry, kind=kind, values=values, reason=reason, by=by)


class TestTakingEffect:
    def test_a_correction_replaces_the_statement_and_the_old_one_stays_to_be_read(
        self, entry: Entry, by: Account, second: Account
    ) -> None:
        change = correct(entry, by, document_number="示学〔2026〕10号")
        assert (change.state, change.eases, change.record_id) == ("drafted", True, entry.record_id)
        assert change.changes == {"document_number": ["示学〔2026〕1号", "示学〔2026〕10号"]}
        assert fresh(entry).state == "in_force"
        records.approve(entries=[change], by=second)
        old, new = fresh(entry), fresh(change)
        assert (old.state, old.end_reason, old.ended_by) == ("ended", "corrected", second)
        assert old.document_number == "示学〔2026〕1号"
        assert (new.state, new.document_number) == ("in_force", "示学〔2026〕10号")
        assert (open_lines(old), open_lines(new)) == (0, 1)
        assert feed_of(entry) == [
            ("entry.admitted", entry.pk),
            ("entry.in_force", entry.pk),
            ("entry.admitted", new.pk),
            ("entry.ended", entry.pk),
            ("entry.changed", new.pk),
        ]
        assert told(new) == [Notice.Kind.ENTRY_CHANGED]
        notice = Notice.objects.about(new).get()
        assert "示学〔2026〕1号 → 示学〔2026〕10号" in notice.body_zh
        assert "文号录入有误。" in notice.body_zh
        assert "文号录入有误。" in notice.body_en
        everything_holds()

    def test_the_index_answers_as_known_before_and_after(self, entry: Entry, by: Account, second: Account) -> None:
        before = timezone.now()
        change = correct(entry, by, severity="minor", kind="revision", reason="原决定减轻处理。")
        records.approve(entries=[change], by=second)
        index = [bytes(row.index) for row in entry.person.identities.all()]
        assert [row.entry_id for row in CheckFact.objects.of(index).known_at(before)] == [entry.pk]
        assert [row.entry_id for row in CheckFact.objects.of(index).known_at(timezone.now())] == [change.pk]

    def test_a_void_ends_the_record(self, entry: Entry, by: Account, second: Account) -> None:
        void = records.propose_change(entry=entry, kind="void", reason="经复核，无此事实。", by=by)
        assert (void.eases, void.hearing_days, void.changes) == (True, 0, {})
        records.approve(entries=[void], by=second)
        old, void = fresh(entry), fresh(void)
        assert {(row.state, row.end_reason) for row in (old, void)} == {("ended", "voided")}
        assert not CheckFact.objects.filter(known_until=None).exists()
        assert not Entry.objects.displayed_on(timezone.localdate()).exists()
        assert feed_of(entry)[-1] == ("entry.ended", entry.pk)
        assert told(old)[-1] == Notice.Kind.ENTRY_ENDED
        assert "经复核，无此事实。" in Notice.objects.about(old).get(kind="entry_ended").body_zh
        everything_holds()

    def test_a_void_fact_may_be_recorded_anew(self, by: Account, second: Account) -> None:
        row = fact()
        (entry,) = admitted(row, by=by)
        serve(entry, by)
        records.approve(entries=[entry], by=second)
        void = records.propose_change(entry=entry, kind="void", reason="误报。", by=by)
        records.approve(entries=[void], by=second)
        (again,) = admitted(row, by=by)
        assert again.record_id != entry.record_id

    def test_many_changes_take_a_constant_number_of_queries(
        self, by: Account, second: Account, django_assert_max_num_queries: Any
    ) -> None:
        def changes(count: int) -> list[Entry]:
            made = []
            for number in range(count):
                base = standing(by, second, document_number=f"示学〔2026〕{number}号")
                kind = ("void", "correction", "revision")[number % 3]
                values = {} if kind == "void" else {"severity": "minor"}
                made.append(records.propose_change(entry=base, kind=kind, values=values, reason="复核。", by=by))
            return made

        few, many = changes(6), changes(12)  # one event is written by another statement than many
        with django_assert_max_num_queries(100) as first:
            records.approve(entries=few, by=second)
        with django_assert_max_num_queries(100) as then:
            records.approve(entries=many, by=second)
        assert len(then.captured_queries) == len(first.captured_queries)
        everything_holds()


class TestHearingAgain:
    def test_what_weighs_more_is_notified_and_heard_again(self, by: Account, second: Account) -> None:
        entry = standing(by, second)
        change = correct(entry, by, severity="serious", reason="应为严重。")
        assert (change.eases, change.state) == (False, "notified")
        assert told(change) == [Notice.Kind.ENTRY_PROPOSED]
        assert "应为严重。" in Notice.objects.about(change).get().body_zh
        with pytest.raises(ActionRefused, match="not been served"):
            records.approve(entries=[change], by=second)
        serve(change, by)
        records.approve(entries=[change], by=second)
        assert fresh(entry).end_reason == "corrected"
        everything_holds()

    def test_it_has_the_window_of_the_place(self) -> None:
        by = clerk()
        entry = f.EntryFactory(in_force=True, organisation=by.organisation,
                               record=f.RecordFactory(organisation=by.organisation))  # fmt: skip
        change = correct(entry, by, facts="另有他人参与。", reason="补充事实。")
        assert change.hearing_days == 5
        assert fresh(entry).state == "in_force", "it holds meanwhile"

    def test_a_positive_entry_is_changed_without_a_hearing(self, by: Account, second: Account) -> None:
        entry = standing(by, second, item="志愿服务")
        change = correct(entry, by, facts="共计40小时。", reason="补充时长。")
        assert change.state == "drafted"
        records.approve(entries=[change], by=second)
        assert fresh(change).state == "in_force"


class TestRefused:
    def test_the_second_person_is_another(self, entry: Entry, by: Account) -> None:
        f.RoleGrantFactory(account=by, role=Role.APPROVER)
        change = correct(entry, by, document_number="示学〔2026〕10号")
        with pytest.raises(ActionRefused, match="a second person"):
            records.approve(entries=[change], by=Account.objects.get(pk=by.pk))

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.EXAMINER, Role.AUDITOR])
    def test_only_clerks_propose(self, entry: Entry, by: Account, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            correct(entry, f.AccountFactory(organisation=by.organisation, holds=[role]), facts="")
        with pytest.raises(PermissionDenied):
            correct(entry, clerk(), facts="")

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({}, "Nothing is changed"),
            ({"document_number": " "}, "no document number"),
            ({"act_date": days_ago(40)}, "older than the act"),
            ({"act_date": dt.date(2015, 1, 1)}, "was not in force"),
            ({"document_date": dt.date(2999, 1, 1)}, "future"),
            ({"bar_from": days_ago(5), "bar_until": days_ago(9)}, "ends before it begins"),
            ({"sanction_months": 99}, "from 1 to 60"),
            ({"severity": "awful"}, "none of minor"),
            ({"facts": "患有抑郁"}, "art. 14"),
            ({"facts": "11010519491231002X"}, "identity number"),
        ],
    )
    def test_the_rules_of_an_entry_hold_for_its_change(
        self, entry: Entry, by: Account, values: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(ActionRefused, match=message):
            correct(entry, by, **values)
        assert Entry.objects.count() == 1

    @pytest.mark.parametrize(
        ("reason", "message"),
        [(" ", "Say in a sentence"), ("因" * 501, "longer than 500"), ("此人信奉某教", "may not be kept")],
    )
    def test_the_reason_is_a_sentence_that_may_be_kept(
        self, entry: Entry, by: Account, reason: str, message: str
    ) -> None:
        with pytest.raises(ActionRefused, match=message):
            correct(entry, by, reason=reason, facts="无")

    def test_an_act_of_a_child_does_not_come_in_by_a_correction(self, by: Account, second: Account) -> None:
        person = f.PersonFactory(birth_date=days_ago(18 * 365 + 200))
        entry = standing(by, second, person=person)
        with pytest.raises(ActionRefused, match="18th birthday"):
            correct(entry, by, act_date=days_ago(400))

    def test_one_change_at_a_time_and_only_of_what_holds(self, entry: Entry, by: Account, second: Account) -> None:
        change = correct(entry, by, document_number="示学〔2026〕10号")
        with pytest.raises(ActionRefused, match="being decided already"):
            correct(entry, by, document_number="示学〔2026〕11号")
        with pytest.raises(ActionRefused, match="only the entry that holds"):
            correct(change, by, document_number="示学〔2026〕11号")
        records.approve(entries=[change], by=second)
        with pytest.raises(ActionRefused, match="only the entry that holds"):
            correct(entry, by, document_number="示学〔2026〕11号")

    def test_an_item_of_others_does_not_come_in_by_a_correction(self, entry: Entry, by: Account) -> None:
        with pytest.raises(ActionRefused, match="not competent"):
            correct(entry, by, item=Item.objects.current().get(code="TEA-02"))

    def test_two_records_do_not_become_one_fact(self, by: Account, second: Account) -> None:
        person = f.PersonFactory()
        first = standing(by, second, person=person)
        other = standing(by, second, person=person, document_number="示学〔2026〕2号")
        change = correct(other, by, document_number=first.document_number)
        with pytest.raises(ActionRefused, match=f"record {first.record.number} holds the same fact"):
            records.approve(entries=[change], by=second)
        everything_holds()


class TestWithdrawn:
    def test_a_change_is_taken_back_and_the_statement_goes_on(self, entry: Entry, by: Account) -> None:
        change = correct(entry, by, severity="serious", reason="应为严重。")
        records.withdraw(entry=change, reason="证据不足。", by=by)
        assert (fresh(change).state, fresh(change).declined_reason) == ("withdrawn", "证据不足。")
        assert told(change) == [Notice.Kind.ENTRY_PROPOSED, Notice.Kind.ENTRY_WITHDRAWN]
        assert fresh(entry).state == "in_force"
        correct(entry, by, document_number="示学〔2026〕10号")
        everything_holds()

    def test_what_was_decided_is_not_taken_back(self, entry: Entry, by: Account) -> None:
        with pytest.raises(ActionRefused, match="decided already"):
            records.withdraw(entry=entry, reason="误报。", by=by)

    def test_a_declined_change_leaves_the_statement(self, entry: Entry, by: Account, second: Account) -> None:
        change = correct(entry, by, document_number="示学〔2026〕10号")
        records.decline(entry=change, reason="无据。", by=second)
        assert fresh(entry).state == "in_force"
        assert told(change) == []
        everything_holds()


def test_the_trail_tells_of_each_step_by_codes(entry: Entry, by: Account, second: Account) -> None:
    change = correct(entry, by, document_number="示学〔2026〕10号")
    records.approve(entries=[change], by=second)
    verbs = AuditEvent.objects.filter(object_type="entry", object_id=str(change.pk)).order_by("at")
    assert list(verbs.values_list("verb", flat=True)) == [Verb.CHANGE_PROPOSED, Verb.ENTRY_APPROVED]
    assert AuditEvent.objects.get(verb=Verb.ENTRY_ENDED).object_id == str(entry.pk)
    assert "文号" not in str(list(verbs.values_list("details", flat=True)))
