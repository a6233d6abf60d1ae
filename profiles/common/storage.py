"""Files as ciphertext: uploads that hold identity numbers, issued PDFs. The stored name is random and tells nothing."""

from __future__ import annotations

import os
import secrets
from os import PathLike
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from profiles.common import ciphers

CONTEXT = "file"


@deconstructible
class EncryptedStorage(FileSystemStorage):
    """Encrypts a whole file at a time (the upload limit keeps it in memory). Without a public address."""

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
        sealed = ContentFile(ciphers.encrypt(content.read(), context=CONTEXT))
        return str(super()._save(name, sealed))  # type: ignore[misc]

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        with super()._open(name, "rb") as sealed:  # type: ignore[misc]
            return ContentFile(ciphers.decrypt(sealed.read(), context=CONTEXT), name=name)

    def replace(self, name: str, sealed: bytes) -> None:
        """Put other ciphertext of the same file in its place, so that a reader sees the old or the new one, never half."""
        path = Path(self.path(name))
        draft = path.with_suffix(".new")
        draft.write_bytes(sealed)
        draft.chmod(0o600)
        draft.replace(path)

    def url(self, name: str | None) -> str:
        raise ValueError("Private files have no address; a view checks who asks and sends them.")

    def size(self, name: str) -> int:
        raise ValueError("The plain size is kept with the row that owns the file.")


def private_storage() -> Any:
    from django.core.files.storage import storages

    return storages["private"]
