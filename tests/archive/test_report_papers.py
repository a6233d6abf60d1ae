"""The issued file as others see it: two validators agree, it is small and tells nothing; it is right without fonts too."""

from __future__ import annotations

import ctypes.util
import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from archive.common import checks, documents, fonts
from archive.models import Report
from archive.reports import actions
from profiles.accounts.permissions import Role
from profiles.common.checks import fonts_can_be_cut
from profiles.common.permissions import System
from tests import factories as f
from tests.archive.checking import check, examiner, on_file
from tests.archive.test_verify_file import changed, with_a_page
from tests.world import World

pytestmark = pytest.mark.django_db
WORKER = System("worker")


def issued(person: Any, **wish: Any) -> Report:
    owner = f.AccountFactory(organisation=None, person=person)
    report = actions.request_report(wish=actions.Wish(purpose="应聘", **wish), by=owner)
    actions.issue(report_id=report.pk, by=WORKER)
    return Report.objects.get(pk=report.pk)


def text_of(data: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


# Two validators


def pyhanko_says(data: bytes) -> bool:
    own = x509.load_pem_x509_certificate(settings.DOCUMENT_CERTIFICATE.encode()).public_bytes(Encoding.DER)
    trust = ValidationContext(trust_roots=[asn1_x509.Certificate.load(own)], allow_fetching=False)
    status = validate_pdf_signature(PdfFileReader(io.BytesIO(data)).embedded_signatures[0], trust)
    return bool(status.bottom_line)


def pdfsig_says(data: bytes, folder: Path) -> str:
    """What Poppler says, and whether it covers the whole file."""
    file = folder / "report.pdf"
    file.write_bytes(data)
    # It does not know who the signer is; whether the signature stands is another question.
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False, timeout=60)
    return said.stdout


def every_kind_of_document() -> dict[str, bytes]:
    world = World.make()
    on_file(world.person, "STU-P1")
    by = world.accounts[Role.EXAMINER]
    body = actions.request_for_body(answer=check(world.person, by), by=by)
    actions.issue(report_id=body.pk, by=WORKER)
    owner = world.accounts[Role.PERSON]
    made = {}
    for name, wish in {
        "full": {},
        "english": {"language": Report.Language.ENGLISH},
        "certificate": {"edition": Report.Edition.CERTIFICATE},
    }.items():
        report = actions.request_report(wish=actions.Wish(**wish), by=owner)
        actions.issue(report_id=report.pk, by=WORKER)
        made[name] = Report.objects.get(pk=report.pk).read_pdf()
    made["body"] = Report.objects.get(pk=body.pk).read_pdf()
    made["slip"] = world.decided().slip.read_pdf()
    made["pledge"] = world.pledge().read_pdf()
    return made


def test_poppler_and_pyhanko_agree_on_every_document_we_issue(tmp_path: Path) -> None:
    for name, data in every_kind_of_document().items():
        said = pdfsig_says(data, tmp_path)
        assert "Signature Validation: Signature is Valid." in said, name
        assert "Total document signed" in said, name
        assert pyhanko_says(data), name


def test_they_agree_on_forgeries_too(tmp_path: Path) -> None:
    data = issued(f.PersonFactory()).read_pdf()
    said = pdfsig_says(changed(data), tmp_path)
    assert "Signature is Valid" not in said
    assert not pyhanko_says(changed(data))
    said = pdfsig_says(with_a_page(data), tmp_path)
    assert "Not total document signed" in said


# Size, metadata, names


def test_two_pages_are_at_most_150_kilobytes_and_tell_nothing_but_what_they_are() -> None:
    person = f.PersonFactory()
    for item in ("TEA-02", "TEA-03", "STU-P1"):
        on_file(person, item)
    check(person, examiner())
    report = issued(person)
    data = report.read_pdf()
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 2
    assert len(data) <= 150 * 1024
    number = person.identities.get().number
    told = " ".join([str(reader.metadata), str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())])
    for secret in (person.name, number, number[-4:], person.birth_date.isoformat(), person.code):
        assert secret not in told
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    said = " ".join(str(signature.sig_object.get(key)) for key in ("/Reason", "/Location", "/Name", "/ContactInfo"))
    assert "职业信用报告" in said
    assert person.name not in said
    assert reader.outline, "bookmarks"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"], "tags"
    assert reader.trailer["/Root"]["/Lang"].startswith("zh")


@pytest.mark.parametrize("name", ["买" * 40, "阿卜杜热合曼·买买提依明·吐尔逊江·库尔班江·艾合买提", "㐂𠀋𬭳䶮㛃"])
def test_a_long_name_and_one_of_rare_characters_stay_on_the_page(name: str, tmp_path: Path) -> None:
    data = issued(f.PersonFactory(name=name)).read_pdf()
    assert name in text_of(data)
    file = tmp_path / "report.pdf"
    file.write_bytes(data)
    said = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True).stdout
    ends = [float(end) for end in re.findall(r'xMax="([\d.]+)"', said)]
    assert len(ends) > 50
    assert max(ends) <= 190 / 25.4 * 72 + 1, "within the margin of 20 mm"


# A machine without the right fonts


@pytest.fixture
def fresh() -> Iterator[None]:
    """Stylesheets are read anew, before and after."""
    documents._forget()
    yield
    documents._forget()


def test_without_the_cutting_library_the_slow_path_says_the_same(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import weasyprint.pdf.fonts

    report = issued(f.PersonFactory(name="李𬭳"))
    fast = text_of(report.read_pdf())
    monkeypatch.setattr(weasyprint.pdf.fonts, "harfbuzz_subset", None)
    from archive.reports.render import make_pdf

    started = perf_counter()
    slow = make_pdf(report).data
    assert text_of(slow) == fast
    assert pyhanko_says(slow)
    assert perf_counter() - started < 60


def test_where_fonts_cannot_be_cut_the_document_is_larger_and_as_right(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = issued(f.PersonFactory(name="李𬭳"))
    small = report.read_pdf()

    def no_room(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fonts, "_rules", no_room)
    documents._forget()
    from archive.reports.render import make_pdf

    large = make_pdf(report).data
    assert text_of(large) == text_of(small)
    assert len(large) > len(small)


def test_the_start_says_in_a_sentence_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.fonts_are_there() == fonts_can_be_cut() == []
    monkeypatch.setattr(fonts.Face, "find", lambda self: None)
    (said,) = checks.fonts_are_there()
    assert "Fonts for documents are missing (Noto Sans CJK SC:regular" in said.msg
    assert said.hint == "apt-get install fonts-noto-cjk"
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    (said,) = fonts_can_be_cut()
    assert "libharfbuzz-subset is missing" in said.msg
    assert said.hint == "apt-get install libharfbuzz-subset0"
