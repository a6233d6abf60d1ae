"""Files as ciphertext: uploads that hold identity numbers, issued PDFs. The stored name is random and tells nothing."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from profiles.common import ciphers, frames

CONTEXT = "file"


@deconstructible
class EncryptedStorage(FileSystemStorage):
    """Encrypts in frames, whatever the file's length. Without a public address."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def location(self) -> str:
        """Read from the settings at each use, so that a test or a command can point elsewhere."""
        return os.path.abspath(settings.PRIVATE_ROOT)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        folder = name.rpartition("/")[0] or "files"
        token = secrets.token_hex(16)
        return f"{folder}/{token[:2]}/{token}"

    def generate_filename(self, filename: str | PathLike[str]) -> str:
        return str(filename)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        try:
            return str(super()._save(name, _Sealed(content)))  # type: ignore[misc]
        except BaseException:  # a full disk, a broken upload: half a file is of no use to anybody
            Path(self.path(name)).unlink(missing_ok=True)
            raise

    def save_under(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        """Under a name that was drawn before (`get_available_name`), so that a row can tell of the file while it is written."""
        return self._save(name, content)

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        return _Opened(self, name)

    def reader(self, name: str) -> BinaryIO:
        """The plaintext, seekable, opened frame by frame. Values from before there were frames are opened whole."""
        sealed = open(self.path(name), "rb", buffering=0)  # noqa: SIM115  the reader closes it
        try:
            framed = frames.is_framed(sealed.read(1))
            sealed.seek(0)
            if framed:
                return io.BufferedReader(frames.FrameReader(sealed, context=CONTEXT))
            with sealed:
                return io.BytesIO(ciphers.decrypt(sealed.read(), context=CONTEXT))
        except BaseException:
            sealed.close()
            raise

    def is_current(self, name: str) -> bool:
        """Was the file written with today's suite and key, in frames?"""
        with open(self.path(name), "rb") as sealed:
            return frames.is_current(sealed.read(300))

    def seal_anew(self, name: str) -> None:
        """Other ciphertext of the same file in its place, so that a reader sees the old or the new one, never half."""
        path = Path(self.path(name))
        draft = path.with_suffix(".new")
        with self.reader(name) as plain, open(draft, "wb", opener=_private) as out:
            out.writelines(frames.seal(iter(lambda: plain.read(frames.FRAME), b""), context=CONTEXT))
        draft.replace(path)

    def url(self, name: str | None) -> str:
        raise ValueError("Private files have no address; a view checks who asks and sends them.")

    def size(self, name: str) -> int:
        raise ValueError("The plain size is kept with the row that owns the file.")


class _Opened(File):  # type: ignore[type-arg]
    """A private file that can be opened again after it was closed."""

    def __init__(self, storage: EncryptedStorage, name: str) -> None:
        super().__init__(storage.reader(name), name=name)
        self.storage = storage

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> _Opened:
        if self.closed:
            assert self.name is not None
            self.file = self.storage.reader(self.name)
        else:
            self.seek(0)
        return self


class _Sealed(File):  # type: ignore[type-arg]
    """Content that gives ciphertext when it is read in pieces."""

    def __init__(self, content: File) -> None:  # type: ignore[type-arg]
        super().__init__(content.file, name=content.name)
        self._content = content

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return frames.seal(self._content.chunks(), context=CONTEXT)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def private_storage() -> Any:
    from django.core.files.storage import storages

    return storages["private"]
