"""Writing the change feed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from archive.common.models import Change
from profiles.common.copying import copy_rows


def announce(kind: Change.Kind, *, person_id: int, object_id: int) -> None:
    """One line, in the current transaction."""
    announce_many(kind, [(person_id, object_id)])


def announce_many(kind: Change.Kind, pairs: Iterable[tuple[int, int]]) -> None:
    """Lines for `(person id, object id)`, in the given order, in the current transaction."""
    assert connection.in_atomic_block, "a line of the feed belongs in the transaction of the change"
    copy_rows(Change, ("person_id", "object_id"), pairs, at=timezone.now(), kind=kind)
