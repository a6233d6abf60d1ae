"""PDF files of evidence: what in them could act is refused, what tells about their maker is taken out. Pure, no Django."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

PAGES = 500
OBJECTS = 300_000
# What does something when the file is opened or clicked, or carries another file.
ACTING = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/RichMediaExecute", "/Rendition", "/Movie", "/Sound",
    "/GoTo3DView",
}  # fmt: skip
CARRYING = {"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"}
# The catalogue of the clean file: pages, what helps to read them, nothing else.
KEPT = {"/Type", "/Pages", "/PageLabels", "/OCProperties", "/Lang", "/MarkInfo", "/StructTreeRoot"}
TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/Annots", "/B")


class Unfit(Exception):
    """The file cannot be kept as evidence; the code's sentence says why and what to do."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def clean_pdf(data: bytes) -> tuple[bytes, str, int, tuple[str, ...]]:
    """(bytes, media type, pages, remarks). Comments, form fields and seals that are seen stay, as part of the page."""
    try:
        return _clean(data)
    except pikepdf.PasswordError:
        raise Unfit("encrypted") from None
    except Unfit:
        raise
    except (
        pikepdf.PdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RuntimeError,
        RecursionError,
    ):
        raise Unfit("damaged") from None


def _clean(data: bytes) -> tuple[bytes, str, int, tuple[str, ...]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if pdf.is_encrypted:
            raise Unfit("encrypted")
        count = len(pdf.pages)
        if not count:
            raise Unfit("damaged")
        if count > PAGES:
            raise Unfit("too_many_pages", limit=PAGES)
        if len(pdf.objects) > OBJECTS:
            raise Unfit("too_much")
        signed = False
        for found in _dictionaries(pdf):
            _refuse_what_acts(found)
            signed = signed or found.get("/FT") == "/Sig" or found.get("/Type") == "/Sig"
        pdf.flatten_annotations("all")
        for page in pdf.pages:
            _drop(page.obj, TELLING)
        for found in _dictionaries(pdf):
            _drop(found, ("/Metadata", "/PieceInfo", "/LastModified"))
            if isinstance(found, pikepdf.Stream):
                _strip_picture(found)
        _drop(pdf.Root, [key for key in pdf.Root.keys() if key not in KEPT])  # noqa: SIM118  pikepdf iterates over values
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue(), "application/pdf", count, ("signature_lost",) if signed else ()


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """All dictionaries and streams of the file, also those inside others; reached or not."""
    for top in pdf.objects:
        waiting = [(top, 0)]
        while waiting:
            here, depth = waiting.pop()
            if depth > 50:
                raise Unfit("too_much")
            if isinstance(here, pikepdf.Dictionary | pikepdf.Stream):
                yield here
                inner = [value for _key, value in here.items()]
            elif isinstance(here, pikepdf.Array):
                inner = list(here)
            else:
                continue
            waiting += [
                (value, depth + 1)
                for value in inner
                if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
            ]


def _refuse_what_acts(found: Any) -> None:
    if str(found.get("/S")) in ACTING or "/JS" in found or "/XFA" in found:
        raise Unfit("active")
    if "/EF" in found or found.get("/Type") == "/EmbeddedFile" or str(found.get("/Subtype")) in CARRYING:
        raise Unfit("carries_files")


def _drop(found: Any, keys: Any) -> None:
    for key in keys:
        if key in found:
            del found[key]


def _strip_picture(stream: Any) -> None:
    """Photographs keep their EXIF data inside a PDF; the picture itself stays byte for byte."""
    if stream.get("/Subtype") == "/Image" and stream.get("/Filter") in (
        "/DCTDecode",
        pikepdf.Array([pikepdf.Name.DCTDecode]),
    ):
        raw = stream.read_raw_bytes()
        stripped = strip_jpeg(raw)
        if stripped != raw:
            stream.write(stripped, filter=pikepdf.Name.DCTDecode, decode_parms=stream.get("/DecodeParms"))


def strip_jpeg(data: bytes) -> bytes:
    """A JPEG without application segments and comments; JFIF (units) and Adobe (colour transform) are needed to decode it."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in {0xE0, 0xEE}:
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    return b"".join(kept) + data[at:]
