"""Where the table stands: what is proposed, what a person may correct, what is said about all that was noticed."""
# ruff: noqa: E501  (markup stands in one line, as programs write it)

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook

from archive.intake import actions as intake
from archive.intake.files import Layout, Survey, read_table, sniff, survey
from archive.intake.problems import Refused, sentence
from archive.records.resources import EntrySheet
from tests.archive.books import csv_of, ods_of, raw_ods, raw_xlsx, xls_of, xlsx_of
from tests.archive.sheets import (
    HEADERS,
    cells,
    changed,
    clerk,
    codes,
    fact,
    receive,
    refusal,
    rehearse,
    saved,
    table,
    workbook,
)

FOUND = {"name", "identity_number", "item", "act_date", "document_number", "document_date", "facts"}


def surveyed(data: bytes, layout: Layout | None = None) -> Survey:
    file = io.BytesIO(data)
    return survey(file, sniff(file), EntrySheet.match, EntrySheet.required_headers(), layout)


def by_layout(data: bytes, layout: Layout) -> Any:
    file = io.BytesIO(data)
    return read_table(file, sniff(file), EntrySheet.match, EntrySheet.required_headers(), layout)


def said(found: Any) -> list[str]:
    return [sentence(remark.as_json()) for remark in found.remarks]


# Two header rows


GROUPED = [
    ["姓名", "身份证号码", "失信行为", None, "认定", None, "备注"],
    [None, None, "行为类别", "发生日期", "文书号", "日期", None],
]


def test_a_row_of_groups_above_the_names_is_read_with_them() -> None:
    found = table(xlsx_of([["示范学院登记表"], *GROUPED, cells(fact(name="李四"))]))
    assert (found.header_row, found.layout.header_rows) == (3, 2)
    assert set(found.columns.values()) == FOUND
    assert found.header_of("document_date") == "认定日期"
    assert [row["name"] for _number, row in found] == ["李四"]
    assert said(found) == [
        "1 title rows above the header row are passed over.",
        "Rows 2 and 3 are read together as column names.",
    ]


def test_a_group_tells_two_columns_of_one_name_apart() -> None:
    head = [["学生", None, "家长", *HEADERS[2:]], ["姓名", "身份证号码", "姓名", *[None] * 5]]
    found = table(xlsx_of([*head, ["李四", fact()["identity_number"], "李父", *cells(fact())[2:]]]))
    assert [row["name"] for _number, row in found] == ["李四"]
    assert "Column C “家长姓名” is not known and is not taken over." in said(found)


@pytest.mark.parametrize("above", [["登记表"], ["登记表", None, None, "2026"], ["姓名"], ["学生工作处"] * 7])
def test_a_title_row_is_no_row_of_groups(above: list[Any]) -> None:
    found = table(xlsx_of([above, HEADERS, cells(fact())]))
    assert (found.header_row, found.layout.header_rows) == (2, 1)
    assert found.headers == HEADERS


def test_the_first_row_of_data_is_no_row_of_names() -> None:
    found = table(xlsx_of([HEADERS, cells(fact(name="姓名")), cells(fact(name="李四"))]))
    assert found.header_row == 1
    assert len(list(found)) == 2


# What hides, what is merged, what follows the table


def test_hidden_columns_and_rows_are_read_and_said() -> None:
    def hide(book: Workbook) -> None:
        sheet = book.active
        sheet.column_dimensions["E"].hidden = True
        sheet.row_dimensions[2].hidden = sheet.row_dimensions[4].hidden = True

    found = table(changed(hide, fact(), fact(), fact()))
    assert len(list(found)) == 3
    assert said(found) == [
        "Column E “认定文书号” is hidden in the workbook. It is read like the others.",
        "2 rows are hidden in the workbook (by a filter, perhaps). They are read like the others; delete what is not meant.",
    ]
    list(found)
    assert len(found.remarks) == 2


def test_merged_cells_among_the_data_are_told_and_titles_are_not() -> None:
    def merge(book: Workbook) -> None:
        book.active.merge_cells("E2:E4")

    found = table(changed(merge, fact(), fact(), fact()))
    assert [row["document_number"] for _number, row in found] == ["示学〔2026〕1号", None, None]
    (told,) = said(found)
    assert told == (
        "Cells are merged below the header (1 times, first E2:E4). Only the first cell of each counts: where the others are"
        " missed, unmerge them and fill in each row."
    )


@pytest.mark.parametrize(
    "line",
    [
        ["合计", "2人"], ["总 计：", None, 2.0], ["共 2 人"], ["填表人：李四", "审核人：王五"], ["单位负责人（签字）：", None],
        ["单位（盖章）"], ["注：以上名单已核对"], ["第 1 页 共 1 页"], ["Total", 2.0], ["Prepared by: Li Si"],
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_totals_and_signatures_below_the_table_are_passed_over(line: list[Any]) -> None:
    batch = rehearse(xlsx_of([HEADERS, cells(fact()), [], line]), by=clerk())
    assert (batch.good_rows, codes(batch)) == (1, {})
    assert batch.rows.get(number=4).verdict == "skipped"


@pytest.mark.django_db
def test_a_name_like_a_total_is_no_total() -> None:
    batch = rehearse(xlsx_of([HEADERS, cells(fact(name="何总")), cells(fact(name="说明"))]), by=clerk())
    assert batch.good_rows == 2


def test_thousands_of_blank_and_formatted_rows_are_nothing() -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" s="1"/><c r="G{number}" s="1"/></row>' for number in range(9, 9000)
    )
    head = "".join(f'<c r="{"ABCDEFG"[index]}5" t="str"><v>{name}</v></c>' for index, name in enumerate(HEADERS))
    one = "".join(f'<c r="{"ABCDEFG"[index]}8" t="str"><v>{value}</v></c>' for index, value in enumerate(cells(fact())))
    found = table(raw_xlsx(f'<sheetData><row r="5">{head}</row><row r="8">{one}</row>{rows}</sheetData>'))
    assert (found.header_row, [number for number, _cells in found]) == (5, [8])


def test_blank_columns_between_and_before_do_no_harm() -> None:
    spread = [None, None, *[part for name in HEADERS for part in (name, None)]]
    values = [None, None, *[part for value in cells(fact(name="李四")) for part in (value, None)]]
    found = table(xlsx_of([spread, values]))
    assert [row["name"] for _number, row in found] == ["李四"]
    assert said(found) == []


# Days that are counted from 1904


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_a_bare_number_of_days_counts_from_where_the_workbook_counts(epoch_1904: bool) -> None:
    days = 44681.0 if epoch_1904 else 46143.0
    row = fact(act_date=days, document_date=dt.date(2026, 5, 2), document_number=44681)
    found = table(xlsx_of([HEADERS, cells(row)], epoch_1904=epoch_1904))
    ((_number, read),) = found
    values, problems, _warnings = EntrySheet.read(read, dict.fromkeys(read, ""), today=dt.date(2026, 11, 24))
    assert problems == []
    assert values["act_date"] == dt.date(2026, 5, 1)
    assert values["document_date"] == dt.date(2026, 5, 2)
    assert values["document_number"] == "44681"


@pytest.mark.django_db
def test_a_cell_with_a_spreadsheet_error_is_told_as_such() -> None:
    rows = [HEADERS, cells(fact(name="#REF!")), cells(fact(identity_number="#N/A")), cells(fact(act_date="#VALUE!"))]
    for data in (xlsx_of(rows), csv_of(rows)):
        assert codes(rehearse(data, by=clerk())) == {2: ["cell_error"], 3: ["cell_error"], 4: ["cell_error"]}


# The same table in other kinds of file


@pytest.mark.parametrize("make", [xls_of, ods_of, xlsx_of, csv_of])
@pytest.mark.django_db
def test_a_file_of_each_kind_is_rehearsed(make: Any) -> None:
    batch = rehearse(make([["登记表"], HEADERS, cells(fact()), cells(fact(name=""))]), by=clerk())
    assert batch.header_row == 2
    assert codes(batch) == {4: ["name_empty"]}
    assert batch.good_rows == 1


def test_open_document_hides_repeats_and_comments() -> None:
    head = "".join(
        f"<table:table-cell office:value-type='string'><text:p>{name}</text:p></table:table-cell>" for name in HEADERS
    )
    note = "<office:annotation><text:p>note</text:p></office:annotation>"
    tables = (
        "<table:table table:name='旧' table:style-name='ta2'><table:table-row><table:table-cell/></table:table-row></table:table>"
        "<table:table table:name='登记'><table:table-column table:number-columns-repeated='2'/>"
        "<table:table-column table:visibility='collapse'/>"
        f"<table:table-header-rows><table:table-row>{head}</table:table-row></table:table-header-rows>"
        "<table:table-row table:number-rows-repeated='3'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
        "<table:table-row table:number-rows-repeated='2' table:visibility='filter'>"
        f"<table:table-cell office:value-type='string'>{note}<text:p>李<text:span>四</text:span><text:s text:c='2'/></text:p></table:table-cell>"
        "<table:table-cell table:formula='of:=A1' office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell>"
        "<table:covered-table-cell/><table:table-cell office:value-type='percentage' office:value='0.5' table:number-columns-repeated='2'/>"
        "</table:table-row><table:table-row table:number-rows-repeated='1048000'><table:table-cell/></table:table-row></table:table>"
    )
    styles = "<style:style style:name='ta2' style:family='table'><style:table-properties table:display='false'/></style:style>"
    found = table(raw_ods(tables, styles))
    assert found.rows_total == 5
    rows = list(found)
    assert [number for number, _row in rows] == [5, 6]
    assert rows[0][1] == {
        "name": "李四  ", "identity_number": "=A1", "item": None, "act_date": 0.5, "document_number": 0.5,
        "document_date": None, "facts": None,
    }  # fmt: skip
    assert said(found)[:2] == [
        "Sheet “旧” is hidden and is not read.",
        "Column C “行为类别” is hidden in the workbook. It is read like the others.",
    ]
    assert said(found)[2].startswith("2 rows are hidden")


def test_a_damaged_old_or_open_document_is_refused() -> None:
    old = bytearray(xls_of([HEADERS, cells(fact())]))
    old[1000:1400] = bytes(400)
    damaged = "The workbook is damaged and cannot be opened."
    assert refusal(bytes(old[:3000])).startswith(damaged)
    assert refusal(raw_ods("<table:table>")).startswith(damaged)


# What is shown to a person, and what a person may correct


def test_a_survey_shows_what_would_be_taken() -> None:
    found = surveyed(xlsx_of([["登记表"], [*HEADERS, "手机"], *([*cells(fact()), 13800000000 + n] for n in range(5))]))
    assert found.layout == Layout("登记表", 2, dict(enumerate(["name", "identity_number", "item", "act_date", "document_number", "document_date", "facts"])))  # fmt: skip
    assert (found.missing, found.rows_total) == ({}, 5)
    assert [(sheet.name, sheet.hidden, sheet.has_table) for sheet in found.sheets] == [("登记表", False, True)]
    number, phone = found.columns[1], found.columns[7]
    assert (number.letter, number.header, number.field) == ("B", "身份证号码", "identity_number")
    assert len(number.samples) == 3
    assert all(sample[6:14] == "********" for sample in number.samples)
    assert (phone.letter, phone.header, phone.field, phone.samples[0]) == ("H", "手机", "", "13800000000")
    assert found.columns[6].samples == ()


@pytest.mark.parametrize(
    "number", ["1101051949123100", "11010519491231002X1", 110105194912310020, "6212345678901234567"]
)
def test_no_sample_shows_a_number_that_was_only_mistyped(number: Any) -> None:
    (column, *_others) = surveyed(xlsx_of([["x"], [number]])).columns
    assert "*" in column.samples[0]
    assert str(number) not in column.samples[0]


def test_an_incomplete_header_is_proposed_and_corrected_by_hand() -> None:
    headers = ["姓名", "证件", "行为类别", "何时", "认定文书号", "认定日期"]
    data = xlsx_of([headers, cells(fact(name="李四"))[:6]])
    found = surveyed(data)
    assert found.missing == {"identity_number": "身份证号码", "act_date": "发生日期"}
    with pytest.raises(Refused) as caught:
        by_layout(data, found.layout)
    assert caught.value.code == "file_columns_missing"
    mended = Layout("登记表", 1, {**found.layout.columns, 1: "identity_number", 3: "act_date"})
    assert surveyed(data, mended).missing == {}
    read = by_layout(data, Layout.from_json(mended.as_json()))
    assert [row["name"] for _number, row in read] == ["李四"]
    assert read.header_of("act_date") == "何时"


def test_without_a_known_name_the_likely_header_is_proposed() -> None:
    found = surveyed(csv_of([["台账"], ["甲", "乙", "丙"], ["1", "2", "3"]]))
    assert (found.layout.header_row, found.layout.columns) == (2, {})
    assert [column.header for column in found.columns] == ["甲", "乙", "丙"]
    assert len(found.missing) == 6


def test_another_sheet_or_row_may_be_chosen() -> None:
    def add(book: Workbook) -> None:
        for row in (["说明"], HEADERS, cells(fact(name="王五"))):
            book.create_sheet("二班") if "二班" not in book.sheetnames else None
            book["二班"].append(row)

    data = changed(add)
    assert surveyed(data).layout.sheet == "登记表"
    second = surveyed(data, Layout("二班", 2, {}))
    assert [column.header for column in second.columns] == HEADERS
    columns = surveyed(data, Layout("二班", 2, surveyed(data).layout.columns)).layout
    assert [row["name"] for _number, row in by_layout(data, columns)] == ["王五"]
    with pytest.raises(Refused):
        by_layout(data, Layout("三班", 2, columns.columns))


def test_a_layout_beyond_the_cells_reads_nothing_there() -> None:
    layout = surveyed(xlsx_of([HEADERS, cells(fact())])).layout
    far = Layout(layout.sheet, 1, {**layout.columns, 300: "unit"})
    ((_number, row),) = by_layout(xlsx_of([HEADERS, cells(fact())]), far)
    assert row["unit"] is None


@pytest.mark.parametrize("header", ["宗教信仰", "血型"])
def test_a_survey_refuses_what_may_never_be_collected(header: str) -> None:
    for headers in ([*HEADERS, header], [*"甲乙丙丁戊己", header]):
        with pytest.raises(Refused) as caught:
            surveyed(xlsx_of([headers, cells(fact())]))
        assert caught.value.code == "file_forbidden_column"


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        surveyed(saved(Workbook()))
    assert caught.value.code == "file_empty"


# The rows as they stand


def test_a_table_can_be_read_again_and_its_raw_rows_begin_with_the_header() -> None:
    found = table(saved(workbook([[*cells(fact()), "备用"]], headers=[*HEADERS, "其他"], above=[["表"]])))
    assert list(found) == list(found)
    raw = list(found.raw_rows())
    assert [number for number, _cells in raw] == [2, 3]
    assert raw[0][1] == [*HEADERS, "其他"]
    assert raw[1][1][7] == "备用"


def test_two_readers_of_one_table_do_not_disturb_each_other() -> None:
    for data in (
        xlsx_of([HEADERS, *(cells(fact()) for _n in range(50))]),
        csv_of([HEADERS, *(cells(fact()) for _n in range(50))]),
    ):
        found = table(data)
        assert [one == other for one, other in zip(found, found, strict=True)] == [True] * 50


@pytest.mark.django_db
def test_a_batch_is_read_from_its_ciphertext_by_a_layout() -> None:
    batch = receive(csv_of([["何人", *HEADERS[1:]], cells(fact(name="李四"))]), by=clerk())
    columns = dict(enumerate(["name", "identity_number", "item", "act_date", "document_number", "document_date"]))
    found = intake.open_table(batch=batch, resource=EntrySheet, layout=Layout("", 1, columns))
    assert [row["name"] for _number, row in found] == ["李四"]
    with pytest.raises(Refused):
        intake.open_table(batch=batch, resource=EntrySheet)
