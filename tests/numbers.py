"""Fictional identity numbers with right check characters."""

from __future__ import annotations

import datetime as dt
import itertools

from profiles.common import identity, uscc

_sequence = itertools.count(1)


def resident(birth: dt.date = dt.date(1990, 5, 17), division: str = "110105", sequence: int | None = None) -> str:
    """A citizen number of the given division and birth date."""
    n = next(_sequence) % 1000 if sequence is None else sequence
    seventeen = f"{division}{birth:%Y%m%d}{n:03d}"
    return seventeen + identity.check_character(seventeen)


def organisation_code(sequence: int | None = None) -> str:
    n = next(_sequence) if sequence is None else sequence
    seventeen = f"1199000{n:010d}"
    return seventeen + uscc.check_character(seventeen)
