"""Finding the table in a file: the header row wherever it stands, columns by the names that bodies use, one sheet of several."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook

from archive.intake.problems import sentence
from archive.models import Batch
from tests.archive.sheets import (
    HEADERS,
    cells,
    changed,
    clerk,
    fact,
    kept,
    refusal,
    rehearse,
    remarks,
    saved,
    table,
    workbook,
)


def test_the_header_is_found_below_merged_title_rows() -> None:
    book = workbook([cells(fact())], above=[["示范学院登记表"], ["填报单位：学生工作处"], [], []])
    book.active.merge_cells("A1:G1")
    book.active.merge_cells("A2:G3")
    found = table(saved(book))
    assert found.header_row == 5
    assert [number for number, _cells in found] == [6]
    assert [sentence(remark.as_json()) for remark in found.remarks] == [
        "4 title rows above the header row are passed over."
    ]


def test_a_title_row_on_top_may_hold_a_name_of_a_column() -> None:
    found = table(saved(workbook([cells(fact())], above=[["姓名"], ["备注", "姓名"]])))
    assert found.header_row == 3


def test_without_a_header_row_the_columns_are_told() -> None:
    assert refusal(saved(workbook([], headers=["甲", "乙", "丙"]))) == (
        "No header row was found: a row with at least the columns “姓名”、“身份证号码”、“行为类别”、“发生日期”、"
        "“认定文书号”、“认定日期”. Put the column names above the data."
    )


def test_a_missing_column_is_named_with_the_row_where_it_should_stand() -> None:
    headers = [name for name in HEADERS if name != "认定日期"]
    assert refusal(saved(workbook([], headers=headers, above=[["表"]]))) == (
        "The header row (row 2) has no column “认定日期”. Add it, or name it as in the list of columns, and upload again."
    )


def test_a_header_without_rows_is_named() -> None:
    assert refusal(saved(workbook([[None, " "], ["", ""]]))) == (
        "There is a header row (row 1) but no data below it. Fill in the rows and upload again."
    )


def test_two_columns_of_one_name_are_named() -> None:
    headers = [*HEADERS, "学生姓名"]
    assert refusal(saved(workbook([[*cells(fact()), "李四"]], headers=headers))) == (
        "The columns A, H are both “姓名”. Rename or delete one of them, so that it is clear which counts."
    )


@pytest.mark.parametrize("header", ["宗教信仰", "血型", "疾病史", "指纹编号", "Religion"])
@pytest.mark.parametrize("complete", [True, False], ids=["complete", "lacking another column"])
@pytest.mark.django_db
def test_a_column_that_may_never_be_collected_ends_the_file_and_it_is_not_kept(
    header: str, complete: bool, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    headers = [*(HEADERS if complete else HEADERS[:-2]), header]
    with django_capture_on_commit_callbacks(execute=True):
        batch = rehearse(saved(workbook([[*cells(fact()), "x"]], headers=headers)), by=clerk())
    assert batch.state == Batch.State.REFUSED
    letter = "H" if complete else "F"
    (said,) = remarks(batch)
    assert said == (
        f"Column {letter} “{header}” holds data that may never be collected (Regulation on the Credit Reporting Industry,"
        " art. 14). Delete the column and upload again. The file was not kept."
    )
    assert not batch.file
    assert not kept(settings)


def test_unknown_columns_are_told_and_counters_are_not() -> None:
    headers = ["序号", *HEADERS, "辅导员"]
    found = table(saved(workbook([[1, *cells(fact()), "王五"]], headers=headers)))
    assert [sentence(remark.as_json()) for remark in found.remarks] == [
        "Column I “辅导员” is not known and is not taken over."
    ]


@pytest.mark.parametrize(
    "headers",
    [
        ["学生姓名", "身份证号", "失信行为", "行为日期", "文号", "决定日期", "情况说明"],
        ["姓 名*", "证件号码（必填）", "事项", "发生 日期", "文书号：", "文书日期", "事实"],
        ["Name", "ID Number", "Item", "Act date", "Document Number", "DOCUMENT DATE", "Facts"],
    ],
    ids=["other names", "decorated", "English"],
)
def test_columns_are_known_by_the_names_that_bodies_use(headers: list[str]) -> None:
    if "证件号码（必填）" in headers:
        headers = [name.replace("（必填）", "") for name in headers]
    found = table(saved(workbook([cells(fact(name="李四"))], headers=headers)))
    assert set(found.columns.values()) == {
        "name", "identity_number", "item", "act_date", "document_number", "document_date", "facts",
    }  # fmt: skip
    assert [row["name"] for _number, row in found] == ["李四"]


def test_a_hidden_sheet_is_not_read_and_said() -> None:
    def hide(book: Workbook) -> None:
        other = book.create_sheet("旧表", 0)
        for row in (HEADERS, cells(fact(name="不读"))):
            other.append(row)
        other.sheet_state = "hidden"

    found = table(changed(hide, fact(name="李四")))
    assert [row["name"] for _number, row in found] == ["李四"]
    assert [sentence(remark.as_json()) for remark in found.remarks] == ["Sheet “旧表” is hidden and is not read."]


def test_of_two_tables_the_first_is_read_and_the_other_named() -> None:
    def add(book: Workbook) -> None:
        for row in (HEADERS, cells(fact())):
            book.create_sheet("二班") if "二班" not in book.sheetnames else None
            book["二班"].append(row)
        book.create_sheet("说明").append(["填表说明"])

    found = table(changed(add))
    assert found.sheet_name == "登记表"
    assert [sentence(remark.as_json()) for remark in found.remarks] == [
        "Sheet “说明” has no header row and is not read.",
        "Sheet “二班” holds a table too. Only “登记表” is read: put one table in a file.",
    ]
