"""Nobody is barred unheard: proposed, told, heard, read, then decided; contested once, reviewed by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from archive.desk.queries import tiles
from archive.models import (
    Answer,
    CalendarDay,
    CalendarYear,
    CheckFact,
    Contest,
    Decision,
    Delivery,
    Notice,
    Proposal,
    ProposalStatement,
    Slip,
)
from archive.vetoes import actions
from archive.vetoes.deciding import contest_until
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import REASONS, check, confirmed, examiner, heard, months_ago, on_file
from tests.archive.workers import Worker, notices_locked
from tests.world import sign_in

pytestmark = pytest.mark.django_db
CONFIRMED, LIFTED = Decision.Kind.CONFIRMED, Decision.Kind.LIFTED
DAY = dt.timedelta(days=1)


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def colleague(by: Account) -> Account:
    return f.AccountFactory(organisation=by.organisation, holds=[Role.EXAMINER])


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


@pytest.fixture
def answer(by: Account, owner: Account) -> Answer:
    on_file(owner.person, "TEA-02", document=months_ago(20))
    return check(owner.person, by)


@pytest.fixture
def proposal(answer: Answer, by: Account) -> Proposal:
    return actions.propose(answer=answer, reasons=REASONS, by=by)


def confirm(answer: Answer, by: Account) -> Decision:
    return actions.decide(answer=answer, kind=CONFIRMED, reasons=REASONS, by=by)


# The proposal


def test_the_person_is_told_what_was_found_by_which_rule_and_article_and_why(
    proposal: Proposal, answer: Answer, owner: Account
) -> None:
    notice = Notice.objects.visible_to(owner).get(kind="veto_proposed")
    entry = answer.findings.get()
    for said in (REASONS, "V-TEA-1", "教师法 第14", answer.check_asked.matter_number):
        assert said in notice.body_zh
    assert str(entry.rule.version) in notice.body_zh
    assert notice.respond_until == proposal.last_day
    assert answer.number not in notice.body_zh + notice.body_en
    assert AuditEvent.objects.filter(verb=Verb.VETO_PROPOSED).exists()


def test_the_window_is_three_working_days_after_the_day_of_service(proposal: Proposal) -> None:
    """The shipped default; the day itself does not count (Civil Code 201)."""
    assert proposal.served_on == timezone.localdate()
    assert proposal.window_days == 3
    assert proposal.last_day is not None
    assert proposal.last_day >= proposal.served_on + 3 * DAY


def test_nothing_is_confirmed_unproposed(answer: Answer, by: Account) -> None:
    with pytest.raises(ActionRefused, match="Propose it first"):
        confirm(answer, by)
    assert not Slip.objects.exists()


def test_within_the_window_a_silent_person_is_waited_for(proposal: Proposal, answer: Answer, by: Account) -> None:
    with pytest.raises(ActionRefused, match="may still answer until"):
        confirm(answer, by)
    Proposal.objects.update(decidable_from=timezone.localdate() + DAY)
    with pytest.raises(ActionRefused, match="may still answer until"):
        confirm(answer, by)
    Proposal.objects.update(decidable_from=timezone.localdate())
    assert confirm(answer, by).kind == CONFIRMED


def test_who_waives_need_not_wait(proposal: Proposal, answer: Answer, by: Account, owner: Account) -> None:
    actions.waive(proposal=proposal, by=owner)
    actions.waive(proposal=proposal, by=owner)
    assert AuditEvent.objects.filter(verb=Verb.PROPOSAL_WAIVED).count() == 1
    assert confirm(answer, by).kind == CONFIRMED


def test_what_the_person_says_is_read_before_the_decision(
    proposal: Proposal, answer: Answer, by: Account, owner: Account
) -> None:
    actions.state(proposal=proposal, text="处分已经解除。", by=owner)
    with pytest.raises(ActionRefused, match="Read it"):
        confirm(answer, by)
    assert actions.note_statements_read(proposal=proposal, by=by) == 1
    statement = ProposalStatement.objects.get()
    assert (statement.read_by, statement.person_id) == (by, owner.person_id)
    assert AuditEvent.objects.filter(verb=Verb.PROPOSAL_STATEMENT_READ).exists()
    assert confirm(answer, by).kind == CONFIRMED
    with pytest.raises(ActionRefused, match="decided already"):
        actions.state(proposal=proposal, text="还有。", by=owner)


def test_lifting_needs_no_window_and_a_person_that_was_told_is_told_again(
    proposal: Proposal, answer: Answer, by: Account, owner: Account
) -> None:
    actions.decide(answer=answer, kind=LIFTED, reasons="文书已被撤销，不成立。", by=by)
    notice = Notice.objects.visible_to(owner).get(kind="veto_lifted")
    assert "文书已被撤销" in notice.body_zh


def test_who_has_no_account_is_waited_for_until_the_letter_was_handed_over(by: Account) -> None:
    person = f.PersonFactory()
    on_file(person, "TEA-02")
    answer = check(person, by)
    proposal = actions.propose(answer=answer, reasons=REASONS, by=by)
    assert proposal.decidable_from is None
    with pytest.raises(ActionRefused, match="Hand the letter over"):
        confirm(answer, by)
    notice, code = actions.print_letter(about=proposal, by=by)
    assert (notice.kind, len(code)) == ("veto_proposed", 14)
    assert Delivery.objects.filter(channel="paper", notice__kind="veto_proposed").exists()
    for day, said in ((timezone.localdate() + DAY, "future"), (timezone.localdate() - DAY, "before the notice")):
        with pytest.raises(ActionRefused, match=said):
            actions.serve_proposal(proposal=proposal, served_on=day, by=by)
    served = actions.serve_proposal(proposal=proposal, served_on=timezone.localdate(), by=by)
    assert Notice.objects.get(kind="veto_proposed").respond_until == served.last_day
    with pytest.raises(ActionRefused, match="served already"):
        actions.serve_proposal(proposal=proposal, served_on=timezone.localdate(), by=by)
    Proposal.objects.update(decidable_from=timezone.localdate())
    assert confirm(answer, by).kind == CONFIRMED


def test_the_days_to_contest_of_who_has_no_account_run_from_the_day_on_which_the_slip_was_handed_over(
    by: Account,
) -> None:
    person, today = f.PersonFactory(), timezone.localdate()
    on_file(person, "TEA-02")
    decision = confirmed(check(person, by), by)
    slip = decision.answer.slip
    assert contest_until(decision) is None
    notice, code = actions.print_letter(about=slip, by=by)
    assert (notice.kind, len(code)) == ("veto_confirmed", 14)
    with pytest.raises(PermissionDenied), transaction.atomic():
        actions.hand_over_slip(slip=slip, handed_on=today, by=examiner())
    for day, said in ((today + DAY, "future"), (today - DAY, "before the notice")):
        with pytest.raises(ActionRefused, match=said):
            actions.hand_over_slip(slip=slip, handed_on=day, by=by)
    handed = actions.hand_over_slip(slip=slip, handed_on=today, by=by)
    assert (handed.handed_on, handed.handed_by) == (today, by)
    assert contest_until(decision) == today + dt.timedelta(days=60)
    with pytest.raises(ActionRefused, match="told already"):
        actions.hand_over_slip(slip=slip, handed_on=today, by=by)
    assert AuditEvent.objects.filter(verb=Verb.SLIP_HANDED_OVER, person_id=person.pk).count() == 1


def test_who_was_told_in_the_account_is_handed_no_slip(answer: Answer, by: Account) -> None:
    slip = confirmed(answer, by).answer.slip
    with pytest.raises(ActionRefused, match="told already"):
        actions.hand_over_slip(slip=slip, handed_on=timezone.localdate(), by=by)


def test_a_calendar_that_is_entered_later_extends_the_days_to_answer_and_never_shortens_them(
    proposal: Proposal, answer: Answer
) -> None:
    before = proposal.decidable_from
    assert before is not None
    free = before - DAY
    CalendarDay.objects.update_or_create(date=free, defaults={"working": False, "name_zh": "假", "name_en": "free"})
    CalendarYear.objects.get_or_create(year=free.year, defaults={"source": "test"})
    assert actions.extend_proposals(by=System("test")) == 1
    assert actions.extend_proposals(by=System("test")) == 0
    proposal.refresh_from_db()
    assert proposal.decidable_from is not None
    assert proposal.decidable_from > before
    assert Notice.objects.about(proposal).get().respond_until == proposal.last_day
    assert AuditEvent.objects.filter(verb=Verb.WINDOW_EXTENDED, object_type="proposal").count() == 1
    CalendarDay.objects.filter(date=free).update(working=True)
    assert actions.extend_proposals(by=System("test")) == 0


def test_an_entry_that_was_voided_since_bars_nobody(answer: Answer, by: Account) -> None:
    heard(answer, by)
    CheckFact.objects.filter(person_id=answer.person_id).update(known_until=timezone.now())
    with pytest.raises(ActionRefused, match="no longer stands"):
        confirm(answer, by)
    assert actions.decide(answer=answer, kind=LIFTED, reasons="该记录已经撤销。", by=by).kind == LIFTED


def test_proposing_is_for_examiners_of_the_body_and_speaking_for_the_person(
    proposal: Proposal, answer: Answer, owner: Account
) -> None:
    stranger = f.AccountFactory(a_person=True)
    for account in (examiner(), owner, stranger):
        with pytest.raises(PermissionDenied), transaction.atomic():
            actions.propose(answer=answer, reasons=REASONS, by=account)
        with pytest.raises(PermissionDenied), transaction.atomic():
            actions.note_statements_read(proposal=proposal, by=account)
    for account in (examiner(), stranger):
        with pytest.raises(PermissionDenied), transaction.atomic():
            actions.state(proposal=proposal, text="我有话说。", by=account)
        with pytest.raises(PermissionDenied), transaction.atomic():
            actions.waive(proposal=proposal, by=account)


# In the database itself

CONFIRM_BY_HAND = (
    "INSERT INTO archive_decision (answer_id, organisation_id, person_id, kind, reasons, decided_by_id, decided_at)"
    " VALUES (%s, %s, %s, 'confirmed', '已核对。', %s, now())"
)


def by_hand(answer: Answer, by: Account) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CONFIRM_BY_HAND, [answer.pk, answer.organisation_id, answer.person_id, by.pk])


def test_the_database_itself_confirms_nothing_unheard(proposal: Proposal, answer: Answer, by: Account) -> None:
    with pytest.raises(DatabaseError, match="has not been heard"):
        by_hand(answer, by)
    statement = f.ProposalStatementFactory(proposal=proposal)
    with pytest.raises(DatabaseError, match="has not been heard"):
        by_hand(answer, by)
    ProposalStatement.objects.filter(pk=statement.pk).update(read_by=by, read_at=timezone.now())
    by_hand(answer, by)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE archive_proposal SET reasons = 'x'",
        "DELETE FROM archive_proposal",
        "UPDATE archive_proposalstatement SET text = 'x'",
        "DELETE FROM archive_proposalstatement",
    ],
)
def test_what_was_said_cannot_be_changed(proposal: Proposal, statement: str) -> None:
    f.ProposalStatementFactory(proposal=proposal)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# Contests


@pytest.fixture
def decision(answer: Answer, by: Account) -> Decision:
    return confirmed(answer, by)


def test_a_decision_is_contested_once_and_withdrawn_by_another(
    decision: Decision, by: Account, colleague: Account, owner: Account
) -> None:
    contest = actions.contest(decision=decision, text="文书已被撤销。", by=owner)
    assert contest.review_until >= timezone.localdate() + 7 * DAY
    with pytest.raises(ActionRefused, match="already"):
        actions.contest(decision=decision, text="再说一次。", by=owner)
    with pytest.raises(ActionRefused, match="yourself"):
        actions.review_contest(contest=contest, outcome=Contest.Outcome.STANDS, reasons=REASONS, by=by)
    with pytest.raises(PermissionDenied):
        actions.review_contest(contest=contest, outcome=Contest.Outcome.STANDS, reasons=REASONS, by=examiner())
    reviewed = actions.review_contest(
        contest=contest, outcome=Contest.Outcome.WITHDRAWN, reasons="已核实文书撤销。", by=colleague
    )
    assert reviewed.reviewed_by == colleague
    assert Slip.objects.get().withdrawn_reason == "已核实文书撤销。"
    assert "已核实文书撤销" in Notice.objects.visible_to(owner).get(kind="contest_reviewed").body_zh
    with pytest.raises(ActionRefused, match="answered already"):
        actions.review_contest(contest=contest, outcome=Contest.Outcome.STANDS, reasons=REASONS, by=colleague)
    assert AuditEvent.objects.filter(verb__in=[Verb.DECISION_CONTESTED, Verb.CONTEST_REVIEWED]).count() == 2


def test_after_sixty_days_from_being_told_the_contest_is_over_but_not_the_ways_of_the_law(
    decision: Decision, owner: Account
) -> None:
    told = Delivery.objects.filter(notice__kind="veto_confirmed", channel="in_app")
    told.update(done_at=timezone.now() - 61 * DAY)
    with pytest.raises(ActionRefused, match="ways of the law"):
        actions.contest(decision=decision, text="文书已被撤销。", by=owner)
    told.update(done_at=timezone.now() - 60 * DAY)
    assert actions.contest(decision=decision, text="文书已被撤销。", by=owner)


def test_who_was_not_told_yet_is_never_too_late(decision: Decision, owner: Account) -> None:
    Delivery.objects.filter(notice__kind="veto_confirmed").update(state="waiting", done_at=None)
    assert actions.contest(decision=decision, text="文书已被撤销。", by=owner)


def test_what_a_recall_withdrew_is_not_contested_and_cannot_stand(
    decision: Decision, colleague: Account, owner: Account
) -> None:
    contest = actions.contest(decision=decision, text="文书已被撤销。", by=owner)
    Slip.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="记录已经撤销。")
    with pytest.raises(ActionRefused, match="withdrawn already"):
        actions.review_contest(contest=contest, outcome=Contest.Outcome.STANDS, reasons=REASONS, by=colleague)
    before = Slip.objects.get().withdrawn_at
    actions.review_contest(contest=contest, outcome=Contest.Outcome.WITHDRAWN, reasons=REASONS, by=colleague)
    assert Slip.objects.get().withdrawn_at == before


def test_a_decision_that_was_withdrawn_is_not_contested(decision: Decision, owner: Account) -> None:
    Slip.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="记录已经撤销。")
    with pytest.raises(ActionRefused, match="withdrawn already"):
        actions.contest(decision=decision, text="文书已被撤销。", by=owner)


def test_a_lifted_proposal_is_not_contested(proposal: Proposal, answer: Answer, by: Account, owner: Account) -> None:
    decision = actions.decide(answer=answer, kind=LIFTED, reasons=REASONS, by=by)
    with pytest.raises(ActionRefused, match="Nothing was decided against you"):
        actions.contest(decision=decision, text="谢谢。", by=owner)


def test_the_database_lets_nobody_review_the_own_decision(decision: Decision, by: Account, owner: Account) -> None:
    actions.contest(decision=decision, text="文书已被撤销。", by=owner)
    with pytest.raises(IntegrityError, match="contest_other_reviewer"), transaction.atomic():
        Contest.objects.update(reviewed_by=by, reviewed_at=timezone.now(), outcome="upheld", reasons="x")


# On the pages


def test_the_whole_road_over_the_pages(answer: Answer, by: Account, colleague: Account, owner: Account) -> None:
    body, second, person = sign_in(by), sign_in(colleague), sign_in(owner)
    page = f"/check/answers/{answer.code}/"
    sure = body.post(f"{page}decide/", {"kind": "confirmed", "reasons": REASONS}).content.decode()
    assert not Proposal.objects.exists()
    assert REASONS in sure
    body.post(f"{page}decide/", {"kind": "confirmed", "reasons": REASONS, "confirmed": "1"})
    notice = Notice.objects.get(kind="veto_proposed").number
    mine = f"/my/decisions/{notice}/"
    assert REASONS in person.get(mine).content.decode()
    person.post(mine, {"text": "处分已经解除。"})
    assert "处分已经解除。" in body.get(page).content.decode()
    body.post(f"{page}read/")
    body.post(f"{page}decide/", {"kind": "confirmed", "reasons": REASONS, "confirmed": "1"})
    told = Notice.objects.get(kind="veto_confirmed").number
    person.post(f"/my/decisions/{told}/contest/", {"text": "文书已被撤销。"})
    assert "文书已被撤销。" in second.get(f"{page}review/").content.decode()
    form = {"outcome": "retracted", "reasons": "已核实文书撤销。"}
    assert "已核实文书撤销。" in second.post(f"{page}review/", form).content.decode()
    assert Contest.objects.get().is_open
    second.post(f"{page}review/", {**form, "confirmed": "1"})
    answered = Notice.objects.get(kind="contest_reviewed").number
    assert "已核实文书撤销。" in person.get(f"/my/decisions/{answered}/").content.decode()


def waiting(account: Account) -> dict[str, int]:
    """What the desk of an account says."""
    return {str(tile.label): tile.count for _role, row in tiles(account, timezone.localdate()) for tile in row}


def test_the_desk_says_which_statements_and_contests_wait_for_whom(
    proposal: Proposal, answer: Answer, by: Account, colleague: Account, owner: Account
) -> None:
    assert "Statements to read" not in waiting(by)
    actions.state(proposal=proposal, text="处分已经解除。", by=owner)
    actions.state(proposal=proposal, text="另附证明。", by=owner)
    assert waiting(by)["Statements to read"] == 1
    assert "Statements to read" not in waiting(examiner())
    actions.note_statements_read(proposal=proposal, by=by)
    assert "Statements to read" not in waiting(by)
    actions.contest(decision=confirm(answer, by), text="文书已被撤销。", by=owner)
    assert waiting(colleague)["Contested decisions"] == 1
    assert "Contested decisions" not in waiting(by)


# Two at the same moment


@pytest.mark.django_db(transaction=True)
def test_two_examiners_at_the_same_moment_give_one_answer(catalogue: None) -> None:
    by = examiner()
    colleague = f.AccountFactory(organisation=by.organisation, holds=[Role.EXAMINER])
    person = f.PersonFactory()
    on_file(person, "TEA-02")
    answer = check(person, by)
    heard(answer, by)

    def lift() -> None:
        actions.decide(answer=answer, kind=LIFTED, reasons="文书已被撤销，不成立。", by=colleague)

    with notices_locked():
        confirming = Worker(lambda: confirm(answer, by) and None)
        confirming.wait_until_held()
        lifting = Worker(lift)
        lifting.wait_until_held()
    confirming.end()
    lifting.end()
    assert confirming.died is None
    assert isinstance(lifting.died, ActionRefused)
    assert Decision.objects.get().kind == CONFIRMED
    assert Slip.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_statement_beside_a_running_decision_comes_too_late_and_is_told_so(catalogue: None) -> None:
    by, owner = examiner(), f.AccountFactory(a_person=True)
    on_file(owner.person, "TEA-02")
    answer = check(owner.person, by)
    proposal = heard(answer, by)

    def speak() -> Any:
        actions.state(proposal=proposal, text="我有话说。", by=owner)

    with notices_locked():
        confirming = Worker(lambda: confirm(answer, by) and None)
        confirming.wait_until_held()
        speaking = Worker(speak)
        speaking.wait_until_held()
    confirming.end()
    speaking.end()
    assert confirming.died is None
    assert isinstance(speaking.died, ActionRefused)
    assert not ProposalStatement.objects.exists()
