"""A file of many rows and the form of one row: the same verdict, problems and entry for every row, however careless the hand."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import transaction
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError

from archive.models import Entry
from archive.records import actions as records
from archive.records.actions import admission
from profiles.models import Account, IdentityDocument
from tests import factories as f
from tests.archive import generated
from tests.archive.sheets import admit, clerk, codes, confirm, rehearse, table

# What stands in a row above is on record by the time a form is filled in after it.
AS_TYPED = {"duplicate_in_file": "duplicate_on_file", "name_mismatch_in_file": "name_mismatch"}
SAID = (
    "item_code", "severity", "polarity", "act_date", "document_number", "document_date", "document_body", "facts",
    "sanction_months", "bar_groups", "hearing_days", "display", "retention", "bar", "repair_from", "person__name",
    "person__birth_date", "kind", "item_id",
)  # fmt: skip


class _Undone(Exception):
    pass


def workbook(rows: list[dict[str, Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(generated.COLUMNS.values()))
    for row in rows:
        values = [row.get(name) for name in generated.COLUMNS]
        try:
            sheet.append(values)
        except IllegalCharacterError:  # a workbook cannot hold it
            sheet.append([value.replace("\x07", "") if isinstance(value, str) else value for value in values])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed(cells: list[tuple[int, dict[str, Any]]], *, by: Account) -> dict[int, Any]:
    """Row → its entry as a tuple, or the codes of its problems; nothing stays."""
    outcome: dict[int, Any] = {}
    try:
        with transaction.atomic():
            for number, row in cells:
                entry, problems, _warnings = records.admit_one(cells=row, organisation=by.organisation, by=by)
                if entry is None:
                    outcome[number] = [problem.code for problem in problems]
                else:
                    outcome[number] = Entry.objects.values_list(*SAID).get(pk=entry.pk)
            raise _Undone
    except _Undone:
        return outcome


def compare(seed: int, count: int, chunk: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(admission, "CHUNK", chunk)
    by = clerk()
    documents = [f.IdentityDocumentFactory() for _n in range(8)]
    known = [(document.person.name, document.number) for document in documents]
    data = workbook(generated.rows(seed, count, known=known))
    batch = rehearse(data, by=by)
    refused = codes(batch)
    rehearsed = dict(batch.rows.values_list("number", "verdict"))
    before = IdentityDocument.objects.count()
    one_by_one = typed(list(table(data)), by=by)
    assert IdentityDocument.objects.count() == before
    assert set(rehearsed) == set(one_by_one)
    assert refused, "a careless hand makes mistakes"
    for number, verdict in rehearsed.items():
        if verdict == "refused":
            assert [AS_TYPED.get(code, code) for code in refused[number]] == one_by_one[number], number
        else:
            assert isinstance(one_by_one[number], tuple), (number, one_by_one[number])
    batch = admit(confirm(batch, by=by))
    assert dict(batch.rows.values_list("number", "verdict")) == rehearsed
    carried_out = {row: said for row, *said in Entry.objects.filter(batch_id=batch.pk).values_list("batch_row", *SAID)}
    assert {row: tuple(said) for row, said in carried_out.items()} == {
        row: said for row, said in one_by_one.items() if isinstance(said, tuple)
    }


@pytest.mark.django_db
@pytest.mark.parametrize("chunk", [7, 5_000])
def test_a_careless_file(chunk: int, monkeypatch: Any) -> None:
    compare(20261125, 60, chunk, monkeypatch)


@pytest.mark.deep
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(20))
def test_many_careless_files(seed: int, monkeypatch: Any) -> None:
    compare(seed, 400, (1, 13, 100, 5_000)[seed % 4], monkeypatch)
