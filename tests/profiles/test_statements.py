"""Statements that are compiled once say what their querysets say, for every value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from profiles.common.statements import Statement
from profiles.models import Competence, IdentityDocument
from tests import factories as f

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_a_competence_is_found_as_the_queryset_finds_it() -> None:
    today, body = timezone.localdate(), f.OrganisationFactory(licensing=True)
    f.CompetenceFactory(organisation=body, check=True, group="TEA", event="access", valid_from=today)
    f.CompetenceFactory(organisation=body, check=True, group="TEA", event="title", valid_until=today + DAY)
    for day in (today - DAY, today, today + DAY):
        for event in ("access", "title", "award"):
            found = Competence.objects.for_check(body.pk, group="TEA", event=event, day=day)
            asked = Competence.objects.holding_on(day).filter(organisation=body, role="check", group="TEA", event=event)
            assert found == asked.first()
            if found is not None:
                names = [field.attname for field in Competence._meta.concrete_fields]
                assert [getattr(found, name) for name in names] == [getattr(asked.get(), name) for name in names]


def test_it_is_built_once_and_values_take_the_places_of_the_stand_ins() -> None:
    built = []

    def numbers(*, person_id: int, before: dt.datetime) -> QuerySet[Any]:
        built.append(person_id)
        return IdentityDocument.objects.filter(person_id=person_id, added_at__lt=before).values_list("number", "kind")

    statement = Statement(numbers, person_id=int, before=dt.datetime)
    one, other = f.PersonFactory(), f.PersonFactory()
    later = timezone.now() + DAY
    for person in (one, other, one):
        document = person.identities.get()
        assert statement.rows(person_id=person.pk, before=later) == [(document.number, document.kind)]
    assert statement.rows(person_id=one.pk, before=one.identities.get().added_at) == []
    assert len(built) == 1


def test_a_value_that_has_no_place_is_a_mistake() -> None:
    statement = Statement(
        lambda *, pk, kind: IdentityDocument.objects.filter(pk=pk).values_list("pk"), pk=int, kind=str
    )
    with pytest.raises(AssertionError, match="kind"):
        statement.rows(pk=1, kind="x")
