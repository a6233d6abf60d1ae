"""Unified social credit codes of organisations (GB 32100-2015, ISO 7064 MOD 31-3)."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "").upper()


def check_character(seventeen: str) -> str:
    """The 18th character. Raises ValueError where a character is not in the alphabet (I, O, S, V, Z are not)."""
    return ALPHABET[-sum(ALPHABET.index(c) * w for c, w in zip(seventeen, WEIGHTS, strict=True)) % 31]


def is_valid(code: str) -> bool:
    if len(code) != 18 or any(c not in ALPHABET for c in code):
        return False
    return check_character(code[:17]) == code[17]
