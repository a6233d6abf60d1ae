"""A full disk stops a file with a sentence that says what to do; nothing is half stored, and trying again ends well."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection

from archive.intake import actions as intake
from archive.models import Batch
from archive.records import actions as records
from profiles.common.faults import is_disk_full
from profiles.common.permissions import Permission
from profiles.common.storage import EncryptedStorage
from tests.archive.sheets import WORKER, admit, clerk, confirm, fact, kept, receive, rehearse, xlsx
from tests.archive.test_batch_faults import TWICE, stored
from tests.world import sign_in

REMEDY = "清理空间，然后点击“重试”"


@contextmanager
def database_full() -> Iterator[None]:
    """The database answers as it does when it cannot extend a file."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            " 'could not extend file' USING ERRCODE = '53100'; END $$;"
            " CREATE TRIGGER no_space BEFORE INSERT ON archive_entry FOR EACH STATEMENT EXECUTE FUNCTION no_space()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION no_space CASCADE")


@pytest.mark.django_db
class TestDiskFull:
    def test_of_the_database_while_it_is_carried_out(self) -> None:
        by = clerk()
        batch = confirm(rehearse(xlsx(*TWICE), by=by), by=by)
        before = stored()
        with database_full(), pytest.raises(OperationalError):
            admit(batch)
        batch.refresh_from_db()
        assert (batch.state, batch.error) == (Batch.State.FAILED, Batch.DISK_FULL)
        assert stored() == before
        assert REMEDY in sign_in(by).get(f"/record/{batch.code}/").content.decode()
        assert admit(intake.retry(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)).counts == {"new": 2}

    def test_of_the_worker_while_it_rehearses(self, monkeypatch: Any) -> None:
        by = clerk()
        batch = receive(xlsx(*TWICE), by=by)
        with monkeypatch.context() as patched, pytest.raises(OSError, match="No space left"):
            patched.setattr(tempfile, "TemporaryFile", lambda: open("/dev/full", "w+b"))  # noqa: SIM115
            records.rehearse_batch(batch_id=batch.pk, by=WORKER)
        batch.refresh_from_db()
        assert (batch.state, batch.error, batch.rows.count()) == (Batch.State.FAILED, Batch.DISK_FULL, 0)
        assert REMEDY in sign_in(by).get(f"/record/{batch.code}/").content.decode()
        intake.retry(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)
        records.rehearse_batch(batch_id=batch.pk, by=WORKER)
        batch.refresh_from_db()
        assert (batch.state, batch.good_rows) == (Batch.State.READY, 2)

    def test_where_uploads_are_kept(self, settings: Any, monkeypatch: Any) -> None:
        def full(*args: Any, **kwargs: Any) -> str:
            raise OSError(errno.ENOSPC, "No space left on device")

        browser = sign_in(clerk())
        with monkeypatch.context() as patched:
            patched.setattr(EncryptedStorage, "_save", full)
            answer = browser.post("/record/upload/", {"file": SimpleUploadedFile("名单.xlsx", xlsx(fact()))})
        assert answer.status_code == 422
        assert "服务器磁盘空间不足，文件未能保存。" in answer.content.decode()
        assert not Batch.objects.exists()
        assert not kept(settings)


def test_other_errors_are_no_full_disk() -> None:
    assert is_disk_full(OSError(errno.ENOSPC, "x"))
    assert not is_disk_full(OSError(errno.EIO, "x"))
    assert not is_disk_full(ValueError("disk full"))
