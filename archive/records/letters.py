"""Letters to the persons about their entries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.models import Entry
from archive.records.story import change_rows
from profiles.common.permissions import Actor


def tell(entries: Iterable[Entry], kind: Notice.Kind, *, why: dict[int, str] | None = None, by: Actor) -> None:
    """`why`: entry → the reason, where the entry itself does not carry it."""
    send(
        letters=[
            Letter(
                kind=kind,
                person_id=entry.person_id,
                organisation=entry.organisation,
                about=entry,
                context={
                    "entry": entry,
                    "item": entry.item,
                    "changed": partial(change_rows, entry),
                    "why": (why or {}).get(entry.pk, entry.change_reason),
                },
            )
            for entry in entries
        ],
        by=by,
    )
