"""The life of an entry: drafted, served, heard, approved by a second person, in force. Never post first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from archive.common import calendar
from archive.common.workdays import deadline
from archive.models import Change, CheckFact, Entry, Jurisdiction, Notice
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import admitted, approver_beside, clerk, fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Account:
    return clerk()


@pytest.fixture
def second(by: Account) -> Account:
    return approver_beside(by)


@pytest.fixture
def entry(by: Account) -> Entry:
    """About a person without an account: the letter is written and not yet handed over."""
    return admitted(fact(), by=by)[0]


def go_to(day: dt.date | None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert day is not None
    moment = timezone.localtime().replace(year=day.year, month=day.month, day=day.day)  # Beijing's day
    monkeypatch.setattr(timezone, "now", lambda: moment)


def fresh(entry: Entry) -> Entry:
    return Entry.objects.get(pk=entry.pk)


def serve(entry: Entry, by: Account) -> Entry:
    records.record_service(entries=[entry], served_on=timezone.localdate(), by=by)
    return fresh(entry)


def a_person_account(entry: Entry) -> Account:
    return f.AccountFactory(organisation=None, person=entry.person)


def demo_place() -> str:
    """As the demo world makes it: a hearing window of no days."""
    f.JurisdictionFactory(code="demo", settings={"hearing_working_days": {"value": 0}})
    return "demo"


class TestHearing:
    def test_an_entry_is_not_approved_before_its_letter_was_handed_over(self, entry: Entry, second: Account) -> None:
        assert (entry.state, entry.approvable_from) == (Entry.State.NOTIFIED, None)
        assert entry.notified_at is not None
        with pytest.raises(ActionRefused, match=r"has not been served"):
            records.approve(entries=[entry], by=second)
        assert fresh(entry).state == Entry.State.NOTIFIED

    def test_service_starts_the_window_of_the_catalogue(self, entry: Entry, by: Account) -> None:
        today = timezone.localdate()
        served = serve(entry, by)
        period = deadline(today, 5, calendar.current())
        assert served.hearing_days == 5
        assert served.state == Entry.State.IN_HEARING
        assert (served.hearing_last_day, served.approvable_from) == (period.last_day, period.first_day_after)
        assert Notice.objects.about(entry).get().respond_until == period.last_day

    def test_within_the_window_nobody_approves_and_after_it_a_second_person_may(
        self, entry: Entry, by: Account, second: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = serve(entry, by)
        go_to(entry.hearing_last_day, monkeypatch)
        with pytest.raises(ActionRefused, match="approve after the hearing window"):
            records.approve(entries=[entry], by=second)
        go_to(entry.approvable_from, monkeypatch)
        records.approve(entries=[entry], by=second)
        entry = fresh(entry)
        assert (entry.state, entry.approved_by, entry.approved_on) == (
            Entry.State.IN_FORCE,
            second,
            entry.approvable_from,
        )

    def test_a_person_with_an_account_is_served_by_it_at_once(self, by: Account) -> None:
        person = f.AccountFactory(a_person=True).person
        row = fact(name=person.name, identity_number=person.identities.get().number)
        (entry,) = admitted(row, by=by)
        assert entry.state == Entry.State.IN_HEARING
        assert entry.approvable_from > timezone.localdate()
        assert Notice.objects.about(entry).get().respond_until == entry.hearing_last_day

    def test_only_the_demonstration_has_a_window_of_no_days(self) -> None:
        days = {
            place.code: place.settings["hearing_working_days"]["value"]
            for place in Jurisdiction.objects.all()
            if "hearing_working_days" in place.settings
        }
        assert days["national"] == 5
        assert min(days.values()) > 0

    def test_a_window_of_no_days_ends_with_the_service_and_still_asks_for_it(self) -> None:
        by = clerk(jurisdiction=demo_place())
        second = approver_beside(by)
        (entry,) = admitted(fact(), by=by)
        with pytest.raises(ActionRefused, match="served"):
            records.approve(entries=[entry], by=second)
        entry = serve(entry, by)
        assert (entry.hearing_last_day, entry.approvable_from) == (None, timezone.localdate())
        records.approve(entries=[entry], by=second)
        assert fresh(entry).state == Entry.State.IN_FORCE

    def test_an_honour_needs_no_hearing_but_a_second_person(self, by: Account, second: Account) -> None:
        (entry,) = admitted(fact(item="志愿服务"), by=by)
        assert (entry.polarity, entry.state, entry.hearing_days) == ("positive", Entry.State.DRAFTED, 0)
        assert not Notice.objects.about(entry).exists()
        records.approve(entries=[entry], by=second)
        assert fresh(entry).state == Entry.State.IN_FORCE


class TestSecondPerson:
    def test_whoever_drafted_does_not_approve_nor_decline(self, entry: Entry, by: Account) -> None:
        f.RoleGrantFactory(account=by, role=Role.APPROVER)
        both = Account.objects.get(pk=by.pk)
        with pytest.raises(ActionRefused, match="a second person"):
            records.approve(entries=[entry], by=both)
        with pytest.raises(ActionRefused, match="a second person"):
            records.decline(entry=entry, reason="认定有误。", by=both)

    @pytest.mark.parametrize("role", [Role.CLERK, Role.EXAMINER, Role.CREDIT_OFFICER, Role.SYSTEM_ADMIN])
    def test_only_approvers_approve(self, entry: Entry, by: Account, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            records.approve(entries=[entry], by=f.AccountFactory(organisation=by.organisation, holds=[role]))

    def test_an_approver_of_another_body_does_not(self, entry: Entry) -> None:
        stranger = approver_beside(clerk())
        with pytest.raises(PermissionDenied):
            records.approve(entries=[entry], by=stranger)
        with pytest.raises(PermissionDenied):
            records.decline(entry=entry, reason="认定有误。", by=stranger)

    def test_many_are_approved_all_or_none(self, second: Account) -> None:
        by = clerk(jurisdiction=demo_place())
        second = approver_beside(by)
        served, unserved = admitted(fact(), fact(), by=by)
        serve(served, by)
        with pytest.raises(ActionRefused, match=unserved.record.number):
            records.approve(entries=[served, unserved], by=second)
        assert not Entry.objects.filter(state=Entry.State.IN_FORCE).exists()
        assert not CheckFact.objects.exists()

    def test_what_was_decided_is_not_decided_again(self, second: Account) -> None:
        by = clerk(jurisdiction=demo_place())
        second = approver_beside(by)
        (entry,) = admitted(fact(), by=by)
        serve(entry, by)
        records.approve(entries=[entry], by=second)
        for act in (
            lambda: records.approve(entries=[entry], by=second),
            lambda: records.decline(entry=entry, reason="认定有误。", by=second),
        ):
            with pytest.raises(ActionRefused, match="decided already"):
                act()
        assert CheckFact.objects.count() == 1


FORGERIES: list[tuple[str, dict[str, Any], str]] = [
    ("heard without a window", {"state": "in_hearing", "approvable_from": None}, "entry_hearing_has_window"),
    ("notified without a time", {"notified_at": None}, "entry_notified_has_time"),
    ("ended without a reason", {"ended_at": timezone.now()}, "entry_end_paired"),
    ("a change of nothing", {"kind": "correction"}, "entry_change_names_what"),
    ("no document", {"document_number": ""}, "entry_has_document"),
    ("document before the act", {"document_date": dt.date(2000, 1, 1)}, "entry_document_after_act"),
    ("half an approval", {"approved_at": timezone.now()}, "entry_approval_paired"),
    ("half a refusal", {"declined_at": timezone.now()}, "entry_declining_paired"),
]


@pytest.mark.parametrize(("change", "constraint"), [row[1:] for row in FORGERIES], ids=[row[0] for row in FORGERIES])
def test_the_database_itself_refuses(entry: Entry, change: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**change)


def test_the_database_knows_the_second_person_and_the_window(entry: Entry, by: Account, second: Account) -> None:
    entry = serve(entry, by)
    approval = {"state": "approved", "approved_at": timezone.now(), "approved_on": entry.approvable_from}
    with pytest.raises(IntegrityError, match="entry_second_person"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**approval, approved_by=by)
    early = {**approval, "approved_on": entry.hearing_last_day}
    with pytest.raises(IntegrityError, match="entry_heard_first"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**early, approved_by=second)
    unapproved = {**approval, "approved_at": None, "approved_on": None}
    with pytest.raises(IntegrityError, match="entry_approved|entry_heard_first"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**unapproved)
    assert Entry.objects.filter(pk=entry.pk).update(**approval, approved_by=second) == 1


@pytest.mark.parametrize("state", ["in_force", "approved", "ended"])
def test_no_state_is_skipped(entry: Entry, state: str) -> None:
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state=state)


class TestRefusal:
    def test_it_needs_a_reason_and_the_person_is_told(self, entry: Entry, by: Account, second: Account) -> None:
        with pytest.raises(ActionRefused, match="Say in a sentence"):
            records.decline(entry=entry, reason="  ", by=second)
        records.decline(entry=entry, reason=" 证据不足。 ", by=second)
        entry = fresh(entry)
        assert (entry.state, entry.declined_reason, entry.declined_by) == ("declined", "证据不足。", second)
        assert Notice.objects.about(entry).filter(kind=Notice.Kind.ENTRY_DECLINED).count() == 1
        assert not CheckFact.objects.exists()

    def test_the_same_fact_may_come_again_with_better_papers(self, by: Account, second: Account) -> None:
        row = fact()
        (entry,) = admitted(row, by=by)
        records.decline(entry=entry, reason="证据不足。", by=second)
        (again,) = admitted(row, by=by)
        assert (again.person_id, again.record_id) != (entry.person_id, entry.record_id)
        assert again.person_id == entry.person_id


def test_what_is_in_force_is_shown_checked_and_announced_once() -> None:
    by = clerk(jurisdiction=demo_place())
    (entry,) = admitted(fact(), by=by)
    f.IdentityDocumentFactory(person=entry.person, number="EA1234567")
    today = timezone.localdate()
    assert not Entry.objects.displayed_on(today).exists()
    serve(entry, by)
    assert not Entry.objects.displayed_on(today).exists()
    assert not CheckFact.objects.exists()
    records.approve(entries=[entry], by=approver_beside(by))
    assert list(Entry.objects.displayed_on(today)) == [entry]
    assert set(CheckFact.objects.values_list("entry_id", flat=True)) == {entry.pk}
    indexes = {bytes(index) for index in CheckFact.objects.values_list("identity_index", flat=True)}
    assert indexes == {bytes(document.index) for document in entry.person.identities.all()}
    kinds = list(Change.objects.filter(person_id=entry.person_id).order_by("pk").values_list("kind", flat=True))
    assert kinds == [Change.Kind.ENTRY_ADMITTED, Change.Kind.ENTRY_IN_FORCE]
    verbs = AuditEvent.objects.filter(object_type="entry", object_id=str(entry.pk)).order_by("at")
    assert list(verbs.values_list("verb", flat=True)) == [Verb.ENTRY_DRAFTED, Verb.ENTRY_NOTIFIED, Verb.ENTRY_APPROVED]
