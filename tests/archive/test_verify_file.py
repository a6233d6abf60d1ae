"""Somebody holds a PDF, or a QR code: genuine, or how it is not."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from archive.common import documents, signing, statements
from archive.models import Report, VerificationUse
from archive.reports import actions, render
from archive.reports.files import FileFault, fault_of
from archive.reports.views.public import FAULTS
from config import keys
from tests.world import World

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def world() -> World:
    return World.make()


@pytest.fixture
def report(world: World) -> Report:
    made: Report = world.report()
    return made


def show(data: bytes, name: str = "report.pdf") -> Any:
    return Client().post("/verify/file/", {"file": SimpleUploadedFile(name, data)}, headers=ENGLISH)


def with_a_page(data: bytes) -> bytes:
    """Added behind the signature, as PDF programs save changes."""
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def saved_anew(data: bytes) -> bytes:
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(data)).pages:
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def changed(data: bytes) -> bytes:
    """One byte of a stream within what was signed."""
    place = data.index(b"stream\n", len(data) // 4) + 40
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def forget() -> None:
    for made in (signing._signer, signing._chain, signing.certificate):
        made.cache_clear()


def signed_elsewhere(settings: Any) -> bytes:
    settings.DOCUMENT_CERTIFICATE = keys.fresh("another office")["DOCUMENT_CERTIFICATE"]
    forget()
    try:
        return signing.sign_pdf(documents.render_pdf("<p>职业信用报告</p>"), reason="x", location="y").data
    finally:
        forget()


def test_the_file_itself_is_known_and_its_owner_sees_the_use(report: Report) -> None:
    response = show(report.read_pdf())
    assert response.status_code == 200
    assert "This installation issued the document and it is in force." in response.content.decode()
    assert report.number in response.content.decode()
    assert VerificationUse.objects.get().code == report.verification_code


def test_what_its_owner_ended_is_ended_by_the_file_too(report: Report) -> None:
    actions.end(report=report, by=report.requested_by)
    assert "its owner has ended it" in show(report.read_pdf()).content.decode()


@pytest.mark.parametrize(
    ("forge", "fault"),
    [
        (lambda data: data[: len(data) // 2], FileFault.CUT),
        (lambda data: data[: len(data) // 2] + b"\n%%EOF", FileFault.CUT),
        (lambda data: b"\x89PNG" + data[20:], FileFault.NO_PDF),
        (with_a_page, FileFault.ADDED),
        (changed, FileFault.CHANGED),
        (saved_anew, FileFault.UNSIGNED),
    ],
)
def test_each_forgery_has_its_own_sentence(report: Report, forge: Any, fault: FileFault) -> None:
    data = forge(report.read_pdf())
    assert fault_of(data) == fault
    page = show(data).content.decode()
    assert str(FAULTS[fault]) in page
    assert "Altered, or not ours" in page
    assert report.number not in page


def test_a_document_of_another_installation_is_not_ours(settings: Any) -> None:
    own = settings.DOCUMENT_CERTIFICATE
    data = signed_elsewhere(settings)
    settings.DOCUMENT_CERTIFICATE = own
    assert fault_of(data) == FileFault.OTHER


def test_signed_here_but_on_no_register() -> None:
    data = signing.sign_pdf(documents.render_pdf("<p>职业信用报告</p>"), reason="x", location="y").data
    assert fault_of(data) == FileFault.UNREGISTERED


def test_every_fault_has_a_sentence() -> None:
    assert set(FAULTS) == set(FileFault)


@given(st.binary(max_size=400), st.booleans())
def test_no_file_breaks_the_page(data: bytes, dressed: bool) -> None:
    assert fault_of(b"%PDF-1.7\n" + data + b"\n%%EOF" if dressed else data) in FileFault


def test_no_file_or_an_empty_one_is_asked_for_again() -> None:
    for files in ({}, {"file": SimpleUploadedFile("a.pdf", b"")}):
        response = Client().post("/verify/file/", files, headers=ENGLISH)
        assert response.status_code == 422
        assert "Choose the PDF file." in response.content.decode()


# The QR code


def test_the_qr_code_holds_a_signed_line_without_name_or_number(report: Report) -> None:
    said = statements.read(report.signed_url.partition("#s=")[2])
    assert (said.kind, said.number, said.valid_until) == ("report", report.number, report.valid_until)
    assert said.counts == "a0p0"
    line = said.line()
    assert report.person.name not in line
    assert not re.search(r"\d{9}", line.replace("-", ""))
    assert documents.qr_svg(report.signed_url) in render.report_html(report)


def test_a_line_that_was_changed_or_signed_by_another_key_is_forged(report: Report, settings: Any) -> None:
    word = report.signed_url.partition("#s=")[2]
    for place in range(0, len(word), 7):
        other = "A" if word[place] != "A" else "B"
        with pytest.raises(statements.Forged):
            statements.read(word[:place] + other + word[place + 1 :])
    settings.STATEMENT_SIGNING_KEY = keys.fresh()["STATEMENT_SIGNING_KEY"]
    statements._key.cache_clear()
    try:
        with pytest.raises(statements.Forged):
            statements.read(word)
    finally:
        statements._key.cache_clear()


@pytest.mark.parametrize("word", ["", "x", "AAAA", "é" * 100, "A" * 2000])
def test_anything_else_is_forged_too(word: str) -> None:
    with pytest.raises(statements.Forged):
        statements.read(word)


def test_a_report_embeds_small_fonts_only(report: Report) -> None:
    data = report.read_pdf()
    fonts = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in PdfReader(io.BytesIO(data)).pages
        for font in (ref.get_object() for ref in page["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all(name.startswith("Archive-") for name in fonts), fonts
    assert len(data) < 150 * 1024
