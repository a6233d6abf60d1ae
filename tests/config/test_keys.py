"""`python -m config.keys`: a set of secrets that fits together, closed to others, never written over."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from config import keys
from tests.conftest import ROOT


def make(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.keys", str(folder), "--host", "archive.example", "--name", "示例市信用办"],
        cwd=ROOT,
        env={**os.environ, "ARCHIVE_VAR": str(folder.parent / "var")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_set_is_made_in_a_folder_closed_to_others(tmp_path: Path) -> None:
    made = make(tmp_path / "secrets")
    assert made.returncode == 0, made.stderr
    found = read(tmp_path / "secrets")
    assert set(found) == set(keys.for_containers("h", "n"))
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    # Each container sees its own files only, under another user: readable, and nobody may write.
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "secrets").iterdir()} == {0o644}
    assert not any(value in made.stdout for value in found.values())


def test_a_set_that_is_there_stays(tmp_path: Path) -> None:
    make(tmp_path / "secrets")
    before = read(tmp_path / "secrets")
    again = make(tmp_path / "secrets")
    assert again.returncode == 1
    assert "holds secrets already" in again.stderr
    assert "Traceback" not in again.stderr
    assert read(tmp_path / "secrets") == before


def test_half_a_set_is_not_filled_up(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/SECRET_KEY").write_text("mine", encoding="utf-8")
    assert make(tmp_path / "secrets").returncode == 1
    assert read(tmp_path / "secrets") == {"SECRET_KEY": "mine"}


def test_the_parts_of_a_set_fit_together() -> None:
    made = keys.for_containers("archive.example", "示例市信用办")
    assert urlsplit(made["DATABASE_OWNER_URL"]).password == made["DATABASE_OWNER_PASSWORD"]
    assert urlsplit(made["DATABASE_URL"]).password == made["DATABASE_APP_PASSWORD"]
    assert f"default_pass = {urlsplit(made['CELERY_BROKER_URL']).password}\n" in made["RABBITMQ_CONF"]
    certificate = x509.load_pem_x509_certificate(made["TLS_CERTIFICATE"].encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["archive.example"]
    assert load_pem_private_key(made["TLS_KEY"].encode(), None).public_key() == certificate.public_key()
    signer = x509.load_pem_x509_certificate(made["DOCUMENT_CERTIFICATE"].encode())
    assert "示例市信用办" in signer.subject.rfc4514_string()


@pytest.mark.parametrize("name", ["CIPHER_KEYS", "INDEX_KEYS"])
def test_two_installations_share_no_secret(name: str) -> None:
    first, second = keys.fresh(), keys.fresh()
    assert not set(first.values()) & set(second.values())
    key_id, _colon, encoded = first[name].partition(":")
    assert (key_id, len(base64.b64decode(encoded))) == ("k1", 32)


def test_a_local_installation_keeps_its_keys_to_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in keys.NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", "")
        monkeypatch.delenv(f"{name}_FILE")
    monkeypatch.setattr(keys, "VAR", tmp_path)
    keys.load()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}
    before = read(tmp_path / "keys")
    keys.load()
    assert read(tmp_path / "keys") == before
    assert Path(os.environ["CIPHER_KEYS_FILE"]) == tmp_path / "keys/CIPHER_KEYS"
