"""The workbook that the figures of the import are measured with.

Twelve columns of a school's list of sanctions. Of the rows 1 % are bad, in eight ways in turn: a digit too few, a wrong check
character, no name, a day in the future, an item that no catalogue has, no document number, words on an illness, a fact told
twice. Of the good ones half are about persons of the large world (one of whose entries lie beside it already), half open new
archives; 5 in 100 are positive. Remarks are different in every second row, as people write them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

HEADERS = (
    "姓名", "身份证号码", "院系班级", "行为类别", "发生日期", "认定文书号", "认定日期", "作出单位", "严重程度", "处分期限（月）",
    "禁入截止日期", "备注",
)  # fmt: skip
ITEMS = (
    "考试违纪",
    "STU-03",
    "校内考试舞弊",
    "课程考试作弊",
    "论文抄袭",
    "伪造成绩单",
    "助学贷款逾期",
    "简历造假",
    "骗取助学金",
)
POSITIVE = "无偿献血"
REMARKS = ("", "夹带资料", "替考", "抄袭三处", "逾期六个月", "期末考试使用手机")
BAD_EVERY = 100
FIRST_DAY, DAYS = dt.date(2024, 1, 1), 900
SEED = 20261124


def rows(count: int, *, people: int, first: int = 0) -> Iterator[list[str]]:
    """The same rows each time. `people` is the size of the large world; another `first` gives other facts and new persons."""
    from archive.management.commands.bench_data import BIRTH_DAYS, DIVISIONS, OLDEST, name_of, numbers_of
    from profiles.common import identity

    choose = random.Random(SEED)
    known = [number for number, _birth in numbers_of(people)]
    before: list[str] = []
    for n in range(first, first + count):
        m = n // 2
        if n % 2:
            birth = OLDEST + dt.timedelta(days=m * 7919 % BIRTH_DAYS)
            seventeen = f"{DIVISIONS[m // BIRTH_DAYS % 10]}{birth:%Y%m%d}{100 + m // BIRTH_DAYS // 10:03d}"
            number = seventeen + identity.check_character(seventeen)
            name = name_of(m * 7)
        else:
            number, name = known[m % people], name_of(m % people)
        act = FIRST_DAY + dt.timedelta(days=choose.randrange(DAYS))
        decided = act + dt.timedelta(days=choose.randrange(7, 60))
        positive = choose.random() < 0.05
        row = [
            name,
            number,
            f"{2020 + n % 6}级{n % 40 + 1}班",
            POSITIVE if positive else choose.choice(ITEMS),
            act.isoformat(),
            f"示学处〔{decided.year}〕{n + 1}号",
            f"{decided.year}年{decided.month}月{decided.day}日",
            "甲示例学院（压测）",
            "" if positive else ("", "一般", "严重")[n % 3],
            "" if positive else ("", "6", "12")[n % 3],
            "",
            f"第{n % 977 + 1}考场第{n + 1}号：{choose.choice(REMARKS)}" if n % 4 < 2 else choose.choice(REMARKS),
        ]
        if n % BAD_EVERY == BAD_EVERY - 1:
            _spoil(row, n // BAD_EVERY % 8, before)
        before = row
        yield row


def _spoil(row: list[str], way: int, before: list[str]) -> None:
    if way == 0:
        row[1] = row[1][:-1]
    elif way == 1:
        row[1] = row[1][:-1] + ("1" if row[1][-1] != "1" else "2")
    elif way == 2:
        row[0] = ""
    elif way == 3:
        row[4] = "2099-01-01"
    elif way == 4:
        row[3] = "迟到早退"
    elif way == 5:
        row[5] = ""
    elif way == 6:
        row[11] = "确诊抑郁症"
    else:
        row[:] = before


_SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="登记表" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def write(path: Path, table: Iterable[list[str]]) -> None:
    """An XLSX with texts in their cells, row by row, so that a million rows take no memory."""
    letters = [chr(65 + index) for index in range(len(HEADERS))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_SHEET.encode())
            for number, cells in enumerate(itertools.chain([HEADERS], table), start=1):
                sheet.write(_line(letters, number, cells))
            sheet.write(b"</sheetData></worksheet>")


def _line(letters: list[str], number: int, cells: Iterable[str]) -> bytes:
    inner = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        if text
        else f'<c r="{letter}{number}"/>'
        for letter, text in zip(letters, cells, strict=True)
    )
    return f'<row r="{number}">{inner}</row>'.encode()
