"""Changes of names, numbers and families, with all that hangs on them here: check index, feed, and the person is told.

Whatever decides to whom an archive belongs is carried out through these, never through `people.actions` alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from archive.common import feed
from archive.common.models import Change
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.check_index import reindex
from profiles.common.permissions import Actor
from profiles.people import actions as people
from profiles.people.models import IdentityChange, PersonMerge


@transaction.atomic
def carry_out_change(*, change: IdentityChange, by: Actor) -> IdentityChange:
    """A second person carries out a change of a name or number."""
    change = people.carry_out_change(change=change, by=by)
    assert change.carried_out_at is not None
    if change.kind != IdentityChange.Kind.RENAME:
        reindex(person_ids=[change.person_id], moment=change.carried_out_at)
    _tell(Notice.Kind.IDENTITY_CHANGED, change, [change.person_id], by=by)
    return change


@transaction.atomic
def carry_out_merge(*, merge: PersonMerge, by: Actor) -> PersonMerge:
    """A second person joins two archives: entries of either are found by every number of both."""
    merge = people.carry_out_merge(merge=merge, by=by)
    assert merge.carried_out_at is not None
    reindex(person_ids=[merge.kept_id], moment=merge.carried_out_at)
    _tell(Notice.Kind.ARCHIVES_JOINED, merge, [merge.kept_id, merge.merged_id], by=by)
    return merge


@transaction.atomic
def undo_merge(*, merge: PersonMerge, reason: str, by: Actor) -> PersonMerge:
    """Two archives are parted: from now on entries are found by the numbers of the archive under which they were reported."""
    merge = people.undo_merge(merge=merge, reason=reason, by=by)
    assert merge.undone_at is not None
    reindex(person_ids=[merge.kept_id, merge.merged_id], moment=merge.undone_at)
    _tell(Notice.Kind.ARCHIVES_PARTED, merge, [merge.kept_id, merge.merged_id], by=by)
    return merge


def _tell(kind: Notice.Kind, act: IdentityChange | PersonMerge, person_ids: Iterable[int], *, by: Actor) -> None:
    """A line on the feed and a notice for each of the persons, from the body that proposed it."""
    ids = list(person_ids)
    feed.announce_many(Change.Kind.PERSON_CHANGED, [(person_id, person_id) for person_id in ids])
    send(
        letters=[
            Letter(kind=kind, person_id=person_id, organisation=act.organisation, about=act, context={"act": act})
            for person_id in ids
        ],
        by=by,
    )
