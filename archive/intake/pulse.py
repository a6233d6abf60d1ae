"""Progress and sign of life of work that is one great transaction: written beside it, so that others see it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from django.db import connection

from archive.intake.models import Batch

BEAT = """
    UPDATE archive_batch SET rows_done = %s, rows_total = %s, heartbeat_at = clock_timestamp()
    WHERE id = %s AND state <> 'cancelled'
"""


class Pulse:
    """On a connection of its own, opened at the first beat. The great transaction leaves the batch's row alone until its end."""

    def __init__(self, batch: Batch, *, rows_total: int) -> None:
        self.batch_id, self.rows_total = batch.pk, rows_total
        self._beside: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._beside is not None:
            self._beside.close()

    def beat(self, rows_done: int) -> bool:
        """Show how far the work is. False when somebody cancelled the batch meanwhile."""
        if self._beside is None:
            self._beside = connection.copy()
        with self._beside.cursor() as cursor:
            cursor.execute(BEAT, [rows_done, self.rows_total, self.batch_id])
            if cursor.rowcount:
                return True
            cursor.execute("SELECT state FROM archive_batch WHERE id = %s", [self.batch_id])
            state = cursor.fetchone()
        return state is None or state[0] != Batch.State.CANCELLED
