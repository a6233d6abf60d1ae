"""A statement that arrives while an approval runs is read first or comes too late: in the actions, and in the database itself."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from archive.models import Entry, HearingAnswer
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.common.exceptions import ActionRefused
from tests import factories as f
from tests.archive.workers import Worker, notices_locked


@pytest.mark.django_db(transaction=True)
def test_beside_a_running_approval_an_answer_waits_and_comes_too_late(catalogue: None) -> None:
    person = f.AccountFactory(a_person=True)
    entry = f.EntryFactory(notified=True, record=f.RecordFactory(person=person.person))
    approver = f.AccountFactory(organisation=entry.organisation, holds=[Role.APPROVER])
    with notices_locked():
        approving = Worker(lambda: records.approve(entries=[entry], by=approver) and None)
        approving.wait_until_held()
        answering = Worker(lambda: records.answer(entry=entry, text="我有话说。", by=person) and None)
        answering.wait_until_held()
    approving.end()
    answering.end()
    assert approving.died is None
    assert isinstance(answering.died, ActionRefused)
    assert not HearingAnswer.objects.exists()


APPROVE = "UPDATE archive_entry SET state = 'approved', approved_by_id = %s, approved_at = now(), approved_on = %s WHERE id = %s"
ANSWER = "INSERT INTO archive_hearinganswer (entry_id, person_id, text, given_at) VALUES (%s, %s, '我有话说。', now())"


@pytest.mark.django_db(transaction=True)
def test_sql_by_hand_that_waited_for_an_answer_sees_it(catalogue: None) -> None:
    entry = f.EntryFactory(notified=True)
    second = f.AccountFactory(organisation=entry.organisation)

    def approve() -> None:
        with connection.cursor() as cursor:
            cursor.execute(APPROVE, [second.pk, timezone.localdate(), entry.pk])

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ANSWER, [entry.pk, entry.person_id])
        approving = Worker(approve)
        approving.wait_until_held()
    approving.end()
    assert "not read" in str(approving.died)
    assert Entry.objects.get(pk=entry.pk).state == "in_hearing"


@pytest.mark.django_db
def test_the_database_takes_no_answer_to_what_is_decided() -> None:
    entry = f.EntryFactory(in_force=True)
    with pytest.raises(DatabaseError, match="has been decided"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ANSWER, [entry.pk, entry.person_id])


@pytest.mark.django_db
def test_the_database_refuses_an_approval_past_an_unread_answer() -> None:
    answer = f.HearingAnswerFactory()
    second = f.AccountFactory(organisation=answer.entry.organisation)
    approval = [second.pk, timezone.localdate(), answer.entry_id]
    with pytest.raises(DatabaseError, match="not read"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(APPROVE, approval)
    HearingAnswer.objects.update(read_by=second, read_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(APPROVE, approval)
    assert Entry.objects.get(pk=answer.entry_id).state == "approved"
