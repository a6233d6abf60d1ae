"""Settings come from the environment; what is wrong with one is told in one sentence that names it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, keys
from tests.conftest import ROOT

PEM = keys.fresh()
GOOD = {
    **PEM,
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DATABASE_URL": "postgresql://nobody@/nowhere",
    "ALLOWED_HOSTS": "archive.example",
    "PUBLIC_URL": "https://archive.example",
}


def start(tmp_path: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """A production process that only reads its settings."""
    chosen = {**GOOD, "ARCHIVE_VAR": str(tmp_path), "PATH": os.environ["PATH"], **changes}
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings as s; print(s.DEBUG, s.EMAIL_PORT, s.UPLOAD_LIMIT_BYTES)"],
        cwd=ROOT,
        env={name: value for name, value in chosen.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip


def test_production_starts_from_the_environment_alone(tmp_path: Path) -> None:
    started = start(tmp_path, EMAIL_PORT="587", UPLOAD_LIMIT_MB="5")
    assert started.stdout.split() == ["False", "587", str(5 * 1024 * 1024)], started.stderr


@pytest.mark.parametrize(
    "name",
    ["SECRET_KEY", "CIPHER_KEYS", "INDEX_KEYS", "TRAIL_SIGNING_KEY", "STATEMENT_SIGNING_KEY", "DOCUMENT_CERTIFICATE"],
)
def test_a_missing_secret_is_named_with_the_way_to_make_one(tmp_path: Path, name: str) -> None:
    last = start(tmp_path, **{name: None}).stderr.strip().splitlines()[-1]
    assert last.startswith(
        f"django.core.exceptions.ImproperlyConfigured: Set the environment variable {name} (or {name}_FILE)."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CIPHER_KEYS", "k1:short"),
        ("INDEX_KEYS", "nonsense"),
        ("DATABASE_URL", "postgresql://archive:b:hidden@/x?nonsense=1"),
        ("DATABASE_OWNER_URL", "postgresql://archive:b:hidden@/x?nonsense=1"),
        ("EMAIL_PORT", "smtp"),
        ("UPLOAD_LIMIT_MB", "20MB"),
        ("EMAIL_USE_TLS", "maybe"),
        ("TRUSTED_PROXIES", "one"),
        ("SECURE_SSL_REDIRECT", "ja"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_sentence_that_names_the_variable(tmp_path: Path, name: str, value: str) -> None:
    refused = start(tmp_path, **{name: value})
    assert refused.returncode == 1
    last = refused.stderr.strip().splitlines()[-1]
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} "), last
    assert "hidden" not in refused.stderr


def test_a_secret_is_never_in_the_message() -> None:
    secret = "k1:c2VjcmV0"
    os.environ["TEST_KEYS"] = secret
    try:
        with pytest.raises(ImproperlyConfigured) as told:
            env.keys("TEST_KEYS")
    finally:
        del os.environ["TEST_KEYS"]
    assert secret not in str(told.value)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "SECRET_KEY").write_text(PEM["SECRET_KEY"] + "\n", encoding="utf-8")
    started = start(tmp_path, SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "SECRET_KEY"))
    assert started.returncode == 0, started.stderr


def test_the_settings_hold_no_address_and_no_secret_of_their_own() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "config").rglob("*.py"))
    assert re.findall(r"https?://(?!127\.0\.0\.1)[\w.]+", text) == []
    assert "BEGIN PRIVATE KEY" not in text
