"""Row history by trigger: what a row was before each change, append-only, also for bulk SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory


def keep_history(*, exclude: list[str] | None = None) -> Callable[[type[Any]], type[Any]]:
    """Class decorator. The old row is kept at every UPDATE and DELETE; the live table holds the newest."""
    return pghistory.track(
        pghistory.UpdateEvent(row="OLD"),
        pghistory.DeleteEvent(),
        exclude=exclude,
        append_only=True,
    )
