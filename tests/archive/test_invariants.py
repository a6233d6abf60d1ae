"""What must hold everywhere: identity numbers are nowhere in the clear, and what is append-only cannot be changed."""

from __future__ import annotations

import html
import inspect
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.db import DatabaseError, IntegrityError, connection, transaction

from archive.intake.words import FORBIDDEN_COLUMNS
from archive.models import Batch
from config.celery import app as celery_app
from profiles.audit.models import AuditEvent
from profiles.common.logging import MaskIdentityNumbers
from profiles.common.models import append_only_tables
from profiles.models import IdentityDocument
from tests import factories as f
from tests import numbers
from tests.archive.road import Road


class Kept(logging.Handler):
    """The lines as the product's console prints them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.addFilter(MaskIdentityNumbers())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    handler, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def road(db: None, at_once: None, log: Kept, django_capture_on_commit_callbacks: Any) -> Road:
    return Road(django_capture_on_commit_callbacks)


def stored() -> Iterator[tuple[str, str]]:
    """(table, row as text) of all that is stored, the queue's messages too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'pgmq')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            for (text,) in cursor.fetchall():
                yield table, text


def test_on_the_whole_road_no_identity_number_is_kept_shown_or_logged(road: Road, log: Kept) -> None:
    secrets = [*road.numbers, *(number.encode().hex() for number in road.numbers), *road.codes]
    tables: set[str] = set()
    for table, text in stored():
        tables.add(table)
        assert not [secret for secret in secrets if secret in text], table
    assert {"public.archive_entry", "public.archive_row", "public.profiles_auditevent", "public.check_fact"} <= tables
    for page in road.pages:
        text = html.unescape(page)
        assert not [number for number in road.numbers if number in text]
    assert log.lines
    for line in log.lines:
        assert not [secret for secret in secrets if secret in line]


def test_no_file_name_or_address_tells_a_number(road: Road, settings: Any) -> None:
    files = [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]
    assert len(files) >= 3  # two lists and a report
    for path in files:
        content = path.read_bytes()
        for number in road.numbers:
            assert number not in path.name
            assert number.encode() not in content
    assert (
        Batch.objects.get(kind=Batch.Kind.ENTRIES).file_name
        == f"名单{road.numbers[0][:6]}********{road.numbers[0][-4:]}.csv"
    )
    addresses = re.findall(r'(?:href|action|src|hx-get)="([^"]*)"', " ".join(road.pages))
    assert addresses
    for address in addresses:
        assert not [number for number in road.numbers if number in address]


def test_the_trail_tells_each_step_of_the_road_by_codes_only(road: Road) -> None:
    told = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {
        "intake.uploaded", "intake.rehearsed", "intake.confirmed", "intake.admitted", "person.created_in_bulk",
        "record.drafted", "record.notified", "record.approved", "notice.sent", "notice.printed", "veto.checked",
        "veto.list_checked", "account.activation_issued", "account.activated", "report.requested", "report.issued",
    } <= told  # fmt: skip
    names = [row["name"] for row in road.facts]
    for event in AuditEvent.objects.all():
        assert not [name for name in names if name in str(event.details)]


# Log lines, whoever writes them


def test_every_line_of_the_product_goes_through_the_mask() -> None:
    for name, handler in project.LOGGING["handlers"].items():
        assert handler["filters"] == ["identity"], name
    assert project.LOGGING["filters"]["identity"]["()"] == "profiles.common.logging.MaskIdentityNumbers"


def test_a_number_in_message_argument_or_traceback_is_masked(log: Kept) -> None:
    number = numbers.resident()
    other = logging.getLogger("some.library")
    other.warning("could not read %s", number)
    other.warning("key (index)=(%s) of %r", number.lower(), {"number": number})
    try:
        raise ValueError(f"invalid: {number}")
    except ValueError:
        other.exception("failed")
    text = "\n".join(log.lines)
    assert "ValueError: invalid: " in text
    assert number not in text
    assert number[:6] + "********" in text


# Tasks


def test_a_task_takes_one_id_at_most() -> None:
    celery_app.loader.import_default_modules()
    ours = {name: task for name, task in celery_app.tasks.items() if not name.startswith("celery.")}
    assert len(ours) >= 8
    for name, task in ours.items():
        parameters = list(inspect.signature(task.run).parameters.values())
        assert len(parameters) <= 1, name
        assert all(parameter.annotation == "int" for parameter in parameters), name


# Data that no archive may hold


def test_no_table_has_a_column_for_faith_genes_blood_or_illness() -> None:
    names = [
        f"{model.__name__}.{field.name} {getattr(field, 'verbose_name', '')}"
        for label in ("profiles", "archive")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
    ]
    assert len(names) > 200
    assert [name for name in names if FORBIDDEN_COLUMNS.search(name)] == []


# The database itself


@pytest.mark.django_db
def test_one_number_is_on_file_once_even_for_bulk_sql() -> None:
    document = f.IdentityDocumentFactory()
    other = f.PersonFactory(number=False)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_identitydocument (person_id, kind, number, index, added_at)"
            " SELECT %s, kind, number, index, added_at FROM profiles_identitydocument WHERE id = %s",
            [other.pk, document.pk],
        )
    assert IdentityDocument.objects.by_numbers([document.number])[document.number].person_id == document.person_id


def rights_of_the_application(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right_ FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS right_"
            " WHERE has_table_privilege(%s, %s, right_)",
            [project.DATABASE_APP_ROLE, table],
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
@pytest.mark.parametrize("table", append_only_tables())
def test_the_application_may_only_add_to_and_read_what_is_append_only(table: str) -> None:
    assert rights_of_the_application(table) == {"SELECT", "INSERT"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table]
        )
        (column,) = cursor.fetchone()
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        refused_to_application(statement, table)


def refused_to_application(statement: str, table: str = "") -> None:
    """The application's role may not do this."""
    refused = pytest.raises(DatabaseError, match=f"permission denied.*{table}")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {project.DATABASE_APP_ROLE}")
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_history_of_persons_and_entries_is_among_it() -> None:
    assert {
        "archive_change", "archive_entryevent", "archive_queryline", "profiles_accountevent", "profiles_auditevent",
        "profiles_checkpoint", "profiles_identitydocumentevent", "profiles_membershipevent", "profiles_organisationevent",
        "profiles_personevent", "profiles_rolegrantevent", "profiles_trailleaf",
    } <= set(append_only_tables())  # fmt: skip


@pytest.mark.django_db
def test_the_application_owns_no_table_and_can_switch_off_no_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s",
            [project.DATABASE_APP_ROLE],
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [project.DATABASE_APP_ROLE])
        assert cursor.fetchone() == (False, False)
    refused_to_application("SET LOCAL session_replication_role = replica")
