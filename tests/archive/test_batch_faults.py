"""A worker that dies, a database that goes away, a message that comes twice: never half-admitted, never twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from archive.intake import actions as intake
from archive.models import Batch, Change, Entry, Notice, Record, Row
from archive.records import actions as records
from archive.records import tasks
from archive.records.actions import admission
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission
from profiles.models import IdentityDocument, Membership, Person
from tests.archive.sheets import WORKER, admit, clerk, confirm, fact, kept, receive, rehearse, xlsx

STORED = (Person, IdentityDocument, Membership, Record, Entry, Notice, Change)
TWICE = [fact(), fact()]


def stored() -> list[int]:
    return [model.objects.count() for model in STORED]


def untouched_for(batch: Batch, seconds: int) -> None:
    """As if so much time had gone by since a worker touched the batch."""
    Batch.objects.filter(pk=batch.pk).update(heartbeat_at=timezone.now() - dt.timedelta(seconds=seconds))


def claimed(batch: Batch) -> Batch | None:
    """A worker takes the batch, as the first thing it does."""
    states = (Batch.State.RECEIVED, Batch.State.READING)
    return intake.claim(batch_id=batch.pk, states=states, to=Batch.State.READING, by=WORKER)


@pytest.mark.django_db
class TestClaims:
    def test_a_second_delivery_leaves_the_first_alone(self) -> None:
        batch = receive(xlsx(fact()), by=clerk())
        assert claimed(batch) is not None
        assert claimed(batch) is None
        records.rehearse_batch(batch_id=batch.pk, by=WORKER)
        batch.refresh_from_db()
        assert (batch.state, batch.attempts) == (Batch.State.READING, 1)

    def test_progress_keeps_the_claim_alive(self) -> None:
        batch = receive(xlsx(fact()), by=clerk())
        claimed(batch)
        untouched_for(batch, 31)
        assert intake.beat(batch, 500, 1000)
        assert claimed(batch) is None
        batch.refresh_from_db()
        assert batch.percent == 50

    def test_a_batch_that_no_worker_touches_is_taken_up_and_ends_well(self, at_once: None) -> None:
        batch = receive(xlsx(fact()), by=clerk())
        claimed(batch)
        untouched_for(batch, 121)
        tasks.pick_up_left_batches()
        batch.refresh_from_db()
        assert (batch.state, batch.good_rows, batch.attempts) == (Batch.State.READY, 1, 0)

    def test_a_batch_at_work_is_not_taken_up(self, at_once: None) -> None:
        batch = receive(xlsx(fact()), by=clerk())
        claimed(batch)
        untouched_for(batch, 119)
        tasks.pick_up_left_batches()
        batch.refresh_from_db()
        assert batch.state == Batch.State.READING

    def test_the_third_loss_is_told_and_stops(self, at_once: None) -> None:
        batch = receive(xlsx(fact()), by=clerk())
        for _worker in range(3):
            assert claimed(batch) is not None
            untouched_for(batch, 121)
        tasks.pick_up_left_batches()
        batch.refresh_from_db()
        assert (batch.state, batch.error) == (Batch.State.FAILED, "worker lost three times")
        assert AuditEvent.objects.filter(verb=Verb.BATCH_FAILED, object_id=str(batch.pk)).count() == 1
        tasks.pick_up_left_batches()
        assert Batch.objects.get().state == Batch.State.FAILED

    def test_a_worker_that_wakes_up_late_finds_it_done(self) -> None:
        by = clerk()
        batch = confirm(rehearse(xlsx(*TWICE), by=by), by=by)
        states = (Batch.State.ADMITTING,)
        slow = intake.claim(batch_id=batch.pk, states=states, to=Batch.State.ADMITTING, by=WORKER)
        assert slow is not None
        untouched_for(batch, 31)
        admit(batch)
        after, rows = stored(), list(batch.rows.values())
        admission._admit_confirmed(slow, by=WORKER)
        assert (stored(), list(batch.rows.values())) == (after, rows)

    def test_a_failed_rehearsal_can_be_cancelled(self) -> None:
        by = clerk()
        batch = receive(xlsx(fact()), by=by)
        intake.fail(batch=batch, error=RuntimeError("x"), by=WORKER)
        intake.cancel(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)
        assert Batch.objects.get().state == Batch.State.CANCELLED


def refuse_in_database(number: str) -> None:
    """The database itself will take no entry with this document number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE archive_entry ADD CONSTRAINT refused_by_test CHECK (document_number <> '"
            + number
            + "') NOT VALID"
        )


@pytest.mark.django_db
class TestErrors:
    def test_an_error_of_ours_undoes_all_and_names_its_kind_only(self) -> None:
        by = clerk()
        batch = confirm(rehearse(xlsx(fact(), fact(document_number="坏文书"), fact()), by=by), by=by)
        before = stored()
        refuse_in_database("坏文书")
        with pytest.raises(DatabaseError):
            admit(batch)
        batch.refresh_from_db()
        assert (batch.state, batch.error) == (Batch.State.FAILED, "IntegrityError")
        assert stored() == before
        assert not batch.rows.filter(verdict=Row.Verdict.REFUSED).exists()
        assert not AuditEvent.objects.filter(verb__in=[Verb.ENTRY_DRAFTED, Verb.NOTICE_SENT]).exists()

    def test_where_the_trail_takes_nothing_no_row_is_carried_out(self, settings: Any) -> None:
        by = clerk()
        batch = confirm(rehearse(xlsx(*TWICE), by=by), by=by)
        before = stored()
        with connection.cursor() as cursor:
            cursor.execute(f"REVOKE INSERT ON profiles_auditevent FROM {settings.DATABASE_APP_ROLE}")
            cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
        with pytest.raises(DatabaseError, match="permission denied"):
            admit(batch)
        assert stored() == before
        batch.refresh_from_db()
        assert batch.state == Batch.State.ADMITTING  # not even "failed" can be said without the trail

    def test_where_the_trail_takes_nothing_no_file_is_kept(self, settings: Any) -> None:
        by = clerk()
        with connection.cursor() as cursor:
            cursor.execute(f"REVOKE INSERT ON profiles_auditevent FROM {settings.DATABASE_APP_ROLE}")
            cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
        with pytest.raises(DatabaseError, match="permission denied"):
            receive(xlsx(fact()), by=by)
        assert not Batch.objects.exists()
        assert not kept(settings)

    def test_a_file_that_is_gone_from_the_disk_fails_the_batch_alone(self, settings: Any) -> None:
        batch = receive(xlsx(fact()), by=clerk())
        for path in kept(settings):
            Path(path).unlink()
        with pytest.raises(FileNotFoundError):
            records.rehearse_batch(batch_id=batch.pk, by=WORKER)
        batch.refresh_from_db()
        assert (batch.state, batch.error) == (Batch.State.FAILED, "FileNotFoundError")

    def test_ciphertext_that_was_changed_is_not_read(self, settings: Any) -> None:
        batch = receive(xlsx(fact()), by=clerk())
        (path,) = kept(settings)
        path.write_bytes(path.read_bytes()[:-1] + b"\x00")
        with pytest.raises(Exception, match="altered|key"):
            records.rehearse_batch(batch_id=batch.pk, by=WORKER)
        assert Batch.objects.get().state == Batch.State.FAILED
