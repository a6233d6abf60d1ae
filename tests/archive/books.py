"""Workbooks made by hand, to the letter, in every kind of file: what offices' programs write and what they should not."""
# ruff: noqa: E501  (markup stands in one line, as programs write it)

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlwt

from archive.intake.reading.tables import open_sheets
from archive.intake.workbooks import Row, letter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# style 0 general, 1 a day, 2 day and time, 3 a Chinese day, 4 text, 5 a length of time, 6 money, 7 the Chinese builtin day
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm:ss"/><numFmt numFmtId="166" formatCode="[Red]#,##0.00&quot;days&quot;"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="8"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="49"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="31"/>'
    "</cellXfs></styleSheet>"
)


def raw_xlsx(
    sheet: str | bytes,
    *,
    strings: str | bytes = "",
    styles: str = STYLES,
    book: str = "",
    root: str = f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">',
    **members: str | bytes,
) -> bytes:
    """`sheet`: what stands in the worksheet element, or a whole document; `strings` likewise; `book`: before `sheets`."""
    if isinstance(sheet, str) and not sheet.startswith("<?xml"):
        sheet = f"{HEAD}{root}{sheet}</{root[1:].split()[0]}>"
    if isinstance(strings, str) and not strings.startswith("<?xml"):
        strings = f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            + "".join(
                f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
                for part, kind in (
                    ("workbook", "sheet.main"),
                    ("worksheets/sheet1", "worksheet"),
                    ("styles", "styles"),
                    ("sharedStrings", "sharedStrings"),
                )
            )
            + "</Types>",
        )
        archive.writestr("_rels/.rels", _relations(("officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets><sheet name="登记表" sheetId="1" r:id="rId0"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(
                ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
        )
        archive.writestr("xl/styles.xml", styles)
        archive.writestr("xl/sharedStrings.xml", strings)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    parts = "".join(
        f'<Relationship Id="rId{index}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets)
    )
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{parts}</Relationships>'


def xlsx_of(rows: Iterable[list[Any]], *, inline: bool = False, epoch_1904: bool = False, root: str = "") -> bytes:
    """Cells of text, numbers, days (style 1), moments (style 2), booleans; None is left out. `inline`: texts in the cells."""
    texts: dict[str, int] = {}
    parts = []
    for number, cells in enumerate(rows, start=1):
        parts.append(f'<row r="{number}">')
        for index, value in enumerate(cells):
            place = f'r="{letter(index)}{number}"'
            if isinstance(value, str) and inline:
                parts.append(f'<c {place} t="inlineStr"><is><t xml:space="preserve">{marked(value)}</t></is></c>')
            elif isinstance(value, str):
                parts.append(f'<c {place} t="s"><v>{texts.setdefault(value, len(texts))}</v></c>')
            elif isinstance(value, bool):
                parts.append(f'<c {place} t="b"><v>{int(value)}</v></c>')
            elif isinstance(value, dt.date):
                style = 2 if isinstance(value, dt.datetime) else 1
                parts.append(f'<c {place} s="{style}"><v>{serial(value, epoch_1904=epoch_1904)!r}</v></c>')
            elif value is not None:
                parts.append(f"<c {place}><v>{value!r}</v></c>")
        parts.append("</row>")
    return raw_xlsx(
        f"<sheetData>{''.join(parts)}</sheetData>",
        strings="".join(f'<si><t xml:space="preserve">{marked(text)}</t></si>' for text in texts),
        book='<workbookPr date1904="1"/>' if epoch_1904 else "",
        **({"root": root} if root else {}),
    )


def marked(text: str) -> str:
    """As Excel writes it: what XML forbids, and a line end that it would change, as `_x000D_`; such a text itself escaped."""
    text = text.replace("_x", "_x005F_x")
    text = "".join(f"_x{ord(sign):04X}_" if sign < " " and sign not in "\t\n" else sign for sign in text)
    return escape(text)


def serial(value: dt.date, *, epoch_1904: bool = False) -> float:
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
    epoch = dt.datetime(1904, 1, 1) if epoch_1904 else dt.datetime(1899, 12, 30)
    return (moment - epoch) / dt.timedelta(days=1)


def xls_of(rows: Iterable[list[Any]], *, epoch_1904: bool = False) -> bytes:
    book = xlwt.Workbook()
    book.dates_1904 = epoch_1904
    sheet = book.add_sheet("登记表")
    day, moment = (xlwt.easyxf(num_format_str=code) for code in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
    for number, cells in enumerate(rows):
        for index, value in enumerate(cells):
            if isinstance(value, dt.date):
                sheet.write(number, index, value, moment if isinstance(value, dt.datetime) else day)
            elif value is not None:
                sheet.write(number, index, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODS_ROOT = (
    f'<office:document-content xmlns:office="{ODF}:office:1.0" xmlns:table="{ODF}:table:1.0" xmlns:text="{ODF}:text:1.0"'
    f' xmlns:style="{ODF}:style:1.0" xmlns:draw="{ODF}:drawing:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
)


def raw_ods(tables: str, styles: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'{HEAD}<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0"><manifest:file-entry manifest:full-path="/"'
            ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f"{HEAD}{ODS_ROOT}<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
            f"{tables}</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def ods_of(rows: Iterable[list[Any]]) -> bytes:
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in rows)
    return raw_ods(f'<table:table table:name="登记表">{lines}</table:table>')


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        kind = f'"boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, dt.date):
        kind = f'"date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = '"string"'
    else:
        kind = f'"float" office:value="{value!r}"'
    text = escape(str(value)).replace("\t", "<text:tab/>")
    paragraphs = "".join(f"<text:p>{_spaces(line)}</text:p>" for line in text.split("\n"))
    return f"<table:table-cell office:value-type={kind}>{paragraphs}</table:table-cell>"


def _spaces(line: str) -> str:
    return line.replace("  ", ' <text:s text:c="1"/>')


def csv_of(rows: Iterable[list[Any]], encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue().encode(encoding)


def rows_of(data: bytes, file_format: str = "xlsx") -> list[Row]:
    """All rows of the first sheet, without empty cells at the end and without empty rows."""
    return list(_trimmed(open_sheets(io.BytesIO(data), file_format)[0].rows()))


def _trimmed(rows: Iterator[Row]) -> Iterator[Row]:
    for number, cells in rows:
        kept = [None if cell == "" else cell for cell in cells]
        while kept and kept[-1] is None:
            kept.pop()
        if kept:
            yield number, kept


def write_large(path: Path, rows: int) -> None:
    """A sheet of 12 columns as Excel stores it: every number and document number another shared text. Written as it is made."""
    heads = [
        "姓名",
        "身份证号码",
        "院系班级",
        "行为类别",
        "发生日期",
        "认定文书号",
        "认定日期",
        "作出单位",
        "严重程度",
        "处分期限",
        "禁入截止日期",
        "备注",
    ]
    skeleton = raw_xlsx("", strings="")
    texts: dict[str, int] = {}
    with (
        zipfile.ZipFile(io.BytesIO(skeleton)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if "sharedStrings" not in name and "sheet1" not in name:
                new.writestr(name, old.read(name))
        with tempfile.TemporaryFile() as shared:
            places = iter(range(10**9))

            def text(value: str, *, once: bool = False) -> str:
                number = texts.get(value)
                if number is None:
                    number = next(places)
                    shared.write(f"<si><t>{value}</t></si>".encode())
                    if not once:
                        texts[value] = number
                return f't="s"><v>{number}</v>'

            with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
                for number in range(1, rows + 2):
                    values = [text(head) for head in heads] if number == 1 else _large_row(number, text)
                    cells = "".join(f'<c r="{letter(index)}{number}" {value}</c>' for index, value in enumerate(values))
                    sheet.write(f'<row r="{number}" spans="1:12">{cells}</row>'.encode())
                sheet.write(b"</sheetData></worksheet>")
            shared.seek(0)
            with new.open("xl/sharedStrings.xml", "w", force_zip64=True) as out:
                out.write(f'{HEAD}<sst xmlns="{MAIN}">'.encode())
                shutil.copyfileobj(shared, out)
                out.write(b"</sst>")


def _large_row(number: int, text: Any) -> list[str]:
    return [
        text("张" + chr(0x4E00 + number % 20_000)),
        text(f"{110_000_000_000_000_000 + number}", once=True),
        text(f"计算机{number % 50}班"),
        text("校内考试舞弊"),
        f's="1"><v>{46_000 + number % 300}</v>',
        text(f"示学〔2026〕{number}号", once=True),
        text("2026-05-12"),
        text("示范学院"),
        text("一般"),
        f"><v>{number % 12 + 1}</v>",
        f's="1"><v>{46_900}</v>',
        text("无"),
    ]
