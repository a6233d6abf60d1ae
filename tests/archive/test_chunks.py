"""A great file is judged and written in chunks: it reads as if it were one, shows how far it is, and can be stopped between two."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from archive.intake import actions as intake
from archive.intake.pulse import Pulse
from archive.models import Batch, Entry
from archive.records import actions as records
from archive.records.actions import admission
from profiles.audit.models import AuditEvent, TrailPending
from profiles.common.permissions import Permission
from profiles.models import IdentityDocument, Membership
from tests import factories as f
from tests import numbers
from tests.archive.sheets import WORKER, admit, clerk, codes, confirm, fact, receive, rehearse, said, xlsx


@pytest.fixture(params=[1, 2, 5_000])
def chunk(request: Any, monkeypatch: Any) -> int:
    monkeypatch.setattr(admission, "CHUNK", request.param)
    return int(request.param)


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("chunk")
class TestAcrossChunks:
    def test_a_person_opened_above_is_known_below_and_told_by_row_where_the_names_differ(self) -> None:
        number = numbers.resident()
        rows = [
            fact(identity_number=number),
            fact(),
            fact(identity_number=number, document_number="示学〔2026〕2号"),
            fact(identity_number=number, name="李四", document_number="示学〔2026〕3号"),
        ]
        by = clerk()
        batch = rehearse(xlsx(*rows), by=by)
        assert verdicts(batch) == ["new", "new", "known", "refused"]
        assert codes(batch) == {5: ["name_mismatch_in_file"]}
        assert "Row 2 of this file" in said(batch)[5][0]
        admit(confirm(batch, by=by))
        assert IdentityDocument.objects.count() == 2
        assert Membership.objects.count() == 2

    def test_a_fact_told_twice_is_told_by_row_or_by_record(self) -> None:
        by = clerk()
        first = fact()
        (before,) = [Entry.objects.get(batch_row=2) for _batch in [admit(confirm(rehearse(xlsx(first), by=by), by=by))]]
        twice = fact()
        batch = rehearse(xlsx(twice, first, twice), by=by)
        assert codes(batch) == {3: ["duplicate_on_file"], 4: ["duplicate_in_file"]}
        assert "row 2 of this file" in said(batch)[4][0]
        assert before.record.number in said(batch)[3][0]

    def test_who_was_known_before_is_not_taken_for_one_of_this_file(self) -> None:
        document = f.IdentityDocumentFactory()
        known = {"identity_number": document.number, "name": document.person.name}
        wrong = fact(identity_number=document.number, name="另一人", document_number="示学〔2026〕9号")
        batch = rehearse(xlsx(fact(**known), wrong), by=clerk())
        assert codes(batch) == {3: ["name_mismatch"]}

    def test_two_numbers_of_one_person_tell_one_fact_once(self) -> None:
        one = f.IdentityDocumentFactory()
        other = f.IdentityDocumentFactory(person=one.person)
        rows = [fact(identity_number=document.number, name=one.person.name) for document in (one, other)]
        assert codes(rehearse(xlsx(*rows), by=clerk())) == {3: ["duplicate_in_file"]}

    def test_each_entry_has_its_event_and_its_place_in_the_sealers_queue(self) -> None:
        by = clerk()
        admit(confirm(rehearse(xlsx(fact(), fact(), fact()), by=by), by=by))
        events = AuditEvent.objects.filter(verb="record.drafted")
        assert {int(event.object_id): event.person_id for event in events} == dict(
            Entry.objects.values_list("pk", "person_id")
        )
        assert all(event.details == {"item": "STU-04"} and event.actor_id == by.pk for event in events)
        assert TrailPending.objects.filter(event_uid__in=events.values("uid")).count() == 3


@pytest.mark.django_db(transaction=True)
class TestSeenFromOutside:
    def test_progress_is_seen_while_the_transaction_runs(self, catalogue: None, monkeypatch: Any) -> None:
        monkeypatch.setattr(admission, "CHUNK", 2)
        seen: list[tuple[str, int, int]] = []
        beat = Pulse.beat

        def look(pulse: Pulse, rows_done: int) -> bool:
            going_on = beat(pulse, rows_done)
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT state, rows_done FROM archive_batch")
                state, done = cursor.fetchone()
                cursor.execute("SELECT count(*) FROM archive_entry")
                seen.append((state, done, cursor.fetchone()[0]))
            other.close()
            return going_on

        monkeypatch.setattr(Pulse, "beat", look)
        by = clerk()
        batch = confirm(rehearse(xlsx(fact(), fact(), fact()), by=by), by=by)
        records.admit_batch(batch_id=batch.pk, by=WORKER)
        assert seen == [("reading", 2, 0), ("reading", 3, 0), ("admitting", 2, 0), ("admitting", 3, 0)]
        assert Entry.objects.count() == 3

    def test_a_rehearsal_ends_between_two_chunks_when_it_was_cancelled(self, catalogue: None, monkeypatch: Any) -> None:
        monkeypatch.setattr(admission, "CHUNK", 1)
        judged: list[int] = []
        travel = admission._Road.travel
        by = clerk()
        batch = receive(xlsx(fact(), fact(), fact()), by=by)

        def cancelled_after_the_first(road: Any, rows: Any) -> Any:
            for planned in travel(road, rows):
                judged.extend(row.number for row in planned)
                if len(judged) == 1:
                    other = connection.copy()
                    with other.cursor() as cursor:
                        cursor.execute("UPDATE archive_batch SET state = 'cancelled'")
                    other.close()
                yield planned

        monkeypatch.setattr(admission._Road, "travel", cancelled_after_the_first)
        records.rehearse_batch(batch_id=batch.pk, by=WORKER)
        assert judged == [2]
        batch.refresh_from_db()
        assert (batch.state, batch.rows.count()) == (Batch.State.CANCELLED, 0)

    def test_the_worker_does_not_hold_the_batchs_row_while_it_reads(self, catalogue: None, monkeypatch: Any) -> None:
        """Who cancels need not wait for the end."""
        by = clerk()
        batch = receive(xlsx(fact()), by=by)
        travel = admission._Road.travel

        def cancelled_meanwhile(road: Any, rows: Any) -> Any:
            for planned in travel(road, rows):
                other = connection.copy()
                with other.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '2s'")
                    cursor.execute("SELECT FROM archive_batch FOR UPDATE")
                other.close()
                yield planned

        monkeypatch.setattr(admission._Road, "travel", cancelled_meanwhile)
        records.rehearse_batch(batch_id=batch.pk, by=WORKER)
        batch.refresh_from_db()
        assert batch.state == Batch.State.READY
        intake.cancel(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)
