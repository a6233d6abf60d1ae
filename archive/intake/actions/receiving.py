"""Taking a file in, opening it, refusing it as a whole."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from archive.intake.files import Layout, Table, read_table, sniff
from archive.intake.models import Batch
from archive.intake.problems import Problem, Refused
from archive.intake.resources import SheetResource
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.faults import is_disk_full
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Permission, System, require
from profiles.common.storage import private_storage

MEGABYTE = 1024 * 1024


@transaction.atomic
def receive(*, upload: Any, kind: Batch.Kind, permission: Permission, by: Account) -> Batch:
    """Check what an uploaded file is and keep it as ciphertext. Raises `Refused` with its problem; then nothing is stored."""
    require(by, permission)
    assert by.organisation is not None
    if (upload.size or 0) > settings.UPLOAD_LIMIT_BYTES:
        raise Refused(
            "file_too_large",
            size=round((upload.size or 0) / MEGABYTE, 1),
            limit=settings.UPLOAD_LIMIT_BYTES // MEGABYTE,
        )
    file_format = sniff(upload.file)
    sha256 = _sha256(upload)
    earlier = Batch.objects.same_file(organisation_id=by.organisation.pk, kind=kind, sha256=sha256).first()
    remarks = []
    if earlier is not None:
        day = timezone.localtime(earlier.uploaded_at).date().isoformat()
        remarks.append(Problem("same_file", params={"day": day, "code": earlier.code}).as_json())
    batch = Batch(
        kind=kind,
        organisation=by.organisation,
        uploaded_by=by,
        file_name=mask_in_text(upload.name or "")[:200],
        file_format=file_format,
        size=upload.size,
        sha256=sha256,
        remarks=remarks,
    )
    batch.save()
    record(by=by, verb=Verb.BATCH_UPLOADED, obj=batch, kind=str(kind), bytes=upload.size, sha256=sha256[:16])
    try:
        batch.file.save("upload", File(upload.file))  # last: what cannot be recorded leaves no file behind
    except OSError as error:
        if is_disk_full(error):
            raise Refused("disk_full") from None
        raise
    return batch


def _sha256(upload: Any) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def open_table(*, batch: Batch, resource: type[SheetResource], layout: Layout | None = None) -> Table:
    """The batch's table, by its own header or as `layout` says; raises `Refused` with the file's problem. It reads from the file
    as long as it is asked for rows."""
    return read_table(
        open_file(batch=batch),
        batch.file_format,
        resource.match,
        resource.required_headers(),
        layout,
        days=resource.day_fields(),
    )


def open_file(*, batch: Batch) -> BinaryIO:
    """The uploaded file, decrypted piece by piece while it is read; closed when nobody holds it any more."""
    file: BinaryIO = private_storage().reader(batch.file.name)
    return file


@transaction.atomic
def refuse(*, batch: Batch, refusal: Refused, by: System) -> Batch:
    """The file as a whole cannot be used. A file with data that may never be collected is not kept either."""
    require(by, Permission.RUN_SYSTEM)
    problem = Problem(refusal.code, params=refusal.params)
    batch.state, batch.finished_at = Batch.State.REFUSED, timezone.now()
    batch.remarks = [*batch.remarks, problem.as_json()]
    if refusal.code == "file_forbidden_column":
        batch.let_go_of_file()
    batch.save(update_fields=["state", "finished_at", "remarks", "file"])
    record(by=by, verb=Verb.BATCH_REFUSED, obj=batch, organisation_id=batch.organisation_id, code=refusal.code)
    return batch
