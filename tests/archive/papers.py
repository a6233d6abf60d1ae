"""Scans and photographs as bodies send them, honest and otherwise, and a malware scanner to ask."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from archive.evidence import actions as evidence
from archive.models import Entry, Evidence

SECRET = "SECRET-PLACE"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Left half dark, right half light."""
    image = Image.new(mode, size, "white")
    image.paste("navy" if mode.startswith("RGB") else 0, (0, 0, size[0] // 2, size[1]))
    return image


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(*, orientation: int = 1) -> Image.Exif:
    """Device, place and time, as a telephone writes them."""
    data = Image.Exif()
    data[0x010F] = SECRET
    data[0x0112] = orientation
    data.get_ifd(0x8825)[1] = "N"
    data.get_ifd(0x8825)[2] = (35.0, 5.0, 23.0)
    return data


def photo(*, orientation: int = 1) -> bytes:
    return saved(picture(), "JPEG", exif=exif(orientation=orientation), comment=SECRET.encode(), xmp=SECRET.encode())


def png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", SECRET)
    return saved(picture(), "PNG", pnginfo=told, exif=exif())


def heic() -> bytes:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return saved(picture((64, 64)), "HEIF", exif=exif().tobytes())


def tiff(pages: int = 3) -> bytes:
    images = [picture() for _n in range(pages)]
    return saved(images[0], "TIFF", save_all=True, append_images=images[1:], description=SECRET, compression="tiff_lzw")


def pdf(pages: int = 1, *, change: Any = None, **how: Any) -> bytes:
    """A PDF that tells about its maker in every way; `change` gets the open file."""
    with pikepdf.new() as file:
        for _n in range(pages):
            file.add_blank_page(page_size=(200, 100))
        file.docinfo["/Author"] = SECRET
        file.Root.PieceInfo = pikepdf.Dictionary(X=pikepdf.Dictionary(Private=SECRET))
        with file.open_metadata() as told:
            told["dc:creator"] = [SECRET]
        image = pikepdf.Stream(file, photo(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60, Height=40,
                               ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode)  # fmt: skip
        page = file.pages[0]
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=file.make_indirect(image)))
        page.obj.Contents = file.make_stream(b"q 200 0 0 100 0 0 cm /Scan Do Q")
        if change is not None:
            change(file)
        out = io.BytesIO()
        file.save(out, **how)
    return out.getvalue()


def office(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"<x/>")
    return out.getvalue()


def upload(data: bytes, name: str = "决定书.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def kept(entry: Entry, data: bytes | None = None, **how: Any) -> Evidence:
    """Evidence of an entry, added by who drafted it."""
    how = {"kind": Evidence.Kind.DECISION, "by": entry.drafted_by, **how}
    return evidence.keep(
        upload=upload(data or saved(picture(), "JPEG"), how.pop("name", "决定书.jpg")), about=entry, **how
    )


class _Clamd(socketserver.StreamRequestHandler):
    """As much of clamd's protocol as there is: VERSION and INSTREAM, each ended by NUL."""

    def handle(self) -> None:
        command = self._until_nul()
        if command == b"zVERSION":
            self.wfile.write(b"ClamAV 1.4.3/27812/Tue Nov 24 2026\0")
        elif command == b"zINSTREAM":
            data = b""
            while length := struct.unpack("!L", self.rfile.read(4))[0]:
                data += self.rfile.read(length)
            self.server.seen.append(data)  # type: ignore[attr-defined]
            said = self.server.says or (b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK")  # type: ignore[attr-defined]
            self.wfile.write(said + b"\0")

    def _until_nul(self) -> bytes:
        read = b""
        while not read.endswith(b"\0"):
            read += self.rfile.read(1)
        return read[:-1]


@contextmanager
def clamd(*, says: bytes = b"") -> Iterator[Any]:
    """A scanner that listens; `says` is its answer whatever it is sent. Yields the server: `server_address`, `seen`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        server.seen, server.says = [], says  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
