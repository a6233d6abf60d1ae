"""A file on its way: who may send it, what can interrupt it, and that nothing is carried out twice or by half."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from archive.intake import actions as intake
from archive.intake.spool import RowSpool
from archive.models import Batch, Change, Entry, Notice, Record
from archive.records import actions as records
from archive.records.resources import EntrySheet
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.vocabulary import Group
from profiles.models import IdentityDocument, Membership, Person
from tests import factories as f
from tests.archive.sheets import (
    WORKER,
    admit,
    approver_beside,
    clerk,
    codes,
    confirm,
    csv_text,
    fact,
    receive,
    rehearse,
    remarks,
    said,
    xlsx,
)
from tests.world import sign_in

STORED = (Person, IdentityDocument, Membership, Record, Entry, Notice, Change)


def stored() -> list[int]:
    return [model.objects.count() for model in STORED]


def wait(batch: Batch, seconds: int) -> None:
    """As if so much time had gone by since a worker touched the batch."""
    Batch.objects.filter(pk=batch.pk).update(heartbeat_at=timezone.now() - dt.timedelta(seconds=seconds))


@pytest.mark.django_db
class TestWho:
    def test_only_the_own_body_sees_a_file(self) -> None:
        by = clerk()
        batch = rehearse(xlsx(fact()), by=by)
        assert list(Batch.objects.visible_to(by)) == [batch]
        assert list(Batch.objects.visible_to(approver_beside(by))) == [batch]
        for stranger in (clerk(), f.AccountFactory(holds=[Role.AUDITOR]), f.AccountFactory(a_person=True)):
            assert not Batch.objects.visible_to(stranger).exists()
        assert sign_in(clerk()).get(f"/record/{batch.code}/").status_code == 404

    def test_another_bodys_clerk_can_neither_confirm_nor_cancel(self) -> None:
        batch = rehearse(xlsx(fact()), by=clerk())
        for act in (intake.confirm, intake.cancel):
            with pytest.raises(PermissionDenied):
                act(batch=batch, permission=Permission.UPLOAD_BATCH, by=clerk())

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.EXAMINER, Role.SYSTEM_ADMIN, Role.EDITOR])
    def test_only_clerks_upload(self, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            receive(xlsx(fact()), by=f.AccountFactory(holds=[role]))
        assert not Batch.objects.exists()

    def test_a_body_without_competence_for_the_group_is_told_so(self) -> None:
        batch = rehearse(xlsx(fact()), by=clerk(group=Group.MED))
        ((said_of_it,),) = said(batch).values()
        assert said_of_it == (
            "Row 2, column “行为类别”, “校内考试舞弊”: Your body has no competence for the group “Adult student” of this item."
            " Ask the system administrator to enter its basis."
        )
        with pytest.raises(ActionRefused, match="no good row"):
            confirm(batch, by=batch.uploaded_by)

    def test_an_item_that_others_report_is_refused_by_name(self) -> None:
        batch = rehearse(xlsx(fact(item="TEA-02"), fact()), by=clerk())
        assert codes(batch) == {2: ["item_not_competent"]}
        assert "Remove the row or pass it on." in said(batch)[2][0]
        assert batch.good_rows == 1

    def test_a_competence_that_has_ended_counts_no_more(self) -> None:
        by = clerk()
        by.organisation.competences.update(valid_until=timezone.localdate())
        assert codes(rehearse(xlsx(fact()), by=by)) == {2: ["item_group"]}


@pytest.mark.django_db
class TestSteps:
    def test_a_file_is_confirmed_once(self) -> None:
        by = clerk()
        batch = rehearse(xlsx(fact()), by=by)
        confirm(batch, by=by)
        with pytest.raises(ActionRefused, match="not waiting for a decision"):
            confirm(batch, by=by)
        assert AuditEvent.objects.filter(verb=Verb.BATCH_CONFIRMED).count() == 1

    def test_two_clicks_on_the_page_admit_once(self, django_capture_on_commit_callbacks: Any) -> None:
        by = clerk()
        batch = rehearse(xlsx(fact()), by=by)
        browser = sign_in(by)
        with django_capture_on_commit_callbacks() as queued:
            assert browser.post(f"/record/{batch.code}/confirm/").status_code == 302
            assert browser.post(f"/record/{batch.code}/confirm/").status_code == 302
        assert len(queued) == 1

    def test_a_message_that_comes_twice_admits_once(self) -> None:
        by = clerk()
        batch = confirm(rehearse(xlsx(fact(), fact()), by=by), by=by)
        admit(batch)
        after = stored()
        admit(batch)
        wait(batch, 3600)
        admit(batch)
        assert stored() == after
        assert Entry.objects.count() == 2

    def test_a_cancelled_file_leaves_neither_rows_nor_file(
        self, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        by = clerk()
        batch = rehearse(xlsx(fact()), by=by)
        path = batch.file.path
        with django_capture_on_commit_callbacks(execute=True):
            intake.cancel(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)
        batch.refresh_from_db()
        assert (batch.state, bool(batch.file), batch.rows.count()) == (Batch.State.CANCELLED, False, 0)
        assert not batch.file.storage.exists(path)
        records.rehearse_batch(batch_id=batch.pk, by=WORKER)  # the message comes late
        assert Batch.objects.get().state == Batch.State.CANCELLED
        with pytest.raises(ActionRefused):
            confirm(batch, by=by)

    def test_a_file_cancelled_while_it_is_read_stays_cancelled(self) -> None:
        by = clerk()
        batch = receive(xlsx(fact()), by=by)
        reading = intake.claim(batch_id=batch.pk, states=(Batch.State.RECEIVED,), to=Batch.State.READING, by=WORKER)
        assert reading is not None
        intake.cancel(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)
        assert not intake.beat(reading, 1, 1)
        table = intake.open_table(batch=receive(csv_text(fact()).encode(), by=by), resource=EntrySheet)
        with RowSpool(reading) as rows:
            assert intake.store_rehearsal(batch=reading, table=table, rows=rows, by=WORKER).state == "cancelled"

    def test_what_was_confirmed_cannot_be_cancelled(self) -> None:
        by = clerk()
        batch = confirm(rehearse(xlsx(fact()), by=by), by=by)
        with pytest.raises(ActionRefused):
            intake.cancel(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)

    def test_what_changed_since_the_rehearsal_is_judged_anew(self) -> None:
        """Two clerks send the same fact: the second file's row is refused, its other row is carried out."""
        by = clerk()
        same = fact()
        first, second = rehearse(xlsx(same), by=by), rehearse(xlsx(same, fact()), by=by)
        admit(confirm(first, by=by))
        assert second.good_rows == 2
        second = admit(confirm(second, by=by))
        assert (second.state, second.counts) == (Batch.State.DONE, {"refused": 1, "new": 1})
        assert codes(second) == {2: ["duplicate_on_file"]}
        assert Entry.objects.count() == 2

    def test_the_same_bytes_are_recognised_only_within_the_body(self) -> None:
        data = xlsx(fact())
        by = clerk()
        first = rehearse(data, by=by)
        (remark,) = remarks(rehearse(data, by=by))
        assert remark == (
            f"The same file was uploaded on {timezone.localdate().isoformat()} ({first.code})."
            " What is on record already will be refused as such."
        )
        assert remarks(rehearse(data, by=clerk())) == []
