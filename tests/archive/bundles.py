"""An answered list, its reports, and the ZIP as its reader sees it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from archive.intake import actions as intake
from archive.models import Check, ReportBundle
from archive.reports import actions
from archive.vetoes import actions as vetoes
from profiles.common.permissions import Permission, System
from profiles.common.storage import private_storage
from profiles.common.vocabulary import Event, Group
from profiles.models import Account
from tests import numbers
from tests.archive.checking import MATTER

WORKER = System("worker")


def answered(people: list[Any], *, by: Account, more: str = "") -> Check:
    """The answered list of `people` (rows 2 …) and the further CSV lines `more`."""
    rows = [f"{person.name},{person.identities.get().number}" for person in people]
    data = "\n".join(["姓名,身份证号码", *rows, more]).encode()
    asked = vetoes.ask_about_list(
        upload=SimpleUploadedFile("list.csv", data), group=Group.TEA, event=Event.ACCESS, matter_number=MATTER, by=by
    )
    assert asked.batch is not None
    vetoes.read_list(batch_id=asked.batch.pk, by=WORKER)
    asked.batch.refresh_from_db()
    intake.confirm(batch=asked.batch, permission=Permission.CHECK_PERSON, by=by)
    vetoes.answer_list(batch_id=asked.batch.pk, by=WORKER)
    return Check.objects.get(pk=asked.pk)


def stranger() -> str:
    """A line of somebody who has no archive."""
    return f"张三,{numbers.resident()}"


def finished(bundle: ReportBundle) -> ReportBundle:
    """As workers do it."""
    while actions.make_reports(bundle_id=bundle.pk, by=WORKER):
        pass
    actions.pack_bundle(bundle_id=bundle.pk, by=WORKER)
    bundle.refresh_from_db()
    return bundle


def opened(bundle: ReportBundle) -> zipfile.ZipFile:
    with private_storage().reader(bundle.file.name) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def index_of(bundle: ReportBundle, *, sheet: int = 0) -> list[dict[str, Any]]:
    """Rows of the index by the headers of its table."""
    archive = opened(bundle)
    (name,) = [name for name in archive.namelist() if name.endswith(".xlsx")]
    rows = list(load_workbook(io.BytesIO(archive.read(name))).worksheets[sheet].values)
    head = next(place for place, row in enumerate(rows) if row[0] in {"Row", "行"})
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
