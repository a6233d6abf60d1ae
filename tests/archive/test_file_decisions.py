"""What a clerk decides about a file: good rows now or nothing yet, once more, back as a whole; and where it came from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from archive.intake import actions as intake
from archive.intake.views import phase, time_left
from archive.models import Batch, Entry
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import WORKER, admit, approver_beside, clerk, confirm, fact, receive, rehearse, xlsx
from tests.archive.test_fix_files import BAD_DAYS, take
from tests.archive.test_fix_files import own as own
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Account:
    return clerk()


def act(action: Any, batch: Batch, by: Account, **more: Any) -> Any:
    return action(batch=batch, permission=Permission.UPLOAD_BATCH, by=by, **more)


def test_the_page_before_the_confirmation_tells_what_will_happen(by: Account) -> None:
    known = f.AccountFactory(a_person=True).person
    with_account = fact(name=known.name, identity_number=known.identities.get().number)
    batch = rehearse(xlsx(fact(), fact(item="考试违纪"), fact(item="无偿献血"), with_account, fact(**BAD_DAYS)), by=by)
    assert batch.outlook == {
        "items": [["STU-04", 2], *batch.outlook["items"][1:]],
        "new_people": 3,
        "known_people": 1,
        "warned": 0,
        "in_account": 1,
        "on_paper": 2,
        "none": 1,
    }
    assert not Entry.objects.exists()
    page = sign_in(by).get(f"/record/{batch.code}/confirm/").content.decode()
    assert "校内考试舞弊" in page
    assert sign_in(approver_beside(by)).get(f"/record/{batch.code}/confirm/").status_code == 403


def test_a_file_held_back_waits_and_can_be_carried_out_after_all(own: Batch, by: Account) -> None:
    act(intake.hold, own, by)
    with pytest.raises(ActionRefused):
        act(intake.hold, own, by)
    own.refresh_from_db()
    assert (own.state, own.rows.count() > 0, bool(own.file)) == (Batch.State.HELD, True, True)
    assert AuditEvent.objects.filter(verb="intake.held").count() == 1
    assert sign_in(by).get(f"/record/{own.code}/").status_code == 200
    assert admit(confirm(own, by=by)).state == Batch.State.DONE


def test_the_corrected_file_puts_the_held_one_away_when_it_is_carried_out(own: Batch, by: Account) -> None:
    act(intake.hold, own, by)
    book = take(own, by, all_rows=True)
    sheet = book.active
    sheet["E5"], sheet["G5"], sheet["F7"] = "2026-03-02", "2026-04-01", "示学〔2026〕9号"
    from tests.archive.sheets import saved

    again = rehearse(saved(book), by=by)
    assert (again.continues, again.good_rows, again.refused_rows) == (own, 3, 0)
    own.refresh_from_db()
    assert own.state == Batch.State.HELD, "until the corrected one is confirmed nothing is lost"
    confirm(again, by=by)
    own.refresh_from_db()
    assert own.state == Batch.State.CANCELLED


def test_a_stopped_file_goes_on_where_it_stood(by: Account, django_capture_on_commit_callbacks: Any) -> None:
    batch = receive(xlsx(fact()), by=by)
    client = sign_in(by)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.FAILED, attempts=3, error="worker lost three times")
    assert f"/record/{batch.code}/retry/" in client.get(f"/record/{batch.code}/").content.decode()
    with django_capture_on_commit_callbacks() as queued:
        client.post(f"/record/{batch.code}/retry/")
    assert len(queued) == 1
    records.rehearse_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    assert (batch.state, batch.error, batch.finished_at) == (Batch.State.READY, "", None)
    confirm(batch, by=by)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.FAILED, attempts=3)
    assert act(intake.retry, batch, by).state == Batch.State.ADMITTING
    assert admit(batch).state == Batch.State.DONE
    with pytest.raises(ActionRefused):
        act(intake.retry, batch, by)


class TestReversal:
    def test_it_is_told_with_reason_and_name_and_only_after_the_admission(self, by: Account) -> None:
        batch = rehearse(xlsx(fact()), by=by)
        with pytest.raises(ActionRefused, match="carried out"):
            act(intake.mark_reversed, batch, by, reason="错传")
        admit(confirm(batch, by=by))
        with pytest.raises(ActionRefused, match="why"):
            act(intake.mark_reversed, batch, by, reason="  ")
        with pytest.raises(PermissionDenied):
            act(intake.mark_reversed, batch, f.AccountFactory(holds=[Role.CLERK]), reason="错传")
        act(intake.mark_reversed, batch, by, reason="错传")
        batch.refresh_from_db()
        assert (batch.state, batch.reversed_by, batch.reverse_reason) == (Batch.State.REVERSED, by, "错传")
        assert "错传" in sign_in(by).get(f"/record/{batch.code}/").content.decode()

    @pytest.mark.parametrize("change", [{"state": "reversed"}, {"reverse_reason": "x"}])
    def test_the_database_knows_no_half_reversal(self, by: Account, change: dict[str, str]) -> None:
        batch = admit(confirm(rehearse(xlsx(fact()), by=by), by=by))
        with pytest.raises(IntegrityError), transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(**change)

    def test_the_page_says_what_will_happen_and_is_gone_once_something_was_decided(self, by: Account) -> None:
        batch = admit(confirm(rehearse(xlsx(fact()), by=by), by=by))
        client = sign_in(by)
        place = f"/record/{batch.code}/reverse/"
        assert place in client.get(f"/record/{batch.code}/").content.decode()
        assert client.get(place).status_code == 200
        assert client.post(place, {"reason": ""}).status_code == 422
        entry = Entry.objects.get()
        entry.state, entry.declined_by, entry.declined_at = Entry.State.DECLINED, by, timezone.now()
        entry.save()
        assert place not in client.get(f"/record/{batch.code}/").content.decode()
        assert client.get(place).status_code == 302

    def test_reversed_over_the_page_its_drafts_are_withdrawn_and_the_facts_can_come_anew(self, by: Account) -> None:
        data = xlsx(fact())
        batch = admit(confirm(rehearse(data, by=by), by=by))
        sign_in(by).post(f"/record/{batch.code}/reverse/", {"reason": "传错了年度"})
        batch.refresh_from_db()
        assert (batch.state, Entry.objects.get().state) == (Batch.State.REVERSED, Entry.State.WITHDRAWN)
        again = rehearse(data, by=by)
        assert (again.good_rows, again.remarks) == (1, []), "the same file may come again"


class TestWhereItComesFrom:
    def test_the_original_comes_back_byte_for_byte_and_the_trail_notes_it(self, by: Account) -> None:
        data = xlsx(fact())
        batch = rehearse(data, by=by)
        client = sign_in(by)
        answer = client.get(f"/record/{batch.code}/source/")
        assert answer.content == data
        assert answer["Content-Disposition"] == f'attachment; filename="{batch.code}.xlsx"'
        assert AuditEvent.objects.filter(verb="intake.source_taken").count() == 1
        assert batch.sha256[:16] in client.get(f"/record/{batch.code}/").content.decode()
        assert sign_in(approver_beside(by)).get(f"/record/{batch.code}/source/").status_code == 403

    def test_the_same_file_twice_is_a_choice(self, by: Account) -> None:
        data = xlsx(fact())
        first, second = rehearse(data, by=by), rehearse(data, by=by)
        client = sign_in(by)
        assert f"/record/{first.code}/" in client.get(f"/record/{second.code}/").content.decode()
        answer = client.post(f"/record/{second.code}/cancel/", {"earlier": "1"})
        assert answer.url == f"/record/{first.code}/"
        second.refresh_from_db()
        assert second.state == Batch.State.CANCELLED


class TestProgress:
    def test_the_time_that_is_left_is_told_once_it_can_be_known(self) -> None:
        ago = timezone.now() - dt.timedelta(seconds=60)
        batch = Batch(state=Batch.State.READING, started_at=ago, rows_total=1000, rows_done=100)
        with translation.override("en"):
            assert time_left(batch) == "about 9 minutes left for this step"
            batch.rows_done = 900
            assert time_left(batch) == "less than a minute left for this step"
            batch.started_at = timezone.now()
            assert time_left(batch) == ""

    def test_the_phase_is_in_words(self) -> None:
        said = {
            str(phase(Batch(state=Batch.State.READING, rows_total=total, rows_done=done)))
            for total, done in ((0, 0), (10, 5), (10, 10))
        }
        assert len(said) == 3

    def test_a_worker_that_was_lost_is_shown(self, by: Account) -> None:
        batch = f.BatchFactory(
            organisation=by.organisation,
            uploaded_by=by,
            state=Batch.State.READING,
            attempts=2,
            rows_total=9,
            rows_done=3,
        )
        page = sign_in(by).get(f"/record/{batch.code}/").content.decode()
        assert "2" in page.split('id="batch"')[1].split("note-info")[1][:400]
