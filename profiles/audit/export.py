"""The trail as lines of JSON, in the order of the tree; what the stand-alone verifier reads and `trail verify` walks through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from profiles.audit.actions import as_dict, utc_text
from profiles.audit.models import AuditEvent, Checkpoint, TrailLeaf, TrailPending

STEP = 5_000


def rows() -> Iterator[dict[str, Any]]:
    """Sealed events with their leaves, checkpoints in their places, then events that wait; one snapshot of the database."""
    with transaction.atomic():
        if not connection.savepoint_ids:  # the outermost block: one snapshot for all that follows
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        checkpoints = list(Checkpoint.objects.order_by("size"))
        position = 0
        index = -1
        while leaves := list(TrailLeaf.objects.filter(index__gt=index).order_by("index")[:STEP]):
            index = leaves[-1].index
            days = [leaf.event_at for leaf in leaves]
            events = AuditEvent.objects.filter(at__gte=min(days), at__lte=max(days)).in_bulk(
                [leaf.event_uid for leaf in leaves]
            )
            for leaf in leaves:
                event = events.get(leaf.event_uid)
                yield {
                    "type": "event",
                    "index": leaf.index,
                    "hash": bytes(leaf.hash).hex(),
                    "event": as_dict(event) if event is not None else None,
                }
                while position < len(checkpoints) and checkpoints[position].size <= leaf.index + 1:
                    yield checkpoint_row(checkpoints[position])
                    position += 1
        for checkpoint in checkpoints[position:]:
            yield checkpoint_row(checkpoint)
        for event in AuditEvent.objects.filter(uid__in=TrailPending.objects.values("event_uid")).order_by("at", "uid"):
            yield {"type": "waiting", "event": as_dict(event)}


def checkpoint_row(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "type": "checkpoint",
        "size": checkpoint.size,
        "root": bytes(checkpoint.root).hex(),
        "sealed_at": utc_text(checkpoint.sealed_at),
        "signature": bytes(checkpoint.signature).hex(),
    }


def lines() -> Iterator[str]:
    for row in rows():
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def strays() -> int:
    """Events that are under no leaf and wait for none: put in round the actions, or their place in the queue was removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM profiles_auditevent e"
            " WHERE NOT EXISTS (SELECT 1 FROM profiles_trailleaf l WHERE l.event_uid = e.uid)"
            " AND NOT EXISTS (SELECT 1 FROM profiles_trailpending p WHERE p.event_uid = e.uid)"
        )
        return int(cursor.fetchone()[0])
