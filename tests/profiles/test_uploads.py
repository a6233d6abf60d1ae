"""A large upload leaves no plaintext outside memory."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from profiles.common.uploads import SealedUploadHandler


def uploaded(data: bytes) -> Any:
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("名单.csv", data, "text/csv")})
    return request.FILES["file"]


def test_a_large_file_waits_as_ciphertext(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []
    original = SealedUploadHandler.file_complete

    def look(self: SealedUploadHandler, file_size: int) -> Any:
        written.append(Path(f"/proc/self/fd/{self._sealed.fileno()}"))
        result = original(self, file_size)
        written.append(written[0].read_bytes())
        return result

    monkeypatch.setattr(SealedUploadHandler, "file_complete", look)
    data = "张三,11010519491231002X\n".encode() * 200_000
    file = uploaded(data)
    assert (file.name, file.size, file.content_type) == ("名单.csv", len(data), "text/csv")
    assert b"".join(file.chunks()) == data
    assert b"".join(file.chunks()) == data
    assert len(written[1]) > len(data)
    assert "张三".encode() not in written[1]
    assert b"11010519491231002X" not in written[1]
    assert not hasattr(file, "temporary_file_path")
    file.close()


def test_a_small_file_stays_in_memory() -> None:
    file = uploaded(b"x" * 1000)
    assert isinstance(file.file, io.BytesIO)
