"""The trail: append-only in the database, sealed, provable by an outsider, and nothing happens without it."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from profiles.accounts.permissions import Role
from profiles.audit import actions, export, verify_trail
from profiles.audit.models import AuditEvent, Checkpoint, TrailLeaf, TrailPending
from profiles.audit.verbs import Verb
from profiles.audit.verify_trail import Altered, Tree, Verifier, verify_rows
from profiles.common.permissions import System
from profiles.organisations.actions import save_organisation
from profiles.organisations.models import Organisation
from tests import factories as f
from tests import numbers

SEALER = System("test")


@pytest.fixture
def empty_trail(db: None) -> None:
    """The prepared database has events of its own (the catalogue was loaded); these tests want to count."""
    with connection.cursor() as cursor:
        for table in ("auditevent", "trailleaf", "checkpoint"):
            cursor.execute(f"ALTER TABLE profiles_{table} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM profiles_{table}")
            cursor.execute(f"ALTER TABLE profiles_{table} ENABLE TRIGGER USER")
        cursor.execute("DELETE FROM profiles_trailpending")


def write(count: int) -> None:
    actions.record_many(actions.draft(by=SEALER, verb=Verb.SIGNED_IN, count=n) for n in range(count))


def verify(against: dict[str, Any] | None = None) -> int:
    verifier = Verifier(actions.public_key(), against)
    verify_rows(export.rows(), verifier)
    return verifier.tree.size


@pytest.fixture
def sealed(empty_trail: None) -> None:
    """Seven events under two checkpoints."""
    write(4)
    assert actions.seal(by=SEALER) is not None
    write(3)
    assert actions.seal(by=SEALER) is not None


# The tree against the definition of RFC 6962, section 2.1


def plain_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_growing_tree_has_the_roots_of_the_standard(leaves: list[bytes]) -> None:
    tree = Tree()
    for place, leaf in enumerate(leaves):
        assert tree.root() == plain_root(leaves[:place])
        tree.add(leaf)
    assert tree.root() == plain_root(leaves)
    assert Tree(tree.size, tree.frontier).root() == tree.root()


# Writing


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(actions.NotInTransaction):
        actions.record(by=SEALER, verb=Verb.SIGNED_IN)


@pytest.mark.django_db
def test_an_event_takes_no_identity_number() -> None:
    with pytest.raises(ValueError, match="identity number"):
        actions.record(by=SEALER, verb=Verb.SIGNED_IN, note=f"about {numbers.resident()}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table", ["profiles_auditevent", "profiles_trailleaf", "profiles_checkpoint", "archive_queryline"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_rows_cannot_be_changed_even_by_the_owner_in_bulk(sealed: None, table: str, statement: str) -> None:
    f.QueryLineFactory()
    columns = {"profiles_trailleaf": "event_at", "profiles_checkpoint": "sealed_at"}
    column = columns.get(table, "at")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


def run_as_application(statement: str, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET at = at", "DELETE FROM {}", "TRUNCATE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"]
)
@pytest.mark.parametrize(
    "table", ["profiles_auditevent", "profiles_auditevent_rest", "archive_queryline", "archive_change"]
)
def test_the_application_has_no_right_to_change_or_unguard(statement: str, table: str, settings: Any) -> None:
    with pytest.raises(DatabaseError, match="permission denied|must be owner"), transaction.atomic():
        run_as_application(statement.format(table), settings)


@pytest.mark.django_db
def test_the_application_may_write_and_seal(empty_trail: None, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    write(3)
    assert actions.seal(by=SEALER) is not None
    assert verify() == 3


@pytest.mark.django_db
def test_no_trail_no_act(settings: Any) -> None:
    """Fail closed: where the event cannot be written, what it would tell of has not happened."""
    admin = f.AccountFactory(holds=[Role.SYSTEM_ADMIN])
    organisation = Organisation(name="新单位", code=numbers.organisation_code(), kind="school")
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON profiles_auditevent FROM {settings.DATABASE_APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    with pytest.raises(DatabaseError, match="permission denied"):
        save_organisation(organisation=organisation, by=admin)
    assert not Organisation.objects.filter(code=organisation.code).exists()


# Sealing


@pytest.mark.django_db
def test_sealing_needs_the_system(empty_trail: None) -> None:
    with pytest.raises(PermissionDenied):
        actions.seal(by=f.AccountFactory(holds=[Role.SYSTEM_ADMIN]))


@pytest.mark.django_db
def test_sealing_leaves_nothing_waiting_and_skips_nothing(empty_trail: None) -> None:
    write(5)
    checkpoint = actions.seal(by=SEALER)
    assert checkpoint is not None
    assert checkpoint.size == 5
    assert not TrailPending.objects.exists()
    assert list(TrailLeaf.objects.order_by("index").values_list("index", flat=True)) == [0, 1, 2, 3, 4]
    assert actions.seal(by=SEALER) is None
    assert export.strays() == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_whose_transaction_ends_late_is_sealed_late() -> None:
    """The order of leaves is the order of sealing; an older event that becomes visible later is not lost."""
    from django.db import connections

    before = actions.AuditEvent.objects.count()
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            write(1)  # open while the next one is sealed
            early = AuditEvent.objects.order_by("-at").first()
            late = TrailPending(event_uid=early.uid, event_at=early.at)
            other.ensure_connection()
            with other.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM profiles_trailpending WHERE event_uid = %s", [late.event_uid])
                assert cursor.fetchone()[0] == 0
    finally:
        other.close()
    while actions.seal(by=SEALER) is not None:
        continue
    assert AuditEvent.objects.count() == before + 1
    assert TrailLeaf.objects.filter(event_uid=early.uid).exists()
    assert export.strays() == 0


# Verifying: each kind of tampering by somebody who owns the database


def tamper(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        for table in ("auditevent", "trailleaf", "checkpoint"):
            cursor.execute(f"ALTER TABLE profiles_{table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)


@pytest.mark.django_db
def test_an_untouched_trail_is_whole(sealed: None) -> None:
    assert verify() == 7


TAMPERINGS: list[tuple[str, str, str]] = [
    ("verb changed", "UPDATE profiles_auditevent SET verb = 'x' WHERE details->>'count' = '2'", "was altered"),
    ("actor changed", "UPDATE profiles_auditevent SET actor_id = 5 WHERE details->>'count' = '1'", "was altered"),
    ("detail changed", "UPDATE profiles_auditevent SET details = '{\"count\": 9}' WHERE details->>'count' = '3'", "was altered"),
    ("time moved", "UPDATE profiles_auditevent SET at = at - interval '1 second' WHERE details->>'count' = '0'", "altered|removed"),
    ("event removed", "DELETE FROM profiles_auditevent WHERE details->>'count' = '3'", "was removed"),
    ("leaf removed", "DELETE FROM profiles_trailleaf WHERE index = 2", "is missing"),
    ("last leaf removed", "DELETE FROM profiles_trailleaf WHERE index = 6", "stands after leaf|root"),
    ("leaf rewritten", "UPDATE profiles_trailleaf SET hash = decode(repeat('00', 32), 'hex') WHERE index = 1", "was altered"),
    ("checkpoint removed", "DELETE FROM profiles_checkpoint WHERE size = 7", "last checkpoint was removed"),
    ("root rewritten", "UPDATE profiles_checkpoint SET root = decode(repeat('00', 32), 'hex') WHERE size = 4", "not valid"),
    ("signature cut", "UPDATE profiles_checkpoint SET signature = decode(repeat('00', 64), 'hex') WHERE size = 7", "not valid"),
    ("time of seal moved", "UPDATE profiles_checkpoint SET sealed_at = sealed_at - interval '1 day' WHERE size = 4", "not valid"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "message"), [row[1:] for row in TAMPERINGS], ids=[row[0] for row in TAMPERINGS])
def test_tampering_is_found(sealed: None, statement: str, message: str) -> None:
    tamper(statement)
    with pytest.raises(Altered, match=message):
        verify()


@pytest.mark.django_db
def test_an_event_put_in_round_the_actions_is_found(sealed: None) -> None:
    f.AuditEventFactory()
    assert export.strays() == 1
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("trail", "verify", stdout=out)
    assert "under no leaf" in out.getvalue()


@pytest.mark.django_db
def test_a_kept_checkpoint_shows_that_history_was_rewritten_and_signed_anew(sealed: None) -> None:
    """The operator holds the signing key: only what outsiders kept proves against the operator."""
    kept = export.checkpoint_row(Checkpoint.objects.get(size=4))
    assert verify(kept) == 7
    tamper("DELETE FROM profiles_auditevent")
    tamper("DELETE FROM profiles_trailleaf")
    tamper("DELETE FROM profiles_checkpoint")
    write(7)
    actions.seal(by=SEALER)
    assert verify() == 7  # consistent in itself
    with pytest.raises(Altered, match="rewritten"):
        verify(kept)


@pytest.mark.django_db
def test_a_kept_checkpoint_shows_that_the_trail_was_cut(sealed: None) -> None:
    kept = export.checkpoint_row(Checkpoint.objects.get(size=7))
    tamper("DELETE FROM profiles_trailleaf WHERE index >= 4")
    tamper("DELETE FROM profiles_checkpoint WHERE size = 7")
    tamper(
        "DELETE FROM profiles_auditevent e WHERE NOT EXISTS (SELECT 1 FROM profiles_trailleaf l WHERE l.event_uid = e.uid)"
    )
    assert verify() == 4
    with pytest.raises(Altered, match="was cut"):
        verify(kept)


@pytest.fixture
def exported(sealed: None, tmp_path: Path) -> tuple[Path, Path]:
    trail, key = tmp_path / "trail.jsonl", tmp_path / "key.pem"
    call_command("trail", "export", str(trail), stdout=io.StringIO())
    key.write_bytes(actions.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return trail, key


def stand_alone(trail: Path, key: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The one file, in an empty folder, with Django out of reach."""
    program = trail.parent / "verify_trail.py"
    program.write_bytes(Path(verify_trail.__file__).read_bytes())
    guard = (
        "import sys, runpy; sys.modules['django'] = None; sys.argv = sys.argv[1:];"
        " runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-I", "-c", guard, str(program), str(trail), str(key), *more],
        capture_output=True,
        text=True,
        check=False,
        cwd=trail.parent,
    )


@pytest.mark.django_db
def test_the_stand_alone_verifier_needs_no_django(exported: tuple[Path, Path]) -> None:
    done = stand_alone(*exported)
    assert done.returncode == 0, done.stderr
    assert "WHOLE: 7 events under 2 signed checkpoints" in done.stdout


def drop_line(lines: list[str]) -> list[str]:
    return lines[:2] + lines[3:]


def change_verb(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace("account.signed_in", "account.signed_out", 1), *lines[2:]]


def swap(lines: list[str]) -> list[str]:
    return [lines[1], lines[0], *lines[2:]]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [drop_line, change_verb, swap])
def test_the_stand_alone_verifier_finds_changes(
    exported: tuple[Path, Path], change: Callable[[list[str]], list[str]]
) -> None:
    trail, key = exported
    trail.write_text("\n".join(change(trail.read_text().splitlines())))
    done = stand_alone(trail, key)
    assert done.returncode == 1
    assert "ALTERED" in done.stdout


@pytest.mark.django_db
def test_the_stand_alone_verifier_says_what_it_cannot_read(exported: tuple[Path, Path]) -> None:
    trail, key = exported
    trail.write_text("not json\n")
    assert stand_alone(trail, key).returncode == 2


@pytest.mark.django_db
def test_the_command_prints_a_checkpoint_to_keep(sealed: None) -> None:
    out = io.StringIO()
    call_command("trail", "checkpoint", stdout=out)
    assert json.loads(out.getvalue())["size"] == 7
    out = io.StringIO()
    call_command("trail", "verify", stdout=out)
    assert "WHOLE: 7 events" in out.getvalue()
