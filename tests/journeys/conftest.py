"""The running product on a copy of the test database: web, worker and scheduler as `manage.py up` starts them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import ROOT, _fingerprint
from tests.journeys.walker import Walker

START_LIMIT = 150
STOP_LIMIT = 60


# One story: what the school records is what the licensing body finds, and what the person and the auditor see.
ORDER = [
    "test_public",
    "test_school",
    "test_licensing",
    "test_person",
    "test_keyboard",
    "test_editor",
    "test_worker",
    "test_audit",
    "test_up",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    places = [place for place, item in enumerate(items) if item.path.parent == here]
    told = sorted((items[place] for place in places), key=lambda item: ORDER.index(item.path.stem))
    for place, item in zip(places, told, strict=True):
        items[place] = item


@dataclass(frozen=True)
class Product:
    address: str
    environment: dict[str, str]
    pid: int

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the owner of the tables: what an intruder with the database's password could do."""
        with psycopg.connect(self.environment["DATABASE_OWNER_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@dataclass
class Story:
    """What one role leaves for the next."""

    batch: str = ""
    letters: dict[str, str] = field(default_factory=dict)  # name → activation code on the letter
    secret: str = ""  # of the person's second factor
    codes: list[str] = field(default_factory=list)  # verification codes of issued documents


@pytest.fixture(scope="session")
def story() -> Story:
    return Story()


@pytest.fixture(scope="session")
def product(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    database = f"test_journey_{os.getpid()}"
    admin = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "template_{_fingerprint()}"')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("product")
    urls = {
        name: re.sub(r"@/[^?]+", f"@/{database}", os.environ[name]) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_FILE") and name != "DATABASE_ROLE"}
    environment = {
        **kept, **urls, "ARCHIVE_VAR": str(folder / "var"), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "config.settings.local",
    }  # fmt: skip
    log = folder / "up.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz", process, log)
        yield Product(address, {**environment, "PUBLIC_URL": address}, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_LIMIT)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_LIMIT * 5):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )


@pytest.fixture
def walk(product: Product, browser: Browser) -> Iterator[Callable[..., Walker]]:
    """`walk()` at a desk, `walk(phone=True)`; at the end nothing that went wrong on any page is forgiven."""
    walkers: list[Walker] = []

    def start(**how: Any) -> Walker:
        walkers.append(Walker(browser, product.address, **how))
        return walkers[-1]

    yield start
    problems = [problem for walker in walkers for problem in walker.leave()]
    assert problems == []
