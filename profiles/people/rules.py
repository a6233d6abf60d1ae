"""Names and persons: pure decisions."""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 100
_DOTS = re.compile(r"[·•‧∙・．.˙●]")
_PLAIN = re.compile(r"[\u4e00-\u9fa5]{1,100}")  # most names: letters that are as they should be
_SPACES = re.compile(r"\s+")


def normalise_name(text: str) -> str:
    """As typed → as kept: NFC, one middle dot for minority names, no spaces inside Chinese names, single ones in others.

    NFC and not NFKC: compatibility mapping would replace rare characters of real names.
    """
    if _PLAIN.fullmatch(text):
        return text
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if re.search(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]", name):
        name = _DOTS.sub("·", name).replace(" ", "")
    return name


def same_name(one: str, other: str) -> bool:
    return one == other or normalise_name(one).casefold() == normalise_name(other).casefold()


def name_fault(name: str) -> str | None:
    """`name_empty`, `name_characters` or `name_length`, or None where the name can be one."""
    if not name:
        return "name_empty"
    if _PLAIN.fullmatch(name):
        return None
    if len(name) > NAME_LIMIT:
        return "name_length"
    if any(unicodedata.category(c)[0] not in "LM" and c not in "·〇 -'’." for c in name):
        return "name_characters"
    return None
