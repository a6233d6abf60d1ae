"""Who somebody was at a moment, in one query: the same as in the several that others ask."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from profiles.models import IdentityDocument, Person
from tests import factories as f
from tests import numbers

pytestmark = pytest.mark.django_db


def slow(wanted: list[str], moment: dt.datetime) -> tuple[dict, dict]:
    documents = IdentityDocument.objects.by_numbers(wanted, known_at=moment)
    people = {number: document.person_id for number, document in documents.items()}
    names = {document.person_id: document.person.name for document in documents.values()}
    return people, Person.objects.names(names, known_at=moment)


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
        assert IdentityDocument.objects.known_by_numbers(wanted, known_at=moment) == slow(wanted, moment)
    assert set(IdentityDocument.objects.known_by_numbers(wanted, known_at=now)[0]) == set(wanted[:4])


def test_who_is_called_as_on_the_row_costs_one_query(django_assert_num_queries: object) -> None:
    person = f.PersonFactory()
    wanted = [person.identities.get().number]
    with django_assert_num_queries(1):  # type: ignore[operator]
        IdentityDocument.objects.known_by_numbers(wanted, known_at=timezone.now())
