"""The machine proposes, a named examiner decides once, with reasons, and the person is told on paper."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from pypdf import PdfReader

from archive.models import Answer, Change, Decision, Notice, Proposal, Slip
from archive.vetoes import actions
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import MATTER, REASONS, adopt, check, examiner, heard, months_ago, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
CONFIRMED, LIFTED = Decision.Kind.CONFIRMED, Decision.Kind.LIFTED


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


@pytest.fixture
def answer(by: Account, owner: Account) -> Answer:
    on_file(owner.person, "TEA-02", document=months_ago(20))
    return check(owner.person, by)


def decide(answer: Answer, by: Account, kind: Decision.Kind = CONFIRMED, reasons: str = REASONS) -> Decision:
    """A confirmation after the person was told and let its days pass."""
    if kind == CONFIRMED and answer.awaits_decision and not Proposal.objects.filter(answer=answer).exists():
        heard(answer, answer.check_asked.account)
    return actions.decide(answer=answer, kind=kind, reasons=reasons, by=by)


def text_of(pdf: bytes) -> str:
    """All text of a PDF without the spaces that setting puts in."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


# Deciding


def test_a_confirmed_veto_is_told_with_a_slip_and_stands_in_the_trail(
    answer: Answer, by: Account, owner: Account
) -> None:
    decision = decide(answer, by)
    assert (decision.decided_by, decision.organisation, decision.person_id) == (by, by.organisation, owner.person_id)
    slip = Slip.objects.get(answer=answer)
    notice = Notice.objects.visible_to(owner).get(kind=Notice.Kind.VETO_CONFIRMED)
    assert (notice.about_type, notice.about_id) == ("slip", slip.pk)
    assert AuditEvent.objects.get(verb=Verb.VETO_CONFIRMED).actor_id == by.pk
    assert AuditEvent.objects.filter(verb=Verb.SLIP_ISSUED).exists()
    assert Change.objects.get(kind=Change.Kind.VETO_DECIDED).object_id == decision.pk


def test_a_lifted_proposal_leaves_no_slip_and_no_letter(answer: Answer, by: Account, owner: Account) -> None:
    decide(answer, by, LIFTED)
    assert not Slip.objects.exists()
    assert not Notice.objects.filter(kind=Notice.Kind.VETO_CONFIRMED).exists()
    assert AuditEvent.objects.filter(verb=Verb.VETO_LIFTED).exists()
    assert Change.objects.filter(kind=Change.Kind.VETO_DECIDED).exists()
    assert not Answer.objects.undecided().exists()


def test_what_needs_a_look_is_decided_in_the_same_way(by: Account) -> None:
    person = f.PersonFactory()
    adopt("V-GEN-05-ACCESS", by.organisation)
    on_file(person, "GEN-05")
    answer = check(person, by)
    assert answer.outcome == "review"
    decide(answer, by)
    assert "不符合办理上述事项的条件" in text_of(Slip.objects.get().read_pdf())


@pytest.mark.parametrize("reasons", ["", "  \n ", "不行。", "1234567"])
def test_without_reasons_in_a_sentence_nothing_is_decided(answer: Answer, by: Account, reasons: str) -> None:
    with pytest.raises(ActionRefused, match="reasons"):
        decide(answer, by, reasons=reasons)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("outcome", ["clear", "name_mismatch", "not_found"])
def test_where_no_obstacle_was_found_there_is_nothing_to_decide(by: Account, outcome: str) -> None:
    person = f.PersonFactory()
    changed = {"name_mismatch": {"name": "李四"}, "not_found": {"number": f.IdentityDocumentFactory.build().number}}
    answer = check(person, by, **changed.get(outcome, {}))
    assert answer.outcome == outcome
    with pytest.raises(ActionRefused, match="nothing to decide"):
        decide(answer, by)


def test_a_decision_is_made_once_and_a_change_of_mind_comes_before_it(answer: Answer, by: Account) -> None:
    """The first page only shows what will happen; after the second there is no way back, only contest."""
    client, address = sign_in(by), f"/check/answers/{answer.code}/decide/"
    shown = client.post(address, {"kind": "confirmed", "reasons": REASONS})
    assert (shown.status_code, REASONS in shown.content.decode()) == (200, True)
    assert not Decision.objects.exists()
    client.post(address, {"kind": "lifted", "reasons": REASONS, "confirmed": "1"})
    client.post(address, {"kind": "confirmed", "reasons": REASONS, "confirmed": "1"})
    assert Decision.objects.get().kind == LIFTED
    assert not Slip.objects.exists()


def test_what_was_decided_is_not_decided_again(answer: Answer, by: Account) -> None:
    decide(answer, by, LIFTED)
    with pytest.raises(ActionRefused, match="decided already"):
        decide(answer, by)


@pytest.mark.parametrize("statement", ["UPDATE archive_decision SET reasons = 'x'", "DELETE FROM archive_decision"])
def test_a_decision_cannot_be_changed_even_in_the_database(answer: Answer, by: Account, statement: str) -> None:
    decide(answer, by)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_findings_cannot_be_changed_and_a_decision_without_reasons_cannot_be(answer: Answer) -> None:
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        answer.findings.update(effect="NOTE")
    with pytest.raises(IntegrityError), transaction.atomic():
        f.DecisionFactory(answer=answer, reasons="")


def test_who_decides_is_an_examiner_of_the_body_that_asked(answer: Answer, by: Account) -> None:
    others = [examiner(), System("worker")]
    others += [f.AccountFactory(organisation=by.organisation, holds=[role]) for role in (Role.CLERK, Role.APPROVER)]
    for account in others:
        for kind in (CONFIRMED, LIFTED):
            with pytest.raises(PermissionDenied), transaction.atomic():
                decide(answer, account, kind)
    assert sign_in(others[0]).post(f"/check/answers/{answer.code}/decide/").status_code == 404
    assert not Decision.objects.exists()
    colleague = f.AccountFactory(organisation=by.organisation, holds=[Role.EXAMINER])
    assert decide(answer, colleague).decided_by == colleague


def test_where_the_person_cannot_be_told_there_is_no_decision(answer: Answer, by: Account, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON archive_notice FROM {settings.DATABASE_APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    with pytest.raises(DatabaseError, match="permission denied"):
        decide(answer, by)
    assert not Decision.objects.exists()
    assert not Slip.objects.exists()


def test_a_number_written_into_the_reasons_is_masked(answer: Answer, by: Account) -> None:
    decision = decide(answer, by, reasons=f"证件号码 {answer.number} 与原件一致，期限未满。")
    assert answer.number not in decision.reasons
    assert identity.mask(answer.number) in decision.reasons


# The slip


def test_the_slip_says_on_what_it_rests_until_when_and_what_can_be_done(answer: Answer, by: Account) -> None:
    decide(answer, by)
    slip, finding = Slip.objects.get(), answer.findings.get()
    text, last = text_of(slip.read_pdf()), finding.last_day
    for said in (
        slip.number,
        slip.verification_code,
        answer.name,
        identity.mask(answer.number),
        MATTER,
        REASONS,
        by.full_name,
        "V-TEA-1",
        "中华人民共和国教师法》",
        f"至{last.year}年{last.month}月{last.day}日止",
        "行政复议",
        "行政诉讼",
        "异议",
    ):
        assert re.sub(r"\s", "", said) in text
    assert re.search(r"教师法》第?14", text)
    number = answer.number
    assert number not in text
    assert number[6:14] not in text


def test_the_slip_of_a_bar_whose_display_is_over_tells_no_story(by: Account) -> None:
    person = f.PersonFactory()
    entry = on_file(person, "TEA-02", document=months_ago(58), severity="minor")
    decide(check(person, by), by)
    text = text_of(Slip.objects.get().read_pdf())
    assert entry.record.number in text
    assert "展示期已满" in text
    assert re.sub(r"\s", "", entry.document_number) not in text


def test_the_slip_goes_to_the_body_and_to_the_person_and_to_nobody_else(
    answer: Answer, by: Account, owner: Account
) -> None:
    decide(answer, by)
    slip, notice = Slip.objects.get(), Notice.objects.get(kind=Notice.Kind.VETO_CONFIRMED)
    for account, address in ((by, f"/check/answers/{answer.code}/slip/"), (owner, f"/my/slips/{notice.number}/")):
        response = sign_in(account).get(address)
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        assert response["Cache-Control"] == "private, no-store"
        assert slip.number in response["Content-Disposition"]
        assert response.content == slip.read_pdf()
    assert AuditEvent.objects.filter(verb=Verb.SLIP_DOWNLOADED).count() == 2
    stranger = f.AccountFactory(a_person=True)
    assert sign_in(examiner()).get(f"/check/answers/{answer.code}/slip/").status_code == 404
    assert sign_in(stranger).get(f"/my/slips/{notice.number}/").status_code == 404
    for account in (examiner(), stranger):
        with pytest.raises(PermissionDenied):
            actions.download_slip(slip=slip, by=account)


def test_the_stored_slip_is_ciphertext_and_is_not_sent_out_when_it_was_changed(answer: Answer, by: Account) -> None:
    decide(answer, by)
    slip = Slip.objects.get()
    with open(slip.pdf.path, "rb") as file:
        assert b"%PDF" not in file.read()
    Slip.objects.update(sha256="0" * 64)
    with pytest.raises(ValueError, match="not the one that was issued"):
        actions.download_slip(slip=Slip.objects.get(), by=by)
