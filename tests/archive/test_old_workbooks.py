"""Old .xls workbooks: what calamine does not tell is told all the same. Damaged files of any kind end in a table or a sentence."""

from __future__ import annotations

import contextlib
import io

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.problems import Refused, sentence
from archive.intake.workbooks import Formula
from tests.archive.books import ods_of, xls_of
from tests.archive.sheets import HEADERS, cells, csv_text, fact, table


def test_formulas_hidden_and_merged_parts_of_an_old_workbook() -> None:
    book = xlwt.Workbook()
    book.add_sheet("旧").visibility = 1
    sheet = book.add_sheet("登记表")
    for number, row in enumerate([["登记表"], HEADERS, *(cells(fact()) for _n in range(4))]):
        for index, value in enumerate(row):
            if (number, index) != (2, 4):
                sheet.write(number, index, value)
    sheet.write(2, 4, xlwt.Formula('"示"&"1"'))
    sheet.write_merge(4, 5, 8, 8, "并")
    sheet.col(5).hidden = True
    sheet.row(3).hidden = sheet.row(4).hidden = True
    out = io.BytesIO()
    book.save(out)
    found = table(out.getvalue())
    rows = dict(found)
    assert list(rows) == [3, 4, 5, 6]
    assert isinstance(rows[3]["document_number"], Formula)
    assert rows[4]["document_number"] == "示学〔2026〕1号"
    *said, merged = [sentence(remark.as_json()) for remark in found.remarks]
    assert said == [
        "1 title rows above the header row are passed over.",
        "Sheet “旧” is hidden and is not read.",
        "Column F “认定日期” is hidden in the workbook. It is read like the others.",
        "2 rows are hidden in the workbook (by a filter, perhaps). They are read like the others; delete what is not meant.",
    ]
    assert merged.startswith("Cells are merged below the header (1 times, first I5:I6).")


def test_a_table_that_does_not_begin_in_the_corner() -> None:
    found = table(xls_of([[], [], [None, None, *HEADERS], [None, None, *cells(fact(name="李四"))]]))
    assert (found.header_row, min(found.columns)) == (3, 2)
    assert [(number, row["name"]) for number, row in found] == [(4, "李四")]


SAMPLES = {
    "xls": xls_of([HEADERS, *(cells(fact()) for _n in range(5))]),
    "ods": ods_of([HEADERS, *(cells(fact()) for _n in range(5))]),
    "csv": csv_text(*(fact() for _n in range(5))).encode("gb18030"),
}


@pytest.mark.parametrize("kind", SAMPLES)
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_table_or_a_refusal(kind: str, data: st.DataObject) -> None:
    sample = bytearray(SAMPLES[kind])
    places = st.lists(st.tuples(st.integers(0, len(sample) - 1), st.integers(0, 255)), min_size=1, max_size=6)
    for place, value in data.draw(places):
        sample[place] = value
    with contextlib.suppress(Refused):
        list(table(bytes(sample[: data.draw(st.integers(len(sample) // 2, len(sample) * 2))])))


def test_a_stray_nul_in_a_text_file_is_told_at_its_cell() -> None:
    rows = list(table(csv_text(fact(name="张\x00三")).encode()))
    assert rows[0][1]["name"] == "张\x00三"
