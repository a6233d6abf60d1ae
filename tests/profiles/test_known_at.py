"""Who somebody was at a moment, in one query: the same as in the several that others ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from profiles.common import ciphers
from profiles.models import IdentityDocument, Person
from tests import factories as f
from tests import numbers

pytestmark = pytest.mark.django_db


def one_query(wanted: list[str], moment: dt.datetime) -> tuple[dict[str, int], dict[int, Any]]:
    """(number → person, person → names), the names of those that are said to have more looked up, of the others none."""
    by_index = {ciphers.blind_index(number): number for number in wanted}
    found = IdentityDocument.objects.known_at(by_index, moment=moment)
    uncommon = {key: name for key, name, more in found.values() if more}
    return {by_index[index]: key for index, (key, _name, _more) in found.items()}, Person.objects.names(
        uncommon, known_at=moment
    )


def several(wanted: list[str], moment: dt.datetime) -> tuple[dict[str, int], dict[int, Any]]:
    documents = IdentityDocument.objects.by_numbers(wanted, known_at=moment)
    names = {document.person_id: document.person.name for document in documents.values()}
    people = {number: document.person_id for number, document in documents.items()}
    told = Person.objects.names(names, known_at=moment)
    return people, told


def test_one_query_says_what_several_say() -> None:
    plain, renamed = f.PersonFactory(), f.PersonFactory()
    f.FormerNameFactory(person=renamed)
    merge = f.PersonMergeFactory(carried_out=True)
    retired = f.PersonFactory()
    document = retired.identities.get()
    document.retired_at, document.retired_by = timezone.now(), f.IdentityChangeFactory(person=retired)
    document.save()
    people = [plain, renamed, merge.kept, merge.merged, retired]
    wanted = [person.identities.first().number for person in people] + [numbers.resident()]
    now = timezone.now()
    for moment in (now, now - dt.timedelta(seconds=5), now - dt.timedelta(days=1)):
        keys, names = one_query(wanted, moment)
        slow_keys, slow_names = several(wanted, moment)
        assert keys == slow_keys
        assert {key: slow_names[key] for key in names} == names
        common = slow_names.keys() - names.keys()
        assert all(len(slow_names[key].present) == 1 and not slow_names[key].former for key in common)
        assert common <= {plain.pk, retired.pk}
    assert set(one_query(wanted, now)[0]) == set(wanted[:4])


def test_many_cost_one_query(django_assert_num_queries: Any) -> None:
    indexes = [ciphers.blind_index(f.PersonFactory().identities.get().number) for _n in range(3)]
    with django_assert_num_queries(1):
        assert len(IdentityDocument.objects.known_at(indexes, moment=timezone.now())) == 3
