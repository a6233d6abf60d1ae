"""An entry that is ended recalls the reports that hold it, and tells the bodies that were shown it; each once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.common import feed
from archive.models import Change, Check, Entry, FeedPosition, Notice, ReaderNotice, Report, ReportEntry
from archive.records.actions.effect import end_entries
from archive.reports import actions, recall, tasks
from archive.reports.verify import Verdict, look_up
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.permissions import System
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import check, examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WORKER = System("worker")
DAY = dt.timedelta(days=1)
R = Entry.EndReason


@pytest.fixture
def owner() -> Account:
    return f.AccountFactory(a_person=True)


def asked_for(owner: Account, **wish: Any) -> Report:
    return actions.request_report(wish=actions.Wish(purpose="应聘", **wish), by=owner)


def made(owner: Account, **wish: Any) -> Report:
    report = asked_for(owner, **wish)
    actions.issue(report_id=report.pk, by=WORKER)
    return Report.objects.get(pk=report.pk)


def end(*entries: Entry, reason: Entry.EndReason = R.VOIDED) -> None:
    by = f.AccountFactory(organisation=entries[0].organisation, holds=[Role.APPROVER])
    end_entries(entries=list(entries), reason=reason, at=timezone.now(), ended_by=by, by=by)


def verdict(report: Report) -> Verdict:
    return look_up(typed=report.verification_code, by=System("verification")).verdict


# Reports


@pytest.mark.parametrize("reason", [R.VOIDED, R.REPAIRED, R.REVOKED, R.CORRECTED, R.REVISED, R.OPTED_OUT])
def test_an_entry_that_ended_replaces_the_reports_that_hold_it_and_its_owner_is_told(
    owner: Account, reason: Any
) -> None:
    entry = on_file(owner.person, "TEA-02")
    report = made(owner)
    assert verdict(report) == Verdict.VALID
    end(entry, reason=reason)
    tasks.follow_feed.apply(throw=True)
    report.refresh_from_db()
    assert (report.replaced_why, verdict(report)) == ("changed", Verdict.REPLACED)
    notice = Notice.objects.about(report).get()
    assert (notice.kind, notice.person_id) == ("report_replaced", owner.person_id)
    for text in (notice.body_zh, notice.body_en):
        assert report.number in text
        assert entry.record.number in text
    assert "已被更正、修复或者撤回" in notice.body_zh
    assert AuditEvent.objects.get(verb=Verb.REPORT_REPLACED).object_id == str(report.pk)


def test_other_reports_stand(owner: Account) -> None:
    ended, kept = on_file(owner.person, "TEA-02"), on_file(owner.person, "TEA-03")
    end(ended)
    recall.follow_feed(by=WORKER)
    after = made(owner)
    stranger = f.AccountFactory(a_person=True)
    on_file(stranger.person, "TEA-02")
    foreign = made(stranger)
    certificate = made(f.AccountFactory(a_person=True), edition=Report.Edition.CERTIFICATE)
    assert list(ReportEntry.objects.filter(report=after).values_list("entry", flat=True)) == [kept.pk]
    recall.follow_feed(by=WORKER)
    assert {verdict(report) for report in (after, foreign, certificate)} == {Verdict.VALID}


def test_the_end_of_a_display_period_and_a_planned_entry_recall_nothing(owner: Account) -> None:
    entry = on_file(owner.person, "TEA-02")
    report = made(owner)
    Entry.objects.filter(pk=entry.pk).update(state="ended", end_reason="display_over", ended_at=timezone.now())
    feed.announce(Change.Kind.ENTRY_DISPLAY_OVER, person_id=entry.person_id, object_id=entry.pk)
    recall.follow_feed(by=WORKER)
    recall.recall_if_overtaken(report=report, by=WORKER)
    assert verdict(report) == Verdict.VALID


def test_several_entries_of_a_report_tell_its_owner_once(owner: Account) -> None:
    entries = [on_file(owner.person, item) for item in ("TEA-02", "TEA-03")]
    reports = [made(owner), made(owner)]
    end(*entries)
    recall.follow_feed(by=WORKER)
    assert [Notice.objects.about(report).count() for report in reports] == [1, 1]


def test_who_ended_a_report_or_let_it_expire_is_not_written_to(owner: Account) -> None:
    entry = on_file(owner.person, "TEA-02")
    ended, expired, renewed = made(owner), made(owner), made(owner)
    actions.end(report=ended, by=owner)
    Report.objects.filter(pk=expired.pk).update(valid_until=timezone.localdate() - DAY)
    made(owner, renews=renewed)
    Report.objects.filter(pk__gt=renewed.pk).update(ended_at=timezone.now())
    end(entry)
    recall.follow_feed(by=WORKER)
    assert not Notice.objects.filter(kind="report_replaced").exists()
    why = {report.pk: report.replaced_why for report in Report.objects.all()}
    assert (why[ended.pk], why[expired.pk], why[renewed.pk]) == ("", "changed", "renewed")


def test_a_report_that_is_being_made_is_replaced_before_it_is_issued(owner: Account) -> None:
    entry = on_file(owner.person, "TEA-02")
    report = asked_for(owner)
    end(entry)
    recall.follow_feed(by=WORKER)
    actions.issue(report_id=report.pk, by=WORKER)
    assert verdict(report) == Verdict.REPLACED
    assert Notice.objects.about(report).count() == 1


def test_a_report_that_the_feed_could_not_see_yet_is_replaced_when_it_is_issued(owner: Account) -> None:
    entry = on_file(owner.person, "TEA-02")
    report = asked_for(owner)
    end(entry)
    feed.follow(recall.READER, lambda lines: None)  # read while the request was not committed
    actions.issue(report_id=report.pk, by=WORKER)
    assert verdict(report) == Verdict.REPLACED
    assert Notice.objects.about(report).count() == 1


# The feed


def test_the_feed_is_followed_in_steps_and_each_line_acts_once(owner: Account) -> None:
    entry = on_file(owner.person, "TEA-02")
    made(owner)
    end(entry)
    steps: list[list[int]] = []
    lines = Change.objects.count()
    assert feed.follow("other", lambda read: steps.append([line.id for line in read]), limit=2) == lines
    assert [len(step) for step in steps] == [2] * (lines // 2) + [1] * (lines % 2)
    assert [line for step in steps for line in step] == sorted(Change.objects.values_list("id", flat=True))
    assert feed.follow("other", lambda read: steps.append([])) == 0
    for _again in range(2):
        recall.follow_feed(by=WORKER)
    assert Notice.objects.filter(kind="report_replaced").count() == 1
    assert FeedPosition.objects.get(reader=recall.READER).position == max(steps[-1])


def test_a_reader_that_fails_reads_the_same_lines_again(owner: Account) -> None:
    on_file(owner.person, "TEA-02")
    report = made(owner)

    def fail(lines: list[Change]) -> None:
        Report.objects.update(replaced_at=timezone.now(), replaced_why="changed")
        raise RuntimeError("the worker died")

    with pytest.raises(RuntimeError):
        feed.follow("other", fail)
    assert verdict(report) == Verdict.VALID
    assert FeedPosition.objects.get(reader="other").position == 0


def test_many_ended_entries_cost_as_many_queries_as_two() -> None:
    recall.follow_feed(by=WORKER)  # its place in the feed is there
    counts = []
    for many in (2, 5):  # one event is written by another statement than many
        owners = [f.AccountFactory(a_person=True) for _n in range(many)]
        entries = [on_file(owner.person, "TEA-02") for owner in owners]
        for owner in owners:
            asked_for(owner)
            check(owner.person, examiner())
        for entry in entries:
            end(entry)
        with CaptureQueriesContext(connection) as queries:
            recall.follow_feed(by=WORKER)
        counts.append(len(queries))
    assert Notice.objects.filter(kind="report_replaced").count() == ReaderNotice.objects.count() == 7
    assert counts[0] == counts[1]


# Readers


def test_a_body_that_was_shown_the_entry_is_told_and_learns_no_more_than_which_check(owner: Account) -> None:
    entry, by = on_file(owner.person, "TEA-02"), examiner()
    answer = check(owner.person, by)
    end(entry)
    recall.follow_feed(by=WORKER)
    told = ReaderNotice.objects.visible_to(by).get()
    assert (told.answer_id, told.organisation_id, told.person_id) == (answer.pk, by.organisation_id, owner.person_id)
    assert AuditEvent.objects.get(verb=Verb.READERS_TOLD).details == {"answers": 1}
    client = sign_in(by)
    assert 'href="/changed/?seen=no"' in client.get("/desk/").content.decode()
    page = client.get("/changed/").content.decode()
    assert owner.person.code in page
    assert f"/check/answers/{answer.code}/" in page
    for secret in (owner.person.name, owner.person.identities.get().number, entry.record.number, entry.item.name_zh):
        assert secret not in page
    client.post("/changed/seen/", {"upto": told.pk})
    told.refresh_from_db()
    assert told.seen_at is not None
    assert AuditEvent.objects.get(verb=Verb.READER_NOTICES_SEEN).details == {"count": 1}
    assert "/changed/?seen=no" not in client.get("/desk/").content.decode()


def test_bodies_that_were_shown_nothing_or_long_ago_or_whose_entry_it_is_are_not_told(owner: Account) -> None:
    entry = on_file(owner.person, "TEA-02")
    early, late, own, elsewhere = examiner(), examiner(), examiner(), examiner(group="LAW", event="access")
    old, new, mine = (check(owner.person, by) for by in (early, late, own))
    shown_nothing = check(owner.person, elsewhere, group="LAW")
    assert shown_nothing.outcome == "clear"
    now = timezone.now()
    Check.objects.filter(pk=old.check_asked_id).update(asked_at=now - 1097 * DAY)
    Check.objects.filter(pk=new.check_asked_id).update(asked_at=now - 1095 * DAY)
    Entry.objects.filter(pk=entry.pk).update(organisation=own.organisation)
    end(Entry.objects.get(pk=entry.pk))
    recall.follow_feed(by=WORKER)
    assert mine.outcome == "veto"
    assert list(ReaderNotice.objects.values_list("organisation", flat=True)) == [late.organisation_id]


def test_only_the_own_notices_are_seen_and_noted(owner: Account) -> None:
    by, other = examiner(), examiner()
    mine = f.ReaderNoticeFactory(answer=f.AnswerFactory(organisation=by.organisation))
    theirs = f.ReaderNoticeFactory(answer=f.AnswerFactory(organisation=other.organisation))
    assert list(ReaderNotice.objects.visible_to(by)) == [mine]
    assert recall.mark_seen(upto=theirs.pk, by=by) == 1
    assert recall.mark_seen(upto=theirs.pk, by=by) == 0
    assert ReaderNotice.objects.unseen().get() == theirs
    with pytest.raises(PermissionDenied):
        recall.mark_seen(upto=theirs.pk, by=owner)
    client = sign_in(other)
    for upto in ("", "x", "-1", "９", "9" * 30):
        assert client.post("/changed/seen/", {"upto": upto}).status_code == 302
    assert ReaderNotice.objects.unseen().get() == theirs


def test_what_comes_while_the_list_is_read_stays_new() -> None:
    by = examiner()
    first = f.ReaderNoticeFactory(answer=f.AnswerFactory(organisation=by.organisation))
    second = f.ReaderNoticeFactory(answer=f.AnswerFactory(organisation=by.organisation))
    recall.mark_seen(upto=first.pk, by=by)
    assert ReaderNotice.objects.unseen().get() == second


def test_only_the_system_follows_the_feed(owner: Account) -> None:
    with pytest.raises(PermissionDenied):
        recall.follow_feed(by=owner)  # type: ignore[arg-type]
