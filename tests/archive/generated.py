"""Rows as careless hands write them, the same for a seed: good and bad cells of every kind, told twice, misnamed."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from profiles.common import identity
from tests import numbers
from tests.archive.sheets import days_ago

COLUMNS = {
    "name": "姓名",
    "identity_number": "身份证号码",
    "unit": "院系班级",
    "item": "行为类别",
    "act_date": "发生日期",
    "document_number": "认定文书号",
    "document_date": "认定日期",
    "document_body": "作出单位",
    "severity": "严重程度",
    "sanction_months": "处分期限（月）",
    "bar_from": "禁入起始日期",
    "bar_until": "禁入截止日期",
    "bar_groups": "禁止从业人群",
    "facts": "备注",
}
NAMES = ("张三", "李四", "欧阳修远", "买买提·吐尔逊", "𠮷田安", "陈〇", "Anna Schmidt")
ITEMS = ("校内考试舞弊", "STU-03", "stu-05", "论文抄袭", "助学贷款逾期", "无偿献血", "简历造假")


def good(choose: random.Random) -> dict[str, Any]:
    birth = dt.date(1985, 1, 1) + dt.timedelta(days=choose.randrange(7000))
    act = days_ago(choose.randrange(30, 500))
    decided = act + dt.timedelta(days=choose.randrange(0, 29))
    written: dict[str, Any] = {
        "name": choose.choice(NAMES),
        "identity_number": numbers.resident(birth, sequence=choose.randrange(1000)),
        "unit": choose.choice(["", "会计2301", "法学 2班"]),
        "item": choose.choice(ITEMS),
        "act_date": choose.choice([act, act.isoformat(), f"{act:%Y年%m月%d日}", f"{act:%Y%m%d}", f"{act:%Y/%m/%d}"]),
        "document_number": f"示学〔2026〕{choose.randrange(1, 60)}号",
        "document_date": choose.choice([decided, decided.isoformat(), f"{decided:%Y.%m.%d}"]),
        "document_body": choose.choice(["", "示例学院", "学生处"]),
        "severity": choose.choice(["", "", "一般", "严重", "minor"]),
        "sanction_months": choose.choice(["", "", 6, "12", "3个月", 9.0]),
        "facts": choose.choice(["", "替考", "  两处\t抄袭 ", f"见{decided.year}年第{choose.randrange(9)}号记录"]),
    }
    if choose.random() < 0.2:
        written["bar_until"] = decided + dt.timedelta(days=choose.randrange(1, 900))
        written["bar_groups"] = choose.choice(["", "教师", "TEA、律师"])
    if choose.random() < 0.1:
        written["bar_from"] = decided
    return written


def spoil(row: dict[str, Any], choose: random.Random) -> None:
    """One fault, sometimes two in a row of two calls."""
    number = str(row["identity_number"])
    field, values = choose.choice(
        [
            ("name", ["", "张3", "x" * 101, None]),
            ("identity_number", ["", number[:-1], number[:-1] + "AX", 1.1010519491231e17, number[:6] + number[8:17]]),
            ("identity_number", ["E12345678", f" {number[:6]} {number[6:]} ", number.lower(), "’" + number]),
            ("unit", ["y" * 101, number]),
            ("item", ["", "迟到早退", "GEN-01", "考试作弊罪", "STU-02", None]),
            ("act_date", ["", "昨天", "2099-01-01", dt.date(2001, 1, 5), "2026-02-30", "45123"]),
            ("document_number", ["", "z" * 101, number, None]),
            ("document_date", ["", dt.date(2012, 3, 1), "2099/1/1", days_ago(700)]),
            ("severity", ["特别严重", "GENERAL"]),
            ("sanction_months", ["半年", 61, "0", "６"]),
            ("bar_until", [dt.date(2001, 1, 1), "很久", dt.date(9999, 12, 31)]),
            ("bar_groups", ["宇航员", "TEA, MED"]),
            ("facts", ["确诊抑郁症", f"本人{number}", "a\x07b", "字" * 501]),
        ]
    )
    row[field] = choose.choice(values)


def rows(seed: int, count: int, *, known: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """`known`: (name, identity number) of persons on file; some are named wrongly. Some facts and persons come again."""
    choose = random.Random(seed)
    made: list[dict[str, Any]] = []
    for _n in range(count):
        row = good(choose)
        dice = choose.random()
        if dice < 0.2 and known:
            row["name"], row["identity_number"] = choose.choice(known)
        elif dice < 0.3 and made:
            row = dict(choose.choice(made))
        elif dice < 0.45 and made:
            other = choose.choice(made)
            row["name"], row["identity_number"] = other["name"], other["identity_number"]
        if choose.random() < 0.08:
            row["name"] = choose.choice(NAMES)
        for _fault in range(choose.choice([0, 0, 0, 0, 1, 1, 2])):
            spoil(row, choose)
        made.append(row)
    assert len({identity.normalise(str(row["identity_number"])) for row in made}) > count // 4
    return made
