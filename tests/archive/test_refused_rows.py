"""The refused rows go back to the body as a workbook that says what is wrong, and come in again once corrected."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from archive.intake import actions as intake
from archive.models import Batch
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import clerk, fact, rehearse, remarks, saved, xlsx
from tests.world import sign_in

pytestmark = pytest.mark.django_db


def take(batch: Batch, by: Account) -> Any:
    data = intake.take_refused_rows(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture
def by() -> Account:
    return clerk()


@pytest.fixture
def batch(by: Account) -> Batch:
    return rehearse(
        xlsx(fact(), fact(act_date="2999-01-01", document_date="2999-01-02"), fact(document_number="")), by=by
    )


def test_it_holds_the_refused_rows_alone_with_their_own_columns_and_the_reasons(batch: Batch, by: Account) -> None:
    sheet = take(batch, by).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (*batch.columns.values(), "Row number", "What is wrong")
    assert [row[-2] for row in rows[1:]] == ["3", "4"]
    assert "in the future" in rows[1][-1]
    assert "There is no document number" in rows[2][-1]


def test_the_cells_at_fault_are_coloured_and_no_number_becomes_a_figure(batch: Batch, by: Account) -> None:
    sheet = take(batch, by).active
    coloured = {cell.column_letter for cell in sheet[2] if cell.fill.fill_type == "solid"}
    at = {sheet.cell(1, index).value: sheet.cell(1, index).column_letter for index in range(1, 8)}
    assert coloured == {at["发生日期"], at["认定日期"]}
    identity = sheet[f"{at['身份证号码']}2"]
    assert (identity.data_type, identity.number_format) == ("s", "@")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_corrected_it_can_be_uploaded_again(batch: Batch, by: Account, language: str) -> None:
    with translation.override(language):
        book = take(batch, by)
    sheet = book.active
    at = {cell.value: cell.column for cell in sheet[1]}
    for row in (2, 3):
        sheet.cell(row, at["发生日期"]).value = "2026-03-02"
        sheet.cell(row, at["认定日期"]).value = "2026-04-01"
        sheet.cell(row, at["认定文书号"]).value = f"示学〔2026〕{row}号"
    again = rehearse(saved(book), by=by)
    assert (again.good_rows, again.refused_rows) == (2, 0)
    assert remarks(again) == [], "the columns that we added ourselves need no remark"


def test_a_formula_of_the_file_stays_a_text(by: Account) -> None:
    batch = rehearse(xlsx(fact(name='=HYPERLINK("http://x")')), by=by)
    cells = [cell for row in take(batch, by).active.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert '\'=HYPERLINK("http://x")' in [cell.value for cell in cells]


def test_taking_it_is_noted_and_nobody_else_takes_it(batch: Batch, by: Account) -> None:
    take(batch, by)
    assert AuditEvent.objects.filter(verb="intake.refused_rows_taken").count() == 1
    with pytest.raises(PermissionDenied):
        take(batch, f.AccountFactory(organisation=by.organisation, holds=[Role.APPROVER]))


def test_a_file_without_refusals_has_none_to_give(by: Account) -> None:
    with pytest.raises(ActionRefused, match="No row"):
        take(rehearse(xlsx(fact()), by=by), by)


def test_the_page_offers_it(batch: Batch, by: Account) -> None:
    client = sign_in(by)
    address = f"/record/{batch.code}/refused/"
    assert address in client.get(f"/record/{batch.code}/").content.decode()
    answer = client.get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{batch.code}-refused.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active.max_row == 3
