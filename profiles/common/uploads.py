"""Uploads on their way in: those too large for memory wait on disk as ciphertext, never as plaintext in a temporary folder."""

from __future__ import annotations

import io
import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from profiles.common.frames import FrameReader, Sealer

CONTEXT = "upload"


class SealedUploadHandler(FileUploadHandler):
    """Follows Django's handler for small files, which keeps those in memory."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._sealed = tempfile.TemporaryFile()  # noqa: SIM115  it has no name and goes with its last reader
        self._sealer = Sealer(context=CONTEXT)
        self._sealed.write(self._sealer.head)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._sealed.writelines(self._sealer.add(raw_data))

    def file_complete(self, file_size: int) -> UploadedFile:  # type: ignore[type-arg]
        self._sealed.write(self._sealer.end())
        self._sealed.seek(0)
        return UploadedFile(
            file=io.BufferedReader(FrameReader(self._sealed, context=CONTEXT)),
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "_sealed"):
            self._sealed.close()
