"""Unified social credit codes (GB 32100-2015)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as library

from profiles.common import uscc


@pytest.mark.parametrize("code", ["91110000600037341L", "91320100748204660Q", "911100006000370160"])
def test_valid(code: str) -> None:
    assert uscc.is_valid(code)


@pytest.mark.parametrize(
    "code", ["91110000600037341M", "9111000060003734IL", "9111000060003734", "", "９1110000600037341L"]
)
def test_invalid(code: str) -> None:
    assert not uscc.is_valid(code)


def test_full_width_and_spaces_are_normalised() -> None:
    assert uscc.normalise("９１１１００００ 600037341l") == "91110000600037341L"


@given(st.text(alphabet=uscc.ALPHABET, min_size=17, max_size=17))
def test_check_character_agrees_with_the_library(seventeen: str) -> None:
    assert uscc.check_character(seventeen) == library.calc_check_digit(seventeen)
