"""The sample files on their whole road in the demo world: the school's facts in force, the education bureau's list answered."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from archive import demo
from archive.intake import actions as intake
from archive.models import Batch, Check, Entry
from archive.records import actions as records
from archive.vetoes import actions as vetoes
from profiles.common.permissions import Permission, System
from profiles.common.vocabulary import Event, Group
from profiles.models import Account
from tests.conftest import SAMPLES

SCHOOL = SAMPLES / "school-cheating-2026.xlsx"
APPLICANTS = SAMPLES / "teacher-access-2026.csv"
MATTER = "示教资〔2026〕18号"
WORKER = System("test")


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def make() -> None:
    """The demo world, and the school's file recorded, served and put in force by two people."""
    demo.create()
    clerk = account("clerk")
    batch = intake.receive(
        upload=SimpleUploadedFile("登记表.xlsx", SCHOOL.read_bytes()),
        kind=Batch.Kind.ENTRIES,
        permission=Permission.UPLOAD_BATCH,
        by=clerk,
    )
    records.rehearse_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    intake.confirm(batch=batch, permission=Permission.UPLOAD_BATCH, by=clerk)
    records.admit_batch(batch_id=batch.pk, by=WORKER)
    records.notify_batch(batch_id=batch.pk, by=WORKER)
    entries = list(Entry.objects.filter(batch_id=batch.pk))
    records.record_service(entries=entries, served_on=timezone.localdate(), by=clerk)
    records.approve(entries=entries, by=account("approver"))


def upload(data: bytes, *, by: Account, name: str = "教资.csv", **changed: Any) -> Check:
    """Taken in and rehearsed: nobody is looked up yet."""
    values: dict[str, Any] = {"group": Group.TEA, "event": Event.ACCESS, "matter_number": MATTER}
    asked = vetoes.ask_about_list(upload=SimpleUploadedFile(name, data), by=by, **{**values, **changed})
    vetoes.read_list(batch_id=asked.batch_id, by=WORKER)
    return again(asked)


def answer(asked: Check) -> Check:
    intake.confirm(batch=asked.batch, permission=Permission.CHECK_PERSON, by=asked.account)
    vetoes.answer_list(batch_id=asked.batch_id, by=WORKER)
    return again(asked)


def again(asked: Check) -> Check:
    return Check.objects.select_related("batch", "account", "organisation").get(pk=asked.pk)


def sheet(*people: tuple[str, str]) -> bytes:
    """A list of (name, number) as a spreadsheet program saves it in China."""
    lines = ["姓名,身份证号码", *(",".join(person) for person in people)]
    return "\r\n".join(lines).encode("gb18030")
