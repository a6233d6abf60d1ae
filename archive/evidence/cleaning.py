"""What a file of evidence is, and the same content without what the file says about its maker.

Pure: no Django, no database. Run as a program it reads the file from standard input and is limited in memory and time, because
it parses what strangers made; `examine` starts it so. Out come one line of JSON and the cleaned bytes.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from archive.evidence.pdfs import Unfit, clean_pdf

MEMORY = 2 * 1024**3
SECONDS = 20
PIXELS = 100_000_000
FRAMES = 200
QUALITY = 90
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
KNOWN = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "heic": "image/heic",
}


@dataclass(frozen=True)
class Cleaned:
    """`media_type` is that of the cleaned file; `remarks` are codes of what was taken away that a reader should know."""

    data: bytes
    media_type: str
    pages: int
    remarks: tuple[str, ...] = ()


def clean(data: bytes) -> Cleaned:
    """The file without metadata; raises `Unfit` with a code (see `archive.evidence.problems`)."""
    kind = sniff(data)
    if kind == "pdf":
        return Cleaned(*clean_pdf(data))
    if kind == "tiff":
        return _scan_to_pdf(data)
    image = _open(data)
    if kind == "png":
        return Cleaned(_encode(_picture(image), "PNG", optimize=True), "image/png", 1)
    # Full colour resolution: a red seal over black text stays legible.
    picture = _flat(_picture(image))
    return Cleaned(_encode(picture, "JPEG", quality=QUALITY, subsampling=0, optimize=True), "image/jpeg", 1)


def sniff(data: bytes) -> str:
    """A key of KNOWN by what the bytes are; the name of the file counts for nothing."""
    kind = _kind(data)
    if not data.strip(b"\0 \r\n\t"):
        raise Unfit("empty")
    if kind is None:
        if b"%PDF-" in data[:1024]:
            raise Unfit("two_things")
        raise Unfit("ofd" if _is_ofd(data) else "type", seen=_looks_like(data))
    if kind != "pdf" and b"%PDF-" in data[:1024]:
        raise Unfit("two_things")
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Unfit("two_things")
    return kind


def _kind(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "heic"
    return None


def _looks_like(data: bytes) -> str:
    starts = {
        b"PK\x03\x04": "ZIP / Office", b"\xd0\xcf\x11\xe0": "Word / Excel", b"MZ": "EXE", b"\x7fELF": "EXE", b"GIF8": "GIF",
        b"BM": "BMP", b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"{\\rtf": "RTF",
    }  # fmt: skip
    for start, name in starts.items():
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[:512].lstrip()[:1] == b"<":
        return "HTML / XML"
    return "binary" if b"\0" in data[:512] else "text"


def _is_ofd(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "OFD.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):  # the last: a compression that zipfile does not know
        return False


def _open(data: bytes) -> Image.Image:
    """A picture whose size is known and bearable; nothing is unpacked yet."""
    from pillow_heif import register_heif_opener

    Image.init()
    register_heif_opener()
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF", "HEIF"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("too_many_pixels", limit=PIXELS // 1_000_000) from None
    except Exception:
        raise Unfit("damaged") from None  # decoders fail in any way they like
    _bearable(image)
    return image


def _bearable(image: Image.Image) -> None:
    if image.width * image.height > PIXELS:
        raise Unfit("too_many_pixels", limit=PIXELS // 1_000_000)


def _picture(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, and nothing but pixels: EXIF, GPS, XMP, colour profile, comments are left behind."""
    try:
        image.load()
        profile = image.info.get("icc_profile")
        picture = ImageOps.exif_transpose(image)
    except Exception:
        raise Unfit("damaged") from None  # decoders fail in any way they like
    if picture.mode == "P" or picture.mode.startswith("I;") or picture.mode in {"PA", "LA", "La", "RGBa", "F", "I"}:
        picture = picture.convert("RGBA" if "transparency" in picture.info or "A" in picture.mode else "RGB")
    if profile and picture.mode in {"RGB", "RGBA"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
            picture = converted if converted is not None else picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the colours as they are
    plain = picture.copy()
    plain.info = {}
    return plain


def _flat(picture: Image.Image) -> Image.Image:
    """What JPEG can hold: no transparency, on white paper."""
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    return picture if picture.mode in {"RGB", "L"} else picture.convert("RGB")


def _encode(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _scan_to_pdf(data: bytes) -> Cleaned:
    """A scanner's TIFF, with its pages, as a PDF: browsers show no TIFF."""
    image = _open(data)
    frames = getattr(image, "n_frames", 1)
    if frames > FRAMES:
        raise Unfit("too_many_pages", limit=FRAMES)
    pages = []
    for frame in ImageSequence.Iterator(image):
        _bearable(frame)
        picture = _picture(frame)
        pages.append(picture if picture.mode in {"1", "L"} else _flat(picture))
        if sum(page.width * page.height for page in pages) > 4 * PIXELS:
            raise Unfit("too_many_pixels", limit=4 * PIXELS // 1_000_000)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200, quality=QUALITY)
    return Cleaned(*clean_pdf(out.getvalue()))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    data = b""
    try:
        cleaned = clean(sys.stdin.buffer.read())
        head: dict[str, Any] = {
            "media_type": cleaned.media_type,
            "pages": cleaned.pages,
            "remarks": list(cleaned.remarks),
        }
        data = cleaned.data
    except Unfit as unfit:
        head = {"code": unfit.code, "params": unfit.params}
    except MemoryError:
        head = {"code": "too_much", "params": {}}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + data)


if __name__ == "__main__":
    main()
