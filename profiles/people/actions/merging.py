"""Two archives that are one person's are joined, and parted again. Nothing in either archive is touched.

Called by `archive.records.actions.identity`, which brings the check index to the new state and tells the person.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission
from profiles.people.deciding import carried_out, declined, documented, require_known, stated, to_decide
from profiles.people.models import Person, PersonMerge


@transaction.atomic
def propose_merge(
    *, kept: Person, merged: Person, reason: str, document_number: str, document_date: dt.date | None, by: Actor
) -> PersonMerge:
    """Propose to join two archives. Where `kept` is joined to another archive, that one is kept."""
    kept_id = _may_be_joined(kept.pk, merged.pk)
    require_known(by, Permission.PROPOSE_IDENTITY, [kept.pk, kept_id, merged.pk])
    if PersonMerge.objects.between(kept_id, merged.pk).waiting().exists():
        raise ActionRefused(_("This has been proposed already and waits for a decision."))
    document = documented(document_number, document_date)
    if document["document_date"] is None:
        raise ActionRefused(
            _("Joining two archives needs a document that shows it is one person: enter number and date.")
        )
    assert by.organisation_id is not None, "only staff hold PROPOSE_IDENTITY"
    merge = PersonMerge.objects.create(
        kept_id=kept_id,
        merged=merged,
        organisation_id=by.organisation_id,
        proposed_by_id=by.pk,
        reason=stated(reason),
        **document,
    )
    _record(merge, Verb.MERGE_PROPOSED, by=by)
    return merge


def _may_be_joined(kept_id: int, merged_id: int) -> int:
    """The head that `merged_id` can be joined to now; refused where it would make a chain."""
    live = PersonMerge.objects.live()
    head = live.filter(merged=kept_id).values_list("kept_id", flat=True).first() or kept_id
    if merged_id in PersonMerge.objects.family(head):
        raise ActionRefused(_("These two are one archive already."))
    if live.filter(merged=merged_id).exists():
        raise ActionRefused(_("The second archive is joined to another one already. Part them first."))
    if live.filter(kept=merged_id).exists():
        raise ActionRefused(_("Others are joined to the second archive. Keep that one, and join the first to it."))
    return int(head)


@transaction.atomic
def carry_out_merge(*, merge: PersonMerge, by: Actor) -> PersonMerge:
    """A second person joins them, known from `carried_out_at` on. Holds up all other changes until the transaction ends."""
    moment = moments.of_a_lone_change()  # so of two acts at once the second sees the first
    merge = to_decide(merge)
    require_known(by, Permission.CONFIRM_IDENTITY, [merge.kept_id, merge.merged_id])
    if _may_be_joined(merge.kept_id, merge.merged_id) != merge.kept_id:
        raise ActionRefused(
            _("Meanwhile the first archive was joined to another one. Decline this and propose it anew.")
        )
    carried_out(merge, by=by, at=moment)
    _record(merge, Verb.MERGED, by=by)
    return merge


@transaction.atomic
def decline_merge(*, merge: PersonMerge, reason: str, by: Actor) -> PersonMerge:
    """They are two persons, or it is not shown that they are one: nothing changes, and the pair is not looked for again."""
    merge = to_decide(merge)
    declined(merge, reason=reason, person_ids=[merge.kept_id, merge.merged_id], by=by)
    _record(merge, Verb.MERGE_DECLINED, by=by)
    return merge


@transaction.atomic
def undo_merge(*, merge: PersonMerge, reason: str, by: Actor) -> PersonMerge:
    """They were not one person after all: from `undone_at` on each archive is read alone again.

    One person does it, who may carry out: a wrong joining shows somebody another's archive, and parting shows nobody anything new.
    """
    moment = moments.of_a_lone_change()
    merge = PersonMerge.objects.select_for_update().get(pk=merge.pk)
    require_known(by, Permission.CONFIRM_IDENTITY, [merge.kept_id, merge.merged_id])
    if merge.state != PersonMerge.State.CARRIED_OUT:
        raise ActionRefused(_("These archives are not joined."))
    merge.state, merge.undone_by_id, merge.undone_at = PersonMerge.State.UNDONE, by.pk, moment
    merge.undone_reason = stated(reason)
    merge.save(update_fields=["state", "undone_by", "undone_at", "undone_reason"])
    _record(merge, Verb.MERGE_UNDONE, by=by)
    return merge


def _record(merge: PersonMerge, verb: Verb, *, by: Actor) -> None:
    """One event in the trail of each of the two persons."""
    for person_id in (merge.kept_id, merge.merged_id):
        record(by=by, verb=verb, obj=merge, person_id=person_id)
