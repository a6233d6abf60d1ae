"""Short cuts for what most cells hold give what the long way gives."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.problems import Problem, Refused
from archive.intake.resources import RowReader, cell_text
from archive.records.resources import EntrySheet
from profiles.common import identity
from profiles.people.rules import name_fault, normalise_name, same_name
from tests import numbers

TODAY = dt.date(2026, 11, 25)
odd = st.text(st.sampled_from(" \t\n\r\x07\x85\u3000\u200b\u00a0A1é́𠮷〇·张·．-’\ud800ｘ９."), max_size=12)
text = st.one_of(
    st.text(max_size=12), odd, st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=5)
)


def text_as_it_was(value: str) -> str | None:
    """Character by character; None: refused."""
    written = unicodedata.normalize("NFC", value)
    if any(unicodedata.category(c) in {"Cs", "Cc"} and c not in "\t\n\r" for c in written):
        return None
    return " ".join(written.split())


@given(text)
def test_text(value: str) -> None:
    expected = text_as_it_was(value)
    if expected is None:
        with pytest.raises(Refused, match="not_text"):
            cell_text(value)
    else:
        assert cell_text(value) == expected


def name_as_it_was(value: str) -> str:
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", value)).strip()
    if re.search(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]", name):
        name = re.sub(r"[·•‧∙・．.˙●]", "·", name).replace(" ", "")
    return name


@given(text, text)
def test_names(one: str, other: str) -> None:
    assert normalise_name(one) == name_as_it_was(one)
    assert same_name(one, other) == (name_as_it_was(one).casefold() == name_as_it_was(other).casefold())
    strange = any(unicodedata.category(c)[0] not in "LM" and c not in "·〇 -'’." for c in one)
    assert name_fault(one) == ("name_empty" if not one else "name_characters" if strange else None)


@given(
    st.from_regex(r"[1-9][0-9]{16}[0-9Xx]", fullmatch=True) | st.builds(numbers.resident, st.dates(dt.date(1890, 1, 1)))
)
def test_identity_numbers(value: str) -> None:
    """A space sends it the long way."""
    assert identity.read(value, today=TODAY) == identity.read(f" {value}", today=TODAY)


@given(st.text(st.sampled_from("1109X x19900517-a张"), max_size=60))
def test_masking(value: str) -> None:
    def long_way(written: str) -> str:
        for pattern, masked in (
            (identity._TOKEN, r"\1********\3"),
            (identity._LOOSE, r"\1********\3"),
            (identity._TOKEN_15, r"\1******\3"),
        ):
            written = pattern.sub(masked, written)
        return written

    assert identity.mask_in_text(value) == long_way(value)


cell: Any = st.one_of(
    st.none(),
    st.sampled_from(["", "6", "一般", "教师", "2026-05-01", "校内考试舞弊", "x" * 130, "昨天", "2099-01-01"]),
    st.integers(0, 60_000),
    st.floats(0, 60_000, allow_nan=False),
    st.booleans(),
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)),
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2030, 1, 1)),
)
sheets = st.lists(st.fixed_dictionaries(dict.fromkeys(EntrySheet.sheet_fields(), cell)), min_size=1, max_size=6)


@given(sheets)
def test_what_a_column_said_before_is_read_as_if_it_were_new(rows: list[dict[str, Any]]) -> None:
    headers = {name: field.headers[0] for name, field in EntrySheet.sheet_fields().items()}
    reader = EntrySheet.reader(headers, today=TODAY)
    for row in [*rows, *rows]:
        assert reader.read(row) == EntrySheet.read(row, headers, today=TODAY)


def test_a_column_with_many_values_is_not_remembered_for_ever(monkeypatch: Any) -> None:
    monkeypatch.setattr("archive.intake.resources.KNOWN_LIMIT", 3)
    reader: RowReader = EntrySheet.reader({}, today=TODAY)
    for n in range(20):
        values, problems, _warnings = reader.read({"unit": f"{n}班"})
        assert values["unit"] == f"{n}班"
        assert all(isinstance(problem, Problem) for problem in problems)
    assert all(known is None or len(known) <= 3 for *_column, known in reader._columns)
