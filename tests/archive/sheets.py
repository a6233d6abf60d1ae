"""Spreadsheets as bodies send them, and the road of a file: upload, rehearsal, confirmation, admission."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from archive.intake import actions as intake
from archive.intake.files import read_table, sniff
from archive.intake.problems import Problem, Refused, sentence
from archive.models import Batch, Entry
from archive.records import actions as records
from archive.records.resources import EntrySheet
from profiles.accounts.permissions import Role
from profiles.common.permissions import Permission, System
from profiles.common.vocabulary import Group
from profiles.models import Account
from tests import factories as f
from tests import numbers

WORKER = System("test")
HEADERS = ["姓名", "身份证号码", "行为类别", "发生日期", "认定文书号", "认定日期", "备注"]
FIELDS = ["name", "identity_number", "item", "act_date", "document_number", "document_date", "facts"]


def clerk(*, jurisdiction: str = "national", group: str = Group.STU) -> Account:
    """A clerk of a school that may report students."""
    school = f.OrganisationFactory(jurisdiction=jurisdiction)
    f.CompetenceFactory(organisation=school, group=group)
    return f.AccountFactory(organisation=school, holds=[Role.CLERK])


def approver_beside(account: Account) -> Account:
    return f.AccountFactory(organisation=account.organisation, holds=[Role.APPROVER])


def days_ago(count: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=count)


def fact(**changed: Any) -> dict[str, Any]:
    """A good row about a fresh person."""
    values: dict[str, Any] = {
        "name": "张三",
        "identity_number": numbers.resident(),
        "item": "校内考试舞弊",
        "act_date": days_ago(60).isoformat(),
        "document_number": "示学〔2026〕1号",
        "document_date": days_ago(50).isoformat(),
        "facts": "",
    }
    return {**values, **changed}


def cells(values: dict[str, Any]) -> list[Any]:
    return [values[name] for name in FIELDS]


def workbook(
    rows: Iterable[list[Any]],
    *,
    headers: list[str] | None = None,
    above: Iterable[list[Any]] = (),
    title: str = "登记表",
) -> Workbook:
    """`above`: rows before the header. The cells are written as they are; text that begins with `=` is a formula."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in (*above, HEADERS if headers is None else headers, *rows):
        sheet.append(row)
    return book


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(*facts: dict[str, Any]) -> bytes:
    return saved(workbook([cells(item) for item in facts]))


def csv_text(*facts: dict[str, Any], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADERS, *(cells(item) for item in facts)])
    return out.getvalue()


def receive(data: bytes, *, by: Account, name: str = "名单.xlsx") -> Batch:
    return intake.receive(
        upload=SimpleUploadedFile(name, data), kind=Batch.Kind.ENTRIES, permission=Permission.UPLOAD_BATCH, by=by
    )


def rehearse(data: bytes, *, by: Account) -> Batch:
    batch = receive(data, by=by)
    records.rehearse_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    return batch


def confirm(batch: Batch, *, by: Account) -> Batch:
    return intake.confirm(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)


def admit(batch: Batch) -> Batch:
    records.admit_batch(batch_id=batch.pk, by=WORKER)
    records.notify_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    return batch


def admitted(*facts: dict[str, Any], by: Account) -> list[Entry]:
    """The whole road of a file of good rows; its entries in the order of the rows."""
    batch = rehearse(xlsx(*facts), by=by)
    assert batch.counts.get("refused", 0) == 0, said(batch)
    admit(confirm(batch, by=by))
    return list(Entry.objects.filter(batch_id=batch.pk).order_by("batch_row"))


def said(batch: Batch) -> dict[int, list[str]]:
    """Row number → what is wrong with it, as the clerk reads it."""
    return {
        row.number: [sentence(item, row=row.number) for item in row.problems]
        for row in batch.rows.all()
        if row.problems
    }


def codes(batch: Batch) -> dict[int, list[str]]:
    return {row.number: [item["code"] for item in row.problems] for row in batch.rows.all() if row.problems}


def remarks(batch: Batch) -> list[str]:
    return [sentence(remark) for remark in batch.remarks]


def table(data: bytes) -> Any:
    file = io.BytesIO(data)
    return read_table(file, sniff(file), EntrySheet.match, EntrySheet.required_headers(), days=EntrySheet.day_fields())


def refusal(data: bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Refused) as caught:
        list(table(data))
    return sentence(Problem(caught.value.code, params=caught.value.params).as_json())


def kept(settings: Any) -> list[Path]:
    """Files in the private store."""
    return [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def changed(change: Callable[[Workbook], None], *rows: dict[str, Any]) -> bytes:
    book = workbook([cells(row) for row in rows or (fact(),)])
    change(book)
    return saved(book)
