"""The sheet in which bodies report facts: columns, names under which they come, formats."""

from __future__ import annotations

from typing import Any

from archive.intake.resources import (
    DayWidget,
    GroupsWidget,
    IdentityWidget,
    MonthsWidget,
    NameWidget,
    PastDayWidget,
    SheetField,
    SheetResource,
    TextWidget,
)


class EntrySheet(SheetResource):
    """One row, one fact about one person."""

    name = SheetField(
        headers=("姓名", "学生姓名", "人员姓名", "当事人", "当事人姓名", "name", "full name"),
        widget=NameWidget(),
        required=True,
    )
    identity_number = SheetField(
        headers=(
            "身份证号码", "身份证号", "身份证件号码", "证件号码", "证件号", "公民身份号码", "身份证",
            "identity number", "id number",
        ),
        widget=IdentityWidget(),
        required=True,
    )  # fmt: skip
    unit = SheetField(
        headers=("院系班级", "班级", "院系", "部门", "所在部门", "科室", "unit", "class", "department"),
        widget=TextWidget(limit=100),
    )
    item = SheetField(
        headers=("行为类别", "失信行为", "事项", "目录事项", "事项名称", "事项代码", "行为名称", "item", "kind of act"),
        widget=TextWidget(limit=120, empty="item_empty"),
        required=True,
    )
    act_date = SheetField(
        headers=("发生日期", "行为日期", "行为发生日期", "发生时间", "date of act", "act date"),
        widget=PastDayWidget(),
        required=True,
    )
    document_number = SheetField(
        headers=(
            "认定文书号", "文书号", "文号", "决定书文号", "处分文号", "处罚决定书文号", "document number", "decision number",
        ),
        widget=TextWidget(limit=100, empty="document_empty"),
        required=True,
    )  # fmt: skip
    document_date = SheetField(
        headers=("认定日期", "文书日期", "决定日期", "处分日期", "处罚决定日期", "document date", "decision date"),
        widget=PastDayWidget(),
        required=True,
    )
    document_body = SheetField(
        headers=("作出单位", "认定单位", "处罚机关", "决定机关", "作出决定单位", "issued by", "deciding body"),
        widget=TextWidget(limit=120),
    )
    severity = SheetField(headers=("严重程度", "失信等级", "等级", "severity"), widget=TextWidget(limit=20))
    sanction_months = SheetField(
        headers=("处分期限（月）", "处分期限", "处分期", "sanction months"), widget=MonthsWidget()
    )
    bar_from = SheetField(headers=("禁入起始日期", "禁考起始日期", "bar from"), widget=DayWidget())
    bar_groups = SheetField(headers=("禁止从业人群", "禁止从业领域", "barred occupations"), widget=GroupsWidget())
    bar_until = SheetField(headers=("禁入截止日期", "禁考截止日期", "bar until"), widget=DayWidget())
    facts = SheetField(
        headers=("备注", "事实", "主要事实", "事实摘要", "情况说明", "违法事实", "facts", "remarks", "note"),
        widget=TextWidget(limit=500, free=True),
    )


# The row with which a template shows how it is filled in. There is no such person; the number is the example of GB 11643.
EXAMPLE_NAME, EXAMPLE_NUMBER = "张示例", "11010519491231002X"


def is_example(cells: dict[str, Any]) -> bool:
    written = str(cells.get("name") or "").strip(), str(cells.get("identity_number") or "").strip().upper()
    return written == (EXAMPLE_NAME, EXAMPLE_NUMBER)
