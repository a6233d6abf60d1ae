"""COPY stores what an INSERT stores, and is held to the same constraints."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.intake.models import Row
from archive.records.models import Entry
from profiles.audit.models import time_ordered_ids
from profiles.common.copying import Lines, copy_rows, parted, reserve
from profiles.models import AuditEvent, IdentityDocument, Person
from tests import factories as f

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@pytest.mark.django_db
class TestCopying:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(name=texts, value=st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | texts, st.lists))
    def test_texts_and_objects_arrive_as_they_were(self, name: str, value: object) -> None:
        (key,) = reserve(Person, 1)
        copy_rows(
            Person,
            ("id", "code", "name"),
            [(key, f"P-{key}", name)],
            birth_date=dt.date(1990, 5, 17),
            created_by_organisation_id=1,
        )
        assert Person.objects.get(pk=key).name == name
        (event,) = time_ordered_ids(1)
        copy_rows(
            AuditEvent,
            ("uid", "details"),
            [(event, {"x": value})],
            at=dt.datetime.now(dt.UTC),
            verb="x",
            actor_kind="test",
            object_type="",
            object_id="",
        )
        assert AuditEvent.objects.get(uid=event).details == {"x": value}

    def test_ciphertext_ranges_and_arrays_are_those_of_the_model(self) -> None:
        entry = f.EntryFactory(bar_groups=["TEA", "LAW"], in_force=True)
        batch = f.BatchFactory()
        copy_rows(Row, ("number", "cells"), [(7, {"name": "张\t三\\n"})], batch_id=batch.pk, verdict="new")
        row = Row.objects.get(batch=batch)
        assert (row.cells, row.problems, row.warnings) == ({"name": "张\t三\\n"}, [], [])
        with connection.cursor() as cursor:
            cursor.execute("SELECT cells FROM archive_row WHERE id = %s", [row.pk])
            assert "张".encode() not in bytes(cursor.fetchone()[0])
        names = [field.attname for field in Entry._meta.concrete_fields]
        (key,), (record,) = reserve(Entry, 1), [f.RecordFactory(person=entry.person).pk]
        values = {name: getattr(entry, name) for name in names}
        values.update(id=key, record_id=record, document_number="另〔2026〕1号")
        copy_rows(Entry, names, [tuple(values.values())])
        assert {name: getattr(Entry.objects.get(pk=key), name) for name in names} == values

    def test_constraints_hold(self) -> None:
        document = f.IdentityDocumentFactory()
        columns, row = (
            ("person_id", "kind", "number", "index"),
            (document.person_id, "resident_id", "x", document.index),
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            copy_rows(IdentityDocument, columns, [row])
        assert IdentityDocument.objects.count() == 1

    def test_what_differs_in_each_row_cannot_be_left_to_a_default(self) -> None:
        with pytest.raises(TypeError, match="code"):
            Lines(Person, ("name",))

    def test_parts(self) -> None:
        assert list(parted(iter(range(5)), 2)) == [[0, 1], [2, 3], [4]]
        assert list(parted([], 2)) == []
