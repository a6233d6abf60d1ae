"""Faults of machine and database that are no errors of ours, told apart by their codes."""

from __future__ import annotations

import errno

DISK_FULL = "53100"
TAKEN_MEANWHILE = "23505"  # a unique index: another transaction stored the same at the same moment


def is_disk_full(error: BaseException) -> bool:
    """The disk of this machine, or that of the database."""
    return any(getattr(part, "errno", None) == errno.ENOSPC for part in _chain(error)) or _has(error, DISK_FULL)


def was_taken_meanwhile(error: BaseException) -> bool:
    return _has(error, TAKEN_MEANWHILE)


def _has(error: BaseException, sqlstate: str) -> bool:
    return any(getattr(part, "sqlstate", None) == sqlstate for part in _chain(error))


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__
    return found
