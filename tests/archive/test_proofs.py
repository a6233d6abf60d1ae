"""Proofs without content: that a check was made, and that nothing bars a person from one event."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from archive.models import Certificate, CheckFact, CheckProof, QueryLine, VerificationUse
from archive.reports.verify import Verdict, look_up, look_up_file
from archive.vetoes import actions
from archive.vetoes.models import Contest
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.common.vocabulary import Event, Group
from profiles.models import Account
from tests import factories as f
from tests.archive import demo_lists
from tests.archive.checking import MATTER, check, confirmed, examiner, months_ago, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
READER = System("verification")
DAY = dt.timedelta(days=1)


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


@pytest.fixture
def certificate(owner: Account) -> Certificate:
    made = actions.certify(group=Group.TEA, event=Event.ACCESS, reader="示例学校", days=30, by=owner)
    assert made is not None
    return made


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


# Of a check


def test_the_proof_says_who_checked_how_many_when_and_by_which_rules_and_names_nobody(by: Account) -> None:
    people = [f.PersonFactory() for _person in range(3)]
    on_file(people[1], "TEA-02")
    data = demo_lists.sheet(*[(person.name, person.identities.get().number) for person in people])
    asked = demo_lists.answer(demo_lists.upload(data, by=by))
    proof = actions.prove_check(check=asked, by=by)
    text = text_of(actions.download_proof(proof=proof, by=by))
    for said in (
        proof.number,
        asked.code,
        by.organisation.name,
        asked.matter_number,
        "对3人次",
        "V-TEA-1",
        proof.rules_hash,
    ):
        assert re.sub(r"\s", "", said) in text
    for person in people:
        assert person.name not in text
        assert person.identities.get().masked not in text
    for outcome in ("一票否决", "通过", "无障碍"):
        assert outcome not in text
    assert actions.prove_check(check=asked, by=by) == proof
    assert AuditEvent.objects.filter(verb__in=[Verb.CHECK_PROVED, Verb.PROOF_DOWNLOADED]).count() == 2


def test_anybody_can_verify_the_proof_by_code_and_by_file(by: Account) -> None:
    proof = actions.prove_check(check=check(f.PersonFactory(), by).check_asked, by=by)
    by_code = look_up(typed=proof.verification_code, by=READER)
    by_file = look_up_file(data=proof.read_pdf(), by=READER)
    assert by_code == by_file
    assert (by_code.verdict, by_code.number, by_code.identity_tail) == (Verdict.VALID, proof.number, "")
    page = Client().get(f"/verify/{proof.verification_code}/").content.decode()
    assert proof.number in page


def test_another_body_has_no_proof_of_this_check(by: Account) -> None:
    asked = check(f.PersonFactory(), by).check_asked
    with pytest.raises(PermissionDenied):
        actions.prove_check(check=asked, by=examiner())
    unanswered = f.CheckFactory(organisation=by.organisation, known_at=None, day=None)
    with pytest.raises(ActionRefused, match="not been answered"):
        actions.prove_check(check=unanswered, by=by)
    assert not CheckProof.objects.exists()


# Of a person


def test_the_certificate_says_yes_for_one_event_and_nothing_of_the_archive(
    certificate: Certificate, owner: Account
) -> None:
    text = text_of(actions.download_certificate(certificate=certificate, by=owner))
    number = owner.person.identities.get().number
    for said in (certificate.number, owner.person.name, "示例学校", "V-TEA-1", certificate.rules_hash, "未发现"):
        assert re.sub(r"\s", "", said) in text
    assert number not in text
    line = QueryLine.objects.get(person_id=owner.person_id)
    assert (line.purpose, line.basis, line.answer, line.event) == ("own_certificate", "self", "clear", "access")


def test_what_no_rule_of_law_touches_does_not_stand_in_the_way(owner: Account) -> None:
    on_file(owner.person, "GEN-13")
    assert actions.certify(group=Group.TEA, event=Event.ACCESS, days=1, by=owner) is not None


def test_where_something_bars_nothing_is_issued_and_the_question_is_registered(owner: Account) -> None:
    on_file(owner.person, "TEA-02", document=months_ago(20))
    page = sign_in(owner).post("/my/certificates/", {"group": "TEA", "event": "access", "days": "30"})
    assert page.status_code == 200
    assert not Certificate.objects.exists()
    assert QueryLine.objects.get(person_id=owner.person_id).answer == "veto"
    assert AuditEvent.objects.filter(verb=Verb.CERTIFICATE_REFUSED).exists()


@pytest.mark.parametrize("days", [0, 91, -5])
def test_its_end_lies_between_one_and_ninety_days(owner: Account, days: int) -> None:
    with pytest.raises(ActionRefused, match="1 and 90"):
        actions.certify(group=Group.TEA, event=Event.ACCESS, days=days, by=owner)


def test_its_owner_sees_each_use_and_ends_it(certificate: Certificate, owner: Account) -> None:
    assert look_up(typed=certificate.verification_code, by=READER).verdict == Verdict.VALID
    assert VerificationUse.objects.get().code == certificate.verification_code
    page = sign_in(owner).get(f"/my/certificates/{certificate.number}/").content.decode()
    assert certificate.verification_code in page
    sign_in(owner).post(f"/my/certificates/{certificate.number}/end/")
    assert look_up(typed=certificate.verification_code, by=READER).verdict == Verdict.ENDED
    with pytest.raises(PermissionDenied):
        actions.end_certificate(certificate=certificate, by=f.AccountFactory(a_person=True))


def test_after_its_last_day_it_is_expired(certificate: Certificate) -> None:
    today = timezone.localdate()
    assert certificate.valid_until == today + 30 * DAY
    Certificate.objects.update(day=today - 40 * DAY, valid_until=today - DAY)
    assert look_up(typed=certificate.verification_code, by=READER).verdict == Verdict.EXPIRED


def test_a_new_entry_that_bars_replaces_it_at_once_and_for_good(certificate: Certificate, owner: Account) -> None:
    on_file(owner.person, "GEN-13")
    assert look_up(typed=certificate.verification_code, by=READER).verdict == Verdict.VALID
    on_file(owner.person, "TEA-02")
    assert look_up(typed=certificate.verification_code, by=READER).verdict == Verdict.REPLACED
    assert AuditEvent.objects.filter(verb=Verb.CERTIFICATE_REPLACED).count() == 1
    CheckFact.objects.filter(person_id=owner.person_id).update(known_until=timezone.now())
    assert look_up(typed=certificate.verification_code, by=READER).verdict == Verdict.REPLACED


def test_another_entry_of_a_joined_archive_counts_too(certificate: Certificate, owner: Account) -> None:
    """One person under two numbers: what stands under the other one bars as well."""
    merge = f.PersonMergeFactory(kept=owner.person, merged=f.PersonFactory(), carried_out=True)
    on_file(merge.merged, "TEA-02")
    assert look_up(typed=certificate.verification_code, by=READER).verdict == Verdict.REPLACED


# Of a slip


def test_a_slip_whose_decision_was_withdrawn_is_withdrawn(by: Account, owner: Account) -> None:
    on_file(owner.person, "TEA-02")
    answer = check(owner.person, by)
    decision = confirmed(answer, by)
    code = answer.slip.verification_code
    assert look_up(typed=code, by=READER).verdict == Verdict.VALID
    contest = actions.contest(decision=decision, text="文书已被撤销。", by=owner)
    second = f.AccountFactory(organisation=by.organisation, holds=[Role.EXAMINER])
    actions.review_contest(contest=contest, outcome=Contest.Outcome.WITHDRAWN, reasons="已核实文书撤销。", by=second)
    assert look_up(typed=code, by=READER).verdict == Verdict.WITHDRAWN
    assert MATTER not in Client().get(f"/verify/{code}/").content.decode()
