"""Acts at the same moment, on connections of their own: none is lost, none makes a chain, each entry gets all its lines."""

from __future__ import annotations

import threading

import pytest

from archive.models import Batch, CheckFact, Entry
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.common import ciphers
from profiles.common.exceptions import ActionRefused
from profiles.models import Person, PersonMerge
from profiles.people import actions as people
from tests import factories as f
from tests.archive.checking import on_file
from tests.archive.persons import DOCUMENT, REASON, join, number_of, officer
from tests.archive.sheets import WORKER, clerk, confirm, fact, rehearse, xlsx
from tests.archive.workers import Worker, feed_locked, notices_locked

pytestmark = pytest.mark.django_db(transaction=True)


def proposed(one: Person, other: Person) -> PersonMerge:
    return people.propose_merge(kept=one, merged=other, reason=REASON, by=officer(), **DOCUMENT)


def test_of_two_joinings_that_would_make_a_chain_one_is_refused() -> None:
    one, other, third = f.PersonFactory.create_batch(3)
    by = officer()
    merges = [proposed(one, other), proposed(other, third)]
    gate = threading.Barrier(2)

    def job(merge: PersonMerge) -> None:
        gate.wait(10)
        records.carry_out_merge(merge=merge, by=by)

    workers = [Worker(lambda merge=merge: job(merge)) for merge in merges]  # type: ignore[misc]
    for worker in workers:
        worker.end()
    assert PersonMerge.objects.live().count() == 1
    assert [type(worker.died) for worker in workers if worker.died is not None] == [ActionRefused]


def test_an_entry_that_comes_into_force_during_the_joining_is_found_by_all_numbers(catalogue: None) -> None:
    """The approval has looked the numbers up and waits in the middle; the joining waits for it."""
    one, other = f.PersonFactory(), f.PersonFactory()
    entry = on_file(other, "TEA-02", approved=False)
    approver = f.AccountFactory(organisation=entry.organisation, holds=[Role.APPROVER])
    merge, by = proposed(one, other), officer()
    with notices_locked():
        approving = Worker(lambda: records.approve(entries=[entry], by=approver) and None)
        approving.wait_until_held()
        joining = Worker(lambda: records.carry_out_merge(merge=merge, by=by) and None)
        joining.wait_until_held()
    approving.end()
    joining.end()
    assert (approving.died, joining.died) == (None, None)
    found = {bytes(index) for index in CheckFact.objects.values_list("identity_index", flat=True)}
    assert found == {ciphers.blind_index(number_of(person)) for person in (one, other)}


def test_a_batch_that_is_admitted_during_the_joining_keeps_its_number(catalogue: None) -> None:
    by, one, other = clerk(), f.PersonFactory(), f.PersonFactory()
    batch = confirm(rehearse(xlsx(fact(name=other.name, identity_number=number_of(other))), by=by), by=by)
    with feed_locked():
        admitting = Worker(lambda: records.admit_batch(batch_id=batch.pk, by=WORKER))
        admitting.wait_until_held()
        merge, officers = proposed(one, other), officer()
        joining = Worker(lambda: records.carry_out_merge(merge=merge, by=officers) and None)
        joining.wait_until_held()
    admitting.end()
    joining.end()
    assert (admitting.died, joining.died) == (None, None)
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    assert Entry.objects.get().person == other
    assert PersonMerge.objects.family(one.pk) == {one.pk, other.pk}


def test_the_same_joining_is_carried_out_once() -> None:
    one, other = f.PersonFactory(), f.PersonFactory()
    merge, by = proposed(one, other), officer()
    gate = threading.Barrier(2)

    def job() -> None:
        gate.wait(10)
        records.carry_out_merge(merge=merge, by=by)

    workers = [Worker(job), Worker(job)]
    for worker in workers:
        worker.end()
    assert sum(worker.died is None for worker in workers) == 1
    with pytest.raises(ActionRefused, match="one archive already"):
        join(one, other)
