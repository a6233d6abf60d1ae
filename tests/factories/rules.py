"""Factories of rules in the making."""

from __future__ import annotations

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from tests.factories.profiles import AccountFactory

WRITTEN = {
    "code": "V-TEA-90",
    "name_zh": "示例规则",
    "name_en": "Sample rule",
    "groups": ["TEA"],
    "events": ["access"],
    "effect": "BLOCK",
    "status": "off",
    "bases": [{"code": "TEACHERS-LAW", "articles": "14"}],
    "mark": "D",
    "note_zh": "",
    "note_en": "",
    "clause": [{"items": ["TEA-02"], "term": "P5Y", "from": "document", "why_zh": "示例", "why_en": "Sample"}],
}


class RuleDraftFactory(DjangoModelFactory[archive.RuleDraft]):
    class Meta:
        model = archive.RuleDraft

    rule_code = factory.Sequence(lambda n: f"V-TEA-{90 + n}")
    written = factory.LazyAttribute(lambda draft: {**WRITTEN, "code": draft.rule_code})
    drafted_by = factory.SubFactory(AccountFactory)

    class Params:
        proposed = factory.Trait(
            state="proposed", valid_from=factory.LazyFunction(timezone.localdate), document="示例信用办〔2026〕1号"
        )


class RuleRehearsalFactory(DjangoModelFactory[archive.RuleRehearsal]):
    class Meta:
        model = archive.RuleRehearsal

    draft = factory.SubFactory(RuleDraftFactory)
    fingerprint = factory.LazyAttribute(lambda rehearsal: rehearsal.draft.fingerprint)
    asked_by = factory.SubFactory(AccountFactory)
