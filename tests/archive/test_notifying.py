"""Notices are written after the admission, in steps: cut off anywhere it goes on, and nobody is told twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from archive.models import Batch, Entry, Notice
from archive.notices import actions as notices
from archive.records import actions as records
from archive.records import tasks
from archive.records.actions import hearing, notifying
from profiles.audit.models import AuditEvent
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests.archive.sheets import WORKER, clerk, confirm, fact, rehearse, xlsx
from tests.world import sign_in


@pytest.fixture
def batch(db: None) -> Batch:
    """Five adverse entries and a positive one, whose notices nobody has written yet."""
    by: Account = clerk()
    rows = [*[fact() for _n in range(5)], fact(item="无偿献血")]
    batch = confirm(rehearse(xlsx(*rows), by=by), by=by)
    records.admit_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    return batch


def test_the_file_is_done_and_says_how_many_are_left(batch: Batch) -> None:
    assert (batch.state, batch.notices_total, batch.notices_left, batch.is_telling) == ("done", 5, 5, True)
    assert not Notice.objects.exists()
    records.notify_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    assert (batch.notices_left, batch.is_telling) == (0, False)
    assert Notice.objects.count() == 5
    assert Entry.objects.filter(state=Entry.State.NOTIFIED).count() == 5
    assert Entry.objects.get(polarity="positive").state == Entry.State.DRAFTED
    assert set(AuditEvent.objects.filter(verb="notice.sent").values_list("actor_id", flat=True)) == {
        batch.confirmed_by_id
    }


def test_nothing_is_served_before_its_notice_is_written(batch: Batch) -> None:
    by: Account = batch.confirmed_by
    entries = list(Entry.objects.filter(batch_id=batch.pk))
    with pytest.raises(ActionRefused, match="still being written"):
        records.record_service(entries=entries, served_on=timezone.localdate(), by=by)
    assert not Entry.objects.filter(state=Entry.State.IN_HEARING).exists()
    assert "/service/" not in sign_in(by).get(f"/record/{batch.code}/").content.decode()
    records.notify_batch(batch_id=batch.pk, by=WORKER)
    assert "/service/" in sign_in(by).get(f"/record/{batch.code}/").content.decode()
    assert len(records.record_service(entries=entries, served_on=timezone.localdate(), by=by)) == 5
    assert Notice.objects.count() == 5


def test_cut_off_between_two_steps_it_goes_on_and_tells_nobody_twice(
    batch: Batch, monkeypatch: Any, at_once: None
) -> None:
    monkeypatch.setattr(notifying, "STEP", 2)
    send, calls = notices.send, []

    def cut_off(**letters: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return send(**letters)

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(hearing, "send", cut_off)
        records.notify_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    assert (batch.notices_left, Notice.objects.count()) == (3, 2)
    assert Entry.objects.filter(state=Entry.State.DRAFTED, polarity="adverse").count() == 3
    tasks.pick_up_left_batches()
    assert Notice.objects.count() == 2  # the worker may be alive still
    Batch.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=3))
    tasks.pick_up_left_batches()
    batch.refresh_from_db()
    assert (batch.notices_left, Notice.objects.count()) == (0, 5)
    records.notify_batch(batch_id=batch.pk, by=WORKER)
    assert Notice.objects.values("about_id").distinct().count() == Notice.objects.count() == 5


def test_where_the_trail_takes_nothing_nobody_counts_as_told(batch: Batch, monkeypatch: Any) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("no trail")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(hearing, "record_many", broken)
        records.notify_batch(batch_id=batch.pk, by=WORKER)
    assert not Notice.objects.exists()
    assert not Entry.objects.exclude(state=Entry.State.DRAFTED).exists()


def test_what_was_withdrawn_meanwhile_is_passed_over(batch: Batch) -> None:
    entry = Entry.objects.filter(polarity="adverse").order_by("pk")[0]
    assert batch.confirmed_by is not None
    records.withdraw(entry=entry, reason="录错了人。", by=batch.confirmed_by)
    records.notify_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    assert (batch.notices_left, Notice.objects.filter(kind="entry_proposed").count()) == (0, 4)
