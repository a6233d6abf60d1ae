"""Codes that leave the system: random, readable over the telephone, never a sequence."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_OF_BYTES = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(prefix: str, length: int = 10) -> str:
    """`R-7K3QX9M2VC`: a prefix that tells the kind and `length` random characters of 5 bits each."""
    return f"{prefix}-{_random(length)}"


def _random(length: int) -> str:
    return secrets.token_bytes(length).translate(_OF_BYTES).decode()


def record_number() -> str:
    return new_code("R", 12)


def person_code() -> str:
    return new_code("P", 12)


def batch_code() -> str:
    return new_code("B", 10)


def approval_code() -> str:
    return new_code("AP", 10)


def filter_code() -> str:
    return new_code("F", 10)


def check_code() -> str:
    return new_code("C", 12)


def answer_code() -> str:
    return new_code("A", 12)


def watch_order_code() -> str:
    return new_code("WO", 12)


def watch_code() -> str:
    return new_code("W", 12)


def watch_alert_code() -> str:
    return new_code("WA", 12)


def recall_code() -> str:
    return new_code("RC", 12)


def notice_number() -> str:
    return new_code("N", 12)


def revocation_code() -> str:
    return new_code("RV", 12)


def dispute_code() -> str:
    return new_code("DP", 12)


def report_number() -> str:
    return new_code("CR", 12)


def bundle_code() -> str:
    return new_code("RB", 12)


def slip_number() -> str:
    return new_code("S", 12)


def proof_number() -> str:
    return new_code("PF", 12)


def certificate_number() -> str:
    return new_code("NV", 12)


def pledge_number() -> str:
    return new_code("PL", 12)


def evidence_code() -> str:
    return new_code("E", 12)


def draft_code() -> str:
    return new_code("D", 12)


def authorisation_code() -> str:
    return new_code("AU", 12)


def statement_number() -> str:
    return new_code("Y", 12)


def adoption_code() -> str:
    return new_code("AD", 10)


def rule_draft_code() -> str:
    return new_code("RD", 10)


def sample_code() -> str:
    return new_code("SP", 10)


def law_change_code() -> str:
    return new_code("L", 10)


def identity_change_code() -> str:
    return new_code("IC", 12)


def merge_code() -> str:
    return new_code("J", 12)


def programme_code() -> str:
    return new_code("RP", 10)


def applicant_code() -> str:
    return new_code("PA", 12)


def key_code() -> str:
    return new_code("K", 10)


def key_secret() -> str:
    """160 random bits."""
    return _random(32)


def verification_code() -> str:
    """80 random bits in four groups: `7K3Q-X9M2-VC4T-0PRA`."""
    raw = _random(16)
    return "-".join(raw[i : i + 4] for i in range(0, 16, 4))


def activation_code() -> str:
    """60 random bits in three groups, for paper."""
    raw = _random(12)
    return "-".join(raw[i : i + 4] for i in range(0, 12, 4))


def clean(typed: str) -> str:
    """What a person typed → the code as issued: upper case, confusable letters, groups of four."""
    raw = "".join(c for c in typed.upper().translate(_CONFUSED) if c in ALPHABET)
    return "-".join(raw[i : i + 4] for i in range(0, len(raw), 4))
