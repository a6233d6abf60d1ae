"""The uploader's own workbook back with what is wrong, and how a corrected one continues the first."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from archive.intake import actions as intake
from archive.intake import tasks
from archive.models import Batch, Entry, FixFile
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.models import Account
from tests import factories as f
from tests import numbers
from tests.archive.sheets import HEADERS, admit, cells, clerk, confirm, csv_text, fact, rehearse, saved, workbook, xlsx
from tests.world import sign_in

pytestmark = pytest.mark.django_db

BAD_DAYS = {"act_date": "2999-01-01", "document_date": "2999-01-02"}


@pytest.fixture
def by() -> Account:
    return clerk()


@pytest.fixture
def own(by: Account) -> Batch:
    """Title rows, a column that is not read, a bad cell, a good row, a missing cell, a totals row."""
    rows = [
        ["1", *cells(fact(**BAD_DAYS)), "13800000000"],
        ["2", *cells(fact()), "13900000000"],
        ["3", *cells(fact(document_number="")), None],
        ["合计", *[None] * 8],
    ]
    above = [["示范学院2026年登记表"], [], ["填报单位：学生处"]]
    return rehearse(saved(workbook(rows, headers=["序号", *HEADERS, "联系电话"], above=above, title="上半年")), by=by)


def take(batch: Batch, by: Account, *, all_rows: bool = False) -> Any:
    data = intake.take_fix_file(batch=batch, all_rows=all_rows, permission=Permission.UPLOAD_BATCH, by=by)
    return openpyxl.load_workbook(io.BytesIO(data))


def values(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def coloured(sheet: Any, row: int) -> dict[str, str]:
    return {cell.column_letter: cell.fill.fgColor.rgb[2:] for cell in sheet[row] if cell.fill.fill_type == "solid"}


def test_it_is_the_own_workbook_with_the_refused_rows_and_one_column_more(own: Batch, by: Account) -> None:
    assert own.refused_rows == 2
    book = take(own, by)
    sheet = book.active
    assert sheet.title == "上半年"
    rows = values(sheet)
    assert rows[0][0] == "示范学院2026年登记表"
    assert rows[2][0] == "填报单位：学生处"
    assert rows[3] == ["序号", *HEADERS, "联系电话", f"What is wrong ({own.code})"]
    assert [row[0] for row in rows[4:]] == ["1", "3"]
    assert rows[4][8] == "13800000000", "what is not read comes back too"
    assert "Row 5, column “发生日期”" in rows[4][9]
    assert rows[4][9].count("\n") == 1, "every problem of the row is told"
    assert "There is no document number" in rows[5][9]


def test_with_all_rows_the_good_and_the_totals_stay_where_they_were(own: Batch, by: Account) -> None:
    rows = values(take(own, by, all_rows=True).active)
    assert [row[0] for row in rows[4:]] == ["1", "2", "3", "合计"]
    assert rows[5][9] is None


def test_cells_at_fault_are_coloured_empty_ones_too_and_numbers_stay_text(own: Batch, by: Account) -> None:
    sheet = take(own, by).active
    assert set(coloured(sheet, 5)) == {"E", "G"}
    assert set(coloured(sheet, 6)) == {"F"}, "the empty cell that has to be filled"
    assert (sheet["C5"].data_type, sheet["C5"].number_format) == ("s", "@")


def test_a_warning_has_another_colour_than_a_fault(by: Account) -> None:
    number = numbers.resident(division="199999")
    batch = rehearse(xlsx(fact(identity_number=number), fact(**BAD_DAYS)), by=by)
    sheet = take(batch, by, all_rows=True).active
    ((_at, warned),) = coloured(sheet, 2).items()
    assert warned not in coloured(sheet, 3).values()


def test_days_and_figures_come_back_as_days_and_figures(by: Account) -> None:
    day = dt.datetime(2026, 3, 4)
    values_ = [*cells(fact(act_date="2999-01-01"))[:5], day, 12.5]
    batch = rehearse(saved(workbook([values_])), by=by)
    row = values(take(batch, by).active)[1]
    assert (row[5], row[6]) == (day, 12.5)


def test_a_number_that_lost_its_last_digits_is_not_dressed_up_as_a_good_one(by: Account) -> None:
    item = fact()
    batch = rehearse(
        saved(workbook([[*cells(item)[:1], float(item["identity_number"][:17] + "0"), *cells(item)[2:]]])), by=by
    )
    sheet = take(batch, by).active
    assert isinstance(sheet["B2"].value, int | float)
    assert rehearse(saved(take(batch, by)), by=by).refused_rows == 1


@pytest.mark.parametrize("encode", [lambda text: text.encode("gb18030"), lambda text: text.encode("utf-8-sig")])
def test_a_text_table_comes_back_as_a_workbook(by: Account, encode: Any) -> None:
    batch = rehearse(encode(csv_text(fact(**BAD_DAYS))), by=by)
    assert values(take(batch, by).active)[0][:7] == HEADERS


def test_a_formula_of_the_file_stays_a_text(by: Account) -> None:
    batch = rehearse(xlsx(fact(name='=HYPERLINK("http://x")')), by=by)
    told = [cell for row in take(batch, by).active.iter_rows() for cell in row]
    assert [cell.value for cell in told if cell.data_type == "f"] == []
    assert any("HYPERLINK" in str(cell.value) for cell in told)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_corrected_it_continues_and_knows_what_is_on_record(own: Batch, by: Account, language: str) -> None:
    admit(confirm(own, by=by))
    own.refresh_from_db()
    with translation.override(language):
        book = take(own, by, all_rows=True)
    sheet = book.active
    sheet["E5"], sheet["G5"], sheet["F7"] = "2026-03-02", "2026-04-01", "示学〔2026〕9号"
    again = rehearse(saved(book), by=by)
    assert again.continues == own
    assert again.counts == {"new": 2, "skipped": 2}, "one row is on record, one is the total"
    assert "on_record" in [warning["code"] for row in again.rows.all() for warning in row.warnings]
    assert "unknown_column" not in [remark["code"] for remark in again.remarks if "B-" in str(remark["params"])]
    admit(confirm(again, by=by))
    assert Entry.objects.count() == 3
    page = sign_in(by).get(f"/record/{own.code}/").content.decode()
    assert again.code in page


def test_without_descent_what_is_on_record_is_refused(by: Account) -> None:
    data = xlsx(fact())
    admit(confirm(rehearse(data, by=by), by=by))
    assert rehearse(data, by=by).refused_rows == 1


def test_a_number_of_another_body_continues_nothing(own: Batch, by: Account) -> None:
    book = take(own, by)
    stranger = clerk()
    assert rehearse(saved(book), by=stranger).continues is None


def test_a_second_fix_file_has_one_column_of_ours(own: Batch, by: Account) -> None:
    again = rehearse(saved(take(own, by)), by=by)
    header = values(take(again, by).active)[3]
    assert [text for text in header if "What is wrong" in str(text)] == [f"What is wrong ({again.code})"]


def test_taking_it_is_noted_and_nobody_else_takes_it(own: Batch, by: Account) -> None:
    take(own, by)
    assert AuditEvent.objects.filter(verb="intake.refused_rows_taken").count() == 1
    with pytest.raises(PermissionDenied):
        take(own, f.AccountFactory(organisation=by.organisation, holds=[Role.APPROVER]))


def test_a_file_without_refusals_has_none_to_give(by: Account) -> None:
    with pytest.raises(ActionRefused, match="No row"):
        take(rehearse(xlsx(fact()), by=by), by)


def test_the_page_offers_it(own: Batch, by: Account) -> None:
    client = sign_in(by)
    address = f"/record/{own.code}/fix/file/"
    assert address in client.get(f"/record/{own.code}/").content.decode()
    answer = client.get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{own.code}-fix.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"


class TestLarge:
    @pytest.fixture(autouse=True)
    def everything_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from archive.intake.actions import fixing

        monkeypatch.setattr(fixing, "AT_ONCE", 0)
        monkeypatch.setattr(intake, "AT_ONCE", 0)

    def test_a_worker_makes_it_and_it_is_kept_as_ciphertext(
        self, own: Batch, by: Account, django_capture_on_commit_callbacks: Any, at_once: None
    ) -> None:
        client, place = sign_in(by), f"/record/{own.code}/fix/"
        assert client.get(f"{place}file/").url == place, "not there yet"
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(place, {"rows": "all"}).status_code == 302
        fix = FixFile.objects.get()
        assert (fix.state, fix.all_rows, fix.attempts) == (FixFile.State.DONE, True, 1)
        with open(fix.file.path, "rb") as stored:
            assert b"PK\x03\x04" not in stored.read(4)
        assert f"{place}file/?rows=all" in client.get(place).content.decode()
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{place}file/?rows=all").content))
        assert book.active.max_row == 8

    def test_a_lost_worker_is_replaced_and_the_third_loss_is_told(self, own: Batch, by: Account) -> None:
        fix = f.FixFileFactory(batch=own, attempts=3)
        tasks.make_fix_file(fix.pk)
        fix.refresh_from_db()
        assert fix.state == FixFile.State.FAILED
        again = intake.request_fix_file(batch=own, all_rows=False, permission=Permission.UPLOAD_BATCH, by=by)
        assert (again.pk == fix.pk, again.language) == (False, "en")

    def test_a_new_rehearsal_lets_go_of_it(
        self, own: Batch, by: Account, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        fix = intake.request_fix_file(batch=own, all_rows=False, permission=Permission.UPLOAD_BATCH, by=by)
        tasks.make_fix_file(fix.pk)
        fix.refresh_from_db()
        path, storage = fix.file.path, fix.file.storage
        assert storage.exists(path)
        with django_capture_on_commit_callbacks(execute=True):
            admit(confirm(own, by=by))
        assert not FixFile.objects.exists()
        assert not storage.exists(path)
