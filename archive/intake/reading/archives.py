"""Opening a ZIP without being fooled: what it would unpack to is judged before anything is unpacked.

Python's zipfile never gives more bytes of a member than the directory tells and compares the checksum at the end, so a directory
that lies about a size ends in a damaged file, not in full memory.
"""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from archive.intake.problems import Refused
from archive.intake.reading.markup import damage_is_refused

MEGABYTE = 1 << 20
UNPACKED_LIMIT_MB = 4_000  # a million rows of 14 columns unpack to about 1,000
RATIO_LIMIT = 200  # honest sheets pack 5 to 40 times
RATIO_FREE_MB = 64  # small workbooks may be as empty as they like
MEMBER_LIMIT = 2_000


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Raises `Refused` for a damaged archive and for one that unpacks to too much."""
    with damage_is_refused():
        archive = zipfile.ZipFile(file)
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if (
        len(members) > MEMBER_LIMIT
        or unpacked > UNPACKED_LIMIT_MB * MEGABYTE
        or unpacked > max(packed * RATIO_LIMIT, RATIO_FREE_MB * MEGABYTE)
        or any(_lies(member) for member in members)
    ):
        raise Refused("file_bomb", limit=UNPACKED_LIMIT_MB)
    return archive


def _lies(member: zipfile.ZipInfo) -> bool:
    """Packed larger than unpacked: deflate never adds more than a few bytes."""
    return member.compress_size > member.file_size + member.file_size // 1000 + 64
