"""XML of workbooks: parsed as a stream, without document types and entities of one's own, with the characters that XML forbids.

Spreadsheets write a character that XML forbids as `_x0001_`. Some write it raw or as `&#1;`; both are turned into that form
before the parser, which would stop at them.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers import expat

from archive.intake.problems import Refused

CHUNK = 1 << 16
# What reading a broken file raises. RuntimeError: a member with a password; NotImplementedError: an unknown compression.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    NotImplementedError,  # raised by zipfile, see above
    RuntimeError,
    ValueError,
    LookupError,
    EOFError,
)

_ROOT = re.compile(rb"""(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*(<(\w+)(?:\s+[\w:.-]+=(?:"[^"]*"|'[^']*'))*\s*>)""")
_ENCODING = re.compile(rb"""encoding=["']([\w-]+)["']""")
_NAMESPACE = re.compile(rb"""\sxmlns(?::([\w.-]+))?=["']([^"']*)["']""")
_RAW = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));|(&)")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")

Attributes = dict[str, str]


class Handler:
    """What a reader wants to know of a document, by local names."""

    def start(self, name: str, attributes: Attributes) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


@contextmanager
def damage_is_refused() -> Iterator[None]:
    try:
        yield
    except DAMAGE:
        raise Refused("file_damaged") from None


def parse(stream: IO[bytes], handler: Handler) -> None:
    for _fed in feeding(stream, handler):
        pass


def feeding(stream: IO[bytes], handler: Handler, start: bytes = b"") -> Iterator[None]:
    """Parse piece by piece; between the pieces the caller takes what the handler has gathered."""
    parser = new_parser(handler)
    rest, wide = b"", None
    for chunk in _pieces(stream, start):
        if wide is None:  # UTF-16 is left to the parser
            wide = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in chunk[:4]
        data = rest + chunk
        cut = data.rfind(b"&")  # a reference is not torn apart
        rest = data[cut:] if cut >= 0 and len(data) - cut < 12 else b""
        data = data[: len(data) - len(rest)]
        parser.Parse(data if wide else _allowed(data), False)
        yield
    parser.Parse(rest if wide else _allowed(rest), True)
    yield


def _pieces(stream: IO[bytes], start: bytes) -> Iterator[bytes]:
    """`start` and what follows it, in pieces so small that what they unfold to is small too."""
    for place in range(0, len(start), CHUNK):
        yield start[place : place + CHUNK]
    while chunk := stream.read(CHUNK):
        yield chunk


def parse_bytes(data: bytes, handler: Handler) -> None:
    """Parse a whole small document in UTF-8."""
    new_parser(handler).Parse(_allowed(data), True)


def new_parser(handler: Handler) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    local: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        short = local.get(name)
        if short is None:
            short = local[name] = name.rpartition("}")[2]
        handler.start(short, attributes)

    def end(name: str) -> None:
        handler.end(local[name])

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    return parser


def _refuse_doctype(*_args: object) -> None:
    raise ValueError("a document type")


def _allowed(data: bytes) -> bytes:
    data = _RAW.sub(lambda found: b"_x%04X_" % found[0][0], data)
    return _REFERENCE.sub(_allowed_reference, data) if b"&#" in data else data


def _allowed_reference(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    return b"_x%04X_" % code if _is_forbidden(code) else found[0]


def _is_forbidden(code: int) -> bool:
    return (code < 0x20 and code not in (9, 10, 13)) or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)


def usual_root(start: bytes, name: bytes) -> bytes | None:
    """The start tag of the first element if the document is in the form in which nearly all programs write it: UTF-8, and the
    names of that element's kind without a prefix. Such a document can be taken apart by regular expressions."""
    found = _ROOT.match(start)
    if found is None or found[2] != name or b"\x00" in start[:4]:
        return None
    declared = _ENCODING.search(found[0])
    kinds = _NAMESPACE.findall(found[1])
    own = [kind for prefix, kind in kinds if not prefix]
    if (
        (declared and declared[1].upper() != b"UTF-8")
        or len(own) != 1
        or [kind for _p, kind in kinds].count(own[0]) > 1
    ):
        return None
    return found[1]


def resolved(raw: str) -> str:
    """Text as it stands in the markup → with its references resolved; forbidden characters as `_x0001_`."""
    return _ENTITY.sub(_resolve, raw) if "&" in raw else raw


def _resolve(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    if found[4]:
        raise ValueError("an entity of its own")
    code = int(found[1], 16) if found[1] else int(found[2])
    return f"_x{code:04X}_" if _is_forbidden(code) else chr(code)


def unescaped(text: str) -> str:
    """`_x000D_` → the character, as spreadsheets write those that XML forbids; two halves of a rare character are joined."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def local_attribute(attributes: Attributes, name: str) -> str:
    """An attribute by its local name, whatever the prefix (`r:id`)."""
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "")


class Elements(Handler):
    """Calls `visit` at the start of each element, with the names of those around it in `path`."""

    def __init__(self, visit: Callable[[str, str, Attributes], None]) -> None:
        self.path: list[str] = []
        self.visit = visit

    def start(self, name: str, attributes: Attributes) -> None:
        self.visit(name, self.path[-1] if self.path else "", attributes)
        self.path.append(name)

    def end(self, name: str) -> None:
        self.path.pop()
