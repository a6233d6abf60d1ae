"""Catalogue texts are kept in Chinese and English side by side; the page's language chooses."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import get_language


def language_suffix() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def local(row: Any, field: str) -> str:
    """`row.<field>_zh` or `row.<field>_en`."""
    return str(getattr(row, f"{field}_{language_suffix()}"))


class Bilingual:
    """Descriptor: `name = Bilingual("name")` reads `name_zh` or `name_en`."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __get__(self, row: Any, owner: Any = None) -> Any:
        return self if row is None else local(row, self.field)


def articles_zh(value: str) -> str:
    """Articles of a statute as Chinese readers write them: “18–20, 37之一” is 第18–20条、第37条之一."""
    return "、".join(re.sub(r"^(\d+(?:–\d+)?)", r"第\1条", part) for part in value.split(", ")) if value else ""
