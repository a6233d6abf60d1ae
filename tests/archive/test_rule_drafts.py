"""A rule in the making: written, compiled, rehearsed, proposed, approved by a second person, in force from its day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from archive.models import RuleDraft, RuleVersion
from archive.vetoes import actions, loader
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import check, examiner, on_file
from tests.factories.rules import WRITTEN
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORKER = System("test")


def english(account: Account) -> Client:
    client = sign_in(account)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def officer() -> Account:
    return f.AccountFactory(holds=[Role.CREDIT_OFFICER])


@pytest.fixture
def second() -> Account:
    return f.AccountFactory(holds=[Role.CREDIT_OFFICER])


def written(**changed: Any) -> dict[str, Any]:
    return {**WRITTEN, "status": "on", **changed}


def drafted(officer: Account, **changed: Any) -> RuleDraft:
    return actions.draft_rule(written=written(**changed), based_on=None, by=officer)


def rehearsed(draft: RuleDraft, officer: Account) -> RuleDraft:
    asked = actions.ask_for_rehearsal(draft=draft, by=officer)
    actions.run_rehearsal(rehearsal_id=asked.pk, by=WORKER)
    asked.refresh_from_db()
    assert asked.state == "done", asked.error
    return draft


def proposed(officer: Account, *, day: dt.date | None = None, **changed: Any) -> RuleDraft:
    draft = rehearsed(drafted(officer, **changed), officer)
    return actions.propose_rule(
        draft=draft, valid_from=day or timezone.localdate(), document="示例信用办〔2026〕1号", by=officer
    )


def test_a_drafted_rule_holds_from_the_moment_of_its_approval_and_earlier_answers_stay(
    officer: Account, second: Account
) -> None:
    by, person = examiner(event="award"), f.PersonFactory()
    on_file(person, "GEN-05")
    ask = {"event": "award"}
    assert check(person, by, **ask).outcome == "clear"
    draft = proposed(officer, events=["award"], clause=[{**WRITTEN["clause"][0], "items": ["GEN-05"]}])
    assert check(person, by, **ask).outcome == "clear", "a proposal bars nobody"
    version = actions.approve_rule(draft=draft, seen=draft.fingerprint, by=second)
    answer = check(person, by, **ask)
    assert (answer.outcome, answer.findings.get().rule) == ("veto", version)
    assert AuditEvent.objects.filter(verb=Verb.RULE_APPROVED, details__rule="V-TEA-90").count() == 1


def test_from_a_later_day_the_old_version_holds_until_then(officer: Account, second: Account) -> None:
    rule = RuleVersion.objects.current().get(code="V-TEA-1")
    text = rule.as_written()
    text["note_en"] = "Another note"
    draft = actions.draft_rule(written=text, based_on=rule, by=officer)
    rehearsed(draft, officer)
    day = timezone.localdate() + 10 * DAY
    actions.propose_rule(draft=draft, valid_from=day, document="示例信用办〔2026〕2号", by=officer)
    new = actions.approve_rule(draft=draft, seen=draft.fingerprint, by=second)
    rule.refresh_from_db()
    assert (new.version, new.valid_from, rule.valid_to) == (rule.version + 1, rule.valid_to, new.valid_from)
    assert timezone.localdate(new.valid_from) == day
    assert list(RuleVersion.objects.in_force_at(timezone.now()).filter(code="V-TEA-1")) == [rule]
    assert list(RuleVersion.objects.in_force_at(timezone.now() + 11 * DAY).filter(code="V-TEA-1")) == [new]
    assert new.as_written()["clause"] == rule.as_written()["clause"]


def test_who_drafted_it_does_not_approve_it_and_the_database_says_so_too(officer: Account) -> None:
    draft = proposed(officer)
    with pytest.raises(ActionRefused, match="second person"):
        actions.approve_rule(draft=draft, seen=draft.fingerprint, by=officer)
    with pytest.raises(IntegrityError, match="rule_draft_second_person"), transaction.atomic():
        RuleDraft.objects.filter(pk=draft.pk).update(approved_by=officer)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CREDIT_OFFICER, Role.PERSON}))
def test_only_credit_officers_write_rules(role: str) -> None:
    with pytest.raises(PermissionDenied):
        drafted(f.AccountFactory(holds=[Role(role)]))


def test_what_the_compiler_refuses_is_neither_rehearsed_nor_proposed(officer: Account) -> None:
    draft = drafted(officer, bases=[{"code": "NO-LAW"}])
    with pytest.raises(ActionRefused, match="legal basis"):
        actions.ask_for_rehearsal(draft=draft, by=officer)
    with pytest.raises(ActionRefused, match="legal basis"):
        actions.propose_rule(draft=draft, valid_from=timezone.localdate(), document="x", by=officer)


def test_a_law_that_fell_between_proposal_and_approval_stops_it(officer: Account, second: Account) -> None:
    draft = proposed(officer)
    RuleDraft.objects.filter(pk=draft.pk).update(written={**draft.written, "bases": [{"code": "NO-LAW"}]})
    draft.refresh_from_db()
    with pytest.raises(ActionRefused, match="legal basis"):
        actions.approve_rule(draft=draft, seen=draft.fingerprint, by=second)


def test_the_text_that_is_proposed_is_the_text_that_was_rehearsed(officer: Account) -> None:
    draft = drafted(officer)
    with pytest.raises(ActionRefused, match="Rehearse this text first"):
        actions.propose_rule(draft=draft, valid_from=timezone.localdate(), document="x", by=officer)
    rehearsed(draft, officer)
    draft = actions.change_draft(draft=draft, written=written(name_en="Other"), by=officer)
    with pytest.raises(ActionRefused, match="Rehearse this text first"):
        actions.propose_rule(draft=draft, valid_from=timezone.localdate(), document="x", by=officer)


def test_a_rule_never_works_back(officer: Account) -> None:
    draft = rehearsed(drafted(officer), officer)
    with pytest.raises(ActionRefused, match="never works back"):
        actions.propose_rule(draft=draft, valid_from=timezone.localdate() - DAY, document="x", by=officer)


def test_the_text_that_is_approved_is_the_text_that_was_shown(officer: Account, second: Account) -> None:
    draft = proposed(officer)
    with pytest.raises(ActionRefused, match="has changed"):
        actions.approve_rule(draft=draft, seen="0" * 64, by=second)


def test_a_version_made_meanwhile_stops_the_approval(officer: Account, second: Account) -> None:
    rule = RuleVersion.objects.current().get(code="V-TEA-1")
    draft = actions.draft_rule(written=rule.as_written(), based_on=rule, by=officer)
    rehearsed(draft, officer)
    actions.propose_rule(draft=draft, valid_from=timezone.localdate(), document="x", by=officer)
    actions.cut_rule(rule=rule, bases=rule.bases, clauses=rule.clauses[:1], document="x", by=second)
    with pytest.raises(ActionRefused, match="another version meanwhile"):
        actions.approve_rule(draft=draft, seen=draft.fingerprint, by=second)


def test_it_can_be_given_back_changed_and_dropped(officer: Account, second: Account) -> None:
    draft = proposed(officer)
    draft = actions.return_draft(draft=draft, reason="条文不对", by=second)
    assert (draft.state, draft.returned_reason) == ("drafted", "条文不对")
    draft = actions.drop_draft(draft=draft, by=officer)
    with pytest.raises(ActionRefused, match="moved on"):
        actions.propose_rule(draft=draft, valid_from=timezone.localdate(), document="x", by=officer)
    assert drafted(officer).pk != draft.pk, "the code is free again"


def test_one_open_draft_a_rule(officer: Account) -> None:
    drafted(officer)
    with pytest.raises(ActionRefused, match="already"):
        drafted(officer)
    with pytest.raises(ActionRefused, match="has this code already"):
        drafted(officer, code="V-TEA-1")


def test_an_upgrade_of_the_data_leaves_rules_that_were_drafted_here(officer: Account, second: Account) -> None:
    draft = proposed(officer)
    version = actions.approve_rule(draft=draft, seen=draft.fingerprint, by=second)
    assert actions.load_rules(data=loader.read(), by=WORKER) == []
    version.refresh_from_db()
    assert version.valid_to is None


# On the screen


def form(**changed: Any) -> dict[str, Any]:
    return {
        "code": "V-TEA-91", "name_zh": "示例", "name_en": "Sample", "groups": ["TEA"], "events": ["access"], "effect": "BLOCK",
        "status": "off", "note_zh": "", "note_en": "", "post": "",
        "bases-TOTAL_FORMS": "1", "bases-INITIAL_FORMS": "0", "bases-0-basis": "TEACHERS-LAW", "bases-0-articles": "14",
        "clauses-TOTAL_FORMS": "2", "clauses-INITIAL_FORMS": "0", "clauses-0-items": "TEA-02, tea-03", "clauses-0-term": "months",
        "clauses-0-term_months": "60", "clauses-0-start": "document", "clauses-0-severities": ["serious"], "clauses-0-least": "2",
        "clauses-0-within_months": "36", "clauses-1-items": "", **changed,
    }  # fmt: skip


def test_an_officer_writes_a_rule_on_the_screen(officer: Account) -> None:
    client = english(officer)
    assert client.get("/rules/drafts/new/").status_code == 200
    answer = client.post("/rules/drafts/new/", form())
    draft = RuleDraft.objects.get()
    assert answer.url == f"/rules/drafts/{draft.code}/"
    assert draft.written["clause"] == [
        {"items": ["TEA-02", "TEA-03"], "term": "P60M", "from": "document", "why_zh": "", "why_en": "",
         "severities": ["serious"], "least": 2, "within": "P36M"}
    ]  # fmt: skip
    page = client.get(answer.url).content.decode()
    assert "It compiles" in page
    again = client.get(f"/rules/drafts/{draft.code}/edit/").content.decode()
    assert "TEA-02 TEA-03" in again
    changed = form(**{"clauses-0-items": "TEA-*"})
    assert client.post(f"/rules/drafts/{draft.code}/edit/", changed).status_code == 302
    draft.refresh_from_db()
    assert {"TEA-01", "TEA-02", "TEA-07"} <= set(draft.written["clause"][0]["items"])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "tea 1!"}, "Capital letters"),
        ({"clauses-0-term_months": ""}, "Say for how many months"),
        ({"clauses-0-items": "ZZZ-*"}, "no domain"),
        ({"groups": []}, "required"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_there(officer: Account, changed: dict[str, Any], sentence: str) -> None:
    answer = english(officer).post("/rules/drafts/new/", form(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not RuleDraft.objects.exists()


def test_the_page_names_all_that_the_compiler_refuses(officer: Account) -> None:
    client = english(officer)
    answer = client.post("/rules/drafts/new/", form(**{"groups": ["TAX"], "clauses-0-severities": ["minor"]}))
    page = client.get(answer.url).content.decode()
    assert "attest a level and bar no access" in page
    assert "three minor ones make no general one" in page
    assert "Propose it" not in page


TOML = """
[[rule]]
code = "V-TEA-92"
name_zh = "示例"
name_en = "Sample"
groups = ["TEA"]
events = ["access"]
effect = "BLOCK"
bases = [ { code = "TEACHERS-LAW", articles = "14" } ]

[[rule.clause]]
items = ["TEA-02"]
term = "P5Y"
from = "document"
%s
"""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("", "It compiles"),
        ("relative = true", "own conduct"),
        ("disputed = true", "in dispute"),
        ("points = 60", "Points veto"),
    ],
)
def test_a_rule_may_come_as_a_file_and_is_compiled_like_any(officer: Account, more: str, sentence: str) -> None:
    client = english(officer)
    file = SimpleUploadedFile("rule.toml", (TOML % more).encode())
    answer = client.post("/rules/drafts/new/", {"by_file": "1", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    assert sentence in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"[[rule", b"a = 1", b"[[rule]]\ncode='X-1'\n[[rule]]\ncode='X-2'", b"rule = 3"]
)
def test_a_file_that_is_no_rule_is_refused_with_a_sentence(officer: Account, data: bytes) -> None:
    answer = english(officer).post("/rules/drafts/new/", {"by_file": "1", "file": SimpleUploadedFile("r.toml", data)})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode() or "file" in answer.content.decode()
    assert not RuleDraft.objects.exists()


def test_the_whole_road_on_the_screen(
    officer: Account, second: Account, django_capture_on_commit_callbacks: Any
) -> None:
    mine, other = english(officer), english(second)
    url = mine.post("/rules/drafts/new/", form()).url
    draft = RuleDraft.objects.get()
    mine.post(f"{url}rehearse/")
    actions.run_rehearsal(rehearsal_id=draft.rehearsals.get().pk, by=WORKER)
    assert "Propose it" in mine.get(url).content.decode()
    mine.post(f"{url}propose/", {"valid_from": timezone.localdate().isoformat(), "document": "示例信用办〔2026〕1号"})
    assert mine.post(f"{url}approve/", {"agreed": "on", "seen": draft.fingerprint}).status_code == 302
    assert RuleDraft.objects.get().state == "proposed", "the drafter cannot"
    assert other.post(f"{url}approve/", {"seen": draft.fingerprint}).status_code == 422
    other.post(f"{url}approve/", {"agreed": "on", "seen": draft.fingerprint})
    assert RuleDraft.objects.get().state == "approved"
    assert "V-TEA-91" in other.get("/rules/V-TEA-91/").content.decode()
