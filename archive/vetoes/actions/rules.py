"""Loading the rules, and ending what a change of law ends."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archive.vetoes.compiler import highest, may_carry
from archive.vetoes.loader import RuleData, check, lookups
from archive.vetoes.models import RuleVersion
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require


@transaction.atomic
def load_rules(*, data: RuleData, by: Actor) -> list[str]:
    """Bring the rules to `data`: a changed rule gets a new version from now, one no longer there ends now. Returns what changed.

    What a change of law ended or cut, or an officer changed, stays so while the data's row is the one that it rested on.
    """
    require(by, Permission.RUN_SYSTEM)
    known_to_catalogue = lookups()
    now = moments.of_a_change()
    known = {rule.code: rule for rule in RuleVersion.objects.select_for_update().order_by("code", "version")}
    lines = []
    for raw in data.rules:
        level = check(raw, known_to_catalogue)
        hashed = hashlib.sha256(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        old = known.pop(raw["code"], None)
        if old is not None and old.content_hash == hashed and (old.valid_to is None or old.end_document):
            continue
        if old is not None and old.valid_to is None:
            old.valid_to = now
            old.save(update_fields=["valid_to"])
        fields = {key: value for key, value in raw.items() if key not in {"clause", "origin"}}
        RuleVersion.objects.create(
            **fields,
            clauses=raw["clause"],
            level=level,
            version=1 if old is None else old.version + 1,
            catalogue_version=data.version,
            valid_from=now,
            content_hash=hashed,
        )
        lines.append(f"{'+' if old is None else '~'} rule {raw['code']} {raw['name_zh']}")
    for rule in known.values():
        if rule.valid_to is not None or not rule.content_hash:
            continue  # ended already, or drafted here
        rule.valid_to = now
        rule.save(update_fields=["valid_to"])
        lines.append(f"- rule {rule.code} {rule.name_zh}")
    record(by=by, verb=Verb.RULES_LOADED, version=data.version, changed=len(lines))
    return lines


@transaction.atomic
def end_rule(*, rule: RuleVersion, document: str, by: Account) -> RuleVersion:
    """The law under a rule is gone: it holds for no check from now on. Earlier checks replay as they were."""
    require(by, Permission.APPROVE_LAW_CHANGE)
    rule = _close(rule, document)
    record(by=by, verb=Verb.RULE_ENDED, obj=rule, rule=rule.code, document=document)
    return rule


@transaction.atomic
def cut_rule(
    *, rule: RuleVersion, bases: list[dict[str, str]], clauses: list[dict[str, Any]], document: str, by: Account
) -> RuleVersion:
    """Part of what a rule rests on is gone: a new version from now with the bases and clauses that are left."""
    require(by, Permission.APPROVE_LAW_CHANGE)
    level = highest(bases, lookups().levels) if bases else None
    if level is None or not clauses or not may_carry(rule.effect, level):
        raise ActionRefused(_("What is left does not carry rule %(code)s; end it.") % {"code": rule.code})
    old = _close(rule, document)
    new = RuleVersion.objects.get(pk=old.pk)
    new.pk, new.version, new.bases, new.clauses, new.level = None, old.version + 1, bases, clauses, level
    assert old.valid_to is not None
    new.valid_from, new.valid_to, new.end_document = old.valid_to, None, ""
    new.save(force_insert=True)
    record(by=by, verb=Verb.RULE_CUT, obj=new, rule=new.code, version=new.version, document=document)
    return new


def _close(rule: RuleVersion, document: str) -> RuleVersion:
    rule = RuleVersion.objects.select_for_update().get(pk=rule.pk)
    if rule.valid_to is not None:
        raise ActionRefused(_("Rule %(code)s has been changed or ended meanwhile.") % {"code": rule.code})
    rule.valid_to, rule.end_document = moments.of_a_change(), document
    rule.save(update_fields=["valid_to", "end_document"])
    return rule
