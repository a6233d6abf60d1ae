"""The empty workbook that a body fills in: what it offers is what is read."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.utils import timezone, translation

from archive.catalogue.models import Item
from archive.records.resources import EntrySheet
from archive.records.sheet_template import GUIDE, entry_template
from profiles.models import Account
from tests.archive.sheets import clerk, codes, fact, rehearse, saved, xlsx
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Account:
    return clerk()


def template(by: Account) -> Any:
    return openpyxl.load_workbook(io.BytesIO(entry_template(by.organisation, day=timezone.localdate())))


def offered(book: Any) -> list[str]:
    guide = book.worksheets[1]
    return [row[0] for row in guide.iter_rows(min_row=2, min_col=7, max_col=7, values_only=True) if row[0]]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_written_below_the_header_is_read(by: Account, language: str) -> None:
    with translation.override(language):
        book = template(by)
        items = offered(book)
    sheet = book.worksheets[0]
    at = EntrySheet.match([cell.value for cell in sheet[1]])
    assert sorted(at.values()) == sorted(EntrySheet.sheet_fields()), "every column is known by its header"
    for row, item in enumerate(items, start=2):
        values = fact(item=item, document_number=f"示学〔2026〕{row}号")
        for index, name in at.items():
            sheet.cell(row, index + 1).value = values.get(name) or None
    batch = rehearse(saved(book), by=by)
    assert codes(batch) == {}
    assert batch.good_rows == len(items) > 10


def test_it_offers_no_item_that_would_be_refused_and_leaves_none_out(by: Account) -> None:
    with translation.override("zh-hans"):
        names = offered(template(by))
    others = [item.name_zh for item in Item.objects.current() if item.name_zh not in names]
    rows = [fact(item=name, document_number=f"示学〔2026〕{n}号") for n, name in enumerate(others)]

    assert rehearse(xlsx(*rows), by=by).good_rows == 0


def test_identity_numbers_stay_text_and_the_list_of_items_drops_down(by: Account) -> None:
    sheet = template(by).worksheets[0]
    at = {name: index + 1 for index, name in EntrySheet.match([cell.value for cell in sheet[1]]).items()}
    letter = openpyxl.utils.get_column_letter
    assert sheet.column_dimensions[letter(at["identity_number"])].number_format == "@"
    assert sheet.column_dimensions[letter(at["act_date"])].number_format == "yyyy-mm-dd"
    lists = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert "$G$2:$G$" in lists[letter(at["item"])]
    assert lists[letter(at["severity"])].count(",") == 2


def test_every_column_is_explained() -> None:
    assert set(GUIDE) == set(EntrySheet.sheet_fields())


def test_the_upload_page_offers_it(by: Account) -> None:
    client = sign_in(by)
    assert "/record/template/" in client.get("/record/upload/").content.decode()
    answer = client.get("/record/template/")
    assert answer["Content-Disposition"] == 'attachment; filename="entries.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames == ["登记表", "填表说明"]
