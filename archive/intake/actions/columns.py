"""Between upload and rehearsal: where the table stands, as what its columns are read, and what the body's clerks said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake import columns
from archive.intake.actions.receiving import open_file
from archive.intake.files import Layout, survey
from archive.intake.models import Batch, ColumnMemory
from archive.intake.problems import Cancelled, Problem
from archive.intake.resources import SheetResource
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

CODE = re.compile(r"\b(B-[0-9A-Z]{10})\b")


def settle_columns(*, batch: Batch, resource: type[SheetResource], by: System) -> Layout | None:
    """How to read a claimed batch, or None: then it waits for the clerk. What the clerk set counts. Raises `Refused`."""
    require(by, Permission.RUN_SYSTEM)
    if batch.layout is not None and batch.columns_by_id is not None:
        return Layout.from_json(batch.layout)
    memory = ColumnMemory.objects.of_kind(batch.kind, organisation_id=batch.organisation_id).fields()
    file = open_file(batch=batch)
    found = survey(file, batch.file_format, columns.remembering(resource.match, memory), resource.required_headers())
    heads = columns.heads_of(file, batch.file_format)
    is_certain = not (
        any(remark.code == "second_table" for remark in found.remarks)
        or _questions(heads, found.layout, resource, memory)
    )
    with transaction.atomic():
        current = Batch.objects.select_for_update().get(pk=batch.pk)
        if current.state != Batch.State.READING:
            raise Cancelled
        current.survey = heads
        current.layout = found.layout.as_json()
        current.continues = _continued(current, [column.header for column in found.columns])
        current.remarks = [
            *current.own_remarks,
            *(remark.as_json() for remark in found.remarks if not _is_settled(remark, memory)),
        ]
        if current.continues is not None:
            current.remarks.append(Problem("continues", params={"code": current.continues.code}).as_json())
        if not is_certain:
            current.state, current.attempts = Batch.State.COLUMNS, 0
        current.save()
    batch.refresh_from_db()
    return found.layout if is_certain else None


def _questions(
    heads: list[columns.Head], layout: Layout, resource: type[SheetResource], memory: Mapping[str, str]
) -> list[Problem]:
    head = next(head for head in heads if head["name"] == layout.sheet)
    return columns.questions(
        headers=columns.headers_in(head, layout),
        samples=columns.samples_in(head, layout),
        columns=layout.columns,
        resource=resource,
        memory=memory,
        titles={name: field.headers[0] for name, field in resource.sheet_fields().items()},
    )


def _is_settled(remark: Problem, memory: Mapping[str, str]) -> bool:
    """Of a column that the body does not want read nothing need be said."""
    return remark.code == "unknown_column" and columns.key_of(remark.params["header"]) in memory


def _continued(batch: Batch, headers: Iterable[str]) -> Batch | None:
    """The earlier file of the body of which this one is the corrected fix file: its number stands in our column."""
    for header in headers:
        code = CODE.search(header)
        if code and code[1] != batch.code:
            return Batch.objects.filter(
                code=code[1], organisation_id=batch.organisation_id, kind=batch.kind, pk__lt=batch.pk
            ).first()
    return None


@transaction.atomic
def set_columns(
    *,
    batch: Batch,
    layout: Layout,
    headers: list[str],
    resource: type[SheetResource],
    permission: Permission,
    by: Account,
) -> Batch:
    """A clerk says how the file is read; that is remembered for the body, and the file is rehearsed (again).

    `headers` are those at `layout`, as shown. A column whose name says the same by itself needs no memory.
    """
    require(by, permission, batch)
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state not in {Batch.State.COLUMNS, *Batch.TO_DECIDE}:
        raise ActionRefused(_("The columns of this file can no longer be changed."))
    lacking = [shown for name, shown in resource.required_headers().items() if name not in layout.columns.values()]
    if lacking:
        raise ActionRefused(_("Say which column holds: %(columns)s.") % {"columns": "、".join(lacking)})
    for position, header in enumerate(headers):
        if header and headers.count(header) == 1:
            _remember(current, header, layout.columns.get(position, ""), resource, by=by)
    current.layout, current.columns_by, current.columns_at = layout.as_json(), by, timezone.now()
    current.remarks = [remark for remark in current.remarks if remark["code"] not in _ABOUT_COLUMNS]
    current.state, current.heartbeat_at, current.attempts = Batch.State.RECEIVED, timezone.now(), 0
    current.rows_done = current.rows_total = 0
    current.counts = {}
    current.save()
    record(by=by, verb=Verb.BATCH_COLUMNS_SET, obj=current, columns=len(layout.columns))
    return current


_ABOUT_COLUMNS = {"unknown_column", "second_table", "other_sheet", "rows_above", "two_header_rows", "hidden_column"}


def _remember(batch: Batch, header: str, field: str, resource: type[SheetResource], *, by: Account) -> None:
    place: dict[str, Any] = {
        "organisation_id": batch.organisation_id,
        "kind": batch.kind,
        "key": columns.key_of(header),
    }
    if field and resource.match([header]).get(0) == field:
        ColumnMemory.objects.filter(**place).delete()
    else:
        said: dict[str, Any] = {"header": header[:100], "field": field, "set_by": by, "set_at": timezone.now()}
        ColumnMemory.objects.update_or_create(**place, defaults=said)


@transaction.atomic
def forget_column(*, memory: ColumnMemory, permission: Permission, by: Account) -> None:
    """The body's next file is read by the column's name again."""
    require(by, permission, memory)
    record(by=by, verb=Verb.COLUMN_FORGOTTEN, obj=memory, organisation_id=memory.organisation_id)
    memory.delete()
