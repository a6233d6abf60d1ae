"""What the person says before an entry is decided; who may see an entry; what was once written stays written."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from archive.models import CheckFact, Entry, HearingAnswer, Record
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import admitted, approver_beside, clerk, fact
from tests.world import sign_in

EntryEvent = apps.get_model("archive", "EntryEvent")


@pytest.fixture
def by(db: None) -> Account:
    """A clerk where the hearing window has no days, so that entries can be decided at once."""
    f.JurisdictionFactory(code="demo", settings={"hearing_working_days": {"value": 0}})
    return clerk(jurisdiction="demo")


@pytest.fixture
def second(by: Account) -> Account:
    return approver_beside(by)


@pytest.fixture
def person(db: None) -> Account:
    return f.AccountFactory(a_person=True)


@pytest.fixture
def entry(by: Account, person: Account) -> Entry:
    number = person.person.identities.get().number
    return admitted(fact(name=person.person.name, identity_number=number), by=by)[0]


class TestStatements:
    def test_an_unread_statement_stands_before_the_approval(
        self, entry: Entry, person: Account, second: Account
    ) -> None:
        records.answer(entry=entry, text=" 我没有替考。 ", by=person)
        with pytest.raises(ActionRefused, match="Read it first"):
            records.approve(entries=[entry], by=second)
        assert records.note_answers_read(entry=entry, by=second) == 1
        records.answer(entry=entry, text="补充：有证人。", by=person)
        with pytest.raises(ActionRefused, match="Read it first"):
            records.approve(entries=[entry], by=second)
        records.note_answers_read(entry=entry, by=second)
        records.approve(entries=[entry], by=second)
        assert [answer.text for answer in entry.answers.all()] == ["我没有替考。", "补充：有证人。"]
        assert {answer.read_by for answer in entry.answers.all()} == {second}

    def test_only_an_approver_can_have_read_it(self, entry: Entry, person: Account, by: Account) -> None:
        records.answer(entry=entry, text="我没有替考。", by=person)
        for stranger in (by, person, approver_beside(clerk())):
            with pytest.raises(PermissionDenied):
                records.note_answers_read(entry=entry, by=stranger)
        assert entry.answers.get().read_at is None

    def test_nobody_answers_for_another(self, entry: Entry, by: Account) -> None:
        for stranger in (f.AccountFactory(a_person=True), by):
            with pytest.raises(PermissionDenied):
                records.answer(entry=entry, text="不是我", by=stranger)

    @pytest.mark.parametrize(("text", "message"), [(" \n", "Write what"), ("长" * 2001, "longer than 2000")])
    def test_a_statement_has_words_and_an_end(self, entry: Entry, person: Account, text: str, message: str) -> None:
        with pytest.raises(ActionRefused, match=message):
            records.answer(entry=entry, text=text, by=person)
        assert not HearingAnswer.objects.exists()

    def test_after_the_decision_there_are_other_ways(self, entry: Entry, person: Account, second: Account) -> None:
        records.approve(entries=[entry], by=second)
        with pytest.raises(ActionRefused, match="has been decided"):
            records.answer(entry=entry, text="太晚了吗？", by=person)

    def test_the_words_are_never_changed_nor_lost(self, entry: Entry, person: Account) -> None:
        given = records.answer(entry=entry, text="我没有替考。", by=person)
        for act in (
            lambda: HearingAnswer.objects.update(text="我替考了。"),
            lambda: HearingAnswer.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
                act()
        assert HearingAnswer.objects.get(pk=given.pk).text == "我没有替考。"

    def test_the_trail_tells_of_it_without_its_words(self, entry: Entry, person: Account, second: Account) -> None:
        records.answer(entry=entry, text="我没有替考。", by=person)
        records.note_answers_read(entry=entry, by=second)
        assert records.note_answers_read(entry=entry, by=second) == 0
        events = AuditEvent.objects.filter(verb__in=[Verb.ENTRY_ANSWERED, Verb.STATEMENT_READ])
        assert sorted(events.values_list("verb", flat=True)) == [Verb.ENTRY_ANSWERED, Verb.STATEMENT_READ]
        assert not [event for event in events if "替考" in str(event.details)]


class TestVisible:
    def test_the_body_and_the_person_see_it_and_nobody_else(
        self, entry: Entry, by: Account, second: Account, person: Account
    ) -> None:
        for account in (by, second, person):
            assert list(Entry.objects.visible_to(account)) == [entry]
        strangers = [clerk(), f.AccountFactory(a_person=True)]
        strangers += [f.AccountFactory(organisation=by.organisation, holds=[role]) for role in Role if role in {
            Role.EXAMINER, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.EDITOR, Role.CREDIT_OFFICER,
        }]  # fmt: skip
        for account in strangers:
            assert not Entry.objects.visible_to(account).exists(), account.roles

    def test_who_has_left_sees_nothing_from_that_day(self, entry: Entry, by: Account) -> None:
        Account.objects.filter(pk=by.pk).update(left_on=timezone.localdate())
        assert not Entry.objects.visible_to(Account.objects.get(pk=by.pk)).exists()

    def test_the_number_on_the_page_is_masked(self, entry: Entry, by: Account, person: Account) -> None:
        number = entry.person.identities.get().number
        for account, path in ((by, f"/entries/{entry.record.number}/"), (by, "/entries/"), (person, "/my/")):
            page = sign_in(account).get(path)
            assert page.status_code == 200
            assert number not in page.content.decode()


class TestHistory:
    def test_every_state_is_kept_and_cannot_be_rewritten(self, entry: Entry, second: Account) -> None:
        records.approve(entries=[entry], by=second)
        kept = EntryEvent.objects.filter(pgh_obj_id=entry.pk).order_by("pgh_id")
        assert list(kept.values_list("state", flat=True))[-1] == Entry.State.APPROVED
        assert set(kept.values_list("state", flat=True)) <= {
            Entry.State.DRAFTED,
            Entry.State.NOTIFIED,
            Entry.State.IN_HEARING,
            Entry.State.APPROVED,
        }
        for act in (lambda: kept.update(state="declined"), lambda: kept.delete()):
            with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
                act()

    def test_a_change_by_hand_in_the_database_is_kept_too(self, entry: Entry) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE archive_entry SET severity = 'serious' WHERE id = %s", [entry.pk])
        last = EntryEvent.objects.filter(pgh_obj_id=entry.pk).order_by("-pgh_id").first()
        assert last.severity == entry.severity

    @pytest.mark.parametrize("model", [Entry, Record])
    def test_neither_record_nor_entry_is_ever_deleted(self, entry: Entry, model: Any) -> None:
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        assert model.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_refusal_at_the_same_moment_end_in_one_of_them(catalogue: None) -> None:
    by = clerk()
    (entry,) = admitted(fact(item="志愿服务"), by=by)
    one, other = approver_beside(by), approver_beside(by)
    gate = threading.Barrier(2)
    refused: list[ActionRefused] = []

    def at_once(act: Any) -> None:
        try:
            gate.wait(10)
            act()
        except ActionRefused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    acts = [
        lambda: records.approve(entries=[entry], by=one),
        lambda: records.decline(entry=entry, reason="重复报送。", by=other),
    ]
    threads = [threading.Thread(target=at_once, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    entry.refresh_from_db()
    assert len(refused) == 1
    assert (entry.approved_by_id is None) is (entry.declined_by_id is not None)
    assert CheckFact.objects.filter(entry_id=entry.pk).exists() is (entry.state == Entry.State.IN_FORCE)
