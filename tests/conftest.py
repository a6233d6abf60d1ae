"""What all tests share: a real PostgreSQL, prepared once by the real migrations and copied for each worker."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fasteners
import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = Path(__file__).parent / "samples"


def _fingerprint() -> str:
    """Migrations and shipped data: what the prepared database depends on."""
    digest = hashlib.sha256()
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/data/**/*.toml"), *ROOT.glob("cms/data/*.toml")]
    files += [ROOT / "requirements.lock", *ROOT.glob("profiles/common/*.py"), *ROOT.glob("profiles/audit/*.py")]
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """One prepared database for all workers and runs with the same migrations; each worker gets a copy of it."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    owner = settings.DATABASES["default"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    template, mine = f"template_{_fingerprint()}", f"test_{worker}_{os.getpid()}"

    def use(name: str) -> None:
        connections["default"].close()
        settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name

    admin = {"NAME": owner["NAME"]}
    with django_db_blocker.unblock(), fasteners.InterProcessLock(Path(os.environ["ARCHIVE_VAR"]) / ".template-lock"):
        use(admin["NAME"])
        if not _exists(template):
            for old in _names("template\\_%"):
                _run(f'ALTER DATABASE "{old}" IS_TEMPLATE false')
                _run(f'DROP DATABASE "{old}"')
            _run(f'CREATE DATABASE "{template}_new"')
            use(f"{template}_new")
            call_command("prepare", verbosity=0)
            call_command("load_catalogue", stdout=io.StringIO())
            call_command("load_pages", stdout=io.StringIO())
            use(admin["NAME"])
            _run(f'ALTER DATABASE "{template}_new" RENAME TO "{template}"')
        for old in _names("test\\_%"):
            if not _in_use(old):
                _run(f'DROP DATABASE IF EXISTS "{old}"')
        _run(f'CREATE DATABASE "{mine}" TEMPLATE "{template}"')
        use(mine)
    yield
    with django_db_blocker.unblock():
        use(admin["NAME"])
        _run(f'DROP DATABASE "{mine}" WITH (FORCE)')


def _run(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def _names(like: str) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])
        return [row[0] for row in cursor.fetchall()]


def _exists(name: str) -> bool:
    return name in _names(name)


def _in_use(name: str) -> bool:
    """A copy belongs to the process whose number it carries."""
    pid = name.rpartition("_")[2]
    return pid.isdigit() and Path(f"/proc/{pid}").exists()


@pytest.fixture(autouse=True)
def _private_files(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Messages raised outside a request are compared in the language of their msgids."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def samples() -> Path:
    return SAMPLES
