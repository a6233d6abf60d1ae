"""Encryption at rest and the blind index, in both suites."""

from __future__ import annotations

import base64
import io
import secrets
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from profiles.common import ciphers
from profiles.common.ciphers import CipherError
from profiles.common.storage import private_storage
from profiles.models import IdentityDocument
from tests import factories as f
from tests import numbers

SUITES = sorted(ciphers.SUITES)


@pytest.fixture(params=SUITES, autouse=True)
def suite(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.CIPHER_SUITE = request.param
    return str(request.param)


@given(st.binary(max_size=2000))
def test_what_goes_in_comes_out(data: bytes) -> None:
    sealed = ciphers.encrypt(data, context="here")
    assert ciphers.decrypt(sealed, context="here") == data
    assert len(data) < 8 or data not in sealed


def test_the_same_value_never_looks_the_same() -> None:
    assert ciphers.encrypt(b"x", context="c") != ciphers.encrypt(b"x", context="c")


def test_every_changed_byte_is_noticed() -> None:
    sealed = ciphers.encrypt(b"11010519491231002X", context="c")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CipherError):
            ciphers.decrypt(bytes(changed), context="c")


def test_a_value_opens_only_in_its_own_place() -> None:
    with pytest.raises(CipherError):
        ciphers.decrypt(ciphers.encrypt(b"x", context="one column"), context="another")


@pytest.mark.parametrize("junk", [b"", b"\x01", b"\x09" + bytes(60), bytes(40)])
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(CipherError):
        ciphers.decrypt(junk, context="c")


def test_old_keys_still_read_and_new_ones_write(settings: Any) -> None:
    old = ciphers.encrypt(b"x", context="c")
    settings.CIPHER_KEYS = {"k2": secrets.token_bytes(32), **settings.CIPHER_KEYS}
    assert ciphers.decrypt(old, context="c") == b"x"
    assert not ciphers.is_current(old)
    assert ciphers.is_current(ciphers.encrypt(b"x", context="c"))
    settings.CIPHER_KEYS = {"k2": settings.CIPHER_KEYS["k2"]}
    with pytest.raises(CipherError, match="k1"):
        ciphers.decrypt(old, context="c")


def test_the_index_meets_equal_numbers_and_depends_on_its_key(settings: Any) -> None:
    one = ciphers.blind_index("11010519491231002X")
    assert one == ciphers.blind_index("11010519491231002X") != ciphers.blind_index("110105194912310021")
    settings.INDEX_KEYS = {"k1": secrets.token_bytes(32)}
    assert ciphers.blind_index("11010519491231002X") != one


def test_the_two_suites_differ(settings: Any) -> None:
    indexes = set()
    for name in SUITES:
        settings.CIPHER_SUITE = name
        indexes.add(ciphers.blind_index("11010519491231002X"))
    assert len(indexes) == len(SUITES)


@pytest.mark.django_db
def test_the_database_holds_ciphertext_only() -> None:
    number = numbers.resident()
    document = f.IdentityDocumentFactory(number=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, index::text FROM profiles_identitydocument WHERE id = %s", [document.pk])
        stored, index = cursor.fetchone()
    assert number.encode() not in bytes(stored)
    assert number not in index
    assert IdentityDocument.objects.get(pk=document.pk).number == number


@pytest.mark.django_db
def test_rotation_writes_columns_and_files_anew(settings: Any) -> None:
    document = f.IdentityDocumentFactory()
    batch = f.BatchFactory()
    batch.file.save("x", ContentFile(b"secret rows"))
    old = settings.CIPHER_KEYS
    settings.CIPHER_KEYS = {"k2": base64.b64decode(base64.b64encode(secrets.token_bytes(32))), **old}
    call_command("rotate_keys", stdout=io.StringIO())
    settings.CIPHER_KEYS = {"k2": settings.CIPHER_KEYS["k2"]}  # the old key is gone
    assert IdentityDocument.objects.get(pk=document.pk).number == document.number
    with batch.file.open("rb") as file:
        assert file.read() == b"secret rows"


def test_private_files_are_ciphertext_under_a_random_name() -> None:
    storage = private_storage()
    name = storage.save("uploads/名单11010519491231002X.xlsx", ContentFile(b"rows of people"))
    raw = Path(storage.path(name)).read_bytes()
    assert b"rows of people" not in raw
    assert "11010519491231002X" not in name
    assert Path(storage.path(name)).stat().st_mode & 0o077 == 0
    with storage.open(name) as file:
        assert file.read() == b"rows of people"
    with pytest.raises(ValueError, match="no address"):
        storage.url(name)
