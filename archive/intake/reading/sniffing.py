"""What a file is, by its content; its name does not count."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

import olefile

from archive.intake.problems import Refused
from archive.intake.reading.archives import MEGABYTE, open_zip
from archive.intake.reading.markup import damage_is_refused
from archive.intake.reading.xls import XLS_LIMIT_MB, is_locked, ole_streams

ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
HTML = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|!--|\?xml|html|head|meta|style|body|table)\b", re.IGNORECASE)
OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def sniff(file: BinaryIO) -> str:
    """`xlsx`, `xls`, `ods` or `csv`; or a Refused with what it looks like instead."""
    file.seek(0)
    head = file.read(4096)
    if not head.strip() and _is_blank(file):
        raise Refused("file_empty")
    if head.startswith(olefile.MAGIC):
        return _sniff_ole(file)
    if head.startswith(ZIPPED):
        return _sniff_zip(file)
    for magic, seen in OTHERS:
        if head.startswith(magic):
            raise Refused("file_type", seen=seen)
    if HTML.match(head[:200]):
        raise Refused("file_type", seen="HTML / XML")
    if not head.startswith(UTF_16) and head.count(0) * 50 > len(head):  # a stray NUL is told at its cell
        raise Refused("file_type", seen="binary")
    return "csv"


def _is_blank(file: BinaryIO) -> bool:
    while chunk := file.read(MEGABYTE):
        if chunk.strip():
            return False
    return True


def _sniff_zip(file: BinaryIO) -> str:
    with open_zip(file) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "content.xml" in names:
            return _sniff_opendocument(archive, names)
    for part, seen in (
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("xl/workbook.bin", "XLSB"),
    ):
        if part in names:
            raise Refused("file_type", seen=seen)
    raise Refused("file_type", seen="ZIP")


def _sniff_opendocument(archive: zipfile.ZipFile, names: set[str]) -> str:
    def head(name: str) -> bytes:
        with damage_is_refused(), archive.open(name) as member:
            return member.read(MEGABYTE)

    kind = head("mimetype") if "mimetype" in names else b"opendocument.spreadsheet"
    if b"opendocument.spreadsheet" not in kind:
        raise Refused("file_type", seen="OpenDocument")
    if "META-INF/manifest.xml" in names and b"encryption-data" in head("META-INF/manifest.xml"):
        raise Refused("file_password")
    return "ods"


def _sniff_ole(file: BinaryIO) -> str:
    streams = ole_streams(file)
    if "encryptedpackage" in streams:
        raise Refused("file_password")
    if not streams & {"workbook", "book"}:
        word = "worddocument" in streams
        raise Refused("file_type", seen="Word" if word else "PowerPoint" if "powerpoint document" in streams else "OLE")
    size = file.seek(0, 2)
    if size > XLS_LIMIT_MB * MEGABYTE:
        raise Refused("file_xls_too_large", size=round(size / MEGABYTE, 1), limit=XLS_LIMIT_MB)
    if is_locked(file):
        raise Refused("file_password")
    return "xls"
