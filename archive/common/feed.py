"""Writing the change feed, and reading it without losing a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.utils import timezone

from archive.common.models import FEED_DRAWN, FEED_LOCK, Change, FeedPosition
from profiles.common.copying import copy_rows


def announce(kind: Change.Kind, *, person_id: int, object_id: int) -> None:
    """One line, in the current transaction."""
    announce_many(kind, [(person_id, object_id)])


def announce_many(kind: Change.Kind, pairs: Iterable[tuple[int, int]]) -> None:
    """Lines for `(person id, object id)`, in the given order, in the current transaction."""
    assert connection.in_atomic_block, "a line of the feed belongs in the transaction of the change"
    copy_rows(Change, ("person_id", "object_id"), pairs, at=timezone.now(), kind=kind)


def after(position: int, limit: int = 1_000) -> list[Change]:
    """The next committed lines after the line with id `position` (0: from the beginning), in the order of ids.

    Ids are drawn before they are committed, so a line with a lower id may still come from a transaction that is open. Lines from
    there on are held back until it has ended: the last id that was read is the next position, and nothing is skipped.
    """
    with connection.cursor() as cursor:
        # The order matters: what was drawn before this is by now committed, dead, or covered by a lock that is seen.
        cursor.execute(f"SELECT {FEED_DRAWN}")
        drawn = cursor.fetchone()[0]
        cursor.execute(
            "SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = %s AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [FEED_LOCK],
        )
        held = cursor.fetchone()[0]
    safe = drawn if held is None else min(drawn, held)
    return list(Change.objects.filter(id__gt=position, id__lte=safe).order_by("id")[:limit])


def follow(reader: str, act: Callable[[list[Change]], None], *, limit: int = 1_000) -> int:
    """Give `reader` the lines it has not had, `limit` at a time, until there are none. Returns how many.

    The effect and the position are stored in one transaction: after a crash no line is lost and none acts twice. A second reader of
    the same name leaves at once.
    """
    FeedPosition.objects.get_or_create(reader=reader)
    done = 0
    while step := _step(reader, act, limit):
        done += step
    return done


def hold(reader: str) -> None:
    """Keep `reader` where it is until the current transaction ends: what it has read is committed, the rest it reads later."""
    FeedPosition.objects.get_or_create(reader=reader)
    FeedPosition.objects.select_for_update().get(reader=reader)


@transaction.atomic
def _step(reader: str, act: Callable[[list[Change]], None], limit: int) -> int:
    place = FeedPosition.objects.select_for_update(skip_locked=True).filter(reader=reader).first()
    lines = after(place.position, limit) if place is not None else []
    if place is not None and lines:
        act(lines)
        place.position = lines[-1].id
        place.save(update_fields=["position"])
    return len(lines)
