"""Fonts for documents, cut from Noto CJK to what documents say: a report of two pages stays under 150 KB.

A font of 65,535 glyphs leaves 70 KB of empty places in every PDF that embeds a part of it, in each weight. The characters of
our own templates and catalogue come first, in a small font; the rest of GB 2312 in a second; all others in pieces. A document
embeds a part of those that it needs. Where the fonts cannot be cut, documents are larger and as right as before.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb
from django.conf import settings

log = logging.getLogger(__name__)
SANS, SERIF = "Archive Sans", "Archive Serif"
ALWAYS = {
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2040),
    *range(0x2190, 0x219A),
    *range(0x3000, 0x3020),
}
# In every font: a space takes the font of the character before it, and shows as a box where that has none.
SPACES = {0x20, 0xA0, 0x3000}
PUNCTUATION = {*range(0x2460, 0x2500), *range(0xFF00, 0xFFF0)}
REST = (
    (0x0180, 0x4DC0),
    (0x4E00, 0x6000),
    (0x6000, 0x7800),
    (0x7800, 0xA000),
    (0xA000, 0x40000),
)  # at most some 6,000 glyphs each
DROPPED = ("GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG")


@dataclass(frozen=True)
class Face:
    """A face of the system: a file, and the place in it where it is a collection."""

    family: str
    weight: int
    pattern: str

    def find(self) -> tuple[str, int] | None:
        try:
            found = subprocess.run(  # noqa: S603
                ["fc-match", "--format", "%{family}\n%{file}\n%{index}", self.pattern],  # noqa: S607
                capture_output=True, text=True, check=True, timeout=30,
            ).stdout.split("\n")  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return None
        name, path, index = found
        return (path, int(index) & 0xFFFF) if "Noto" in name and "CJK" in name else None


FACES = (
    Face(SANS, 400, "Noto Sans CJK SC:regular"),
    Face(SANS, 700, "Noto Sans CJK SC:bold"),
    Face(SERIF, 700, "Noto Serif CJK SC:bold"),
)


def our_words() -> set[int]:
    """The characters of templates, catalogue, rules and pledges."""
    root = Path(settings.BASE_DIR)
    paths = [*(root / "templates" / "documents").glob("*"), *(root / "archive").rglob("data/**/*.toml")]
    return ALWAYS.union(*({ord(character) for character in path.read_text(encoding="utf-8")} for path in sorted(paths)))


def gb2312() -> set[int]:
    """The 6,763 characters of GB 2312 and its signs."""
    found: set[int] = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            text = bytes([high, low]).decode("gb2312", "ignore")
            found.update(map(ord, text))
    return found | PUNCTUATION


def parts(face: Face) -> list[set[int]]:
    """Sets of characters, one font each, the likeliest first. Rare characters exist in the plain weight only."""
    words = our_words()
    second = gb2312() - words
    if face.weight != FACES[0].weight:
        return [words, second]
    return [words, second, *({*range(*span)} - words - second for span in REST)]


def cut(data: bytes, index: int, characters: set[int]) -> bytes:
    """The glyphs of `characters` as a font without hints and layout tables; its glyphs are numbered without gaps."""
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(characters | SPACES)
    wanted.flags = hb.SubsetFlags.NO_HINTING
    for tag in DROPPED:
        wanted.drop_table_tag_set.add(int.from_bytes(tag.encode(), "big"))
    made: bytes = hb.subset(hb.Face(hb.Blob(data), index), wanted).blob.data
    return _number_anew(made)


def _number_anew(data: bytes) -> bytes:
    """Character ids keep the gaps of the large font, 2 bytes a glyph that no compression shortens; here id = glyph."""
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    font = TTFont(io.BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    table = bytearray(font.reader["CFF "])
    place = font["CFF "].cff.topDictIndex[0].rawDict["charset"]
    table[place : place + 5] = struct.pack(">BHH", 2, 1, len(font.getGlyphOrder()) - 2)
    raw = DefaultTable("CFF ")
    raw.data = bytes(table)
    font["CFF "] = raw
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def stylesheet() -> str:
    """`@font-face` rules for the fonts that were cut; empty where that is not possible. Cuts them where they are missing."""
    try:
        rules = [rule for face in FACES for rule in _rules(face)]
    except (OSError, ValueError) as error:
        log.warning("Document fonts could not be cut (%s); PDFs are larger.", type(error).__name__)
        return ""
    return "\n".join(rules)


def _rules(face: Face) -> list[str]:
    found = face.find()
    if found is None:
        return []
    path, index = found
    source = os.stat(path)
    rules = []
    for place, characters in enumerate(parts(face)):
        key = f"{path} {index} {source.st_size} {source.st_mtime_ns} {sorted(characters | SPACES)} {place}"
        name = f"{face.family}-{face.weight}-{place}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.otf".replace(
            " ", "-"
        )
        file = settings.VAR / "fonts" / name
        if not file.exists():
            _write(file, cut(Path(path).read_bytes(), index, characters))
        family = f"{face.family} {place}"
        rules.append(
            f'@font-face {{ font-family: "{family}"; font-weight: {face.weight}; src: url("{file.as_uri()}"); }}'
        )
    return rules


def _write(file: Path, data: bytes) -> None:
    """A reader sees the whole file or none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    os.replace(draft, file)


def families(name: str, last: str) -> str:
    """What stands in `font-family`: our parts, then the system's font."""
    return ", ".join([*(f'"{name} {place}"' for place in range(2 + len(REST))), f'"{last}"', "sans-serif"])
