"""Loading the rules, and letting a body adopt one that is off by default."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from archive.vetoes.loader import RuleData, check, lookups
from archive.vetoes.models import RuleAdoption, RuleVersion
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Actor, Permission, require
from profiles.organisations.models import Organisation


@transaction.atomic
def load_rules(*, data: RuleData, by: Actor) -> list[str]:
    """Bring the rules to `data`: a changed rule gets a new version from now, one no longer there ends now. Returns what changed."""
    require(by, Permission.RUN_SYSTEM)
    levels, items = lookups()
    now = moments.of_a_change()
    current = {rule.code: rule for rule in RuleVersion.objects.select_for_update().current()}
    lines = []
    for raw in data.rules:
        level = check(raw, levels=levels, items=items)
        hashed = hashlib.sha256(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        old = current.pop(raw["code"], None)
        if old is not None and old.content_hash == hashed:
            continue
        if old is not None:
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
    for rule in current.values():
        rule.valid_to = now
        rule.save(update_fields=["valid_to"])
        lines.append(f"- rule {rule.code} {rule.name_zh}")
    record(by=by, verb=Verb.RULES_LOADED, version=data.version, changed=len(lines))
    return lines


@transaction.atomic
def adopt_rule(
    *,
    rule: RuleVersion,
    organisation: Organisation,
    document_number: str,
    document_date: dt.date,
    valid_from: dt.date,
    by: Account,
) -> RuleAdoption:
    """A competent body's own document makes an `off` rule hold for its checks."""
    require(by, Permission.ADOPT_RULE)
    if rule.status != RuleVersion.Status.OFF or rule.valid_to is not None:
        raise ActionRefused(_("Only a rule in force that is off by default can be adopted."))
    adoption = RuleAdoption(
        rule_code=rule.code,
        organisation=organisation,
        document_number=document_number,
        document_date=document_date,
        valid_from=valid_from,
        approved_by=by,
        approved_at=moments.of_a_change(),
    )
    if RuleAdoption.objects.filter(rule_code=rule.code, organisation=organisation, valid_to=None).exists():
        raise ActionRefused(_("This body has adopted the rule already."))
    adoption.full_clean()
    adoption.save()
    record(by=by, verb=Verb.RULE_ADOPTED, obj=adoption, organisation_id=organisation.pk, rule=rule.code)
    return adoption
