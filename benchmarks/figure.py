"""A measured figure and how it is printed."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """`ratio` is value ÷ limit, or value ÷ peer where a peer was measured in the same run."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    peer: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        against = self.peer if self.peer is not None else self.limit
        return self.value / against if against else None

    def line(self) -> str:
        """`name value unit | limit … | peer … | ratio …`"""

        def shown(value: float | None) -> str:
            return "–" if value is None else f"{value:.4g}"

        parts = [
            f"{self.name} {shown(self.value)} {self.unit}",
            f"limit {shown(self.limit)}",
            f"peer {shown(self.peer)}",
        ]
        return " | ".join([*parts, f"ratio {shown(self.ratio)}", *([self.note] if self.note else [])])


def seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]
