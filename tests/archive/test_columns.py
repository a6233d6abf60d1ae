"""Columns that cannot be told by their names: the clerk is asked once, and the body's next file is read by itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from archive.intake import actions as intake
from archive.intake.columns import remembering
from archive.intake.files import Layout
from archive.models import Batch, ColumnMemory
from archive.records.resources import EntrySheet
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import HEADERS, cells, clerk, codes, fact, rehearse, saved, workbook, xlsx
from tests.world import sign_in

pytestmark = pytest.mark.django_db

OWN_WORDS = ["学员", "身份证号码", "行为类别", "发生日期", "认定文书号", "认定日期", "备注"]


@pytest.fixture
def by() -> Account:
    return clerk()


def sheet(headers: list[str], *facts: dict[str, Any], **more: Any) -> bytes:
    return saved(workbook([cells(item) for item in facts or (fact(),)], headers=headers, **more))


def say(batch: Batch, by: Account, columns: dict[int, str], *, headers: list[str] = OWN_WORDS) -> Batch:
    intake.set_columns(
        batch=batch,
        layout=Layout(batch.layout["sheet"], batch.layout["header_row"], columns),
        headers=headers,
        resource=EntrySheet,
        permission=Permission.UPLOAD_BATCH,
        by=by,
    )
    return again(batch)


def again(batch: Batch) -> Batch:
    from archive.records import actions as records
    from tests.archive.sheets import WORKER

    records.rehearse_batch(batch_id=batch.pk, by=WORKER)
    batch.refresh_from_db()
    return batch


def whole(names: list[str]) -> dict[int, str]:
    return dict(enumerate(names))


FIELDS = ["name", "identity_number", "item", "act_date", "document_number", "document_date", "facts"]


def test_a_file_whose_names_are_all_known_goes_straight_on(by: Account) -> None:
    batch = rehearse(xlsx(fact()), by=by)
    assert batch.state == Batch.State.READY
    assert batch.columns_by is None


def test_a_missing_required_column_is_asked_for_and_nothing_is_read(by: Account) -> None:
    batch = rehearse(sheet(OWN_WORDS), by=by)
    assert (batch.state, batch.rows.count()) == (Batch.State.COLUMNS, 0)
    page = sign_in(by).get(f"/record/{batch.code}/").content.decode()
    assert "“姓名”" in page
    assert f"/record/{batch.code}/columns/" in page


def test_what_the_clerk_says_is_read_and_remembered_for_the_body(by: Account) -> None:
    batch = say(rehearse(sheet(OWN_WORDS), by=by), by, whole(FIELDS))
    assert (batch.state, batch.good_rows, batch.columns_by) == (Batch.State.READY, 1, by)
    assert batch.columns["name"] == "学员"
    (memory,) = ColumnMemory.objects.all()
    assert (memory.header, memory.field, memory.set_by) == ("学员", "name", by)

    assert rehearse(sheet(OWN_WORDS), by=by).state == Batch.State.READY, "the next file of the body is read by itself"
    assert rehearse(sheet(OWN_WORDS), by=clerk()).state == Batch.State.COLUMNS, "another body has said nothing"


def test_the_latest_word_counts_and_what_the_name_says_needs_no_memory(by: Account) -> None:
    batch = say(rehearse(sheet(HEADERS), by=by), by, {**whole(FIELDS), 6: "unit"}, headers=HEADERS)
    assert dict(ColumnMemory.objects.values_list("header", "field")) == {"备注": "unit"}
    assert rehearse(sheet(HEADERS), by=by).columns.get("unit") == "备注"
    say(batch, by, whole(FIELDS), headers=HEADERS)
    assert not ColumnMemory.objects.exists()


def test_a_column_that_is_not_to_be_read_is_not_asked_about_again(by: Account) -> None:
    headers = [*HEADERS, "班级名称"]
    data = saved(workbook([[*cells(fact()), "会计1班"]], headers=headers))
    batch = rehearse(data, by=by)
    assert batch.state == Batch.State.COLUMNS, "it might be the class"
    batch = say(batch, by, whole(FIELDS), headers=headers)
    assert (batch.state, "unit" in batch.columns) == (Batch.State.READY, False)
    assert rehearse(data, by=by).state == Batch.State.READY


@pytest.mark.parametrize("header", ["序号", "学号", "性别", "经办人"])
def test_a_column_that_looks_like_nothing_is_left_out_without_a_question(by: Account, header: str) -> None:
    batch = rehearse(saved(workbook([[*cells(fact()), "1"]], headers=[*HEADERS, header])), by=by)
    assert batch.state == Batch.State.READY


def test_identity_numbers_under_a_strange_name_are_guessed_and_shown_masked(by: Account) -> None:
    item = fact()
    batch = rehearse(sheet(["姓名", "号", *HEADERS[2:]], item), by=by)
    assert batch.state == Batch.State.COLUMNS
    page = sign_in(by).get(f"/record/{batch.code}/columns/").content.decode()
    assert '<option value="identity_number" selected>' in page
    assert item["identity_number"] not in page
    assert item["identity_number"][:6] + "********" in page


def test_two_columns_of_one_meaning_and_two_tables_are_asked_about(by: Account) -> None:
    twins = saved(workbook([[*cells(fact()), "李四"]], headers=[*HEADERS, "学生姓名"]))
    assert rehearse(twins, by=by).state == Batch.State.COLUMNS
    book = workbook([cells(fact())])
    second = book.create_sheet("二班")
    for row in (HEADERS, cells(fact())):
        second.append(row)
    batch = rehearse(saved(book), by=by)
    assert batch.state == Batch.State.COLUMNS
    client = sign_in(by)
    place = f"/record/{batch.code}/columns/"
    assert "二班" in client.get(place).content.decode()
    form = {"sheet": "1", "row": "1", **{f"c{index}": name for index, name in enumerate(FIELDS)}}
    assert client.post(place, form).status_code == 302
    assert (again(batch).state, batch.sheet_name) == (Batch.State.READY, "二班")


def test_a_header_in_another_row_can_be_pointed_at(by: Account) -> None:
    data = saved(workbook([cells(fact())], headers=[f"栏{index}" for index in range(7)], above=[["甲校登记表"]]))
    batch = rehearse(data, by=by)
    assert batch.state == Batch.State.COLUMNS
    client, place = sign_in(by), f"/record/{batch.code}/columns/"
    assert "栏3" in client.get(f"{place}?sheet=0&row=2").content.decode()
    assert client.get(f"{place}?sheet=99&row=x").status_code == 200
    form = {"sheet": "0", "row": "2", **{f"c{index}": name for index, name in enumerate(FIELDS)}}
    client.post(place, form)
    assert (again(batch).state, batch.header_row, batch.good_rows) == (Batch.State.READY, 2, 1)


def test_the_page_names_what_is_wrong_and_links_to_it(by: Account) -> None:
    batch = rehearse(sheet(OWN_WORDS), by=by)
    answer = sign_in(by).post(
        f"/record/{batch.code}/columns/", {"sheet": "0", "row": "1", "c1": "identity_number", "c2": "identity_number"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_c2"' in page
    assert batch.state == Batch.State.COLUMNS


def test_a_wrong_reading_can_be_corrected_before_the_decision(by: Account) -> None:
    batch = rehearse(xlsx(fact(facts="张三丰班")), by=by)
    assert batch.state == Batch.State.READY
    batch = say(batch, by, {**whole(FIELDS), 6: "unit"}, headers=HEADERS)
    assert (batch.state, batch.columns["unit"]) == (Batch.State.READY, "备注")
    assert [remark["code"] for remark in batch.remarks] == []


def test_after_the_decision_columns_stay_and_no_stranger_sets_them(by: Account) -> None:
    batch = rehearse(xlsx(fact()), by=by)
    with pytest.raises(PermissionDenied):
        say(batch, f.AccountFactory(organisation=by.organisation, holds=[Role.APPROVER]), whole(FIELDS))
    with pytest.raises(ActionRefused, match="Say which column holds"):
        say(batch, by, {0: "name"})
    intake.confirm(batch=batch, permission=Permission.UPLOAD_BATCH, by=by)
    with pytest.raises(ActionRefused, match="no longer be changed"):
        say(batch, by, whole(FIELDS))


def test_a_memory_is_shown_with_its_day_and_can_be_forgotten(by: Account) -> None:
    batch = say(rehearse(sheet(OWN_WORDS), by=by), by, whole(FIELDS))
    client = sign_in(by)
    (memory,) = ColumnMemory.objects.all()
    place = f"/record/{batch.code}/columns/{memory.pk}/forget/"
    assert place in client.get(f"/record/{batch.code}/columns/").content.decode()
    client.post(place)
    assert not ColumnMemory.objects.exists()
    assert AuditEvent.objects.filter(verb="intake.column_forgotten").count() == 1
    assert rehearse(sheet(OWN_WORDS), by=by).state == Batch.State.COLUMNS


def test_memory_wins_over_the_name_and_a_field_is_given_once() -> None:
    match = remembering(EntrySheet.match, {"学员": "name", "备注": "", "说明": "facts"})
    assert match(["姓名", "学员", "备注", "说明"]) == {1: "name", 3: "facts"}


def test_a_late_rehearsal_keeps_what_the_clerk_said(by: Account) -> None:
    batch = say(rehearse(sheet(OWN_WORDS), by=by), by, whole(FIELDS))
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RECEIVED)
    assert (again(batch).state, codes(batch)) == (Batch.State.READY, {})
