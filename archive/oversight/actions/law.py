"""A change of law: one officer proposes it with its document, another approves what it ends, a worker withdraws the entries."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue import actions as catalogue
from archive.catalogue.models import LegalBasis
from archive.oversight import impact
from archive.oversight.models import LawChange
from archive.vetoes import actions as vetoes
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked


@transaction.atomic
def propose(
    *,
    basis: LegalBasis | None,
    article: str,
    item_code: str,
    from_date: dt.date,
    works_back: bool,
    document_number: str,
    document_date: dt.date,
    document_body: str,
    reason: str,
    by: Account,
) -> LawChange:
    """Name what no longer stands, from when, and by what document. Nothing changes before a second person approves."""
    require(by, Permission.PROPOSE_LAW_CHANGE)
    change = LawChange(
        basis=basis,
        article=article,
        item_code=item_code,
        from_date=from_date,
        works_back=works_back,
        document_number=document_number,
        document_date=document_date,
        document_body=document_body,
        reason=reason,
        proposed_by=by,
    )
    change.full_clean()
    found = impact.plan(change)
    if not found["items"] and not found["rules"]:
        raise ActionRefused(_("No item and no rule in force rests on this. Check the basis and the article."))
    same = LawChange.objects.filter(
        basis=basis,
        article=article,
        item_code=item_code,
        state__in=[LawChange.State.PROPOSED, LawChange.State.APPROVED],
    ).first()
    if same is not None:
        raise ActionRefused(_("The same change is under way already: %(code)s.") % {"code": same.code})
    change.save()
    record(
        by=by,
        verb=Verb.LAW_CHANGE_PROPOSED,
        obj=change,
        law_change=change.code,
        basis=change.basis_id,
        article=article,
        item=item_code,
        works_back=works_back,
    )
    return change


@transaction.atomic
def drop(*, change: LawChange, by: Account) -> LawChange:
    """The proposal is not pursued; nothing has changed."""
    require(by, Permission.PROPOSE_LAW_CHANGE)
    change = _proposed(change)
    change.state, change.dropped_by, change.dropped_at = LawChange.State.DROPPED, by, timezone.now()
    change.save(update_fields=["state", "dropped_by", "dropped_at"])
    record(by=by, verb=Verb.LAW_CHANGE_DROPPED, obj=change, law_change=change.code)
    return change


@transaction.atomic
def approve(*, change: LawChange, seen: str, by: Account) -> LawChange:
    """The second person's one step: items end, rules end or are cut, and the entries are handed to a worker.

    `seen` is the fingerprint of the plan on the page that was approved.
    """
    require(by, Permission.APPROVE_LAW_CHANGE)
    change = _proposed(change)
    if change.proposed_by_id == by.pk:
        raise ActionRefused(_("You proposed this change; a second person approves it."))
    if change.from_date > timezone.localdate():
        raise ActionRefused(
            _("It takes effect on %(day)s. Approve it on that day or later.") % {"day": change.from_date}
        )
    plan = impact.plan(change)
    if impact.fingerprint(plan) != seen:
        raise ActionRefused(_("Catalogue or rules have changed since the page was shown. Read it again, then approve."))
    for item, left in impact.touched_items(change):
        if left:
            catalogue.cut_basis(item=item, bases=left, on=change.from_date, document=change.document, by=by)
        else:
            catalogue.end_item(
                item=item, on=change.from_date, works_back=change.works_back, document=change.document, by=by
            )
    for rule, bases, clauses, stands in impact.touched_rules(change, impact.ended_items(plan)):
        if stands:
            vetoes.cut_rule(rule=rule, bases=bases, clauses=clauses, document=change.document, by=by)
        else:
            vetoes.end_rule(rule=rule, document=change.document, by=by)
    change.state, change.approved_by, change.approved_at = LawChange.State.APPROVED, by, timezone.now()
    change.plan, change.rows_total = plan, plan["in_force"] + plan["pending"]
    change.heartbeat_at = timezone.now()
    change.save()
    record(
        by=by,
        verb=Verb.LAW_CHANGE_APPROVED,
        obj=change,
        law_change=change.code,
        items=len(plan["items"]),
        rules=len(plan["rules"]),
        entries=change.rows_total,
    )
    return change


@transaction.atomic
def resume(*, change: LawChange, by: Account) -> LawChange:
    """After an error: let a worker take it up again where it stopped."""
    require(by, Permission.APPROVE_LAW_CHANGE)
    change = locked(LawChange.objects.all(), change.pk)
    if change.state != LawChange.State.FAILED:
        raise ActionRefused(_("Only a change that was stopped by an error is taken up again."))
    change.state, change.attempts, change.error = LawChange.State.APPROVED, 0, ""
    change.heartbeat_at = timezone.now()
    change.save(update_fields=["state", "attempts", "error", "heartbeat_at"])
    record(by=by, verb=Verb.LAW_CHANGE_RESUMED, obj=change, law_change=change.code)
    return change


def _proposed(change: LawChange) -> LawChange:
    change = locked(LawChange.objects.select_related("basis"), change.pk)
    if change.state != LawChange.State.PROPOSED:
        raise ActionRefused(_("This change has been decided already."))
    return change
