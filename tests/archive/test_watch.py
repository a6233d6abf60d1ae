"""A body has a person watched: what changes the answer raises one alert, in order; what does not raises none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from archive.common import feed
from archive.models import Answer, Change, Check, Entry, FeedPosition, QueryLine, Watch, WatchAlert, WatchOrder
from archive.vetoes import actions as vetoes
from archive.vetoes import tasks
from archive.vetoes.actions import watch_alerts
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.vocabulary import Group
from profiles.models import Account, Person
from tests import factories as f
from tests import numbers
from tests.archive.checking import MATTER, check, examiner, on_file
from tests.archive.persons import correct_number, join, part, rename
from tests.archive.test_replay import replay, stored
from tests.archive.watching import DAY, WORKER, R, alerts_of, end, in_a_year, read, told, watch_of, watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def person() -> Person:
    return f.PersonFactory()


# Enrolment


def test_enrolling_leaves_a_line_that_the_person_sees_and_an_event(person: Person, by: Account) -> None:
    watch = watched(person, by)
    order = WatchOrder.objects.get(pk=watch.order_id)
    assert (order.state, order.enrolled, order.left_out) == ("done", 1, {})
    assert (watch.person_id, watch.organisation_id, watch.valid_until) == (person.pk, by.organisation_id, in_a_year())
    line = QueryLine.objects.get(purpose="watch")
    assert (line.person_id, line.account_id, line.matter_number, line.answer) == (person.pk, by.pk, MATTER, "clear")
    assert AuditEvent.objects.filter(verb__in=[Verb.WATCH_ORDERED, Verb.WATCH_ENROLLED]).count() == 2


@pytest.mark.parametrize("matter", ["", "  ", "11010520040512002X"[:17] + "7"])
def test_no_matter_number_no_watch(person: Person, by: Account, matter: str) -> None:
    with pytest.raises(ActionRefused):
        vetoes.watch_answer(answer=check(person, by), valid_until=in_a_year(), matter_number=matter, by=by)


@pytest.mark.parametrize("days", [0, 366])
def test_from_tomorrow_to_one_year(person: Person, by: Account, days: int) -> None:
    with pytest.raises(ActionRefused, match="between tomorrow and one year"):
        watched(person, by, until=in_a_year() - 300 * DAY + days * DAY)


def test_who_was_not_answered_cannot_be_watched(by: Account) -> None:
    nobody = vetoes.check_person(
        name="无名氏", number=numbers.resident(), group="TEA", event="access", matter_number=MATTER, by=by
    )
    with pytest.raises(ActionRefused, match="not found"):
        vetoes.watch_answer(answer=nobody, valid_until=in_a_year(), matter_number=MATTER, by=by)
    assert not Watch.objects.exists()


def test_nobody_is_watched_twice_for_the_same(person: Person, by: Account) -> None:
    watched(person, by)
    with pytest.raises(ActionRefused, match="watched already"):
        watched(person, by)
    other = examiner()
    assert watched(person, other).organisation_id == other.organisation_id


def test_only_the_own_bodys_answer(person: Person, by: Account) -> None:
    answer = check(person, by)
    with pytest.raises(PermissionDenied):
        vetoes.watch_answer(answer=answer, valid_until=in_a_year(), matter_number=MATTER, by=examiner())


def test_what_changed_between_the_answer_and_the_enrolment_is_told_at_once(person: Person, by: Account) -> None:
    answer = check(person, by)
    on_file(person, "TEA-02")
    read()
    order = vetoes.watch_answer(answer=answer, valid_until=in_a_year(), matter_number=MATTER, by=by)
    assert told(watch_of(order)) == [("entry.in_force", "clear", "veto")]


# Alerts


def test_an_entry_in_force_raises_one_alert_with_its_answer_line_and_event(person: Person, by: Account) -> None:
    watch = watched(person, by)
    entry = on_file(person, "TEA-02")
    assert told(watch) == [("entry.in_force", "clear", "veto")]
    assert told(watch) == [("entry.in_force", "clear", "veto")], "read again, told once"
    alert = WatchAlert.objects.get()
    assert (alert.organisation_id, alert.person_id) == (by.organisation_id, person.pk)
    assert alert.change_id == Change.objects.filter(kind="entry.in_force", object_id=entry.pk).get().pk
    asked = alert.answer.check_asked
    assert (asked.watch_code, asked.matter_number, asked.account, asked.counts) == (watch.code, MATTER, by, {"veto": 1})
    assert [row.entry_id for row in alert.answer.findings.all()] == [entry.pk]
    assert replay([alert.answer]) == [stored(alert.answer)], "an alert is an answer like any other"
    lines = QueryLine.objects.filter(purpose="watch").order_by("at")
    assert [(line.answer, line.account_id) for line in lines] == [("clear", by.pk), ("veto", None)]
    assert AuditEvent.objects.get(verb=Verb.WATCH_ALERTED).details == {"cause": "entry.in_force", "outcome": "veto"}
    assert alert.answer in Answer.objects.visible_to(by).undecided()


@pytest.mark.parametrize("reason", [R.VOIDED, R.REPAIRED, R.REVOKED])
def test_the_end_of_an_entry_is_told_too(person: Person, by: Account, reason: Any) -> None:
    entry = on_file(person, "TEA-02")
    watch = watched(person, by)
    end(entry, reason=reason)
    assert told(watch) == [("entry.ended", "veto", "clear")]


def test_several_changes_come_in_their_order_or_as_one_where_they_are_read_as_one(person: Person, by: Account) -> None:
    watch = watched(person, by)
    first = on_file(person, "TEA-02")
    read()
    on_file(person, "TEA-03")
    read()
    end(first)
    assert told(watch) == [
        ("entry.in_force", "clear", "veto"),
        ("entry.in_force", "veto", "veto"),
        ("entry.ended", "veto", "veto"),
    ]
    other = f.PersonFactory()
    same = watched(other, by)
    end(on_file(other, "TEA-02"))
    assert told(same) == [], "came and went before anybody was told"


def test_a_correction_is_one_alert(person: Person, by: Account) -> None:
    old = on_file(person, "TEA-02")
    watch = watched(person, by)
    end(old, reason=R.CORRECTED)
    new = on_file(person, "TEA-02", document=old.document_date - 40 * DAY)
    feed.announce(Change.Kind.ENTRY_CHANGED, person_id=person.pk, object_id=new.pk)
    assert told(watch) == [("entry.changed", "veto", "veto")]


def test_what_changes_no_answer_raises_nothing(person: Person, by: Account) -> None:
    watch = watched(person, by)
    on_file(person, "TEA-02", approved=False)  # in its hearing
    on_file(person, "LAW-02", bar_groups=("LAW",))  # another profession
    on_file(f.PersonFactory(), "TEA-02")  # another person
    f.ChangeFactory(kind="entry.display_over", person_id=person.pk)
    f.ChangeFactory(kind="report.issued", person_id=person.pk)
    rename(person, "林新名")
    assert told(watch) == []
    assert not Check.objects.exclude(watch_code="").exists()


def test_a_new_kind_of_line_about_an_entry_is_looked_at(person: Person, by: Account) -> None:
    """What will be announced about disputes: the list of quiet kinds is closed, that of others is not."""
    entry = on_file(person, "TEA-02")
    watch = watched(person, by)
    from archive.models import CheckFact

    CheckFact.objects.filter(entry_id=entry.pk).delete()
    f.ChangeFactory(kind="entry.disputed", person_id=person.pk, object_id=entry.pk)
    assert told(watch) == [("entry.disputed", "veto", "clear")]


def test_each_body_is_alerted_for_its_own_question(person: Person) -> None:
    here, there, elsewhere = examiner(), examiner(), examiner(group="LAW")
    mine, theirs = watched(person, here), watched(person, there)
    other = watched(person, elsewhere, group=Group.LAW)
    on_file(person, "TEA-02")
    assert [len(alerts_of(watch)) for watch in (mine, theirs, other)] == [1, 1, 0]
    assert [alert.organisation_id for alert in WatchAlert.objects.visible_to(there)] == [there.organisation_id]


def test_a_person_joined_with_the_watched_one_is_watched_too(person: Person, by: Account, catalogue: None) -> None:
    other = f.PersonFactory()
    on_file(other, "TEA-02")
    watch = watched(person, by)
    merge = join(person, other)
    read()
    on_file(other, "TEA-03")
    read()
    part(merge)
    assert [(cause, now) for cause, _before, now in told(watch)] == [
        ("person.changed", "veto"),
        ("entry.in_force", "veto"),
        ("person.changed", "clear"),
    ]


def test_a_number_that_was_corrected_finds_nobody_any_more(person: Person, by: Account) -> None:
    watch = watched(person, by)
    correct_number(person, numbers.resident())
    assert told(watch) == [("person.changed", "clear", "not_found")]


# Crashes


def test_a_crash_in_the_middle_neither_loses_nor_doubles(person: Person, by: Account, monkeypatch: Any) -> None:
    watch = watched(person, by)
    before = FeedPosition.objects.get(reader="watch").position
    on_file(person, "TEA-02")
    monkeypatch.setattr(watch_alerts, "record_many", lambda events: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read()
    assert FeedPosition.objects.get(reader="watch").position == before
    assert not WatchAlert.objects.exists()
    assert not Check.objects.exclude(watch_code="").exists()
    monkeypatch.undo()
    assert told(watch) == [("entry.in_force", "clear", "veto")]


def test_only_the_system_follows_the_feed(by: Account) -> None:
    for act in (vetoes.follow_watches, vetoes.mail_alerts, vetoes.close_lapsed):
        with pytest.raises(PermissionDenied):
            act(by=by)  # type: ignore[operator]


# Letters


def test_who_enrolled_gets_one_letter_without_a_name(by: Account) -> None:
    by.email = "examiner@example.org"
    by.save()
    people = [f.PersonFactory(), f.PersonFactory()]
    for person in people:
        watched(person, by)
        on_file(person, "TEA-02")
    tasks.follow_watches.apply(throw=True)
    tasks.follow_watches.apply(throw=True)
    (letter,) = mail.outbox
    assert letter.to == ["examiner@example.org"]
    assert "2" in letter.body
    assert "/watch/alerts/" in letter.body
    for person in people:
        assert person.name not in letter.subject + letter.body
        assert person.code not in letter.body
    assert AuditEvent.objects.get(verb=Verb.WATCH_ALERTS_MAILED).details == {"count": 2}


def test_a_letter_that_could_not_go_out_goes_next_time(person: Person, by: Account, monkeypatch: Any) -> None:
    by.email = "examiner@example.org"
    by.save()
    watched(person, by)
    on_file(person, "TEA-02")
    read()

    def broken(**_parts: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(watch_alerts, "send_mail", broken)
    assert vetoes.mail_alerts(by=WORKER) == 0
    monkeypatch.undo()
    assert vetoes.mail_alerts(by=WORKER) == 1
    assert len(mail.outbox) == 1
    assert Entry.objects.exists()
