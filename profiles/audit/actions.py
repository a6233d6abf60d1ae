"""Writing the trail. Every action calls `record` in its own transaction: no event, no act."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from profiles.audit.models import AuditEvent, Checkpoint, TrailLeaf, TrailPending, time_ordered_ids
from profiles.audit.verbs import Verb
from profiles.audit.verify_trail import Tree, leaf_hash, statement
from profiles.common.copying import copy_rows
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Actor, Permission, require

SEAL_LOCK = 0x7472_6169_6C  # "trail": one sealer at a time
SEAL_STEP = 20_000
_FIELDS = AuditEvent._meta.concrete_fields
EVENT_COLUMNS = [field.attname for field in _FIELDS]
# Names come from the models.
_ONE = f"""
    WITH event AS (
        INSERT INTO {AuditEvent._meta.db_table} ({", ".join(str(field.column) for field in _FIELDS)})
        VALUES ({", ".join(["%s"] * len(_FIELDS))}) RETURNING uid, at
    ) INSERT INTO {TrailPending._meta.db_table} (event_uid, event_at) SELECT uid, at FROM event
"""  # noqa: S608


class NotInTransaction(RuntimeError):
    """An event was recorded outside a transaction: it could be stored without its act, or the act without it."""


def record(
    *,
    by: Actor,
    verb: Verb,
    obj: models.Model | None = None,
    person_id: int | None = None,
    organisation_id: int | None = None,
    **details: str | int | bool | None,
) -> AuditEvent:
    """Write one event in the current transaction. `details` hold codes and counts, never names or identity numbers."""
    event = draft(by=by, verb=verb, obj=obj, person_id=person_id, organisation_id=organisation_id, **details)
    record_many([event])
    return event


def draft(
    *,
    by: Actor,
    verb: Verb,
    obj: models.Model | None = None,
    person_id: int | None = None,
    organisation_id: int | None = None,
    **details: str | int | bool | None,
) -> AuditEvent:
    """The event without writing it, for acts on many rows that end in one `record_many`."""
    for key, value in details.items():
        if isinstance(value, str) and mask_in_text(value) != value:
            raise ValueError(f"The detail {key!r} holds an identity number; the trail takes codes only.")
    if through := getattr(by, "through", ""):
        details["through"] = through
    return AuditEvent(
        at=timezone.now(),
        verb=verb,
        actor_kind=by.actor_kind,
        actor_id=by.pk,
        organisation_id=organisation_id if organisation_id is not None else by.organisation_id,
        person_id=person_id if person_id is not None else getattr(obj, "person_id", None),
        object_type=obj._meta.model_name or "" if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        details=details,
    )


def record_many(events: Iterable[AuditEvent]) -> None:
    """Write events and their places in the sealer's queue, in the current transaction."""
    if not connection.in_atomic_block:
        raise NotInTransaction("record() belongs inside the transaction of the act.")
    rows = list(events)
    if len(rows) == 1:  # most acts
        with connection.cursor() as cursor:
            cursor.execute(
                _ONE, [field.get_db_prep_save(getattr(rows[0], field.attname), connection) for field in _FIELDS]
            )
        return
    copy_rows(AuditEvent, EVENT_COLUMNS, ([getattr(row, name) for name in EVENT_COLUMNS] for row in rows))
    copy_rows(TrailPending, ("event_uid", "event_at"), ((row.uid, row.at) for row in rows))


def record_each(
    *, by: Actor, verb: Verb, model: type[models.Model], rows: Iterable[tuple[int, int, dict[str, Any]]]
) -> None:
    """One act on many objects of a model, `(person id, object id, details)` each. `details` hold codes only, see `record`."""
    if not connection.in_atomic_block:
        raise NotInTransaction("record_each() belongs inside the transaction of the act.")
    now, told = timezone.now(), list(rows)
    uids = time_ordered_ids(len(told))
    copy_rows(
        AuditEvent,
        ("uid", "person_id", "object_id", "details"),
        ((uid, person, str(key), details) for uid, (person, key, details) in zip(uids, told, strict=True)),
        at=now,
        verb=verb,
        actor_kind=by.actor_kind,
        actor_id=by.pk,
        organisation_id=by.organisation_id,
        object_type=model._meta.model_name,
    )
    copy_rows(TrailPending, ("event_uid",), ((uid,) for uid in uids), event_at=now)


def as_dict(event: AuditEvent) -> dict[str, Any]:
    """The event as the verifier reads it; times in UTC with microseconds."""
    return {
        "uid": str(event.uid),
        "at": utc_text(event.at),
        "verb": str(event.verb),
        "actor_kind": event.actor_kind,
        "actor_id": event.actor_id,
        "organisation_id": event.organisation_id,
        "person_id": event.person_id,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "details": event.details,
    }


def utc_text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@functools.cache
def signing_key() -> Ed25519PrivateKey:
    key = load_pem_private_key(settings.TRAIL_SIGNING_KEY.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey), "TRAIL_SIGNING_KEY is not an Ed25519 key"
    return key


def public_key() -> Ed25519PublicKey:
    return signing_key().public_key()


@transaction.atomic
def seal(*, by: Actor) -> Checkpoint | None:
    """Append waiting events to the tree and sign the new root. None when nothing waits or another sealer is at work.

    The order of leaves is the order of sealing, so an event whose transaction ended late is sealed late, never skipped.
    """
    require(by, Permission.RUN_SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return None
    waiting = list(
        TrailPending.objects.select_for_update(skip_locked=True).order_by("event_at", "event_uid")[:SEAL_STEP]
    )
    if not waiting:
        return None
    uids = [row.event_uid for row in waiting]
    events = AuditEvent.objects.filter(at__gte=waiting[0].event_at, at__lte=waiting[-1].event_at).in_bulk(uids)
    last = Checkpoint.objects.first()
    tree = Tree(last.size, [bytes.fromhex(item) for item in last.frontier]) if last else Tree()
    leaves = []
    for uid in uids:
        event = events[uid]
        hashed = leaf_hash(as_dict(event))
        leaves.append(TrailLeaf(index=tree.size, event_uid=uid, event_at=event.at, hash=hashed))
        tree.add(hashed)
    TrailLeaf.objects.bulk_create(leaves, batch_size=5_000)
    TrailPending.objects.filter(event_uid__in=uids).delete()
    sealed_at = timezone.now()
    root = tree.root()
    return Checkpoint.objects.create(
        size=tree.size,
        root=root,
        frontier=[item.hex() for item in tree.frontier],
        sealed_at=sealed_at,
        signature=signing_key().sign(statement(tree.size, root, utc_text(sealed_at))),
    )
