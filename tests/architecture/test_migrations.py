"""A migration can be taken back, or says in `irreversible = "…"` why it cannot."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import psycopg
import pytest

from tests.conftest import ROOT, _fingerprint

OURS = ["profiles", "archive", "cms"]
MODULES = [
    import_module(f"{app}.migrations.{path.stem}")
    for app in OURS
    for path in sorted((ROOT / app / "migrations").glob("0*.py"))
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_migration_can_be_taken_back_or_says_why_not(module: ModuleType) -> None:
    one_way = [str(operation) for operation in module.Migration.operations if not operation.reversible]
    reason = getattr(module, "irreversible", "")
    assert not one_way or reason.strip()
    assert one_way or not reason, "the mark is stale"


@pytest.mark.deep
def test_all_migrations_run_backwards_and_forwards_again(django_db_setup: None) -> None:
    database = f"test_migrations_{os.getpid()}"
    owner = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "template_{_fingerprint()}"')
    try:
        environment = {
            name: re.sub(r"@/[^?]+", f"@/{database}", value) if name.startswith("DATABASE") else value
            for name, value in os.environ.items()
        }
        for words in [["migrate", "cms", "zero"], ["migrate", "archive", "zero"], ["prepare"], ["load_catalogue"]]:
            done = subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    finally:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')
