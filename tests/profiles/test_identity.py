"""Numbers of identity documents: what is right is taken, what is wrong is told, nothing valid is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from profiles.common import identity
from profiles.common.identity import DocumentKind, Fault, read

TODAY = dt.date(2026, 11, 22)

VALID = {
    "440308199901101512": DocumentKind.RESIDENT_ID,
    "11010519491231002X": DocumentKind.RESIDENT_ID,
    "360426199101010071": DocumentKind.RESIDENT_ID,
    "120103198806018241": DocumentKind.RESIDENT_ID,
    "500154199301135886": DocumentKind.RESIDENT_ID,
    "500154199804106120": DocumentKind.RESIDENT_ID,
    "610104196209276908": DocumentKind.RESIDENT_ID,
    "810000199408230021": DocumentKind.RESIDENCE_PERMIT,
    "830000199201300022": DocumentKind.RESIDENCE_PERMIT,
    "911124198108030024": DocumentKind.FOREIGN_PERMANENT,
    "E12345678": DocumentKind.PASSPORT,
    "EA1234567": DocumentKind.PASSPORT,
}


@pytest.mark.parametrize(("number", "kind"), VALID.items())
def test_valid_numbers_are_taken(number: str, kind: DocumentKind) -> None:
    reading = read(number, today=TODAY)
    assert reading.ok
    assert (reading.number, reading.kind) == (number, kind)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        (" 110105 19491231 002x ", "11010519491231002X"),
        ("'11010519491231002X", "11010519491231002X"),
        ("110105-19491231-002X", "11010519491231002X"),
        ("\u200b11010519491231002X\ufeff", "11010519491231002X"),
    ],
)
def test_what_people_type_is_normalised(written: str, number: str) -> None:
    assert read(written, today=TODAY).number == number


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", Fault.EMPTY),
        (None, Fault.EMPTY),
        ("440308199901101513", Fault.CHECK_CHARACTER),
        ("440308199902301512", Fault.BIRTH_DATE),
        ("110105188912310027", Fault.BIRTH_DATE),
        ("110105202712310027", Fault.BIRTH_DATE),
        ("1.10105E+17", Fault.SCIENTIFIC),
        ("1.10105e17", Fault.SCIENTIFIC),
        (1.1010520040311e17, Fault.SCIENTIFIC),
        (110105200403110020, Fault.SCIENTIFIC),
        ("610104620927690", Fault.FIFTEEN_DIGITS),
        (610104620927690.0, Fault.FIFTEEN_DIGITS),
        ("1101051949123100", Fault.LENGTH),
        ("1101051949123100211", Fault.LENGTH),
        ("110105194912310O2X", Fault.CHARACTERS),
        ("张三", Fault.CHARACTERS),
    ],
)
def test_faults_are_told_apart(written: object, fault: Fault) -> None:
    assert read(written, today=TODAY).fault == fault


def test_an_old_number_is_explained_by_its_successor() -> None:
    assert read("610104620927690", today=TODAY).suggestion == "610104196209276908"
    assert read("610104629927690", today=TODAY).suggestion == ""


def test_an_unknown_division_is_a_warning_only() -> None:
    seventeen = "99999919900101123"
    reading = read("1" + seventeen[1:] + identity.check_character("1" + seventeen[1:]), today=TODAY)
    assert reading.ok
    assert reading.unknown_division


@pytest.mark.parametrize("code", ["110103", "510221", "422201", "211382"])
def test_abolished_divisions_are_known(code: str) -> None:
    """Chongwen (Beijing) ended in 2010, the numbers of those born there did not."""
    assert identity.division_is_known(code)


def test_the_residence_permit_needs_no_division_table() -> None:
    assert not read("810000199408230021", today=TODAY).unknown_division


birth_dates = st.dates(min_value=dt.date(1900, 1, 1), max_value=TODAY)


@given(birth_dates, st.integers(0, 999), st.sampled_from(["110105", "500154", "653101", "460400"]))
def test_one_wrong_digit_is_always_found(birth: dt.date, sequence: int, division: str) -> None:
    """MOD 11-2 finds every single wrong character and every swap of neighbours."""
    seventeen = f"{division}{birth:%Y%m%d}{sequence:03d}"
    number = seventeen + identity.check_character(seventeen)
    assert read(number, today=TODAY).ok
    for place in range(17):
        changed = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not read(changed, today=TODAY).ok
    for place in range(16):
        if number[place] != number[place + 1]:
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert not read(swapped, today=TODAY).ok


@given(birth_dates, st.integers(0, 999), st.sampled_from(["110101", "440305", "320105", "510107"]))
def test_what_the_strict_library_takes_we_take(birth: dt.date, sequence: int, division: str) -> None:
    seventeen = f"{division}{birth:%Y%m%d}{sequence:03d}"
    number = seventeen + identity.check_character(seventeen)
    if ric.is_valid(number):
        reading = read(number, today=TODAY)
        assert reading.ok
        assert reading.birth_date == birth


@given(st.text(max_size=30))
def test_reading_never_raises_and_is_stable(text: str) -> None:
    once = read(text, today=TODAY)
    if once.ok:
        assert read(once.number, today=TODAY) == once


@pytest.mark.parametrize(
    ("birth", "day", "adult"),
    [
        ((2008, 5, 12), (2026, 5, 12), True),
        ((2008, 5, 13), (2026, 5, 12), False),
        ((2008, 2, 29), (2026, 2, 28), False),
        ((2008, 2, 29), (2026, 3, 1), True),
    ],
)
def test_adulthood_begins_on_the_birthday(birth: tuple[int, ...], day: tuple[int, ...], adult: bool) -> None:
    assert identity.adult_on(dt.date(*birth), dt.date(*day)) is adult


def test_masks_hide_the_middle() -> None:
    assert identity.mask("11010519491231002X") == "110105********002X"
    assert identity.mask("610104620927690") == "610104*****7690"
    assert identity.mask("E12345678") == "E1*****78"
    assert identity.mask("") == ""


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("证件11010519491231002X，电话13800138000", "证件110105********002X，电话13800138000"),
        ("旧号610104620927690。", "旧号610104******690。"),
        ("１１０１０５１９４９１２３１００２Ｘ", "１１０１０５********００２Ｘ"),
        ("R-7K3QX9M2VC of 2026-11-22", "R-7K3QX9M2VC of 2026-11-22"),
        ("名单A11010519491231002X.xlsx", "名单A110105********002X.xlsx"),
        ("11010519491231002Xb", "110105********002Xb"),
        ("110105 19491231 002X", "110105********002X"),
        ("110105-1949-12-31-002x", "110105********002x"),
        ("sha a11010599991231002", "sha a11010599991231002"),
    ],
)
def test_numbers_in_running_text_are_masked(text: str, masked: str) -> None:
    assert identity.mask_in_text(text) == masked
