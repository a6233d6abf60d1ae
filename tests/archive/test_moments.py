"""A check that comes while an approval is being written waits for it: otherwise its replay would know more than it did."""

from __future__ import annotations

import pytest
from django.db import connection

from archive.models import Answer
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.common import moments
from tests import factories as f
from tests.archive.checking import check, examiner, on_file
from tests.archive.test_replay import replay, stored
from tests.archive.workers import Worker, feed_locked


@pytest.mark.django_db(transaction=True)
def test_a_check_during_an_approval_knows_it_and_so_does_its_replay(catalogue: None) -> None:
    person, by = f.PersonFactory(), examiner()
    entry = on_file(person, "TEA-02", approved=False)
    approver = f.AccountFactory(organisation=entry.organisation, holds=[Role.APPROVER])
    answers: list[Answer] = []
    with feed_locked():
        approving = Worker(lambda: records.approve(entries=[entry], by=approver) and None)
        approving.wait_until_held()
        checking = Worker(lambda: answers.append(check(person, by)))
        checking.wait_until_held()
    approving.end()
    checking.end()
    assert (approving.died, checking.died) == (None, None)
    assert answers[0].outcome == "veto"
    assert replay(answers) == [stored(answers[0])]


@pytest.mark.django_db(transaction=True)
def test_questions_do_not_wait_for_each_other(catalogue: None) -> None:
    moments.of_a_question()
    other = Worker(lambda: moments.of_a_question() and None)
    other.end()
    assert other.died is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == 0, "the lock is let go at once"


@pytest.mark.django_db(transaction=True)
def test_a_change_outside_a_transaction_is_refused() -> None:
    with pytest.raises(AssertionError, match="until the transaction ends"):
        moments.of_a_change()
