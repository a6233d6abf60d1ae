"""The texts of the yearly statement. A text is never changed: a better wording is a new version."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """`reported` and `nothing` in Chinese and English, with {year} and {count}."""

    version: str
    reported_zh: str
    reported_en: str
    nothing_zh: str
    nothing_en: str

    def words(self, *, year: int, count: int) -> dict[str, str]:
        """The statement in both languages, as it is frozen with the signature."""
        kind = "reported" if count else "nothing"
        return {
            f"text_{short}": getattr(self, f"{kind}_{short}").format(year=year, count=count) for short in ("zh", "en")
        }


CURRENT = Text(
    version="2026.1",
    reported_zh="经核对，本单位{year}年度（以认定文书日期计）应当报送的信息均已报送，共{count}条，没有漏报、瞒报。",
    reported_en=(
        "We have checked: what our body had to report for {year} (by the date of the document) has been reported, "
        "{count} in all; nothing was left out or held back."
    ),
    nothing_zh="经核对，本单位{year}年度（以认定文书日期计）在所负责的人群和事项范围内没有应当报送的信息。",
    nothing_en=(
        "We have checked: for {year} (by the date of the document) our body had nothing to report "
        "about the groups and items that it is responsible for."
    ),
)
