"""Telling persons: into the account, by e-mail, on paper; the ledger of it; codes on letters."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from archive.models import Batch, Delivery, Entry, Notice
from archive.notices import actions as notices
from archive.records import actions as records
from profiles.accounts.actions import activate, issue_activation_code
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from profiles.models import Account, Activation
from tests import factories as f
from tests.archive.sheets import admitted, approver_beside, clerk, days_ago, fact
from tests.world import sign_in

pytestmark = pytest.mark.django_db
POST = System("post")
CODE = re.compile(r"data-activation-code>([^<]+)<")


@pytest.fixture
def by() -> Account:
    return clerk()


@pytest.fixture
def entry(by: Account) -> Entry:
    return admitted(fact(facts="替考"), by=by)[0]


def letter(entry: Entry, by: Account) -> str:
    """The page that the clerk prints."""
    page = sign_in(by).post(f"/entries/{entry.record.number}/letter/")
    assert page.status_code == 200
    return page.content.decode()


def channels(notice: Notice) -> dict[str, str]:
    return dict(notice.deliveries.values_list("channel", "state"))


def with_account(by: Account, *, email: str = "") -> tuple[Account, Entry]:
    account = f.AccountFactory(a_person=True, email=email)
    number = account.person.identities.get().number
    return account, admitted(fact(name=account.person.name, identity_number=number), by=by)[0]


class TestText:
    def test_it_names_act_law_paper_and_what_to_do_in_both_languages(self, entry: Entry) -> None:
        notice = Notice.objects.about(entry).get()
        for text in (notice.body_zh, notice.body_en):
            assert entry.document_number in text
            assert entry.record.number in text
            assert "替考" in text
        assert "within 5 working days after this notice was handed to you" in notice.body_en
        assert entry.item.name_zh in notice.body_zh
        assert notice.body_zh != notice.body_en
        assert notice.subject_zh
        assert notice.subject_en

    def test_it_holds_no_identity_number(self, entry: Entry) -> None:
        number = entry.person.identities.get().number
        notice = Notice.objects.about(entry).get()
        assert number not in "".join([notice.subject_zh, notice.subject_en, notice.body_zh, notice.body_en])

    def test_it_stays_as_it_was_sent(self, entry: Entry, by: Account) -> None:
        sent = Notice.objects.about(entry).get().body_zh
        by.organisation.name = "改名学院"
        by.organisation.save()
        assert Notice.objects.about(entry).get().body_zh == sent

    def test_names_and_facts_are_text_on_the_page_and_no_markup(self, by: Account) -> None:
        (entry,) = admitted(fact(facts="<script>alert(1)</script> & 替考"), by=by)
        assert "<script>alert" in Notice.objects.about(entry).get().body_zh
        assert "<script>alert" not in letter(entry, by)


class TestWithoutAccount:
    def test_nothing_counts_as_delivered_before_paper_was_handed_over(self, entry: Entry) -> None:
        assert channels(Notice.objects.about(entry).get()) == {"in_app": "waiting"}
        assert entry.approvable_from is None

    def test_printing_is_noted_once_and_starts_no_window(self, entry: Entry, by: Account) -> None:
        letter(entry, by)
        letter(entry, by)
        notice = Notice.objects.about(entry).get()
        assert channels(notice) == {"in_app": "waiting", "paper": "done"}
        assert notice.deliveries.get(channel="paper").done_by == by
        assert AuditEvent.objects.filter(verb=Verb.NOTICE_PRINTED, object_id=str(notice.pk)).count() == 2
        assert Entry.objects.get(pk=entry.pk).approvable_from is None

    def test_service_is_neither_before_the_letter_nor_ahead(self, entry: Entry, by: Account) -> None:
        with pytest.raises(ActionRefused, match="before the notice was written"):
            records.record_service(entries=[entry], served_on=days_ago(1), by=by)
        with pytest.raises(ActionRefused, match="lies in the future"):
            records.record_service(entries=[entry], served_on=days_ago(-1), by=by)
        assert Entry.objects.get(pk=entry.pk).state == Entry.State.NOTIFIED

    def test_service_is_recorded_once(self, entry: Entry, by: Account) -> None:
        today = timezone.localdate()
        assert records.record_service(entries=[entry], served_on=today, by=by) != []
        first = Entry.objects.get(pk=entry.pk).notified_at
        assert records.record_service(entries=[entry], served_on=today, by=by) == []
        assert Entry.objects.get(pk=entry.pk).notified_at == first
        assert AuditEvent.objects.filter(verb=Verb.ENTRY_NOTIFIED, object_id=str(entry.pk)).count() == 1

    def test_only_the_bodys_clerks_print_and_serve(self, entry: Entry, by: Account) -> None:
        for stranger in (approver_beside(by), clerk()):
            with pytest.raises(PermissionDenied):
                notices.note_printed(notice=Notice.objects.about(entry).get(), by=stranger)
            with pytest.raises(PermissionDenied):
                records.record_service(entries=[entry], served_on=timezone.localdate(), by=stranger)

    def test_the_letters_of_a_file_come_together_with_one_code_a_person(self, by: Account) -> None:
        row = fact()
        one, two, other = admitted(row, {**row, "document_number": "示学〔2026〕2号"}, fact(name="李四"), by=by)
        page = sign_in(by).post(f"/record/{Batch.objects.get(pk=one.batch_id).code}/notices/").content.decode()
        codes = CODE.findall(page)
        assert one.person_id == two.person_id != other.person_id
        assert len(codes) == 3
        assert len(set(codes)) == 2
        assert page.count('<article class="letter"') == 3


class TestCodes:
    def test_only_the_hash_is_kept(self, entry: Entry, by: Account) -> None:
        (code,) = CODE.findall(letter(entry, by))
        activation = Activation.objects.get(person=entry.person)
        assert bytes(activation.code_hash) == hashlib.sha256(code.encode()).digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(a)::text FROM profiles_activation a")
            assert code not in cursor.fetchone()[0]
        assert not [event for event in AuditEvent.objects.all() if code in str(event.details)]

    def test_it_lives_thirty_days(self, entry: Entry, by: Account) -> None:
        (code,) = CODE.findall(letter(entry, by))
        activation = Activation.objects.get(person=entry.person)
        assert activation.expires_on == timezone.localdate() + dt.timedelta(days=30)
        Activation.objects.update(expires_on=timezone.localdate())
        with pytest.raises(ActionRefused):
            _activate(entry, code)
        Activation.objects.update(expires_on=timezone.localdate() + dt.timedelta(days=1))
        assert _activate(entry, code).person == entry.person

    def test_a_reprint_makes_a_new_one_and_ends_the_old(self, entry: Entry, by: Account) -> None:
        (old,) = CODE.findall(letter(entry, by))
        (new,) = CODE.findall(letter(entry, by))
        assert old != new
        with pytest.raises(ActionRefused):
            _activate(entry, old)
        assert _activate(entry, new).person == entry.person

    def test_it_works_once_and_is_not_given_to_who_has_an_account(self, entry: Entry, by: Account) -> None:
        (code,) = CODE.findall(letter(entry, by))
        _activate(entry, code)
        with pytest.raises(ActionRefused):
            _activate(entry, code, username="another")
        with pytest.raises(ActionRefused):
            issue_activation_code(person=entry.person, context=entry, by=by)
        assert CODE.findall(letter(entry, by)) == []

    def test_the_waiting_notice_is_there_after_activation_and_reading_it_is_noted(
        self, entry: Entry, by: Account
    ) -> None:
        (code,) = CODE.findall(letter(entry, by))
        person = _activate(entry, code)
        notice = Notice.objects.visible_to(person).get()
        page = sign_in(person).get(f"/my/notices/{notice.number}/")
        assert page.status_code == 200
        notice.refresh_from_db()
        assert notice.read_at is not None
        assert channels(notice)["in_app"] == "done"
        sign_in(person).get(f"/my/notices/{notice.number}/")
        assert AuditEvent.objects.filter(verb=Verb.NOTICE_READ).count() == 1


def _activate(entry: Entry, code: str, username: str = "tester-of-code") -> Account:
    return activate(
        code=code,
        name=entry.person.name,
        number=entry.person.identities.get().number,
        username=username,
        password="correct-horse-battery-9",
        by=System("test"),
    )


class TestWithAccount:
    def test_it_lies_in_the_account_at_once_and_the_mail_tells_nothing_of_it(self, by: Account) -> None:
        account, entry = with_account(by, email="person@example.test")
        notice = Notice.objects.about(entry).get()
        assert channels(notice) == {"in_app": "done", "email": "waiting"}
        assert notices.deliver_waiting(by=POST) == 1
        (message,) = mail.outbox
        assert message.to == [account.email]
        assert notice.number in message.body
        for secret in (account.person.name, entry.item.name_zh, entry.document_number, entry.item.name_en):
            assert secret not in message.subject + message.body
        assert notices.deliver_waiting(by=POST) == 0
        assert len(mail.outbox) == 1

    def test_a_mail_server_that_is_down_is_tried_again_and_given_up_after_five(
        self, by: Account, settings: Any
    ) -> None:
        _account, entry = with_account(by, email="person@example.test")
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
        delivery = Delivery.objects.get(notice__about_id=entry.pk, channel="email")
        for attempt in range(1, 6):
            assert notices.deliver_waiting(by=POST) == 0
            delivery.refresh_from_db()
            assert (delivery.attempts, delivery.error) == (attempt, "ConnectionRefusedError")
            assert delivery.next_try_at > timezone.now()
            Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
        assert delivery.state == Delivery.State.FAILED
        assert notices.deliver_waiting(by=POST) == 0
        assert channels(Notice.objects.about(entry).get())["in_app"] == "done"

    def test_another_person_neither_sees_nor_opens_it(self, by: Account) -> None:
        _account, entry = with_account(by)
        stranger = f.AccountFactory(a_person=True)
        notice = Notice.objects.about(entry).get()
        assert not Notice.objects.visible_to(stranger).exists()
        assert sign_in(stranger).get(f"/my/notices/{notice.number}/").status_code == 404
        with pytest.raises(PermissionDenied):
            notices.mark_read(notice=notice, by=stranger)
        assert Notice.objects.get(pk=notice.pk).read_at is None


def test_only_the_system_sends_mail() -> None:
    with pytest.raises(PermissionDenied):
        notices.deliver_waiting(by=f.AccountFactory(holds=[Role.SYSTEM_ADMIN]))
