"""What an upload can be. A file that cannot be used is refused with one sentence that says where and what to do."""

from __future__ import annotations

import contextlib
import html
import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from archive.intake import actions as intake
from archive.intake.files import sniff
from archive.intake.problems import Problem, Refused, sentence
from archive.models import Batch
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission
from tests.archive.sheets import changed, clerk, csv_text, fact, kept, receive, refusal, table, xlsx
from tests.world import sign_in

MEGABYTE = 1 << 20


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def odf(kind: bytes = b"application/vnd.oasis.opendocument.spreadsheet", manifest: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", b"<manifest>" + manifest + b"</manifest>")
        archive.writestr("content.xml", b"<office/>")
    return out.getvalue()


LOCKED = b"".join(
    struct.pack("<HH", kind, len(data)) + data
    for kind, data in ((0x0809, bytes(16)), (0x002F, bytes(54)), (0x000A, b""))
)


def ole(*streams: str, data: bytes = b"") -> bytes:
    """An OLE2 container with streams of 4,096 bytes."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    table = [fat, end]
    for index in range(len(streams)):
        start = 2 + 8 * index
        table += [*range(start + 1, start + 8), end]
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    entries += [
        _entry(name, 2, 2 + 8 * index, 4096, right=index + 2 if index + 1 < len(streams) else free)
        for index, name in enumerate(streams)
    ]
    directory = b"".join(entries).ljust(512, b"\x00")
    body = b"".join(data.ljust(4096, b"\x00") for _name in streams)
    return head + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory + body


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    return text.ljust(64, b"\x00") + struct.pack(
        "<HBBIII36xIII", len(text), kind, 1, 0xFFFFFFFF, right, child, start, size, 0
    )


def bomb(megabytes: int) -> bytes:
    """A workbook with a member of that many zeros."""
    out = io.BytesIO(xlsx(fact()))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/media/image1.png", "w", force_zip64=True) as member,
    ):
        for _chunk in range(megabytes):
            member.write(bytes(MEGABYTE))
    return out.getvalue()


def lying_bomb() -> bytes:
    """The same, with a directory that says the member has ten bytes."""
    data = bytearray(bomb(401))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(data)


NOT_TABLES = [
    ("nothing", b"", "The file is empty."),
    ("blanks", b" \r\n\t ", "The file is empty."),
    ("PDF", b"%PDF-1.7\n1 0 obj", "it looks like PDF"),
    ("PNG", b"\x89PNG\r\n\x1a\n" + bytes(40), "it looks like PNG"),
    ("JPEG", b"\xff\xd8\xff\xe0" + bytes(40), "it looks like JPEG"),
    ("a page", b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "it looks like HTML / XML"),
    ("a page that a portal calls .xls", b"\n <html xmlns:x='urn:x'><table></table>", "it looks like HTML / XML"),
    ("a program", b"MZ\x90\x00" + bytes(60), "it looks like EXE"),
    ("other bytes", b"\x01\x02\x00\x03" * 20, "it looks like binary"),
    ("an archive", zipped(a=b"1"), "it looks like ZIP"),
    ("a letter", zipped(word__document_xml=b"1").replace(b"document_xml", b"document.xml"), "it looks like Word"),
    ("slides", zipped(ppt__presentation_xml=b"1").replace(b"presentation_xml", b"presentation.xml"), "it looks like PowerPoint"),
    ("a letter as OpenDocument", odf(b"application/vnd.oasis.opendocument.text"), "it looks like OpenDocument"),
    ("an OpenDocument sheet with a password", odf(manifest=b"<manifest:encryption-data/>"), "protected with a password"),
    ("a workbook with a password", ole("EncryptionInfo", "EncryptedPackage"), "Save it without a password"),
    ("an old workbook with a password", ole("Workbook", data=LOCKED), "Save it without a password"),
    ("an old letter", ole("WordDocument"), "it looks like Word"),
    ("old slides", ole("PowerPoint Document"), "it looks like PowerPoint"),
    ("another container", ole("Contents"), "it looks like OLE"),
    ("a broken container", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "The workbook is damaged"),
    ("an archive cut short", zipped(a=b"1")[:30], "The workbook is damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "part"), [row[1:] for row in NOT_TABLES], ids=[row[0] for row in NOT_TABLES])
@pytest.mark.django_db
def test_what_is_no_table_is_refused_at_the_door_and_leaves_nothing(data: bytes, part: str, settings: Any) -> None:
    by = clerk()
    with pytest.raises(Refused) as caught:
        receive(data, by=by, name="名单.xlsx")
    assert part in sentence(Problem(caught.value.code, params=caught.value.params).as_json())
    assert not Batch.objects.exists()
    assert not AuditEvent.objects.filter(verb=Verb.BATCH_UPLOADED).exists()
    assert not kept(settings)


@pytest.mark.django_db
def test_the_page_says_it_beside_the_field_in_the_language_of_the_reader() -> None:
    browser = sign_in(clerk())
    for language, sentence_ in (("en", "it looks like PDF"), ("zh-hans", "PDF")):
        browser.cookies.load({"django_language": language})
        page = browser.post("/record/upload/", {"file": SimpleUploadedFile("名单.xlsx", b"%PDF-1.7")})
        assert page.status_code == 422
        (error,) = page.context["form"].errors["file"]
        assert sentence_ in error
        assert error.isascii() is (language == "en")
        assert html.escape(error) in page.content.decode()
    assert not Batch.objects.exists()


def test_the_content_counts_and_not_the_name() -> None:
    assert sniff(io.BytesIO(xlsx(fact()))) == "xlsx"
    assert sniff(io.BytesIO(csv_text(fact()).encode("gb18030"))) == "csv"


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused_before_it_is_read(settings: Any) -> None:
    """The size that the upload states is enough."""

    class Unread(SimpleUploadedFile):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("it was read")

    upload = Unread("名单.xlsx", b"PK")
    upload.size = 250 * MEGABYTE
    with pytest.raises(Refused) as caught:
        intake.receive(upload=upload, kind=Batch.Kind.ENTRIES, permission=Permission.UPLOAD_BATCH, by=clerk())
    assert sentence(Problem(caught.value.code, params=caught.value.params).as_json()) == (
        "The file has 250.0 MB; the limit is 200 MB. Split it into several files."
    )
    assert not Batch.objects.exists()


@pytest.mark.parametrize("make", [lambda: bomb(401), lying_bomb], ids=["told", "hidden"])
@pytest.mark.django_db
def test_a_zip_bomb_is_refused_whatever_its_directory_says(make: Callable[[], bytes]) -> None:
    data = make()
    assert len(data) < 4 * MEGABYTE
    with pytest.raises(Refused) as caught:
        receive(data, by=clerk())
    assert caught.value.code == "file_bomb"
    assert not Batch.objects.exists()


def test_two_thousand_members_are_no_table() -> None:
    assert "unpacks to far more than" in refusal(zipped(xl__workbook_xml=b"", **{f"m{n}": b"" for n in range(2001)}).replace(
        b"workbook_xml", b"workbook.xml"))  # fmt: skip


def damage_deflate() -> bytes:
    """A workbook whose sheet does not unpack."""
    data = bytearray(xlsx(*(fact() for _n in range(20))))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 90
    data[place : place + 40] = bytes(40)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        xlsx(fact())[:-200],
        damage_deflate(),
        zipped(xl__workbook_xml=b"<workbook").replace(b"workbook_xml", b"workbook.xml"),
    ],
    ids=["cut short", "broken inside", "no parts"],
)
def test_a_damaged_workbook_is_told_from_an_empty_one(data: bytes) -> None:
    assert refusal(data) == (
        "The workbook is damaged and cannot be opened. Open it in your spreadsheet program and save it again."
    )


SAMPLE = xlsx(*(fact() for _n in range(5)))


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_damage_ends_in_anything_but_a_table_or_a_refusal(places: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for place, value in places:
        data[place] = value
    with contextlib.suppress(Refused):
        found = table(bytes(data))
        assert found.header_row == 1
        list(found)


def far(cell: str) -> Callable[[Workbook], None]:
    return lambda book: book.active.__setitem__(cell, "x")


def test_a_cell_far_away_costs_nothing() -> None:
    numbers = [number for number, _cells in table(changed(far("XFD1048576")))]
    assert numbers == [2, 1_048_576]
    assert [number for number, _cells in table(changed(far("AZ300")))] == [2, 300]


def test_a_format_far_away_is_no_cell() -> None:
    def paint(book: Workbook) -> None:
        book.active["XFD1048576"].number_format = "@"

    assert len(list(table(changed(paint)))) == 1
