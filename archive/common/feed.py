"""Writing the change feed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from archive.common.models import Change


def announce(kind: Change.Kind, *, person_id: int, object_id: int) -> None:
    """One line, in the current transaction."""
    announce_many(kind, [(person_id, object_id)])


def announce_many(kind: Change.Kind, pairs: Iterable[tuple[int, int]]) -> None:
    """Lines for `(person id, object id)`, in the given order, in the current transaction."""
    assert connection.in_atomic_block, "a line of the feed belongs in the transaction of the change"
    now = timezone.now()
    Change.objects.bulk_create(
        [Change(at=now, kind=kind, person_id=person_id, object_id=object_id) for person_id, object_id in pairs],
        batch_size=5_000,
    )
