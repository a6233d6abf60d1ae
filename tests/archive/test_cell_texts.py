"""Names and other texts in cells: kept as people have them, refused where they cannot be, never run as formulas."""

from __future__ import annotations

import pytest

from archive.intake.problems import sentence
from archive.intake.workbooks import Formula
from tests.archive.reading import fault, read, value


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("𠮷田安", "𠮷田安"),
        ("陈〇", "陈〇"),
        ("阿卜杜热西提·麦麦提" * 4, "阿卜杜热西提·麦麦提" * 4),
        ("Mary-Jane  O'Brien", "Mary-Jane O'Brien"),
    ],
)
def test_names_stay_as_people_have_them(written: str, kept: str) -> None:
    assert value("name", written) == kept


@pytest.mark.parametrize(
    "written", ["=1+1", "+张三", "@张三", "张三2", "张三(小)", "张三，李四", "张\x00三", "张\ud800"]
)
def test_what_is_no_name_is_refused_and_a_sentence_can_be_kept(written: str) -> None:
    _values, (problem,), _warnings = read(name=written)
    assert problem.code in {"name_characters", "not_text"}
    said = sentence(problem.as_json(), row=7)
    assert said.encode("utf-8")
    assert "\x00" not in said


# Other texts


def test_a_formula_is_refused_wherever_it_stands() -> None:
    for name in ("name", "item", "act_date", "document_number", "severity", "sanction_months", "bar_groups", "facts"):
        assert fault(name, Formula("=A1")).endswith("Replace it by its value (copy, paste as values).")


@pytest.mark.parametrize("text", ["+86 010", "-无", "@处", "=不是公式"])
def test_a_text_that_only_looks_like_a_formula_is_kept_as_typed(text: str) -> None:
    assert value("facts", text) == text


def test_empty_cells_say_what_belongs_there() -> None:
    assert "Choose a catalogue item" in fault("item", None)
    assert "Without a document in effect there is no entry" in fault("document_number", "  ")


@pytest.mark.parametrize("text", ["本人信仰佛教", "患有乙肝", "血型A型血", "diagnosed with cancer"])
def test_what_is_never_collected_is_refused_in_free_text_without_repeating_it(text: str) -> None:
    said = fault("facts", text)
    assert "are never collected" in said
    assert text not in said


@pytest.mark.parametrize("text", ["伪造诊断证明", "虚假疾病证明两份", "forged medical certificate", "替考，被监考发现"])
def test_acts_are_not_taken_for_illnesses(text: str) -> None:
    assert value("facts", text) == text


def test_a_number_in_free_text_is_masked_and_in_another_column_it_stops_the_row() -> None:
    assert value("facts", "与11010519491231002X串通") == "与110105********002X串通"
    said = fault("unit", "11010519491231002X")
    assert "Check whether the columns have shifted." in said
    assert "11010519491231002X" not in said


def test_a_long_text_is_told_its_limit_and_shown_in_part() -> None:
    said = fault("facts", "长" * 501)
    assert said.endswith("The text is longer than 500 characters. Shorten it.")
    assert len(said) < 140


@pytest.mark.parametrize(
    ("written", "months"), [(6, 6), (6.0, 6), ("6个月", 6), ("１２月", 12), (None, None), ("", None)]
)
def test_months_in_figures_and_words(written: object, months: int | None) -> None:
    assert value("sanction_months", written) == months


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("半年", "not a whole number of months"),
        (6.5, "whole number"),
        ("-6", "whole number"),
        (0, "1 to 60"),
        (61, "1 to 60"),
    ],
)
def test_months_that_cannot_be(written: object, part: str) -> None:
    assert part in fault("sanction_months", written)


def test_groups_by_code_and_by_name() -> None:
    assert value("bar_groups", "教师、MED，律师") == ["TEA", "MED", "LAW"]
    assert "This is no group of the catalogue" in fault("bar_groups", "教师、厨师")
