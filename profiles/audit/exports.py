"""Lists that leave as files belong in the trail: which, how many rows, by which filters. An error here stops the export."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.export import exported


@transaction.atomic
def list_exported(
    sender: Any, request: Any, name: str, rows: int, kind: str, filters: list[str], **kwargs: Any
) -> None:
    """What anybody may read without signing in (catalogue, rules) is about nobody and is not noted."""
    if request.user.is_authenticated:
        record(
            by=request.user,
            verb=Verb.LIST_EXPORTED,
            list=name,
            rows=rows,
            format=kind,
            filters=",".join(sorted(filters)),
        )


def connect() -> None:
    exported.connect(list_exported, dispatch_uid="trail")
