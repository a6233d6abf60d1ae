"""Factories of rules, of their adoption, and of rules in the making."""

from __future__ import annotations

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from tests.factories.profiles import AccountFactory, OrganisationFactory


class RuleVersionFactory(DjangoModelFactory[archive.RuleVersion]):
    class Meta:
        model = archive.RuleVersion

    code = factory.Sequence(lambda n: f"V-T-{n}")
    version = 1
    catalogue_version = "test"
    name_zh = "示例规则"
    name_en = "Sample rule"
    groups = factory.LazyFunction(lambda: ["TEA"])
    events = factory.LazyFunction(lambda: ["access"])
    effect = "BLOCK"
    status = "on"
    level = "law"
    bases = factory.LazyFunction(list)
    clauses = factory.LazyFunction(lambda: [{"items": ["TEA-02"], "term": "P5Y", "from": "document"}])
    mark = "D"
    valid_from = factory.LazyFunction(timezone.now)
    content_hash = "0" * 64


class RuleAdoptionFactory(DjangoModelFactory[archive.RuleAdoption]):
    class Meta:
        model = archive.RuleAdoption

    rule_code = "V-GEN-05-ACCESS"
    organisation = factory.SubFactory(OrganisationFactory, licensing=True)
    document_number = "示教规〔2026〕1号"
    document_date = dt.date(2026, 1, 1)
    valid_from = dt.date(2026, 1, 1)
    proposed_by = factory.SubFactory(AccountFactory)

    class Params:
        approved = factory.Trait(
            approved_by=factory.SubFactory(AccountFactory), approved_at=factory.LazyFunction(timezone.now)
        )


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
    text_sha256 = factory.LazyAttribute(lambda rehearsal: rehearsal.draft.fingerprint)
    asked_by = factory.SubFactory(AccountFactory)
