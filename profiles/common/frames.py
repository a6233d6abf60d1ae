"""A long ciphertext in frames that open one by one: a file can be written and read at any place without being held whole.

A stored file is a head and frames. Head: `0x80 | suite (1) | length of key id (1) | key id | salt (16)`. From the key of the ring
and the salt comes a key for this file alone, so that the nonce of a frame can be its number. Each frame seals 64 KiB (the last one
what is left, perhaps nothing); authenticated with it are the head, the context, its number and whether it is the last. Frames that
were altered, moved, left out, taken from another file or cut off at the end do not open.
"""

from __future__ import annotations

import io
import secrets
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from profiles.common.ciphers import BY_NUMBER, NONCE, TAG, CipherError, Suite, current_suite

FRAME = 64 * 1024
FRAMED = 0x80
SALT = 16
KEPT = 16  # frames in memory, 1 MiB


class _Seal:
    """The key of one file and what each of its frames is bound to."""

    def __init__(self, suite: Suite, key: bytes, head: bytes, context: str) -> None:
        self.suite, self.bound = suite, head + context.encode()
        self.key = HKDF(hashes.SHA256(), 32, salt=head[-SALT:], info=b"integrity-archive frames").derive(key)

    def encrypt(self, number: int, last: bool, data: bytes) -> bytes:
        return self.suite.encrypt(self.key, number.to_bytes(NONCE, "big"), data, self._place(number, last))

    def decrypt(self, number: int, last: bool, sealed: bytes) -> bytes:
        try:
            return self.suite.decrypt(self.key, number.to_bytes(NONCE, "big"), sealed, self._place(number, last))
        except (InvalidTag, ValueError):
            raise CipherError("The file was altered, cut short or belongs to another place.") from None

    def _place(self, number: int, last: bool) -> bytes:
        return self.bound + number.to_bytes(8, "big") + bytes([last])


def is_framed(start: bytes) -> bool:
    """Told by the first byte: values of `ciphers.encrypt` begin with the suite's number alone."""
    return len(start) > 0 and start[0] & FRAMED != 0


def is_current(start: bytes) -> bool:
    """Was it written with today's suite and key? `start`: the file's first 300 bytes."""
    return start.startswith(_head_of_today())


class Sealer:
    """Takes a file in pieces of any length and gives its ciphertext in pieces: the head, what `add` gives, what `end` gives."""

    def __init__(self, *, context: str) -> None:
        self.head = _head_of_today() + secrets.token_bytes(SALT)
        self._seal = _Seal(current_suite(), next(iter(settings.CIPHER_KEYS.values())), self.head, context)
        self._number, self._waiting = 0, bytearray()

    def add(self, piece: bytes) -> Iterator[bytes]:
        self._waiting += piece
        while len(self._waiting) > FRAME:  # a full one waits: it may be the last
            yield self._seal.encrypt(self._number, False, bytes(self._waiting[:FRAME]))
            del self._waiting[:FRAME]
            self._number += 1

    def end(self) -> bytes:
        return self._seal.encrypt(self._number, True, bytes(self._waiting))


def seal(pieces: Iterable[bytes], *, context: str) -> Iterator[bytes]:
    """The ciphertext of a file given in pieces, in pieces again."""
    sealer = Sealer(context=context)
    yield sealer.head
    for piece in pieces:
        yield from sealer.add(piece)
    yield sealer.end()


def _head_of_today() -> bytes:
    key_id = next(iter(settings.CIPHER_KEYS)).encode()
    return bytes([FRAMED | current_suite().number, len(key_id)]) + key_id


class FrameReader(io.RawIOBase):
    """The plaintext of a framed file, seekable, read only. Closes `sealed` with itself. Raises CipherError."""

    def __init__(self, sealed: IO[bytes], *, context: str) -> None:
        super().__init__()
        self._sealed = sealed
        weakref.finalize(self, sealed.close)  # in whatever order the two are let go of
        start = sealed.read(2)
        if len(start) < 2 or not is_framed(start) or (start[0] & ~FRAMED) not in BY_NUMBER:
            raise CipherError("This is not a file that the archive encrypted.")
        rest = sealed.read(start[1] + SALT)
        key_id = rest[: start[1]].decode("ascii", "replace")
        if key_id not in settings.CIPHER_KEYS:
            raise CipherError(f"The key {key_id!r} is not in CIPHER_KEYS.")
        head = start + rest
        self._seal = _Seal(BY_NUMBER[start[0] & ~FRAMED], settings.CIPHER_KEYS[key_id], head, context)
        self._start = len(head)
        body = sealed.seek(0, io.SEEK_END) - self._start
        self._count = max(1, -(-body // (FRAME + TAG)))
        self._size = body - self._count * TAG
        self._place = 0
        self._frames: OrderedDict[int, bytes] = OrderedDict()
        self._frame(self._count - 1)  # a file that was cut is told before anything of it is used

    def _frame(self, number: int) -> bytes:
        if number in self._frames:
            self._frames.move_to_end(number)
            return self._frames[number]
        self._sealed.seek(self._start + number * (FRAME + TAG))
        data = self._seal.decrypt(number, number == self._count - 1, self._sealed.read(FRAME + TAG))
        self._frames[number] = data
        if len(self._frames) > KEPT:
            self._frames.popitem(last=False)
        return data

    def readinto(self, buffer: Any) -> int:
        if self._place >= self._size:
            return 0
        number, offset = divmod(self._place, FRAME)
        data = self._frame(number)[offset : offset + len(buffer)]
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = offset + (0, self._place, self._size)[whence]
        if place < 0:
            raise ValueError("before the start of the file")
        self._place = place
        return place

    def tell(self) -> int:
        return self._place

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._sealed.close()
        super().close()
