"""Cells as people fill them in, read by the resource that the product uses."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.problems import sentence
from archive.intake.spool import storable
from archive.intake.workbooks import Formula
from archive.records.resources import EntrySheet
from profiles.common.identity import DocumentKind
from tests import numbers
from tests.archive.reading import HEADERS, TODAY, fault, read, value

# Identity numbers


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "\t11010519491231002X",
        "'11010519491231002X",
        "110105-19491231-002x",
        "\ufeff11010519491231002X\u200b",
        "11010519491231002X\n",
    ],
)
def test_one_number_however_it_was_typed(written: str) -> None:
    assert value("identity_number", written).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("810000199408230021", DocumentKind.RESIDENCE_PERMIT),
        (numbers.resident(dt.date(1990, 1, 1), "820000", 1), DocumentKind.RESIDENCE_PERMIT),
        ("830000199201300022", DocumentKind.RESIDENCE_PERMIT),
        ("911124198108030024", DocumentKind.FOREIGN_PERMANENT),
        ("EA1234567", DocumentKind.PASSPORT),
        ("ｅ１２３４５６７８", DocumentKind.PASSPORT),
    ],
)
def test_other_documents_are_known_and_need_no_division(written: str, kind: DocumentKind) -> None:
    values, problems, warnings = read(identity_number=written)
    assert (values["identity_number"].kind, problems, warnings) == (kind, [], [])


@pytest.mark.parametrize("division", ["510221", "422201", "211382", "110103"])
def test_numbers_under_abolished_codes_are_taken_without_a_word(division: str) -> None:
    number = numbers.resident(dt.date(1988, 2, 3), division)
    values, problems, warnings = read(identity_number=number)
    assert (values["identity_number"].number, problems, warnings) == (number, [], [])


def test_an_unknown_division_is_a_warning_and_the_row_is_taken() -> None:
    number = numbers.resident(dt.date(1990, 1, 1), "199999", 7)
    values, problems, warnings = read(identity_number=number)
    assert values["identity_number"].number == number
    assert problems == []
    (warning,) = warnings
    assert sentence(warning.as_json(), row=7) == (
        f"Row 7, column “身份证号码”, “199999********{number[-4:]}”: The first six digits are no known division code."
        " The row is taken; please compare with the card."
    )


NUMBER_FAULTS = [
    ("empty", None, "Row 7, column “身份证号码”: The identity number is empty. Fill it in."),
    ("text in scientific form", "1.10105E+17", "“1.*******17”: A spreadsheet has turned the identity number into a figure"),
    ("a figure", 1.1010520040311e17, "“110105********0000”: A spreadsheet has turned the identity number into a figure"),
    ("a whole figure", 110105200403110020, "Format the whole column as text"),
    ("15 digits", "610104620927690", "“610104*****7690”: This is a first-generation number of 15 digits, out of use since 2013."),
    ("15 digits as a figure", 610104620927690.0, "with 19 before the birth year and, as computed, “8” at the end."),
    ("15 digits without a date", "610104629927690", "holds no possible birth date. Write the 18-digit number"),
    ("a digit short", "1101051949123100", "An identity number has 18 characters; this has 16. Compare it with the card."),
    ("a digit more", "1101051949123100211", "An identity number has 18 characters; this has 19."),
    ("a letter O", "110105194912310O2X", "it has 17 digits and a digit or X at the end"),
    ("wrong check character", "110105194912310021", "The last character does not fit the others"),
    ("30 February", "110105199902301512", "Characters 7 to 14 of the identity number are no possible birth date."),
    ("born tomorrow", numbers.resident(TODAY + dt.timedelta(days=1)), "Characters 7 to 14"),
    ("a name", "张三", "This is not an identity number"),
    ("a formula", Formula("=B3"), "The cell is a formula. Replace it by its value (copy, paste as values)."),
]  # fmt: skip


@pytest.mark.parametrize(("written", "part"), [row[1:] for row in NUMBER_FAULTS], ids=[row[0] for row in NUMBER_FAULTS])
def test_a_number_that_cannot_be_used_is_explained(written: object, part: str) -> None:
    said = fault("identity_number", written)
    assert said.startswith("Row 7, column “身份证号码”")
    assert part in said
    whole = "" if written is None else str(written)
    assert len(whole) < 6 or isinstance(written, Formula) or whole not in said


# Days


@pytest.mark.parametrize(
    "written",
    [
        dt.date(2026, 5, 1),
        dt.datetime(2026, 5, 1, 9, 30),
        46143,
        46143.0,
        46143.4,
        "46143",
        20260501,
        20260501.0,
        "20260501",
        "2026-05-01",
        "2026-5-1",
        "2026/05/01",
        "2026.5.1",
        "2026年5月1日",
        "2026 年 5 月 1 日",
        "２０２６年５月１日",
        "2026-05-01 00:00:00",
        "2026-05-01T08:00",
        " 2026-05-01\n",
    ],
)
def test_one_day_however_it_was_written(written: object) -> None:
    assert value("act_date", written) == dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2026年5月",
        "5月1日",
        "01.05.2026",
        "26-5-1",
        "2026-02-29",
        "2026-13-01",
        "20260230",
        "去年",
        "0",
        3.5,
        True,
        "1e5",
        "-",
    ],
)
def test_what_is_no_day_is_told_with_an_example(written: object) -> None:
    said = fault("act_date", written)
    assert said.startswith("Row 7, column “发生日期”, “")
    assert said.endswith("This is not a date. Write it as 2026-05-12.")


def test_a_day_to_come_and_an_empty_day_are_told_apart() -> None:
    assert fault("act_date", TODAY + dt.timedelta(days=1)) == (
        "Row 7, column “发生日期”, “2026-11-25”: This date lies in the future. Only what has happened can be recorded:"
        " correct the date."
    )
    assert value("act_date", TODAY) == TODAY
    assert fault("document_date", " ") == (
        "Row 7, column “认定日期”: The date is empty. Fill it in, for example 2026-05-12."
    )


def test_the_end_of_a_bar_may_lie_ahead() -> None:
    assert value("bar_until", "2031-05-01") == dt.date(2031, 5, 1)
    assert value("bar_until", None) is None


def test_every_fault_of_a_row_is_told_at_once() -> None:
    _values, problems, _warnings = read(name="", identity_number="1", item="", act_date="x", document_number="")
    assert [problem.column for problem in problems] == ["姓名", "身份证号码", "行为类别", "发生日期", "认定文书号"]


some_cells = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.text(max_size=30).map(Formula),
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
some_rows = st.fixed_dictionaries(dict.fromkeys(EntrySheet.sheet_fields(), some_cells))


@given(some_rows)
def test_no_cell_ends_in_anything_but_a_value_or_a_sentence(row: dict[str, Any]) -> None:
    values, problems, warnings = EntrySheet.read(row, HEADERS, today=TODAY)
    assert set(values) | {name for name in row if HEADERS[name] in {item.column for item in problems}} == set(row)
    for problem in (*problems, *warnings):
        assert sentence(problem.as_json(), row=7).startswith("Row 7, column")


@given(some_rows)
def test_cells_read_again_from_store_give_the_same(row: dict[str, Any]) -> None:
    """The admission judges what the rehearsal stored."""
    values, _problems, _warnings = EntrySheet.read(row, HEADERS, today=TODAY)
    stored = json.loads(json.dumps(storable(row)))
    again, _problems, _warnings = EntrySheet.read(stored, HEADERS, today=TODAY)
    assert {name: again.get(name) for name in values} == values
