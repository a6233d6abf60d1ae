"""What a file of evidence may be, and what is taken out of it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive.evidence import cleaning
from archive.evidence.cleaning import clean
from archive.evidence.pdfs import Unfit, strip_jpeg
from archive.evidence.problems import SENTENCES
from tests.archive.papers import SECRET, exif, heic, office, pdf, photo, picture, png, saved, tiff

D, N, A = pikepdf.Dictionary, pikepdf.Name, pikepdf.Array
HONEST: list[tuple[Callable[[], bytes], str, int]] = [
    (photo, "image/jpeg", 1),
    (png, "image/png", 1),
    (heic, "image/jpeg", 1),
    (tiff, "application/pdf", 3),
    (lambda: pdf(2), "application/pdf", 2),
]


def refused(data: bytes) -> str:
    """The code, which has a sentence that its parameters fit."""
    with pytest.raises(Unfit) as caught:
        clean(data)
    assert str(SENTENCES[caught.value.code]) % caught.value.params
    return caught.value.code


@pytest.mark.parametrize(("make", "media_type", "pages"), HONEST, ids=["jpeg", "png", "heic", "tiff", "pdf"])
def test_nothing_tells_about_place_device_and_author_any_more(
    make: Callable[[], bytes], media_type: str, pages: int
) -> None:
    data = make()
    assert SECRET.encode() in data or media_type == "application/pdf" or make is heic
    cleaned = clean(data)
    assert (cleaned.media_type, cleaned.pages) == (media_type, pages)
    assert SECRET.encode() not in cleaned.data
    if media_type.startswith("image/"):
        image = Image.open(io.BytesIO(cleaned.data))
        assert dict(image.getexif()) == {}
        assert not {"xmp", "comment", "icc_profile", "exif", "Author"} & set(image.info)
    else:
        with pikepdf.open(io.BytesIO(cleaned.data)) as file:
            assert "/Info" not in file.trailer
            assert not {"/Metadata", "/PieceInfo", "/OpenAction", "/Names"} & set(file.Root.keys())


def test_the_picture_inside_a_pdf_loses_its_exif_and_no_pixel() -> None:
    with pikepdf.open(io.BytesIO(clean(pdf()).data)) as file:
        scan = file.pages[0].Resources.XObject.Scan
        raw = scan.read_raw_bytes()
    assert SECRET.encode() not in raw
    assert Image.open(io.BytesIO(raw)).tobytes() == Image.open(io.BytesIO(photo())).tobytes()


def test_a_photograph_stands_upright_afterwards() -> None:
    """Orientation 6: the telephone was turned; the dark half is on top then."""
    image = Image.open(io.BytesIO(clean(photo(orientation=6)).data))
    assert image.size == (40, 60)
    assert sum(image.getpixel((20, 10))[:2]) < 100  # type: ignore[index]
    assert sum(image.getpixel((20, 50))[:2]) > 400  # type: ignore[index]


def test_what_follows_the_picture_is_left_behind() -> None:
    assert b"<script>" not in clean(photo() + b"<script>alert(1)</script>").data


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_scans_of_all_colour_depths_are_taken(mode: str) -> None:
    form = "TIFF" if mode == "CMYK" else "PNG"
    assert clean(saved(picture().convert("L" if mode == "I;16" else "RGB").convert(mode), form)).pages == 1


def script(file: pikepdf.Pdf) -> None:
    file.Root.OpenAction = D(S=N.JavaScript, JS="app.alert(1)")


def named_script(file: pikepdf.Pdf) -> None:
    file.Root.Names = D(JavaScript=D(Names=A(["x", D(S=N.JavaScript, JS="1")])))


def link(action: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[0].obj.Annots = A([D(Type=N.Annot, Subtype=N.Link, Rect=A([0, 0, 9, 9]), A=action)])

    return change


def attachment(file: pikepdf.Pdf) -> None:
    file.attachments["x.exe"] = b"MZ"


def film(file: pikepdf.Pdf) -> None:
    file.pages[0].obj.Annots = A([D(Type=N.Annot, Subtype=N.RichMedia, Rect=A([0, 0, 9, 9]))])


def xfa(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm = D(Fields=A([]), XFA=file.make_stream(b"<xdp/>"))


ACTING = [
    (script, "active"),
    (named_script, "active"),
    (link(D(S=N.Launch, F="cmd.exe")), "active"),
    (link(D(S=N.SubmitForm, F="https://x.example")), "active"),
    (xfa, "active"),
    (attachment, "carries_files"),
    (film, "carries_files"),
]


@pytest.mark.parametrize(("change", "code"), ACTING, ids=[f"{code}{n}" for n, (_c, code) in enumerate(ACTING)])
def test_a_pdf_that_acts_or_carries_files_is_refused(change: Callable[[pikepdf.Pdf], None], code: str) -> None:
    assert refused(pdf(change=change)) == code
    packed = pdf(change=change, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert refused(packed) == code


def test_what_only_leads_elsewhere_goes_without_a_word() -> None:
    """A link, a bookmark, the page to open at: harmless, and of no use as evidence."""
    cleaned = clean(pdf(change=link(D(S=N.URI, URI="https://example.example/"))))
    assert b"example.example" not in cleaned.data


def signed(file: pikepdf.Pdf) -> None:
    seal = file.make_stream(b"0 1 0 rg 0 0 50 50 re f", Type=N.XObject, Subtype=N.Form, BBox=A([0, 0, 50, 50]))
    field = D(Type=N.Annot, Subtype=N.Widget, FT=N.Sig, T="Seal", F=4, Rect=A([10, 10, 60, 60]), AP=D(N=seal),
              V=D(Type=N.Sig, Filter=N("/Adobe.PPKLite"), Contents=pikepdf.String("x")))  # fmt: skip
    field = file.make_indirect(field)
    file.pages[0].obj.Annots = A([field])
    file.Root.AcroForm = D(Fields=A([field]), SigFlags=3)


def test_a_seal_stays_to_be_seen_and_the_lost_signature_is_told() -> None:
    cleaned = clean(pdf(change=signed))
    assert cleaned.remarks == ("signature_lost",)
    with pikepdf.open(io.BytesIO(cleaned.data)) as file:
        page = file.pages[0]
        assert "/Annots" not in page.obj
        assert [stream.read_bytes() for stream in page.Resources.XObject.values() if stream.Subtype == N.Form] == [
            b"0 1 0 rg 0 0 50 50 re f"
        ]


def damaged_pdf() -> bytes:
    return pdf()[:200]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "empty"),
        (lambda: b" \r\n\0", "empty"),
        (lambda: b"MZ\x90\0" + bytes(99), "type"),
        (lambda: b"<html><script></script>", "type"),
        (lambda: saved(picture(), "GIF"), "type"),
        (lambda: office("word/document.xml"), "type"),
        (lambda: office("OFD.xml"), "ofd"),
        (lambda: "决定书".encode(), "type"),
        (damaged_pdf, "damaged"),
        (lambda: photo()[:400], "damaged"),
        (lambda: png()[:60], "damaged"),
        (lambda: b"\xff\xd8\xff\xe0" + bytes(99), "damaged"),
        (lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "encrypted"),
        (lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="")), "encrypted"),
        (lambda: pdf(501), "too_many_pages"),
        (lambda: b"GARBAGE " + pdf(), "two_things"),
        (lambda: pdf() + office("x"), "two_things"),
        (lambda: photo() + office("x"), "two_things"),
        (lambda: saved(picture(), "JPEG", comment=b"%PDF-1.7"), "two_things"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_honest_scan_is_refused(make: Callable[[], bytes], code: str) -> None:
    assert refused(make()) == code


def test_a_picture_that_unpacks_without_measure_is_refused_before_it_is_unpacked() -> None:
    """Twelve thousand pixels square in a few kilobytes."""
    bomb = saved(Image.new("1", (12_000, 12_000)), "PNG")
    assert len(bomb) < 50_000
    assert refused(bomb) == "too_many_pixels"


def test_pages_of_a_scan_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "FRAMES", 2)
    assert refused(tiff(3)) == "too_many_pages"


def test_a_jpeg_without_its_segments_is_the_same_picture() -> None:
    stripped = strip_jpeg(photo())
    assert SECRET.encode() not in stripped
    assert Image.open(io.BytesIO(stripped)).tobytes() == Image.open(io.BytesIO(photo())).tobytes()
    assert strip_jpeg(b"no jpeg") == b"no jpeg"


SAMPLES = [pdf(), saved(picture((8, 8)), "JPEG", exif=exif()), saved(picture((8, 8)), "PNG")]


@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=5))
def test_no_damage_ends_in_anything_but_a_clean_file_or_a_refusal(sample: bytes, places: list[tuple[int, int]]) -> None:
    data = bytearray(sample)
    for place, value in places:
        data[place % len(data)] = value
    with contextlib.suppress(Unfit):
        assert clean(bytes(data)).pages >= 1
