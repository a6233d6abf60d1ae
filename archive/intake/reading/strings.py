"""The texts of a workbook that its sheets refer to by number, without holding them as objects.

A million identity numbers as Python texts are 75 MB. They are packed in pages; a page in use is unpacked, the others are kept
sealed with a key that lives as long as this object, in memory and, past a few megabytes, in an unnamed temporary file.
"""

from __future__ import annotations

import re
import secrets
import weakref
from array import array
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO

from archive.intake.reading.markup import Attributes, Handler, feeding, parse_bytes, resolved, unescaped, usual_root
from profiles.common.ciphers import NONCE, current_suite

PAGE = 128  # texts
KEPT = 1024  # pages unpacked at a time: 131,072 texts, about 12 MB
IN_MEMORY = 4 << 20
CHUNK = 1 << 20
LONGEST = 8 << 20  # bytes of one text with its markup; a cell holds 32,767 characters

_PLAIN = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')


class Strings:
    """Text by number."""

    def __init__(self) -> None:
        self._pages: dict[int, list[str]] = {}
        self._ends = array("Q", [0])
        self._file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._suite, self._key = current_suite(), secrets.token_bytes(32)
        self._waiting: list[str] = []

    def extend(self, texts: Iterable[str]) -> None:
        """Texts with references resolved and `_x0001_` still in them: so none holds the character that parts them."""
        self._waiting.extend(texts)
        full = len(self._waiting) - len(self._waiting) % PAGE
        for place in range(0, full, PAGE):
            self._store(self._waiting[place : place + PAGE])
        del self._waiting[:full]

    def close_last_page(self) -> None:
        if self._waiting:
            self._store(self._waiting)
            self._waiting = []

    def _store(self, texts: list[str]) -> None:
        number = len(self._ends) - 1
        data = "\x00".join(texts).encode("utf-8", "surrogatepass")
        sealed = self._suite.encrypt(self._key, number.to_bytes(NONCE, "big"), data, b"")
        self._file.write(sealed)
        self._ends.append(self._ends[-1] + len(sealed))

    def page(self, number: int) -> list[str]:
        """PAGE texts from `number * PAGE` on. Raises IndexError where there are none."""
        kept = self._pages.get(number)
        if kept is not None:
            return kept
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError("no such text")
        self._file.seek(self._ends[number])
        sealed = self._file.read(self._ends[number + 1] - self._ends[number])
        data = self._suite.decrypt(self._key, number.to_bytes(NONCE, "big"), sealed, b"")
        text = data.decode("utf-8", "surrogatepass")
        page = text.split("\x00")
        if "_x" in text:
            page = [unescaped(item) for item in page]
        if len(self._pages) >= KEPT:
            del self._pages[next(iter(self._pages))]
        self._pages[number] = page
        return page

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError("no such text")
        return self.page(number // PAGE)[number % PAGE]


class SharedTexts(Handler):
    """Gathers the texts of `si` elements: plain or in runs, without the phonetic ones."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._inside = False
        self._phonetic = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "rPh":
            self._phonetic += 1
        elif name == "t":
            self._inside = not self._phonetic

    def end(self, name: str) -> None:
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            self.texts.append("".join(self._parts))
            self._parts = []

    def text(self, data: str) -> None:
        if self._inside:
            self._parts.append(data)


def read_strings(stream: IO[bytes]) -> Strings:
    """The shared strings part of a workbook."""
    strings = Strings()
    start = stream.read(CHUNK)
    root = usual_root(start, b"sst")
    if root is None:
        _read_parsed(strings, stream, start)
    else:
        _read_plain(strings, stream, root, start[start.index(root) + len(root) :])
    strings.close_last_page()
    return strings


def _read_parsed(strings: Strings, stream: IO[bytes], start: bytes) -> None:
    handler = SharedTexts()
    for _fed in feeding(stream, handler, start):
        strings.extend(handler.texts)
        handler.texts.clear()


def _read_plain(strings: Strings, stream: IO[bytes], root: bytes, rest: bytes) -> None:
    """Chunks of plain texts by a regular expression; a chunk with anything else in it by the parser."""
    while True:
        chunk = stream.read(CHUNK)
        data = rest + chunk
        cut = data.rfind(b"</si>") + 5 if b"</si>" in data else 0
        if b"<!" in data or b"xmlns" in data:
            _read_parsed(strings, stream, root + data)
            return
        text, rest = normal(data[:cut]), data[cut:]
        found = _PLAIN.findall(text)
        if len(rest) > LONGEST:
            raise ValueError("a text without an end")
        if len(found) == text.count("<si"):
            strings.extend(map(resolved, found) if "&" in text else found)
        else:
            strings.extend(_parsed(root, text))
        if not chunk:
            parse_bytes(root + rest, Handler())  # does the document end as it should?
            return


def _parsed(root: bytes, text: str) -> list[str]:
    """Texts of some `si` elements that are more than plain."""
    handler = SharedTexts()
    parse_bytes(root + text.encode() + b"</sst>", handler)
    return handler.texts


def normal(data: bytes) -> str:
    """Markup as text with the line ends that a parser makes of all kinds, and without NUL."""
    text = data.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "_x0000_") if "\x00" in text else text
