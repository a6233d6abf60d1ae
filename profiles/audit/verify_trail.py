#!/usr/bin/env python3
"""Proves that an exported trail was not altered. Stands alone: needs Python 3.11 and the package `cryptography`, no Django.

    python verify_trail.py trail.jsonl public_key.pem [--against checkpoint.json]

The trail is a Merkle tree as in RFC 6962: leaf = SHA-256(0x00 | event), node = SHA-256(0x01 | left | right), where the event is
its JSON with sorted keys. Each checkpoint signs `integrity-archive trail v1, size, root, time` with Ed25519. A checkpoint that
an outsider kept (`--against`) shows whether history was rewritten since: the tree of today, cut at its size, must have its root.

Exit status: 0 the trail is whole, 1 it was altered (the first place is named), 2 the files cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

EVENT_KEYS = (
    "uid", "at", "verb", "actor_kind", "actor_id", "organisation_id", "person_id", "object_type", "object_id", "details",
)  # fmt: skip


class Altered(Exception):
    """The trail does not agree with itself or with a signature; the message names the place."""


def canonical(event: dict[str, Any]) -> bytes:
    only = {key: event[key] for key in EVENT_KEYS}
    return json.dumps(only, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf_hash(event: dict[str, Any]) -> bytes:
    return hashlib.sha256(b"\x00" + canonical(event)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def statement(size: int, root: bytes, sealed_at: str) -> bytes:
    """The bytes that a checkpoint's signature covers."""
    return f"integrity-archive trail v1\n{size}\n{root.hex()}\n{sealed_at}\n".encode()


class Tree:
    """A growing Merkle tree that keeps only the roots of its complete subtrees (at most 64 hashes)."""

    def __init__(self, size: int = 0, frontier: Iterable[bytes] = ()) -> None:
        self.size = size
        self.frontier = list(frontier)

    def add(self, leaf: bytes) -> None:
        self.frontier.append(leaf)
        self.size += 1
        carry = self.size
        while carry % 2 == 0:
            right, left = self.frontier.pop(), self.frontier.pop()
            self.frontier.append(node_hash(left, right))
            carry //= 2

    def root(self) -> bytes:
        if not self.frontier:
            return hashlib.sha256(b"").digest()
        rest = list(self.frontier)
        result = rest.pop()
        while rest:
            result = node_hash(rest.pop(), result)
        return result


class Verifier:
    """Fed with events and checkpoints in the order of the tree; raises `Altered` at the first disagreement."""

    def __init__(self, public_key: Ed25519PublicKey, against: dict[str, Any] | None = None) -> None:
        self.public_key = public_key
        self.against = against
        self.tree = Tree()
        self.checkpoints = 0
        self.last_checkpoint = 0

    def event(self, index: int, event: dict[str, Any] | None, stored: bytes) -> None:
        if index != self.tree.size:
            raise Altered(f"Leaf {self.tree.size} is missing (the next one is {index}).")
        if event is None:
            raise Altered(f"The event of leaf {index} was removed.")
        computed = leaf_hash(event)
        if computed != stored:
            raise Altered(f"The event of leaf {index} ({event['at']}, {event['verb']}) was altered.")
        self.tree.add(computed)
        if self.against and self.against["size"] == self.tree.size and self.tree.root().hex() != self.against["root"]:
            raise Altered(
                f"History before leaf {self.tree.size} was rewritten: it does not lead to the kept checkpoint."
            )

    def checkpoint(self, size: int, root: bytes, sealed_at: str, signature: bytes) -> None:
        try:
            self.public_key.verify(signature, statement(size, root, sealed_at))
        except InvalidSignature:
            raise Altered(f"The signature of checkpoint {size} is not valid.") from None
        if size != self.tree.size:
            raise Altered(f"Checkpoint {size} stands after leaf {self.tree.size - 1}.")
        if root != self.tree.root():
            raise Altered(f"The root of checkpoint {size} does not match the events before it.")
        self.checkpoints += 1
        self.last_checkpoint = size

    def finish(self) -> None:
        if self.against and self.against["size"] > self.tree.size:
            raise Altered(
                f"The trail was cut: it has {self.tree.size} events, the kept checkpoint {self.against['size']}."
            )
        if self.tree.size and self.last_checkpoint != self.tree.size:
            raise Altered(f"The last checkpoint was removed: leaf {self.tree.size - 1} is under none.")


def verify_rows(rows: Iterable[dict[str, Any]], verifier: Verifier) -> int:
    """Feed an export's rows to `verifier`; returns how many events still wait for their seal."""
    waiting = 0
    for number, row in enumerate(rows, start=1):
        if row["type"] == "waiting":
            waiting += 1
        elif waiting:
            raise Altered(f"Row {number}: something sealed stands after unsealed events.")
        elif row["type"] == "event":
            verifier.event(row["index"], row["event"], bytes.fromhex(row["hash"]))
        elif row["type"] == "checkpoint":
            verifier.checkpoint(
                row["size"], bytes.fromhex(row["root"]), row["sealed_at"], bytes.fromhex(row["signature"])
            )
        else:
            raise Altered(f"Row {number} is of no known type.")
    verifier.finish()
    return waiting


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Proves that an exported trail was not altered.")
    parser.add_argument("trail", type=Path, help="export, one JSON object a line")
    parser.add_argument("public_key", type=Path, help="Ed25519 public key, PEM")
    parser.add_argument("--against", type=Path, help="a checkpoint kept outside, JSON")
    options = parser.parse_args(arguments)
    try:
        key = load_pem_public_key(options.public_key.read_bytes())
        assert isinstance(key, Ed25519PublicKey), "the key is not Ed25519"
        against = json.loads(options.against.read_text()) if options.against else None
        verifier = Verifier(key, against)
        with options.trail.open(encoding="utf-8") as lines:
            waiting = verify_rows((json.loads(line) for line in lines), verifier)
    except Altered as error:
        print(f"ALTERED: {error}")
        return 1
    except (OSError, ValueError, KeyError, AssertionError) as error:
        print(f"CANNOT READ: {error}", file=sys.stderr)
        return 2
    print(
        f"WHOLE: {verifier.tree.size} events under {verifier.checkpoints} signed checkpoints; {waiting} wait for their seal."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
