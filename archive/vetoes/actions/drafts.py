"""Rules drafted here: written by one officer, compiled, rehearsed, proposed with a document, approved by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.vetoes.compiler import faults, highest
from archive.vetoes.loader import lookups
from archive.vetoes.models import RuleDraft, RuleVersion
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked

OWN_DATA = "own"  # where a shipped rule names the version of its data file


@transaction.atomic
def draft_rule(*, written: dict[str, Any], based_on: RuleVersion | None, by: Account) -> RuleDraft:
    """Put a rule in words of the data file aside. It may still have faults; it is not in force and nobody is checked by it."""
    require(by, Permission.DRAFT_RULE)
    code = str(written["code"])
    open_one = RuleDraft.objects.filter(rule_code=code, state__in=["drafted", "proposed"]).first()
    if open_one is not None:
        raise ActionRefused(_("There is a draft of this rule already: %(code)s.") % {"code": open_one.code})
    if based_on is None and RuleVersion.objects.filter(code=code).exists():
        raise ActionRefused(_("A rule has this code already. Draft its next version from its page."))
    draft = RuleDraft.objects.create(rule_code=code, written=written, based_on=based_on, drafted_by=by)
    record(by=by, verb=Verb.RULE_DRAFTED, obj=draft, rule=code, draft=draft.code)
    return draft


@transaction.atomic
def change_draft(*, draft: RuleDraft, written: dict[str, Any], by: Account) -> RuleDraft:
    """The drafter writes it anew. What was rehearsed before is marked as of an earlier text."""
    require(by, Permission.DRAFT_RULE)
    draft = _in_state(draft, RuleDraft.State.DRAFTED)
    if draft.drafted_by_id != by.pk:
        raise ActionRefused(_("Only who drafted it changes it."))
    draft.written, draft.changed_at = {**written, "code": draft.rule_code}, timezone.now()
    draft.save(update_fields=["written", "changed_at"])
    record(by=by, verb=Verb.RULE_DRAFTED, obj=draft, rule=draft.rule_code, draft=draft.code)
    return draft


@transaction.atomic
def propose_rule(*, draft: RuleDraft, valid_from: dt.date, document: str, by: Account) -> RuleDraft:
    """Hand it to a second officer. The compiler must find no fault, and a rehearsal of this very text must have been seen."""
    require(by, Permission.DRAFT_RULE)
    draft = _in_state(draft, RuleDraft.State.DRAFTED)
    if draft.drafted_by_id != by.pk:
        raise ActionRefused(_("Only who drafted it proposes it."))
    _must_compile(draft)
    if valid_from < timezone.localdate():
        raise ActionRefused(_("A rule never works back. Choose today or a later day."))
    if not draft.rehearsals.filter(state="done", text_sha256=draft.fingerprint).exists():
        raise ActionRefused(_("Rehearse this text first: who would be hit is part of the decision."))
    draft.state, draft.valid_from, draft.document = RuleDraft.State.PROPOSED, valid_from, document.strip()[:250]
    draft.returned_reason = ""
    draft.save(update_fields=["state", "valid_from", "document", "returned_reason"])
    record(by=by, verb=Verb.RULE_PROPOSED, obj=draft, rule=draft.rule_code, draft=draft.code)
    return draft


@transaction.atomic
def return_draft(*, draft: RuleDraft, reason: str, by: Account) -> RuleDraft:
    """The second officer gives it back, with the reason; the drafter may take a proposal back likewise."""
    require(by, Permission.DRAFT_RULE)
    draft = _in_state(draft, RuleDraft.State.PROPOSED)
    if not reason.strip():
        raise ActionRefused(_("Say why it is given back."))
    draft.state, draft.returned_reason = RuleDraft.State.DRAFTED, reason.strip()[:300]
    draft.save(update_fields=["state", "returned_reason"])
    record(by=by, verb=Verb.RULE_RETURNED, obj=draft, rule=draft.rule_code, draft=draft.code)
    return draft


@transaction.atomic
def drop_draft(*, draft: RuleDraft, by: Account) -> RuleDraft:
    """It is not pursued. It stays to be read."""
    require(by, Permission.DRAFT_RULE)
    draft = _in_state(draft, RuleDraft.State.DRAFTED)
    draft.state = RuleDraft.State.DROPPED
    draft.save(update_fields=["state"])
    record(by=by, verb=Verb.RULE_DROPPED, obj=draft, rule=draft.rule_code, draft=draft.code)
    return draft


@transaction.atomic
def approve_rule(*, draft: RuleDraft, seen: str, by: Account) -> RuleVersion:
    """The second person's step: a new version, from the day proposed (today: from this moment). `seen`: the text's fingerprint."""
    require(by, Permission.APPROVE_RULE)
    draft = _in_state(draft, RuleDraft.State.PROPOSED)
    if draft.drafted_by_id == by.pk:
        raise ActionRefused(_("You drafted this rule; a second person approves it."))
    if draft.fingerprint != seen:
        raise ActionRefused(_("The text has changed since the page was shown. Read it again, then approve."))
    _must_compile(draft)
    assert draft.valid_from is not None, "a constraint says so"
    now = moments.of_a_change()
    begins = now if draft.valid_from <= timezone.localdate() else _midnight(draft.valid_from)
    old = RuleVersion.objects.select_for_update().filter(code=draft.rule_code).order_by("-version").first()
    if old != draft.based_on:
        raise ActionRefused(_("The rule has got another version meanwhile. Draft anew from that one."))
    if old is not None and old.valid_to is None:
        if old.valid_from >= begins:
            raise ActionRefused(
                _("The version before begins on %(day)s only.") % {"day": timezone.localdate(old.valid_from)}
            )
        old.valid_to = begins
        old.save(update_fields=["valid_to"])
    raw = draft.written
    draft.version = RuleVersion.objects.create(
        **{key: value for key, value in raw.items() if key not in {"clause", "origin"}},
        clauses=raw["clause"],
        level=highest(raw["bases"], lookups().levels),
        version=1 if old is None else old.version + 1,
        catalogue_version=OWN_DATA,
        content_hash="" if old is None else old.content_hash,
        valid_from=begins,
    )
    draft.state, draft.approved_by, draft.approved_at = RuleDraft.State.APPROVED, by, timezone.now()
    draft.save(update_fields=["state", "approved_by", "approved_at", "version"])
    record(
        by=by,
        verb=Verb.RULE_APPROVED,
        obj=draft,
        rule=draft.rule_code,
        draft=draft.code,
        version=draft.version.version,
        day=draft.valid_from.isoformat(),
    )
    return draft.version


def _must_compile(draft: RuleDraft) -> None:
    found = faults(draft.written, lookups())
    if found:
        raise ActionRefused(f"{found[0].place}: {found[0]}")


def _in_state(draft: RuleDraft, state: RuleDraft.State) -> RuleDraft:
    draft = locked(RuleDraft.objects.select_related("based_on"), draft.pk)
    if draft.state != state:
        raise ActionRefused(_("This has moved on meanwhile. Load the page again."))
    return draft


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
