"""Files as frames: any length goes in and comes out, any place can be read, no change goes unnoticed."""

from __future__ import annotations

import io
import os
import secrets
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from profiles.common import ciphers, frames
from profiles.common.ciphers import CipherError
from profiles.common.frames import FRAME, TAG, FrameReader
from profiles.common.storage import CONTEXT, private_storage


@pytest.fixture(params=sorted(ciphers.SUITES), autouse=True)
def suite(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.CIPHER_SUITE = request.param
    return str(request.param)


def sealed(data: bytes, context: str = "here") -> bytes:
    return b"".join(frames.seal([data], context=context))


def opened(value: bytes, context: str = "here") -> bytes:
    return FrameReader(io.BytesIO(value), context=context).read()


LENGTHS = st.one_of(
    st.integers(0, 300),
    st.sampled_from([FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 2 * FRAME + 1, 3 * FRAME]),
)


@given(LENGTHS, st.lists(st.integers(1, 2 * FRAME), max_size=5))
def test_what_goes_in_in_any_pieces_comes_out(length: int, cuts: list[int]) -> None:
    data = secrets.token_bytes(length)
    pieces, place = [], 0
    for cut in [*cuts, length]:
        pieces.append(data[place : place + cut])
        place += cut
    pieces.append(data[place:])
    value = b"".join(frames.seal(pieces, context="here"))
    assert opened(value) == data
    assert length < 16 or data not in value


BOOK = bytes(range(256)) * (3 * FRAME // 256) + b"the end"


@given(st.lists(st.tuples(st.integers(0, len(BOOK) + 9), st.integers(0, FRAME + 9)), max_size=8))
def test_any_place_can_be_read(places: list[tuple[int, int]]) -> None:
    reader = io.BufferedReader(FrameReader(io.BytesIO(SEALED_BOOK), context="here"))
    for start, length in places:
        reader.seek(start)
        assert reader.read(length) == BOOK[start : start + length]
    assert reader.seek(-7, io.SEEK_END) == len(BOOK) - 7
    assert reader.read() == b"the end"


SEALED_BOOK = b""


@pytest.fixture(autouse=True)
def _sealed_book(suite: str) -> None:
    global SEALED_BOOK
    SEALED_BOOK = sealed(BOOK)


def parts(value: bytes) -> tuple[bytes, list[bytes]]:
    """(head, frames)"""
    start = 2 + value[1] + frames.SALT
    body = value[start:]
    return value[:start], [body[place : place + FRAME + TAG] for place in range(0, len(body), FRAME + TAG)]


def test_frames_that_are_moved_left_out_doubled_or_cut_off_do_not_open() -> None:
    head, (one, two, three, last) = parts(SEALED_BOOK)
    assert opened(b"".join([head, one, two, three, last])) == BOOK
    for wrong in (
        [two, one, three, last],
        [one, three, last],
        [one, two, two, three, last],
        [one, two, three],
        [one],
        [],
        [last],
        [one, two, three, last[:-1]],
        [one, two, three, last, last],
        [one, two, three, last, b"x"],
    ):
        with pytest.raises(CipherError):
            opened(b"".join([head, *wrong]))


def test_a_frame_of_another_file_does_not_open() -> None:
    head, mine = parts(sealed(BOOK))
    _other, theirs = parts(sealed(BOOK))
    with pytest.raises(CipherError):
        opened(b"".join([head, mine[0], theirs[1], *mine[2:]]))


def test_every_changed_byte_is_noticed() -> None:
    value = sealed(b"11010519491231002X")
    for place in range(len(value)):
        changed = bytearray(value)
        changed[place] ^= 1
        with pytest.raises(CipherError):
            opened(bytes(changed))


def test_a_file_opens_only_in_its_own_place_and_with_its_key(settings: Any) -> None:
    with pytest.raises(CipherError):
        opened(sealed(b"x"), context="another")
    old = sealed(b"x")
    settings.CIPHER_KEYS = {"k2": secrets.token_bytes(32), **settings.CIPHER_KEYS}
    assert opened(old) == b"x"
    assert not frames.is_current(old)
    assert frames.is_current(sealed(b"x"))
    settings.CIPHER_KEYS = {"k2": settings.CIPHER_KEYS["k2"]}
    with pytest.raises(CipherError, match="k1"):
        opened(old)


@pytest.mark.parametrize("junk", [b"", b"\x81", b"\x81\x02", b"\x89" + bytes(60), b"\x01" + bytes(60), bytes(40)])
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(CipherError):
        opened(junk)


def test_a_zip_opens_from_the_store_without_plaintext_on_disk() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", BOOK)
        archive.writestr("b", "张三" * 100)
    storage = private_storage()
    name = storage.save("uploads/x", ContentFile(out.getvalue()))
    with storage.open(name) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.read("b").decode() == "张三" * 100
    assert "张三".encode() not in Path(storage.path(name)).read_bytes()


def test_values_from_before_there_were_frames_stay_readable_and_become_frames() -> None:
    storage = private_storage()
    name = storage.save("uploads/x", ContentFile(b"new"))
    Path(storage.path(name)).write_bytes(ciphers.encrypt(b"a whole report", context=CONTEXT))
    with storage.open(name) as file:
        assert file.read() == b"a whole report"
    assert not storage.is_current(name)
    storage.seal_anew(name)
    assert storage.is_current(name)
    assert Path(storage.path(name)).stat().st_mode & 0o077 == 0
    with storage.open(name) as file:
        assert file.read() == b"a whole report"


def test_a_save_that_breaks_off_leaves_no_half_file(settings: Any) -> None:
    class Broken(File):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> Any:
            yield bytes(3 * FRAME)
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        private_storage().save("uploads/x", Broken(io.BytesIO(), name="x"))
    assert not [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def test_a_large_upload_is_never_held_whole() -> None:
    megabytes = 24
    with TemporaryUploadedFile("list.csv", "text/csv", megabytes << 20, None) as upload:
        for _n in range(megabytes):
            upload.write(os.urandom(1 << 20))
        upload.seek(0)
        tracemalloc.start()
        name = private_storage().save("uploads/x", upload)
        with private_storage().open(name) as file:
            read = sum(len(chunk) for chunk in file.chunks())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert read == megabytes << 20
    assert peak < 6 << 20
