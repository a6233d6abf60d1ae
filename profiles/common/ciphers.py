"""Encryption at rest and the blind index.

A stored value is `version(1) | length of key id(1) | key id | nonce(12) | ciphertext and tag`. Each value names its key, so a
key can be changed while old values stay readable; `manage.py rotate_keys` writes them anew. The `context` (table and column) is
authenticated with the value: a ciphertext that was moved to another column does not open.

The blind index is a keyed hash of the normalised number: equal numbers meet, nobody without the key can try numbers.
Suites: AES-256-GCM with HMAC-SHA-256, or SM4-GCM with HMAC-SM3 (GM/T 0002, 0004) where the national suite is required.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterable
from hmac import digest as keyed_digest
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12
TAG = 16


class CipherError(Exception):
    """The value was altered, belongs to another column, or its key is not in the ring."""


class Suite(Protocol):
    number: int

    def encrypt(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes: ...
    def decrypt(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes: ...
    def keyed_hash(self, key: bytes, data: bytes) -> bytes: ...


class AesSuite:
    number = 1

    def encrypt(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        return _aes(key).encrypt(nonce, data, context)

    def decrypt(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        return _aes(key).decrypt(nonce, data, context)

    def keyed_hash(self, key: bytes, data: bytes) -> bytes:
        return keyed_digest(key, data, "sha256")


@functools.lru_cache(maxsize=16)
def _aes(key: bytes) -> AESGCM:
    """Setting a key up costs more than a short value."""
    return AESGCM(key)


class SmSuite:
    number = 2

    def encrypt(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        machine = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce)).encryptor()
        machine.authenticate_additional_data(context)
        return machine.update(data) + machine.finalize() + machine.tag

    def decrypt(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        machine = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce, data[-TAG:])).decryptor()
        machine.authenticate_additional_data(context)
        return machine.update(data[:-TAG]) + machine.finalize()

    def keyed_hash(self, key: bytes, data: bytes) -> bytes:
        machine = hmac.HMAC(key, hashes.SM3())
        machine.update(data)
        return machine.finalize()


@functools.lru_cache(maxsize=16)
def _sm4_key(key: bytes) -> bytes:
    """SM4 takes 16 bytes; the ring holds 32."""
    return HKDF(algorithm=hashes.SM3(), length=16, salt=None, info=b"integrity-archive sm4").derive(key)


SUITES: dict[str, Suite] = {"aes-256-gcm+hmac-sha-256": AesSuite(), "sm4-gcm+hmac-sm3": SmSuite()}
BY_NUMBER = {suite.number: suite for suite in SUITES.values()}


def current_suite() -> Suite:
    return SUITES[settings.CIPHER_SUITE]


def encrypt(data: bytes, *, context: str) -> bytes:
    suite = current_suite()
    key_id, key = next(iter(settings.CIPHER_KEYS.items()))
    nonce = secrets.token_bytes(NONCE)
    head = bytes([suite.number, len(key_id)]) + key_id.encode()
    return head + nonce + suite.encrypt(key, nonce, data, head + context.encode())


def decrypt(value: bytes, *, context: str) -> bytes:
    value = bytes(value)
    if len(value) < 2 + NONCE + TAG or value[0] not in BY_NUMBER:
        raise CipherError("This is not a value that the archive encrypted.")
    start = 2 + value[1]
    head, key_id = value[:start], value[2:start].decode("ascii", "replace")
    if key_id not in settings.CIPHER_KEYS:
        raise CipherError(f"The key {key_id!r} is not in CIPHER_KEYS.")
    nonce, body = value[start : start + NONCE], value[start + NONCE :]
    try:
        return BY_NUMBER[value[0]].decrypt(settings.CIPHER_KEYS[key_id], nonce, body, head + context.encode())
    except InvalidTag:
        raise CipherError("The value was altered or belongs to another place.") from None


def is_current(value: bytes) -> bool:
    """Was it written with today's suite and key? If not, `rotate_keys` writes it anew."""
    key_id = next(iter(settings.CIPHER_KEYS)).encode()
    return bytes(value).startswith(bytes([current_suite().number, len(key_id)]) + key_id)


def blind_index(number: str) -> bytes:
    """32 bytes that stand for a normalised identity number."""
    return blind_indexes([number])[0]


def blind_indexes(numbers: Iterable[str]) -> list[bytes]:
    key, keyed_hash = next(iter(settings.INDEX_KEYS.values())), current_suite().keyed_hash
    return [keyed_hash(key, number.encode()) for number in numbers]
