"""The trail: who did what, when, to what; sealed into a hash tree whose roots are signed.

Events are partitioned by month. They hold ids and codes, never names, identity numbers or texts of people.
"""

from __future__ import annotations

import os
import time
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from profiles.audit.queries import AuditEventQuerySet
from profiles.audit.verbs import verb_choices
from profiles.common.models import AppendOnly


def time_ordered_id() -> uuid.UUID:
    """UUID version 7 (RFC 9562): 48 bits of milliseconds, the rest random; keeps index writes together."""
    raw = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return uuid.UUID(bytes=bytes(raw))


def time_ordered_ids(count: int) -> list[str]:
    """Many of them for one moment, as text: what a single one costs is felt a hundred thousand times."""
    moment, noise = int(time.time() * 1000).to_bytes(6, "big").hex(), os.urandom(10 * count).hex()
    ids = []
    for start in range(0, 20 * count, 20):
        tail = noise[start : start + 20]
        variant = "89ab"[int(tail[4], 16) & 3]
        ids.append(f"{moment[:8]}-{moment[8:]}-7{tail[1:4]}-{variant}{tail[5:8]}-{tail[8:]}")
    return ids


class AuditEvent(AppendOnly):
    """One act. Its leaf hash is taken over every column, see `verify_trail.leaf_hash`."""

    uid = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    at = models.DateTimeField(_("time"))
    verb = models.CharField(_("act"), max_length=40, choices=verb_choices)
    actor_kind = models.CharField(max_length=40)
    actor_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("trail event")
        ordering = ["-at", "-uid"]
        indexes = [
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(fields=["person_id", "-at"], name="audit_person"),
            models.Index(fields=["actor_id", "-at"], name="audit_actor"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb}"


class TrailPending(models.Model):
    """Events that wait for the sealer; a queue, not history."""

    event_uid = models.UUIDField(primary_key=True)
    event_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["event_at"], name="trail_pending_at")]

    def __str__(self) -> str:
        return str(self.event_uid)


class TrailLeaf(AppendOnly):
    """The n-th leaf of the hash tree, without gaps from 0."""

    index = models.BigIntegerField(primary_key=True)
    event_uid = models.UUIDField(unique=True)
    event_at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)

    class Meta(AppendOnly.Meta):
        pass

    def __str__(self) -> str:
        return f"leaf {self.index}"


class Checkpoint(AppendOnly):
    """A signed root: what the trail looked like at a size. Given to outsiders, it makes later tampering visible."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    frontier = models.JSONField(help_text="Hashes of the complete subtrees, largest first, hexadecimal.")
    sealed_at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)

    class Meta(AppendOnly.Meta):
        ordering = ["-size"]

    def __str__(self) -> str:
        return f"checkpoint {self.size}"
