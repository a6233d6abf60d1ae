"""The list of people that a licensing body checks: two columns count, the others stay in the body's file."""

from __future__ import annotations

from archive.intake.resources import IdentityWidget, NameWidget, SheetField, SheetResource


class CheckSheet(SheetResource):
    """One row, one person."""

    name = SheetField(
        headers=("姓名", "考生姓名", "申请人姓名", "申请人", "人员姓名", "name", "full name"),
        widget=NameWidget(),
        required=True,
    )
    identity_number = SheetField(
        headers=(
            "身份证号码", "证件号码", "身份证号", "身份证件号码", "证件号", "公民身份号码", "身份证",
            "identity number", "id number",
        ),
        widget=IdentityWidget(),
        required=True,
    )  # fmt: skip
