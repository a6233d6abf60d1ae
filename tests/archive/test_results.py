"""The result of a list as a workbook that does not last, and the list itself, that goes after its period."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from python_calamine import CalamineWorkbook

from archive.intake.models import Batch
from archive.models import Answer, Check, Decision, FindingRow, QueryLine, ResultFile
from archive.vetoes import actions
from archive.vetoes.asking import as_given, findings_again
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.common.storage import private_storage
from profiles.models import Account
from tests import factories as f
from tests import numbers
from tests.archive import demo_lists
from tests.archive.checking import REASONS, adopt, examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WORKER = System("test")
DAY = dt.timedelta(days=1)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def asked(by: Account) -> Check:
    """Barred, needs a look, clear, listed twice, another name, not found, no number."""
    barred, looked, clear = (f.PersonFactory() for _person in range(3))
    adopt("V-GEN-05-ACCESS", by.organisation)
    on_file(barred, "TEA-02")
    on_file(looked, "GEN-05")
    rows = [(person.name, person.identities.get().number) for person in (barred, looked, clear)]
    rows += [rows[2], ("李四四", rows[1][1]), ("赵无人", numbers.resident()), ("钱无号", "123")]
    return demo_lists.answer(demo_lists.upload(demo_lists.sheet(*rows), by=by))


def made(asked: Check, by: Account) -> ResultFile:
    result = actions.request_result(check=asked, by=by)
    actions.make_result(result_id=result.pk, by=WORKER)
    result.refresh_from_db()
    return result


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_one_sheet_an_outcome_with_reasons_rule_articles_and_end(asked: Check, by: Account) -> None:
    made(asked, by)
    book = sheets(actions.take_result(check=asked, by=by))
    assert list(book) == [
        "Summary", "Clear", "Needs a look", "Veto", "Not found", "Name does not match", "Number cannot be read",
    ]  # fmt: skip
    assert {name: len(rows) - 1 for name, rows in book.items()} == {
        "Summary": len(book["Summary"]) - 1, "Clear": 2, "Needs a look": 1, "Veto": 1, "Not found": 1,
        "Name does not match": 1, "Number cannot be read": 1,
    }  # fmt: skip
    answer = asked.answers.get(outcome="veto")
    row, name, number, reasons, rule, articles, until, decision = book["Veto"][1][:8]
    assert (int(row), name, number) == (answer.row, answer.name, identity.mask(answer.number))
    finding = answer.findings.select_related("rule").get()
    assert "V-TEA-1 v1" in rule
    assert "14" in articles
    assert str(finding.last_day.year) in until
    assert "Record R-" in reasons
    assert decision == "open"
    assert book["Clear"][2][8] == f"same person as row {int(book['Clear'][1][0])}"
    assert book["Number cannot be read"][1][8]
    everything = str(book)
    assert answer.number not in everything


def test_the_file_is_ciphertext_goes_after_seven_days_and_is_made_again(asked: Check, by: Account) -> None:
    result = made(asked, by)
    assert (result.state, result.rows_done) == ("done", 7)
    assert result.expires_at is not None
    assert dt.timedelta(days=6, hours=23) < result.expires_at - timezone.now() <= 7 * DAY
    path = private_storage().path(result.file.name)
    with open(path, "rb") as file:
        assert not file.read(2).startswith(b"PK")
    actions.take_result(check=asked, by=by)
    assert AuditEvent.objects.filter(verb=Verb.RESULT_DOWNLOADED).count() == 1
    assert actions.expire_results(by=WORKER) == 0
    ResultFile.objects.update(expires_at=timezone.now() - DAY)
    with pytest.raises(ActionRefused, match="expired"):
        actions.take_result(check=asked, by=by)
    assert actions.expire_results(by=WORKER) == 1
    assert actions.expire_results(by=WORKER) == 0
    with pytest.raises(ActionRefused, match="Have it made"):
        actions.take_result(check=asked, by=by)
    again = made(asked, by)
    assert (again.pk, again.state) == (result.pk, "done")


def test_the_expired_file_is_gone_from_the_disk(
    asked: Check, by: Account, django_capture_on_commit_callbacks: Any
) -> None:
    result = made(asked, by)
    name = result.file.name
    ResultFile.objects.update(expires_at=timezone.now() - DAY)
    with django_capture_on_commit_callbacks(execute=True):
        actions.expire_results(by=WORKER)
    assert not private_storage().exists(name)


def test_a_worker_that_was_lost_three_times_is_not_tried_for_ever(asked: Check, by: Account) -> None:
    result = actions.request_result(check=asked, by=by)
    ResultFile.objects.update(attempts=3)
    actions.make_result(result_id=result.pk, by=WORKER)
    result.refresh_from_db()
    assert (result.state, result.file.name) == ("failed", "")
    actions.make_result(result_id=result.pk, by=WORKER)
    assert made(asked, by).state == "done"


def test_the_page_offers_makes_and_gives_it_and_no_other_body_has_it(asked: Check, by: Account) -> None:
    client, page = sign_in(by), f"/check/{asked.code}/"
    client.cookies["django_language"] = "en"
    assert "Make the workbook" in client.get(page, headers=ENGLISH).content.decode()
    client.post(f"{page}result/", headers=ENGLISH)
    waiting = client.get(page, headers=ENGLISH).content.decode()
    assert "hx-trigger" in waiting
    actions.make_result(result_id=ResultFile.objects.get().pk, by=WORKER)
    assert "Download the workbook" in client.get(page, headers=ENGLISH).content.decode()
    response = client.get(f"{page}result/", headers=ENGLISH)
    assert response.content[:2] == b"PK"
    assert asked.code in response["Content-Disposition"]
    other = examiner()
    for act in (actions.request_result, actions.take_result):
        with pytest.raises(PermissionDenied):
            act(check=asked, by=other)


# The list itself


def old(asked: Check, days: int) -> None:
    Check.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - days * DAY)


def test_after_its_period_names_numbers_rows_and_file_go_and_the_rest_stays(
    asked: Check, by: Account, django_capture_on_commit_callbacks: Any
) -> None:
    decided = asked.answers.get(outcome="review")
    actions.decide(answer=decided, kind=Decision.Kind.LIFTED, reasons="文书编号核对有误，不成立。", by=by)
    made(asked, by)
    batch = Batch.objects.get(pk=asked.batch_id)
    file, lines, findings = batch.file.name, QueryLine.objects.count(), FindingRow.objects.count()
    old(asked, 179)
    assert actions.erase_lists(by=WORKER) == 0
    old(asked, 180)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.erase_lists(by=WORKER) == 1
    assert actions.erase_lists(by=WORKER) == 0
    batch.refresh_from_db()
    assert (batch.rows.count(), batch.file.name, batch.survey) == (0, "", None)
    assert not private_storage().exists(file)
    kept = {answer.pk: (answer.name, answer.number) for answer in asked.answers.all()}
    assert kept.pop(decided.pk) == (decided.name, decided.number)
    assert set(kept.values()) == {("", "")}
    after = demo_lists.again(asked)
    assert (after.counts, after.list_erased_on) == (asked.counts, timezone.localdate())
    assert (QueryLine.objects.count(), FindingRow.objects.count()) == (lines, findings)
    assert ResultFile.objects.get().state == "expired"
    assert AuditEvent.objects.filter(verb__in=[Verb.LIST_ERASED, Verb.BATCH_ERASED]).count() == 2


def test_who_was_told_of_a_proposal_keeps_its_name_and_can_still_be_decided(asked: Check, by: Account) -> None:
    answer = asked.answers.get(outcome="veto")
    actions.propose(answer=answer, reasons=REASONS, by=by)
    old(asked, 400)
    actions.erase_lists(by=WORKER)
    assert Answer.objects.get(pk=answer.pk).name == answer.name
    assert actions.decide(answer=answer, kind=Decision.Kind.LIFTED, reasons=REASONS, by=by)


def test_who_is_being_recalled_keeps_its_name_until_that_is_settled(asked: Check, by: Account) -> None:
    answer = asked.answers.get(outcome="veto")
    recalled = f.RecallTaskFactory(answer=answer, organisation=by.organisation)
    old(asked, 400)
    actions.erase_lists(by=WORKER)
    assert Answer.objects.get(pk=answer.pk).number == answer.number
    other = asked.answers.get(outcome="review")
    type(recalled).objects.update(answer=other)
    with pytest.raises(ActionRefused, match="Check this person anew"):
        actions.recheck(recalled=recalled, by=by)


def test_what_was_erased_is_checked_anew_and_not_decided(asked: Check, by: Account) -> None:
    old(asked, 400)
    actions.erase_lists(by=WORKER)
    answer = asked.answers.get(outcome="veto")
    with pytest.raises(ActionRefused, match="Check this person anew"):
        actions.propose(answer=answer, reasons=REASONS, by=by)
    with pytest.raises(ActionRefused, match="deleted"):
        actions.request_result(check=demo_lists.again(asked), by=by)
    for page in (f"/check/answers/{answer.code}/", f"/check/{asked.code}/"):
        assert sign_in(by).get(page).status_code == 200


def test_an_erased_list_is_replayed_by_its_persons(asked: Check, by: Account) -> None:
    """The findings come again "as known then", without a name or a number."""
    old(asked, 400)
    actions.erase_lists(by=WORKER)
    after = demo_lists.again(asked)
    for answer in after.answers.filter(outcome__in=["clear", "review", "veto"]):
        on_file(f.PersonFactory(), "TEA-03")
        stored = [
            (row.rule_id, row.clause, row.entry_id, row.effect, row.until, row.doubt) for row in answer.findings.all()
        ]
        again = findings_again(answer, day=after.day, known_at=after.known_at)
        assert as_given(again) == stored
        assert bool(stored) == (answer.outcome != "clear")


def test_a_body_may_set_another_period(asked: Check) -> None:
    f.JurisdictionFactory(code="short", settings={"check_list_days": {"value": 30}})
    type(asked.organisation).objects.filter(pk=asked.organisation_id).update(jurisdiction="short")
    old(asked, 31)
    assert actions.erase_lists(by=WORKER) == 1


def test_a_list_that_was_never_confirmed_goes_too(by: Account) -> None:
    asked = demo_lists.upload(demo_lists.sheet(("王五", numbers.resident())), by=by)
    old(asked, 180)
    assert actions.erase_lists(by=WORKER) == 1
    assert not Batch.objects.get(pk=asked.batch_id).rows.exists()
