"""The empty workbooks that a body fills in: what they offer is what is read."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from archive.catalogue.models import Item
from archive.intake.resources import GroupsWidget
from archive.models import Batch
from archive.records.kinds import KINDS
from archive.records.resources import EntrySheet
from archive.records.sheet_template import GUIDE, entry_template, group_names
from profiles.models import Account
from tests.archive.sheets import clerk, codes, fact, rehearse, saved, xlsx
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Account:
    return clerk()


def template(by: Account, kind: str = "discipline") -> Any:
    return openpyxl.load_workbook(io.BytesIO(data(by, kind)))


def data(by: Account, kind: str = "discipline") -> bytes:
    return entry_template(by.organisation, KINDS[kind], day=timezone.localdate())


def offered(book: Any) -> list[str]:
    guide = book.worksheets[1]
    return [row[0] for row in guide.iter_rows(min_row=2, min_col=7, max_col=7, values_only=True) if row[0]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_written_below_the_header_is_read(by: Account, language: str, kind: str) -> None:
    with translation.override(language):
        book = template(by, kind)
        items = offered(book)
    sheet = book.worksheets[0]
    at = EntrySheet.match([cell.value for cell in sheet[1]])
    assert sorted(at.values()) == sorted(KINDS[kind].fields), "every column is known by its header"
    for row, item in enumerate(items, start=3):
        values = fact(item=item, document_number=f"示学〔2026〕{row}号")
        for index, name in at.items():
            sheet.cell(row, index + 1).value = values.get(name) or None
    batch = rehearse(saved(book), by=by)
    assert codes(batch) == {}
    assert batch.good_rows == len(items) > 0
    assert batch.counts["skipped"] == 1, "the example row is passed over"


def test_the_kinds_offer_together_what_may_be_reported_and_nothing_else(by: Account) -> None:
    with translation.override("zh-hans"):
        names = [name for kind in KINDS for name in offered(template(by, kind))]
    assert len(names) == len(set(names))
    others = [item.name_zh for item in Item.objects.current() if item.name_zh not in names]
    rows = [fact(item=name, document_number=f"示学〔2026〕{n}号") for n, name in enumerate(others)]
    assert rehearse(xlsx(*rows), by=by).good_rows == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_empty_workbook_opens_and_holds_no_row(by: Account, kind: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data(by, kind)))
    assert len(book.sheet_names) == 2
    batch = rehearse(data(by, kind), by=by)
    assert (batch.state, batch.counts) == (Batch.State.READY, {"skipped": 1})


def test_the_example_is_never_admitted_whatever_file_it_stands_in(by: Account) -> None:
    batch = rehearse(xlsx(fact(name="张示例", identity_number="11010519491231002x"), fact()), by=by)
    assert batch.counts == {"skipped": 1, "new": 1}


def test_identity_numbers_stay_text_days_are_days_and_lists_drop_down(by: Account) -> None:
    sheet = template(by, "decision").worksheets[0]
    at = {name: index + 1 for index, name in EntrySheet.match([cell.value for cell in sheet[1]]).items()}
    letter = openpyxl.utils.get_column_letter
    assert sheet.column_dimensions[letter(at["identity_number"])].number_format == "@"
    assert sheet.column_dimensions[letter(at["act_date"])].number_format == "yyyy-mm-dd"
    lists = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert "$G$2:$G$" in lists[letter(at["item"])]
    assert "$H$2:$H$" in lists[letter(at["bar_groups"])]
    assert lists[letter(at["severity"])].count(",") == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_group_that_drops_down_is_read(language: str) -> None:
    with translation.override(language):
        names = group_names()
    assert set(GroupsWidget().clean("、".join(names))) == set(GroupsWidget.NAMES.values())
    assert len(names) == len(set(GroupsWidget.NAMES.values()))


def test_every_column_is_explained() -> None:
    assert set(GUIDE) == set(EntrySheet.sheet_fields())


def test_the_upload_page_offers_what_the_body_may_report(by: Account) -> None:
    client = sign_in(by)
    page = client.get("/record/upload/").content.decode()
    for kind in KINDS:
        assert f"/record/template/{kind}/" in page
    answer = client.get("/record/template/honour/")
    assert answer["Content-Disposition"] == 'attachment; filename="honour.xlsx"'
    assert client.get("/record/template/nonsense/").status_code == 404
    by.organisation.competences.all().delete()
    assert "/record/template/" not in client.get("/record/upload/").content.decode()
    assert client.get("/record/template/honour/").status_code == 404
