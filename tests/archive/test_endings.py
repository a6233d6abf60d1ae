"""How an entry ends: repaired, at the person's wish, by time, and with the decision on which it rested."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from psycopg.types.range import DateRange

from archive.models import CheckFact, Entry, Notice, Revocation
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account
from tests import factories as f
from tests.archive.lives import demo_clerk, everything_holds, feed_of, fresh, open_lines, standing, told
from tests.archive.sheets import admitted, approver_beside, clerk, codes, days_ago, fact, rehearse, said, xlsx
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WORKER = System("test")


@pytest.fixture
def by() -> Account:
    return demo_clerk()


@pytest.fixture
def second(by: Account) -> Account:
    return approver_beside(by)


@pytest.fixture
def person() -> Account:
    return f.AccountFactory(a_person=True)


class TestRepaired:
    def test_it_is_gone_from_every_view_and_the_sealed_file_says_when(
        self, by: Account, second: Account, person: Account
    ) -> None:
        entry = standing(by, second, person=person.person, facts="夹带纸条")
        change = records.propose_change(entry=entry, kind="correction", values={"facts": ""}, reason="删去。", by=by)
        records.mark_repaired(entries=[entry], by=second)
        assert (fresh(entry).end_reason, fresh(change).state, open_lines(entry)) == ("repaired", "withdrawn", 0)
        assert feed_of(entry)[-2:] == [("entry.withdrawn", change.pk), ("entry.ended", entry.pk)]
        assert told(entry)[-1] == Notice.Kind.ENTRY_ENDED
        today = f"{timezone.localdate().year}"
        own = f"/entries/{entry.record.number}/"
        for account, path in ((by, own), (second, own), (person, "/my/")):
            page = sign_in(account).get(path, headers={"accept-language": "en"}).content.decode()
            assert "夹带纸条" not in page
            assert entry.document_number not in page
            assert entry.item.name_zh not in page
            assert "Repaired on" in page or f"{today}年" in page
        assert entry.record.number not in sign_in(by).get("/entries/").content.decode()
        assert sign_in(person).get(f"/entries/{entry.record.number}/1/why/display/").status_code == 404
        assert sign_in(by).post(f"/entries/{entry.record.number}/letter/").status_code == 404
        everything_holds()

    def test_only_adverse_entries_that_hold_and_only_by_an_approver(self, by: Account, second: Account) -> None:
        entry, honour = standing(by, second), standing(by, second, item="志愿服务")
        with pytest.raises(PermissionDenied):
            records.mark_repaired(entries=[entry], by=by)
        with pytest.raises(ActionRefused, match="nothing to repair"):
            records.mark_repaired(entries=[entry, honour], by=second)
        assert fresh(entry).state == "in_force", "all or none"
        records.mark_repaired(entries=[entry], by=second)
        with pytest.raises(ActionRefused, match="no longer"):
            records.mark_repaired(entries=[entry], by=second)

    def test_a_repaired_fact_does_not_come_back_by_a_file(self, by: Account, second: Account) -> None:
        row = fact()
        (entry,) = admitted(row, by=by)
        records.record_service(entries=[entry], served_on=timezone.localdate(), by=by)
        records.approve(entries=[entry], by=second)
        records.mark_repaired(entries=[entry], by=second)
        assert codes(rehearse(xlsx(row), by=by)) == {2: ["duplicate_on_file"]}


class TestOptedOut:
    def test_the_person_takes_an_honour_out_at_once(self, by: Account, second: Account, person: Account) -> None:
        row = fact(item="志愿服务", name=person.person.name, identity_number=person.person.identities.get().number)
        (entry,) = admitted(row, by=by)
        records.approve(entries=[entry], by=second)
        path = f"/my/records/{entry.record.number}/opt-out/"
        client = sign_in(person)
        assert client.get(path).status_code == 200
        assert fresh(entry).state == "in_force", "looking does nothing"
        assert client.post(path).status_code == 302
        entry = fresh(entry)
        assert (entry.state, entry.end_reason, entry.ended_by, open_lines(entry)) == ("ended", "opted_out", person, 0)
        assert not Entry.objects.displayed_on(timezone.localdate()).exists()
        page = sign_in(by).get(f"/entries/{entry.record.number}/").content.decode()
        assert entry.item.name_zh not in page
        batch = rehearse(xlsx(row), by=by)
        assert codes(batch) == {2: ["opted_out"]}
        with translation.override("en"):
            assert "only if the person asks" in said(batch)[2][0]
        everything_holds()

    def test_nobody_else_and_nothing_adverse(self, by: Account, second: Account, person: Account) -> None:
        entry, honour = standing(by, second, person=person.person), standing(by, second, item="志愿服务")
        with pytest.raises(ActionRefused, match="Only positive"):
            records.opt_out(entry=entry, by=person)
        with pytest.raises(PermissionDenied):
            records.opt_out(entry=honour, by=person)
        assert sign_in(person).post(f"/my/records/{entry.record.number}/opt-out/").status_code == 302
        assert sign_in(person).get(f"/my/records/{entry.record.number}/opt-out/").status_code == 404

    def test_where_the_rules_do_not_provide_for_it(self, person: Account) -> None:
        f.JurisdictionFactory(code="strict", settings={"positive_opt_out": {"value": False}})
        by = clerk(jurisdiction="strict")
        honour = standing(by, item="志愿服务", person=person.person)
        with pytest.raises(ActionRefused, match="do not provide"):
            records.opt_out(entry=honour, by=person)


class TestByTime:
    def test_hidden_on_the_day_and_written_down_once(self, by: Account, second: Account) -> None:
        entry, other = standing(by, second), standing(by, second)
        day = entry.display.upper
        assert not Entry.objects.displayed_on(day).filter(pk=entry.pk).exists(), "before any job"
        assert records.close_over(day=day - dt.timedelta(days=1), by=WORKER) == 0
        assert records.close_over(day=day, by=WORKER) == 2
        assert records.close_over(day=day, by=WORKER) == 0
        entry = fresh(entry)
        assert (entry.state, entry.end_reason, entry.ended_by) == ("ended", "display_over", None)
        assert (open_lines(entry), open_lines(other)) == (1, 1), "a bar outlives its story"
        assert feed_of(entry)[-1] == ("entry.display_over", entry.pk)
        assert AuditEvent.objects.filter(verb=Verb.ENTRY_ENDED, object_id=str(entry.pk)).count() == 1
        everything_holds()

    def test_more_than_one_step(self, by: Account, second: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("archive.records.actions.ending.STEP", 2)
        for _number in range(5):
            entry = standing(by, second)
        assert records.close_over(day=entry.display.upper, by=WORKER) == 5

    def test_what_is_over_can_still_be_voided_for_its_bar(self, by: Account, second: Account) -> None:
        entry = standing(by, second)
        records.close_over(day=entry.display.upper, by=WORKER)
        void = records.propose_change(entry=fresh(entry), kind="void", reason="误报。", by=by)
        records.approve(entries=[void], by=second)
        assert (fresh(entry).end_reason, open_lines(entry)) == ("voided", 0)
        assert feed_of(entry)[-1] == ("entry.ended", entry.pk)
        everything_holds()

    def test_nobody_reads_what_is_past_its_retention(self, by: Account, second: Account, person: Account) -> None:
        entry = standing(by, second, person=person.person)
        Entry.objects.filter(pk=entry.pk).update(retention=DateRange(days_ago(2000), timezone.localdate()))
        for account in (by, second, person):
            assert not Entry.objects.visible_to(account).exists()
        assert sign_in(by).get(f"/entries/{entry.record.number}/").status_code == 404
        assert entry.record.number not in sign_in(person).get("/my/").content.decode()


DOCUMENT = "示罚〔2026〕7号"


def revoked(by: Account, number: str = DOCUMENT, *, learned_on: dt.date | None = None, body: str = "") -> Revocation:
    today = timezone.localdate()
    return records.register_revocation(
        document=records.RevokedDocument(number, body, "示复决〔2026〕1号", learned_on or today, "示例复议机关"),
        learned_on=learned_on or today,
        by=by,
    )


class TestRevocation:
    def test_one_act_withdraws_everywhere(self, by: Account, second: Account) -> None:
        hit = standing(by, second, document_number=DOCUMENT)
        over = standing(by, second, document_number=DOCUMENT)
        Entry.objects.filter(pk=over.pk).update(display=DateRange(days_ago(40), days_ago(1)))
        records.close_over(by=WORKER)
        (planned,) = admitted(fact(document_number=DOCUMENT), by=by)
        changing = standing(by, second, document_number=DOCUMENT)
        change = records.propose_change(
            entry=changing, kind="correction", values={"document_number": "别〔2026〕1号"}, reason="误。", by=by
        )
        other = standing(by, second)
        elsewhere = standing(demo_clerk(), document_number=DOCUMENT)
        done = records.confirm_revocation(revocation=revoked(by), by=second)
        assert (done.ended, done.withdrawn) == (3, 2)
        for entry in (hit, over, changing):
            assert (fresh(entry).end_reason, open_lines(entry)) == ("revoked", 0)
            void = Entry.objects.get(supersedes=entry, kind="void")
            assert (void.state, void.end_reason, void.drafted_by, void.approved_by) == ("ended", "revoked", by, second)
            assert told(entry)[-1] == Notice.Kind.ENTRY_ENDED
        assert DOCUMENT in Notice.objects.about(hit).get(kind="entry_ended").body_zh
        assert {fresh(planned).state, fresh(change).state} == {"withdrawn"}
        assert {fresh(other).state, fresh(elsewhere).state} == {"in_force"}
        everything_holds()

    def test_the_number_of_queries_does_not_grow(
        self, by: Account, second: Account, django_assert_max_num_queries: Any
    ) -> None:
        counts = []
        for size in (2, 8):
            number = f"示罚〔2026〕{size}号"
            for _number in range(size):
                standing(by, second, document_number=number)
            revocation = revoked(by, number)
            with django_assert_max_num_queries(100) as queries:
                records.confirm_revocation(revocation=revocation, by=second)
            counts.append(len(queries.captured_queries))
        assert counts[0] == counts[1]

    def test_the_days_of_the_law_run_from_the_day_of_knowledge(self) -> None:
        by = clerk(jurisdiction="shanghai")
        admitted(fact(document_number=DOCUMENT), by=by)
        revocation = revoked(by, learned_on=days_ago(30))
        assert revocation.working_days == 3
        assert days_ago(30) < revocation.deadline < days_ago(20)
        assert revocation.is_overdue(timezone.localdate())
        page = sign_in(by).get("/", headers={"accept-language": "en"}, follow=True)
        desk = sign_in(by).get("/desk/").content.decode()
        assert "tile-late" in desk, page.status_code
        assert sign_in(by).get(f"/revocations/{revocation.code}/why/").status_code == 200

    def test_a_second_person_confirms_and_once(self, by: Account, second: Account) -> None:
        standing(by, second, document_number=DOCUMENT)
        f.RoleGrantFactory(account=by, role=Role.APPROVER)
        revocation = revoked(by)
        with pytest.raises(ActionRefused, match="a second person"):
            records.confirm_revocation(revocation=revocation, by=Account.objects.get(pk=by.pk))
        with pytest.raises(IntegrityError, match="revocation_second_person"), transaction.atomic():
            Revocation.objects.update(confirmed_by=by, confirmed_at=timezone.now())
        with pytest.raises(PermissionDenied):
            records.confirm_revocation(revocation=revocation, by=approver_beside(clerk()))
        records.confirm_revocation(revocation=revocation, by=second)
        for act in (records.confirm_revocation, records.drop_revocation):
            with pytest.raises(ActionRefused, match="carried out already"):
                act(revocation=revocation, by=second if act is records.confirm_revocation else by)
        assert CheckFact.objects.filter(known_until=None).count() == 0

    def test_what_is_registered_makes_sense(self, by: Account) -> None:
        with pytest.raises(ActionRefused, match="No entry of your body rests on"):
            revoked(by)
        admitted(fact(document_number=DOCUMENT), by=by)
        with pytest.raises(ActionRefused, match="lies between"):
            revoked(by, learned_on=timezone.localdate() + dt.timedelta(days=1))
        with pytest.raises(ActionRefused, match="No entry of your body rests on"):
            revoked(by, body="别的机关")
        revocation = revoked(by)
        with pytest.raises(ActionRefused, match="registered already"):
            revoked(by)
        records.drop_revocation(revocation=revocation, by=by)
        assert not Revocation.objects.exists()
        assert AuditEvent.objects.filter(verb=Verb.REVOCATION_DROPPED).exists()
