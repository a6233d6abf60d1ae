"""Names and persons: pure decisions."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


def name_key(name: str) -> str:
    """Names are the same whose keys are the same."""
    return normalise_name(name).casefold()


def same_name(one: str, other: str) -> bool:
    return name_key(one) == name_key(other)


@dataclass(frozen=True, slots=True)
class Names:
    """How a person is called and was called, as keys. `former`: key → the first day on which it was no longer the name."""

    present: frozenset[str]
    former: Mapping[str, dt.date]

    @classmethod
    def together(cls, several: Iterable[Names]) -> Names:
        """Of archives that are one person's: each of their present names is a present name."""
        several = list(several)
        former = {key: day for names in several for key, day in names.former.items()}
        return cls(frozenset().union(*(names.present for names in several)), former)

    @property
    def all(self) -> frozenset[str]:
        return self.present | self.former.keys()

    def fits(self, written: str) -> bool:
        return name_key(written) in self.all

    def former_until(self, written: str) -> dt.date | None:
        """The day on which `written` ceased to be the name; None where it is a present name, or none of the person's."""
        key = name_key(written)
        return None if key in self.present else self.former.get(key)


def names_known_at(
    present: str, changes: Iterable[tuple[str, dt.date, dt.datetime]], moment: dt.datetime | None
) -> Names:
    """The names as known at `moment` (None: now). `changes`, oldest first: (name given up, on which day, when recorded)."""
    former: dict[str, dt.date] = {}
    for name, held_until, recorded_at in changes:
        if moment is not None and recorded_at > moment:
            present = name  # what was given up later was still the name
            break
        former[name_key(name)] = held_until
    return Names(frozenset({name_key(present)}), former)


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
