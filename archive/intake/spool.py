"""What a rehearsal found about each row, put aside until its transaction has been rolled back."""

from __future__ import annotations

import tempfile
from collections import Counter
from types import TracebackType
from typing import Any, Self

from archive.intake.models import Batch, Row
from archive.intake.problems import Problem
from archive.intake.workbooks import Cell
from profiles.common.copying import Lines

PIECE = 1 << 20


class RowSpool:
    """Rows as lines of COPY in a temporary file, their cells encrypted already: no plain text on the disk, no list in memory."""

    def __init__(self, batch: Batch) -> None:
        self.counts: Counter[str] = Counter()
        self._lines = Lines(Row, ("number", "cells", "verdict", "problems", "warnings"), batch_id=batch.pk)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    @property
    def count(self) -> int:
        return self.counts.total()

    def add(
        self, number: int, cells: dict[str, Cell], verdict: str, problems: list[Problem], warnings: list[Problem]
    ) -> None:
        self.counts[str(verdict)] += 1
        line = self._lines.line(
            (
                number,
                storable(cells),
                verdict,
                [problem.as_json() for problem in problems],
                [warning.as_json() for warning in warnings],
            )
        )
        self._file.write(line.encode())

    def store(self) -> None:
        """COPY what was put aside into the table, in the current transaction."""
        self._file.seek(0)
        self._lines.store(iter(lambda: self._file.read(PIECE), b""))


def storable(cells: dict[str, Cell]) -> dict[str, Any]:
    """Raw cells as JSON; reading them again gives the same values."""
    return {name: _storable(value) for name, value in cells.items() if value is not None and value != ""}


def _storable(value: Cell) -> Any:
    if type(value) is str and value.isprintable():
        return value
    if isinstance(value, str):  # a formula, or a lone surrogate, which has no JSON form
        return str(value).encode("utf-8", "replace").decode()
    if isinstance(value, bool | int | float):
        return value
    return str(value)
