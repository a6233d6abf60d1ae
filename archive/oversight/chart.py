"""A picture of the bodies by year: stacked bars whose parts differ by pattern, so that they can be told apart in print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from archive.oversight.figures import STANDINGS

WIDTH, LEFT, ROW, BAR = 640, 64, 44, 26
FITS = 16  # narrower parts carry no number; the table beside the picture has it


@dataclass(frozen=True)
class Part:
    code: str
    count: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def is_wide(self) -> bool:
        return self.width >= FITS + 8 * (len(str(self.count)) - 1)


@dataclass(frozen=True)
class Bar:
    year: int
    total: int
    y: int
    parts: list[Part]

    @property
    def middle(self) -> float:
        return self.y + BAR / 2 + 5

    @property
    def counts(self) -> list[int]:
        by_code = {part.code: part.count for part in self.parts}
        return [by_code.get(code, 0) for code in STANDINGS]


def bars(counts: Mapping[int, Counter[str]], years: range) -> list[Bar]:
    """One bar a year, oldest first; the longest year fills the width."""
    longest = max((sum(counts[year].values()) for year in years if year in counts), default=0)
    scale = (WIDTH - LEFT - 8) / longest if longest else 0
    found = []
    for position, year in enumerate(years):
        x, parts = float(LEFT), []
        counted = counts.get(year, Counter())
        for code in STANDINGS:
            if counted[code]:
                width = round(counted[code] * scale, 2)
                parts.append(Part(code, counted[code], round(x, 2), width))
                x += width
        found.append(Bar(year, sum(counted.values()), position * ROW + 6, parts))
    return found


def height(years: range) -> int:
    return len(years) * ROW + 4
