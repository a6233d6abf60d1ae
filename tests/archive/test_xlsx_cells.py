"""Cells of XLSX sheets, letter by letter: each kind in which programs store them, on the quick way and on the parser's."""
# ruff: noqa: E501  (markup stands in one line, as programs write it)

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
from typing import Any

import pytest

from archive.intake.problems import Refused
from archive.intake.reading import strings, xlsx_rows
from archive.intake.reading.tables import open_sheets
from archive.intake.workbooks import Formula
from tests.archive.books import HEAD, MAIN, OFFICE, raw_xlsx, rows_of


@pytest.fixture(params=["quick", "parser"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answers both ways."""
    if request.param == "parser":
        for module in (xlsx_rows, strings):
            monkeypatch.setattr(module, "usual_root", lambda start, name: None)


def cells(*written: str, strings: str = "", **kwargs: Any) -> list[Any]:
    """The cells of row 1, written one after the other."""
    rows = rows_of(raw_xlsx(f'<sheetData><row r="1">{"".join(written)}</row></sheetData>', strings=strings, **kwargs))
    return rows[0][1] if rows else []


def cell(written: str, **kwargs: Any) -> Any:
    return cells(written, **kwargs)[0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('<c r="A1"><v>6</v></c>', 6.0),
        ('<c r="A1" t="n"><v>-1.5E3</v></c>', -1500.0),
        ('<c r="A1" s="4"><v>6</v></c>', 6.0),
        ('<c r="A1" t="str"><v>文 号</v></c>', "文 号"),
        ('<c t="str" r="A1"><v>other order</v></c>', "other order"),
        ("<c r='A1' t='str'><v>other marks</v></c>", "other marks"),
        ('<c r="A1" t="str"><v xml:space="preserve"> kept </v></c>', " kept "),
        ('<c r="A1" t="inlineStr"><is><t>张三</t></is></c>', "张三"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 张 </t></is></c>', " 张 "),
        ('<c r="A1" t="inlineStr"><is><r><t>张</t></r><r><rPr><b/></rPr><t>三</t></r></is></c>', "张三"),
        ('<c r="A1" t="inlineStr"><is><t>张三</t><rPh sb="0" eb="1"><t>ZHANG</t></rPh></is></c>', "张三"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="A1" t="d"><v>2026-05-12</v></c>', "2026-05-12"),
        ('<c r="A1" cm="1" vm="2" ph="1"><v>3</v></c>', 3.0),
        ('<c r="A1"><f>B1+1</f><v>7</v></c>', Formula("=B1+1")),
        ('<c r="A1" t="str"><f>CONCAT("a")</f><v>a</v></c>', Formula('=CONCAT("a")')),
        ('<c r="A1"><f t="shared" si="0"/><v>7</v></c>', Formula("=")),
        ('<c r="A1" t="str"><v>R&amp;D &lt;a&gt; &#24352; &#x5F20;</v></c>', "R&D <a> 张 张"),
        ('<c r="A1" t="str"><v><![CDATA[<张&三>]]></v></c>', "<张&三>"),
        ('<c r="A1" t="str"><!-- </row> --><v>after a comment</v></c>', "after a comment"),
        ('<c r="A1" t="str"><v>a_x000D_\nb_x005F_x000D_c</v></c>', "a\r\nb_x000D_c"),
        ('<c r="A1" t="str"><v>a\r\nb\rc</v></c>', "a\nb\nc"),
        ('<c r="A1" t="str"><v>_xD842__xDFB7_田</v></c>', "𠮷田"),
        ('<c r="A1" t="str"><v>𠮷田·〇䶮</v></c>', "𠮷田·〇䶮"),
        ('<c r="A1" t="str"><v>张\x01三</v></c>', "张\x01三"),
        ('<c r="A1" t="str"><v>张&#1;三</v></c>', "张\x01三"),
        ('<c r="A1" t="str"><v>张\x00三</v></c>', "张\x00三"),
        ('<c r="A1" t="str"><v>&#xD800;</v></c>', "\ud800"),
    ],
)  # fmt: skip
def test_each_kind_of_cell(written: str, value: Any) -> None:
    read = cell(written)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("<si><t>张三</t></si>", "张三"),
        ('<si><t xml:space="preserve"> 张 三 </t></si>', " 张 三 "),
        ("<si><r><t>张</t></r><r><rPr><sz val='9'/></rPr><t>三</t></r></si>", "张三"),
        ("<si><t>張三</t><rPh sb='0' eb='2'><t>チョウ</t></rPh><phoneticPr fontId='1'/></si>", "張三"),
        ("<si><t>a&amp;b</t></si>", "a&b"),
        ("<si><t>a_x000D_\nb</t></si>", "a\r\nb"),
        ("<si><t>张_x0000_三</t></si>", "张\x00三"),
        ("<si><t>张\x00三</t></si>", "张\x00三"),
        ("<si><t><![CDATA[<x>]]></t></si>", "<x>"),
    ],
)  # fmt: skip
def test_each_kind_of_shared_text(written: str, value: str) -> None:
    around = "<si><t>前</t></si>{}<si><t>后</t></si>"
    read = cells(
        *(f'<c r="{place}1" t="s"><v>{number}</v></c>' for number, place in enumerate("ABC")),
        strings=around.format(written),
    )
    assert read == ["前", value, "后"]


@pytest.mark.parametrize("written", ["<si/>", "<si><t/></si>", "<si><t></t></si>"])
def test_an_empty_shared_text_keeps_its_number(written: str) -> None:
    read = cells('<c r="A1" t="s"><v>0</v></c>', '<c r="B1" t="s"><v>1</v></c>', strings=written + "<si><t>x</t></si>")
    assert read == [None, "x"]


@pytest.mark.parametrize(
    ("style", "number", "value"),
    [
        (1, 46143, dt.date(2026, 5, 1)),
        (3, 46143, dt.date(2026, 5, 1)),
        (7, 46143, dt.date(2026, 5, 1)),
        (2, 46143.5, dt.datetime(2026, 5, 1, 12)),
        (2, 0.25, dt.time(6)),
        (5, 1.5, dt.timedelta(hours=36)),
        (6, 46143, 46143.0),
        (0, 46143, 46143.0),
        (4, 46143, 46143.0),
        (1, 61, dt.date(1900, 3, 1)),
        (1, 60, 60.0),  # 29 February 1900 was no day
        (1, 59, dt.date(1900, 2, 28)),
        (1, 1, dt.date(1900, 1, 1)),
        (1, -3, -3.0),
        (1, 2958465, dt.date(9999, 12, 31)),
        (1, 2958466, 2958466.0),
        (99, 46143, 46143.0),
    ],
)
def test_days_by_number_format(style: int, number: float, value: Any) -> None:
    assert cell(f'<c r="A1" s="{style}"><v>{number}</v></c>') == value


@pytest.mark.parametrize(
    ("code", "is_day"),
    [
        ("yyyy/m/d;@", True),
        ('[$-804]yyyy"年"m"月"d"日";@', True),
        ("[DBNum1][$-804]yyyy年m月d日", True),
        ("h:mm AM/PM", True),
        ("mmm-yy", True),
        ("General", False),
        ("G/通用格式", False),
        ('0"days"', False),
        ("[Red]0.00", False),
        ("[Magenta]#,##0", False),
        (r"0\d", False),
        ("0.00E+00", False),
        ("@", False),
        ("0_d", False),
    ],
)
def test_custom_number_formats(code: str, is_day: bool) -> None:
    code = code.replace('"', "&quot;")
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    read = cell('<c r="A1" s="0"><v>46143</v></c>', styles=HEAD + styles)
    assert isinstance(read, dt.date) is is_day


def test_a_workbook_that_counts_from_1904() -> None:
    book = '<workbookPr date1904="true"/>'
    assert cell('<c r="A1" s="1"><v>44681</v></c>', book=book) == dt.date(2026, 5, 1)
    assert cell('<c r="A1" s="1"><v>0</v></c>', book=book) == dt.time(0)


def test_gaps_missing_references_and_orders() -> None:
    assert cells('<c r="C1"><v>3</v></c>', '<c r="A1"><v>1</v></c>') == [1.0, None, 3.0]
    assert cells("<c><v>1</v></c>", '<c r="D1"><v>4</v></c>', "<c><v>5</v></c>") == [1.0, None, None, 4.0, 5.0]
    sheet = "<sheetData><row><c><v>1</v></c></row><row/><row><c><v>3</v></c></row></sheetData>"
    assert rows_of(raw_xlsx(sheet)) == [(1, [1.0]), (3, [3.0])]
    mixed = '<sheetData><row r="4" ht="9"/><row><c><v>5</v></c></row><row r="9"><c><v>9</v></c></row></sheetData>'
    assert rows_of(raw_xlsx(mixed)) == [(5, [5.0]), (9, [9.0])]


def test_a_small_file_of_far_cells_unfolds_to_little() -> None:
    sheet = "<sheetData>" + "".join(
        f'<row r="{number}"><c r="XFD{number}"><v>1</v></c></row>' for number in range(1, 1_501)
    )
    tracemalloc.start()
    count = sum(1 for _row in open_sheets(io.BytesIO(raw_xlsx(sheet + "</sheetData>")), "xlsx")[0].rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1_500
    assert peak < 10 << 20


def test_rows_without_values_are_passed_over_and_numbers_stay() -> None:
    sheet = (
        '<sheetData><row r="2" spans="1:1"/><row r="3" s="1" customFormat="1"/><row r="4"><c r="A4" s="1"/><c r="B4" s="1"></c></row>'
        '<row r="5"><c r="A5"><v>5</v></c></row><row r="1048576" ht="9"/></sheetData>'
    )
    assert rows_of(raw_xlsx(sheet)) == [(5, [5.0])]


@pytest.mark.parametrize(
    "root",
    [
        f'<x:worksheet xmlns:x="{MAIN}">',
        f'<x:worksheet xmlns:x="{MAIN}" xmlns="urn:other">',
        f'<worksheet xmlns:x="{MAIN}" xmlns="{MAIN}">',
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:x14ac="urn:x14ac">',
    ],
)
def test_prefixes(root: str) -> None:
    prefix = "x:" if "xmlns:x=" in root else ""
    row = f'<{prefix}row r="1"><{prefix}c r="A1" t="str"><{prefix}v>张三</{prefix}v></{prefix}c></{prefix}row>'
    assert rows_of(raw_xlsx(f"<{prefix}sheetData>{row}</{prefix}sheetData>", root=root)) == [(1, ["张三"])]


def test_another_encoding() -> None:
    sheet = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>张三</v></c></row></sheetData></worksheet>'
    assert rows_of(raw_xlsx(sheet.encode("utf-16"))) == [(1, ["张三"])]


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    for dimension in ("A1", "A1:XFD1048576", "Z9:A1", "nonsense"):
        sheet = f'<dimension ref="{dimension}"/><sheetData><row r="1"><c r="B1"><v>1</v></c></row></sheetData>'
        assert rows_of(raw_xlsx(sheet)) == [(1, [None, 1.0])]


def test_what_stands_after_the_rows_does_no_harm() -> None:
    tail = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells><extLst><ext xmlns:x="urn:x" uri="1"><x:c><x:f>1</x:f></x:c></ext></extLst>'
    assert rows_of(raw_xlsx(f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>{tail}')) == [(1, [1.0])]


DOCTYPE = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "{"ha" * 50}">]><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    "sheet",
    [
        DOCTYPE,
        '<sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="A2"><v>1</v></c></row></sheetData>',
        '<sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row></sheetData>',
        '<sheetData><row r="1048577"><c r="A1048577"><v>1</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="XFE1"><v>1</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="A1" t="s"><v>-1</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="A1" t="q"><v>0</v></c></row></sheetData>',
        '<sheetData><row r="1"><c r="A1"><v>x</v></c></row></sheetData>',
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>',
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>',
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>'.encode() + b"\xff\xfe</v></c></row></sheetData></worksheet>",
    ],
    ids=[
        "document type", "unknown entity", "cell in another's row", "rows out of order", "row twice", "row too far", "column too far",
        "no such text", "negative text", "unknown type", "no number", "cut in the rows", "cut after the rows", "no UTF-8",
    ],
)  # fmt: skip
def test_what_spreadsheet_programs_would_not_open_either_is_refused(sheet: str | bytes) -> None:
    with pytest.raises(Refused) as caught:
        rows_of(raw_xlsx(sheet))
    assert caught.value.code == "file_damaged"


def test_shared_texts_that_break_off_are_refused() -> None:
    with pytest.raises(Refused) as caught:
        cells('<c r="A1" t="s"><v>0</v></c>', strings=f'{HEAD}<sst xmlns="{MAIN}"><si><t>张')
    assert caught.value.code == "file_damaged"
