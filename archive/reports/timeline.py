"""Where the entries of a report and their clocks stand on a line of years; templates/documents/timeline.svg draws it. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

WIDTH, ROW, LEFT, TOP, FOOT = 640, 20, 190, 26, 26
LONGEST = 24  # rows; a longer list is told by its table
FURTHEST = 6  # years ahead; what ends later runs off the edge


@dataclass(frozen=True)
class Span:
    """A row of the picture. `shown` and `barred` are (first day, day after the last or None); no bar: None."""

    label: str
    shown: tuple[dt.date, dt.date | None]
    barred: tuple[dt.date, dt.date | None] | None = None
    adverse: bool = True


def layout(spans: list[Span], *, today: dt.date) -> dict[str, Any] | None:
    """Coordinates of a picture that can be read in black and white; None without rows, or with too many."""
    if not spans or len(spans) > LONGEST:
        return None
    runs = [run for span in spans for run in (span.shown, span.barred) if run is not None]
    first = dt.date(min(*(run[0] for run in runs), today).year, 1, 1)
    latest = max(*(run[1] or run[0] for run in runs), today)
    last = dt.date(min(latest.year, today.year + FURTHEST) + 1, 1, 1)
    scale = (WIDTH - LEFT - 12) / (last - first).days

    def x(day: dt.date | None) -> float:
        return round(LEFT + (min(max(day or last, first), last) - first).days * scale, 1)

    def run(of: tuple[dt.date, dt.date | None] | None) -> dict[str, Any] | None:
        if of is None:
            return None
        begin, end = x(of[0]), x(of[1])
        return {"x": begin, "width": round(max(end - begin, 2), 1), "end": end, "open": of[1] is None or of[1] > last}

    height = TOP + ROW * len(spans) + FOOT
    return {
        "width": WIDTH,
        "height": height,
        "left": LEFT,
        "top": TOP - 8,
        "bottom": height - FOOT + 4,
        "legend": height - 8,
        "years": [{"year": year, "x": x(dt.date(year, 1, 1))} for year in range(first.year, last.year + 1)],
        "today": x(today),
        "rows": [
            {
                "label": span.label if len(span.label) <= 16 else f"{span.label[:15]}…",
                "y": TOP + place * ROW,
                "adverse": span.adverse,
                "shown": run(span.shown),
                "barred": run(span.barred),
            }
            for place, span in enumerate(spans)
        ],
    }
