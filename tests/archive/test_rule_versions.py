"""Rules are versioned law: a change never touches what was decided before, and a body's own document reaches that body only."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from archive.models import RuleAdoption, RuleVersion
from archive.vetoes import actions, loader
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from tests import factories as f
from tests.archive.checking import adopt, check, examiner, on_file, paper
from tests.archive.papers import SECRET, pdf, upload
from tests.world import sign_in

pytestmark = pytest.mark.django_db
BY = System("test")
DAY = dt.timedelta(days=1)


def changed(code: str, **values: Any) -> loader.RuleData:
    data = copy.deepcopy(loader.read())
    next(rule for rule in data.rules if rule["code"] == code).update(values)
    return data


def load(data: loader.RuleData) -> list[str]:
    return actions.load_rules(data=data, by=BY)


# Versions


def test_a_changed_rule_is_a_new_version_without_a_gap() -> None:
    before = RuleVersion.objects.current().get(code="V-TEA-1")
    assert load(changed("V-TEA-1", name_en="Bars, put otherwise")) == ["~ rule V-TEA-1 教师资格准入禁止情形"]
    old, new = RuleVersion.objects.filter(code="V-TEA-1").order_by("version")
    assert (old.version, new.version, new.valid_to) == (1, 2, None)
    assert old.valid_to == new.valid_from
    assert (old.clauses, old.name_en) == (before.clauses, before.name_en)
    for moment, version in ((new.valid_from - dt.timedelta(seconds=1), old), (new.valid_from, new)):
        assert RuleVersion.objects.in_force_at(moment).get(code="V-TEA-1") == version
    assert load(changed("V-TEA-1", name_en="Bars, put otherwise")) == []


def test_a_changed_rule_decides_the_next_check_and_not_the_last() -> None:
    by, person = examiner(), f.PersonFactory()
    on_file(person, "TEA-02")
    first = check(person, by)
    data = copy.deepcopy(loader.read())
    rule = next(rule for rule in data.rules if rule["code"] == "V-TEA-1")
    rule["clause"] = [clause for clause in rule["clause"] if "TEA-02" not in clause["items"]]
    load(data)
    second = check(person, by)
    assert (first.outcome, second.outcome) == ("veto", "clear")
    finding = first.findings.get()
    assert (finding.rule.version, finding.clause_data["items"]) == (1, ["TEA-02", "TEA-03"])


def test_a_rule_that_is_gone_ends_and_is_kept() -> None:
    data = copy.deepcopy(loader.read())
    data.rules[:] = [rule for rule in data.rules if rule["code"] != "V-NUR-1"]
    assert load(data) == ["- rule V-NUR-1 被吊销护士执业证书不予注册"]
    assert RuleVersion.objects.get(code="V-NUR-1").valid_to is not None
    event = AuditEvent.objects.filter(verb=Verb.RULES_LOADED).latest("at")
    assert event.details["changed"] == 1


def test_a_broken_rule_changes_nothing_at_all() -> None:
    data = changed("V-TEA-1", name_en="good")
    data.rules[-1]["clause"][0]["items"] = ["NO-SUCH"]
    with pytest.raises(loader.DataFault, match="NO-SUCH"):
        load(data)
    assert RuleVersion.objects.get(code="V-TEA-1").version == 1


def test_two_current_versions_of_a_rule_cannot_be() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        f.RuleVersionFactory(code="V-TEA-1", version=2)


def test_rules_are_loaded_by_the_system_only() -> None:
    for role in set(Role) - {Role.PERSON}:
        with pytest.raises(PermissionDenied):
            actions.load_rules(data=loader.read(), by=f.AccountFactory(holds=[role]))


# What a body adopts


def test_an_adopted_rule_holds_for_the_body_that_adopted_it() -> None:
    by, stranger, person = examiner(), examiner(), f.PersonFactory()
    on_file(person, "GEN-05")
    assert check(person, by).outcome == "clear"
    adopt("V-GEN-05-ACCESS", by.organisation)
    assert check(person, by).outcome == "review"
    assert check(person, stranger).outcome == "clear"
    assert AuditEvent.objects.get(verb=Verb.RULE_ADOPTED).details["rule"] == "V-GEN-05-ACCESS"


@pytest.mark.parametrize(
    ("from_today", "until_today", "holds"), [(0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True)]
)
def test_an_adoption_holds_from_its_first_day_to_the_day_before_its_end(
    from_today: int, until_today: int | None, holds: bool
) -> None:
    by, today = examiner(), timezone.localdate()
    adoption = adopt("V-GEN-05-ACCESS", by.organisation, valid_from=today + from_today * DAY)
    if until_today is not None:
        RuleAdoption.objects.filter(pk=adoption.pk).update(valid_to=today + until_today * DAY)
    rules = RuleVersion.objects.for_checks_of(by.organisation, moment=timezone.now(), day=today)
    assert rules.filter(code="V-GEN-05-ACCESS").exists() is holds


def test_an_adoption_is_unknown_before_it_was_approved() -> None:
    by, before = examiner(), timezone.now()
    adopt("V-GEN-05-ACCESS", by.organisation)
    rules = RuleVersion.objects.for_checks_of(by.organisation, moment=before, day=timezone.localdate())
    assert not rules.filter(code="V-GEN-05-ACCESS").exists()


def test_a_rule_is_adopted_once_with_two_persons_and_only_where_it_is_off() -> None:
    body = examiner().organisation
    for role in set(Role) - {Role.PERSON, Role.CREDIT_OFFICER, Role.EXAMINER}:
        with pytest.raises(PermissionDenied):
            adopt("V-GEN-05-ACCESS", body, by=f.AccountFactory(organisation=body, holds=[role]))
    with pytest.raises(PermissionDenied):
        adopt("V-GEN-05-ACCESS", body, by=examiner())  # of another body
    officer = f.AccountFactory(holds=[Role.CREDIT_OFFICER])
    with pytest.raises(ActionRefused, match="second person"):
        adopt("V-GEN-05-ACCESS", body, by=officer, officer=officer)
    RuleAdoption.objects.all().delete()
    with pytest.raises(ActionRefused, match="off by default"):
        adopt("V-TEA-1", body)
    adopt("V-GEN-05-ACCESS", body)
    with pytest.raises(ActionRefused, match="already"):
        adopt("V-GEN-05-ACCESS", body)
    with pytest.raises(ValidationError):
        adopt("V-GEN-13-REVIEW", body, document_number="")


def test_a_body_proposes_and_the_credit_officer_approves_on_the_screen() -> None:
    by, person = examiner(), f.PersonFactory()
    on_file(person, "GEN-05")
    mine, office = sign_in(by), sign_in(f.AccountFactory(holds=[Role.CREDIT_OFFICER]))
    form = {"document_number": "示教规〔2026〕1号", "document_date": "2026-01-05", "valid_from": "2026-01-10"}
    assert mine.post("/rules/V-GEN-05-ACCESS/adopt/", form).status_code == 422, "without the document"
    url = mine.post("/rules/V-GEN-05-ACCESS/adopt/", {**form, "document": upload(pdf())}).url
    adoption = RuleAdoption.objects.get()
    assert adoption.organisation == by.organisation
    assert mine.get(f"{url}document/").content.startswith(b"%PDF")
    assert SECRET.encode() not in mine.get(f"{url}document/").content
    assert check(person, by).outcome == "clear", "a proposal holds for nobody"
    assert mine.post(f"{url}approve/").status_code == 403
    assert by.organisation.name not in Client().get("/rules/V-GEN-05-ACCESS/").content.decode()
    office.post(f"{url}decline/", {"reason": ""})
    office.post(f"{url}approve/")
    assert check(person, by).outcome == "review"
    assert by.organisation.name in Client().get("/rules/V-GEN-05-ACCESS/").content.decode()
    assert mine.get("/rules/V-TEA-1/adopt/").status_code == 404
    assert sign_in(examiner()).get(url).status_code == 404
    mine.post(f"{url}end/")
    adoption.refresh_from_db()
    assert adoption.valid_to == timezone.localdate() + DAY
    assert check(person, by).outcome == "review", "until tomorrow"


def test_a_declined_adoption_can_be_proposed_anew() -> None:
    by = examiner()
    rule = RuleVersion.objects.current().get(code="V-GEN-05-ACCESS")
    said = {
        "rule": rule, "organisation": by.organisation, "document_number": "示教规〔2026〕1号", "document": paper(),
        "document_date": dt.date(2026, 1, 5), "valid_from": dt.date(2026, 1, 10), "by": by,
    }  # fmt: skip
    first = actions.propose_adoption(**said)
    officer = f.AccountFactory(holds=[Role.CREDIT_OFFICER])
    with pytest.raises(ActionRefused, match="Say why"):
        actions.decline_adoption(adoption=first, reason=" ", by=officer)
    actions.decline_adoption(adoption=first, reason="文件未提及本规则", by=officer)
    with pytest.raises(ActionRefused, match="decided already"):
        actions.approve_adoption(adoption=first, by=officer)
    assert actions.propose_adoption(**said).pk != first.pk
