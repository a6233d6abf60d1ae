"""A signed line about an issued document, small enough for its QR code, that anybody can check off line.

    1|report|CR-7K3QX9M2VC4T|2026-11-25|2027-02-23|a0p1

version, kind, number, day of issue, last day of validity (empty: none), counts of adverse and positive entries (reports only).
It holds no name and no identity number. The signature is Ed25519 over those bytes; both travel in the fragment of the verification
address (`/verify/CODE/#s=…`), which browsers never send to a server.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

VERSION = "1"
SIGNATURE_LENGTH = 64


class Forged(ValueError):
    """The line was not signed by this installation, or was changed since."""


@dataclass(frozen=True)
class Statement:
    kind: str
    number: str
    issued_on: dt.date
    valid_until: dt.date | None = None
    counts: str = ""

    def line(self) -> str:
        until = self.valid_until.isoformat() if self.valid_until else ""
        return "|".join([VERSION, self.kind, self.number, self.issued_on.isoformat(), until, self.counts])


def sign(statement: Statement) -> str:
    """The line and its signature as one word of letters, digits, `-` and `_`."""
    line = statement.line().encode()
    return _encode(_key().sign(line) + line)


def read(word: str) -> Statement:
    """The statement of a signed word; raises `Forged`."""
    try:
        data = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        signature, line = data[:SIGNATURE_LENGTH], data[SIGNATURE_LENGTH:]
        public_key().verify(signature, line)
        version, kind, number, issued, until, counts = line.decode().split("|")
        if version != VERSION:
            raise Forged("another version")
        return Statement(
            kind, number, dt.date.fromisoformat(issued), dt.date.fromisoformat(until) if until else None, counts
        )
    except (InvalidSignature, ValueError):
        raise Forged("not signed here") from None


def public_key() -> Ed25519PublicKey:
    return _key().public_key()


def public_pem() -> str:
    return public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_raw() -> str:
    """32 bytes, base64url: what the page's own check imports."""
    return _encode(public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


@functools.cache
def _key() -> Ed25519PrivateKey:
    key = load_pem_private_key(settings.STATEMENT_SIGNING_KEY.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey), "STATEMENT_SIGNING_KEY is not an Ed25519 key"
    return key


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
