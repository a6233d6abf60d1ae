"""The same table in every kind of file and form of storage gives the same cells; other readers see the same as ours."""
# ruff: noqa: E501  (markup stands in one line, as programs write it)

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from archive.intake.reading import markup, strings, xlsx_rows
from archive.intake.workbooks import Formula, Row
from tests.archive.books import csv_of, marked, ods_of, raw_xlsx, rows_of, xls_of, xlsx_of

# Neither leading blanks and line ends (each kind of file has its own idea of those) nor a text that CSV could not tell from a formula
SIGNS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\u2028\u2029\x85")
TEXTS = st.one_of(
    st.text(SIGNS, min_size=1, max_size=40).filter(lambda text: text == text.strip() and text[0] != "="),
    st.sampled_from(
        [
            "𠮷田安",
            "买买提·吐尔逊",
            "买买提•吐尔逊",
            "陈〇",
            "王䶮",
            "11010519491231002X",
            "R&D <x>",
            "a_x000D_b",
            "#N/A",
            "长" * 300,
        ]
    ),
)
DAYS = st.dates(dt.date(1904, 1, 2), dt.date(9999, 12, 31))
MOMENTS = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
NUMBERS = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e15, 1e15).map(lambda number: round(number, 4)))
CELLS = st.one_of(st.none(), TEXTS, NUMBERS, DAYS, MOMENTS, st.booleans())
TABLES = st.lists(st.lists(CELLS, max_size=8), max_size=8)


def expected(table: list[list[Any]]) -> list[Row]:
    rows = []
    for number, cells in enumerate(table, start=1):
        kept = [_plain(cell) for cell in cells]
        while kept and kept[-1] is None:
            kept.pop()
        if kept:
            rows.append((number, kept))
    return rows


def _plain(cell: Any) -> Any:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


@given(TABLES)
def test_xlsx_ods_and_xls_tell_the_same(table: list[list[Any]]) -> None:
    for epoch_1904 in (False, True):
        for inline in (False, True):
            assert rows_of(xlsx_of(table, inline=inline, epoch_1904=epoch_1904)) == expected(table)
        old = [[None if isinstance(cell, dt.date) and cell.year > 9000 else cell for cell in row] for row in table]
        assert rows_of(xls_of(old, epoch_1904=epoch_1904), "xls") == expected(old)
    assert rows_of(ods_of(table), "ods") == expected(table)


@given(st.lists(st.lists(st.one_of(st.none(), TEXTS), max_size=8), min_size=1, max_size=8))
def test_text_files_tell_the_same(table: list[list[Any]]) -> None:
    for encoding in ("utf-8-sig", "utf-8", "gb18030", "utf-16"):
        data = csv_of(table, encoding)
        if any(cell for row in table for cell in row) and not (encoding == "gb18030" and reads_as_utf_8(data)):
            assert rows_of(data, "csv") == expected(table)


def reads_as_utf_8(data: bytes) -> bool:
    """A few short words in GB18030 are UTF-8 by chance, or nearly; no encoding can be told then."""
    return data.decode("utf-8", "ignore") != "" and data.decode("utf-8", "replace").count("\ufffd") < len(data) / 8


PIECES = st.lists(
    st.one_of(
        st.tuples(st.just("v"), st.integers(0, 9).map(str)),
        st.tuples(st.just("shared"), st.integers(0, 2).map(str)),
        st.tuples(st.just("str"), TEXTS.map(marked)),
        st.tuples(st.just("inline"), TEXTS.map(marked)),
        st.tuples(st.just("runs"), TEXTS.map(marked)),
        st.tuples(st.just("formula"), TEXTS.map(marked)),
        st.tuples(st.just("empty"), st.just("")),
        st.tuples(st.just("gap"), st.just("")),
    ),
    max_size=7,
)
FORMS = {
    "v": '<c r="{place}" s="1"><v>{value}</v></c>',
    "shared": '<c r="{place}" s="4" t="s"><v>{value}</v></c>',
    "str": '<c r="{place}" t="str"><v>{value}</v></c>',
    "inline": '<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>',
    "runs": '<c r="{place}" t="inlineStr"><is><r><t>{value}</t></r><rPh><t>no</t></rPh></is></c>',
    "formula": '<c r="{place}" t="str"><f>{value}</f><v>x</v></c>',
    "empty": '<c r="{place}" s="1"/>',
    "gap": "",
}


def written(rows: list[list[tuple[str, str]]], gaps: int) -> bytes:
    lines = []
    for index, pieces in enumerate(rows):
        number = 1 + index * gaps
        cells = "".join(
            FORMS[kind].format(place=f"{'ABCDEFG'[column]}{number}", value=value)
            for column, (kind, value) in enumerate(pieces)
        )
        lines.append(f'<row r="{number}" spans="1:7">{cells}</row>' if cells else f'<row r="{number}" ht="1"/>')
    texts = "<si><t>一</t></si>\n<si><r><t>二</t></r><rPh sb='0' eb='1'><t>no</t></rPh></si><si><t xml:space=\"preserve\"> 三&amp; </t></si>"
    return raw_xlsx(f"<sheetData>{''.join(lines)}</sheetData>", strings=texts)


@given(st.lists(PIECES, max_size=12), st.integers(1, 3), st.integers(40, 900))
def test_the_quick_way_and_the_parser_agree_however_the_file_is_cut(
    rows: list[list[tuple[str, str]]], gaps: int, chunk: int
) -> None:
    data = written(rows, gaps)
    with pytest.MonkeyPatch.context() as patch:
        for module in (xlsx_rows, strings, markup):
            patch.setattr(module, "CHUNK", chunk)
        quick = rows_of(data)
        for module in (xlsx_rows, strings):
            patch.setattr(module, "usual_root", lambda start, name: None)
        assert quick == rows_of(data)
    assert [(number, [by_calamine(cell) for cell in cells]) for number, cells in quick] == calamine_rows(data, quick)


def by_calamine(cell: Any) -> Any:
    """Our cell as calamine would give it: it tells a formula's result only, and no difference between empty and missing."""
    if isinstance(cell, Formula):
        return "x"
    return "" if cell is None else cell


def calamine_rows(data: bytes, ours: list[Row]) -> list[tuple[int, list[Any]]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert not [
        row for number, row in enumerate(sheet, start=1) if any(cell != "" for cell in row) and number not in dict(ours)
    ]
    return [(number, sheet[number - 1][: len(cells)]) for number, cells in ours]


@given(TABLES)
@settings(max_examples=40)
def test_what_openpyxl_writes_is_read_as_openpyxl_reads_it(table: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append([None if isinstance(cell, str) and "_x" in cell else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    read = openpyxl.load_workbook(out, read_only=True).active
    theirs = [
        (number, [_plain(cell) for cell in row]) for number, row in enumerate(read.iter_rows(values_only=True), start=1)
    ]
    ours = dict(rows_of(out.getvalue()))
    for number, cells in theirs:
        mine = ours.pop(number, [])
        assert mine + [None] * (len(cells) - len(mine)) == cells
    assert not ours
