"""The file of a report: signed so that one changed byte shows, stored as ciphertext, whole also when long or of a rare name."""

from __future__ import annotations

import ctypes
import datetime as dt
import functools
import gc
import hashlib
import io
import re
import stat
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from archive.common import documents
from archive.models import Item, Report
from archive.reports import actions, render, tasks
from archive.reports.actions import issuing
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.ciphers import CipherError
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import months_ago

pytestmark = pytest.mark.django_db
CERTIFICATE = settings.DOCUMENT_CERTIFICATE


def made(owner: Account) -> Report:
    report = actions.request_report(wish=actions.Wish(purpose="应聘"), by=owner)
    tasks.issue.apply(args=(report.pk,), throw=True)
    report.refresh_from_db()
    return report


@pytest.fixture
def report() -> Report:
    return made(f.AccountFactory(a_person=True))


def text_of(data: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


@functools.cache
def trust() -> ValidationContext:
    """Our own certificate as the only root; nothing is fetched."""
    own = x509.load_pem_x509_certificate(CERTIFICATE.encode()).public_bytes(Encoding.DER)
    return ValidationContext(trust_roots=[asn1_x509.Certificate.load(own)], allow_fetching=False)


def validate(data: bytes) -> Any:
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    return validate_pdf_signature(signature, signer_validation_context=trust())


def stands(data: bytes) -> bool:
    """Does a reader that looks for itself say that nothing was changed after signing?"""
    try:
        status = validate(data)
    except (PdfError, SigningError, UnacceptableSignerError, ValueError, KeyError, TypeError, OverflowError):
        return False  # so broken that it is no signed PDF any more
    return bool(status.bottom_line and status.coverage == SignatureCoverageLevel.ENTIRE_FILE)


def test_the_signature_validates_and_covers_the_whole_file(report: Report) -> None:
    status = validate(report.read_pdf())
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.bottom_line
    assert status.md_algorithm == "sha256"
    (signature,) = PdfFileReader(io.BytesIO(report.read_pdf())).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_one_changed_byte_anywhere_breaks_the_signature(report: Report) -> None:
    data = report.read_pdf()
    assert stands(data)
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    start, length, second, rest = (int(part) for part in signature.byte_range)
    signed = [*range(start, start + length), *range(second, second + rest)]
    assert len(data) - len(signed) <= 2 * 8192 * 2 + 2, "only the signature itself is left out"
    for place in [*signed[:: len(signed) // 24], signed[-1]]:
        changed = bytearray(data)
        changed[place] ^= 1
        assert not stands(bytes(changed)), place
    assert not stands(data + b"\n%%EOF\n")


def test_the_row_keeps_the_hash_of_the_file_and_a_changed_file_is_not_sent_out(report: Report) -> None:
    assert report.sha256 == hashlib.sha256(report.read_pdf()).hexdigest()
    other = made(f.AccountFactory(a_person=True))
    Path(report.pdf.path).write_bytes(Path(other.pdf.path).read_bytes())
    with pytest.raises(ValueError, match="not the one that was issued"):
        actions.download(report=Report.objects.get(pk=report.pk), by=report.requested_by)


def test_the_stored_file_is_ciphertext_under_a_name_that_tells_nothing(report: Report) -> None:
    stored = Path(report.pdf.path)
    data = stored.read_bytes()
    assert b"%PDF" not in data
    assert report.read_pdf()[:5] == b"%PDF-"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    for told in (report.number, report.verification_code, str(report.pk) + "."):
        assert told not in report.pdf.name


def test_one_flipped_bit_in_the_stored_file_is_noticed(report: Report) -> None:
    stored = Path(report.pdf.path)
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 1
    stored.write_bytes(bytes(data))
    with pytest.raises(CipherError, match="altered"):
        Report.objects.get().read_pdf()


def test_the_same_content_gives_the_same_page(report: Report) -> None:
    assert render.report_html(report) == render.report_html(Report.objects.get())


def test_a_slow_worker_that_was_overtaken_leaves_the_first_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    report = actions.request_report(wish=actions.Wish(purpose=""), by=f.AccountFactory(a_person=True))
    make_pdf, issued = issuing.make_pdf, []

    def slowly(asked: Report) -> bytes:
        data = make_pdf(asked)
        if not issued:
            issued.append("the other worker comes first")
            Report.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=5))
            tasks.issue.apply(args=(report.pk,), throw=True)
            issued.append(Report.objects.get().sha256)
        return data

    monkeypatch.setattr(issuing, "make_pdf", slowly)
    tasks.issue.apply(args=(report.pk,), throw=True)
    assert Report.objects.get().sha256 == issued[1] != ""
    assert AuditEvent.objects.filter(verb=Verb.REPORT_ISSUED).count() == 1


@pytest.mark.parametrize("name", ["王㛃", "李𬭳", "赵𠮷", "欧阳䶮", "买买提江·阿布都热依木", "〇明"])
def test_a_rare_name_stands_on_the_paper_as_it_is_written(name: str) -> None:
    person = f.PersonFactory(name=name)
    report = made(f.AccountFactory(organisation=None, person=person))
    data = report.read_pdf()
    assert name in text_of(data)
    fonts = {str(font) for page in PdfReader(io.BytesIO(data)).pages for font in _fonts(page)}
    assert all("+" in font for font in fonts), "every font is embedded as a subset"


def _fonts(page: Any) -> list[Any]:
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


@pytest.mark.deep
def test_three_hundred_entries_are_all_told_on_numbered_pages() -> None:
    owner = f.AccountFactory(a_person=True)
    item, source = Item.objects.current().get(code="STU-04"), f.OrganisationFactory()
    clerk, approver = f.AccountFactory(organisation=source), f.AccountFactory(organisation=source)
    entries = [
        f.EntryFactory(
            in_force=True,
            record=f.RecordFactory(person=owner.person, organisation=source),
            item=item,
            act_date=months_ago(2),
            drafted_by=clerk,
            approved_by=approver,
            facts="考场内使用手机查看资料" * (count % 5),
        )
        for count in range(300)
    ]
    started = perf_counter()
    report = made(owner)
    assert perf_counter() - started < 120, "some tenths of a second a page, not seconds"
    pages = PdfReader(io.BytesIO(report.read_pdf())).pages
    assert 50 <= len(pages) <= 120, "three to six entries a page"
    text = text_of(report.read_pdf())
    assert [entry.record.number for entry in entries if entry.record.number not in text] == []
    assert all(report.number in page.extract_text() for page in pages)
    assert stands(report.read_pdf())


class _Heap(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    names = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")
    _fields_ = [(name, ctypes.c_size_t) for name in names]


@pytest.mark.deep
def test_a_document_leaves_no_memory_behind() -> None:
    """The library keeps some with each font feature: a worker that makes five thousand reports would grow by a quarter."""
    html = render.report_html(made(f.AccountFactory(a_person=True)))
    told = ctypes.CDLL("libc.so.6").mallinfo2
    told.restype = _Heap

    def taken() -> int:
        gc.collect()
        heap = told()
        return int(heap.uordblks + heap.hblkhd)

    for _warm in range(40):
        documents.render_pdf(html)
    before = taken()
    for _document in range(60):
        documents.render_pdf(html)
    assert (taken() - before) / 60 < 1_500, "bytes a document"
