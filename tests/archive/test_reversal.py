"""A file that was a mistake is taken back as a whole, while nothing of it was approved."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from archive.models import Batch, Change, Entry, Notice
from archive.records import actions as records
from archive.records.actions import reversal
from profiles.audit.models import AuditEvent
from profiles.common.exceptions import ActionRefused
from profiles.models import Account, Membership, Person
from tests import factories as f
from tests.archive.sheets import WORKER, admit, approver_beside, clerk, confirm, fact, rehearse, xlsx
from tests.world import sign_in


@pytest.fixture
def by(db: None) -> Account:
    return clerk()


@pytest.fixture
def batch(by: Account) -> Batch:
    honour = fact(item="无偿献血")
    return admit(confirm(rehearse(xlsx(fact(), fact(), honour), by=by), by=by))


def reverse(batch: Batch, by: Account, reason: str = "传错了文件。") -> Batch:
    return records.reverse_batch(batch=batch, reason=reason, by=by)


class TestReversal:
    def test_all_is_withdrawn_told_and_announced(self, batch: Batch, by: Account, monkeypatch: Any) -> None:
        monkeypatch.setattr(reversal, "STEP", 2)
        reverse(batch, by)
        batch.refresh_from_db()
        assert (batch.state, batch.notices_left) == (Batch.State.REVERSED, 2)
        entries = Entry.objects.order_by("batch_row")
        assert {entry.state for entry in entries} == {Entry.State.WITHDRAWN}
        assert {(entry.declined_by, entry.declined_reason) for entry in entries} == {(by, "传错了文件。")}
        told = Change.objects.filter(kind=Change.Kind.ENTRY_WITHDRAWN).order_by("pk")
        assert [change.object_id for change in told] == [entry.pk for entry in entries]
        assert AuditEvent.objects.filter(verb="record.withdrawn").count() == 3
        records.notify_batch(batch_id=batch.pk, by=WORKER)
        records.notify_batch(batch_id=batch.pk, by=WORKER)
        letters = Notice.objects.filter(kind=Notice.Kind.ENTRY_WITHDRAWN)
        assert {letter.person_id for letter in letters} == {entry.person_id for entry in entries[:2]}
        assert letters.count() == 2
        assert all("传错了文件。" in letter.body_zh and "was withdrawn" in letter.body_en for letter in letters)
        batch.refresh_from_db()
        assert batch.notices_left == 0

    def test_archives_and_memberships_stay(self, batch: Batch, by: Account) -> None:
        before = Person.objects.count(), Membership.objects.count()
        reverse(batch, by)
        assert (Person.objects.count(), Membership.objects.count()) == before

    def test_the_same_facts_can_be_recorded_anew(self, by: Account) -> None:
        rows = [fact(), fact()]
        reverse(admit(confirm(rehearse(xlsx(*rows), by=by), by=by)), by)
        again = rehearse(xlsx(*rows), by=by)
        assert again.counts == {"known": 2}

    def test_who_had_not_been_notified_hears_nothing(self, by: Account) -> None:
        batch = confirm(rehearse(xlsx(fact()), by=by), by=by)
        records.admit_batch(batch_id=batch.pk, by=WORKER)
        reverse(batch, by)
        records.notify_batch(batch_id=batch.pk, by=WORKER)
        assert not Notice.objects.exists()
        assert Entry.objects.get().state == Entry.State.WITHDRAWN

    def test_once_something_was_approved_it_is_too_late(self, batch: Batch, by: Account) -> None:
        honour = Entry.objects.get(polarity="positive")
        records.approve(entries=[honour], by=approver_beside(by))
        with pytest.raises(ActionRefused, match="have been approved"):
            reverse(batch, by)
        batch.refresh_from_db()
        assert batch.state == Batch.State.DONE
        assert not Entry.objects.filter(state=Entry.State.WITHDRAWN).exists()

    def test_what_was_declined_stays_so(self, batch: Batch, by: Account) -> None:
        entry = Entry.objects.order_by("pk")[0]
        records.decline(entry=entry, reason="证据不足。", by=approver_beside(by))
        reverse(batch, by)
        assert Entry.objects.filter(state=Entry.State.DECLINED).get() == entry

    def test_only_the_own_bodys_clerk_and_only_with_a_reason(self, batch: Batch, by: Account) -> None:
        for stranger in (clerk(), approver_beside(by), f.AccountFactory(a_person=True)):
            with pytest.raises(PermissionDenied):
                reverse(batch, stranger)
        with pytest.raises(ActionRefused):
            reverse(batch, by, " ")
        reverse(batch, by)
        with pytest.raises(ActionRefused):
            reverse(batch, by)

    def test_on_the_page(
        self, batch: Batch, by: Account, django_capture_on_commit_callbacks: Any, at_once: None
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = sign_in(by).post(f"/record/{batch.code}/reverse/", {"reason": "传错了文件。"})
        assert answer.status_code == 302
        assert Notice.objects.filter(kind=Notice.Kind.ENTRY_WITHDRAWN).count() == 2
        assert "不涉及行为评价" in sign_in(by).get(f"/record/{batch.code}/").content.decode()
