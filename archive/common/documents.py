"""Issued documents: HTML to PDF, the signature in it, the QR code on it.

The two libraries that do it take long to load and are loaded by the first document: every process starts faster.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import io
from typing import TYPE_CHECKING, Any

import segno
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.common import fonts, statements
from profiles.common import codes
from profiles.common.storage import private_storage

if TYPE_CHECKING:
    import weasyprint
    from pyhanko.sign import signers
    from weasyprint.text.fonts import FontConfiguration

SIGNATURE_FIELD = "IntegrityArchive"
SIGNATURE_BYTES = 4096


class IssuedDocument(models.Model):
    """What reports, slips and pledges have in common: a number, a code that anybody can verify, a stored and signed PDF."""

    verification_code = models.CharField(max_length=19, unique=True, default=codes.verification_code, editable=False)
    pdf = models.FileField(storage=private_storage, upload_to="documents/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    number: str

    class Meta:
        abstract = True

    @property
    def verification_url(self) -> str:
        return f"{settings.PUBLIC_URL}/verify/{self.verification_code}/"

    @property
    def signed_url(self) -> str:
        """The verification address with the signed statement behind it: what the QR code holds."""
        return f"{self.verification_url}#s={statements.sign(self.statement())}"

    def statement(self) -> statements.Statement:
        """Kind, number, day; a document that has an end or counts says so too."""
        return statements.Statement(
            self._meta.model_name or "", self.number, timezone.localdate(self.issued_at or timezone.now())
        )

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    def read_pdf(self) -> bytes:
        """The stored file; raises ValueError where it is not what was issued."""
        with self.pdf.open("rb") as file:
            data: bytes = file.read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ValueError(f"The stored file of {self._meta.model_name} {self.pk} is not the one that was issued.")
        return data

    def store_pdf(self, data: bytes) -> None:
        """Keep the file and its hash on the row; the caller saves the row."""
        self.pdf.save("document", ContentFile(data), save=False)
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.issued_at = timezone.now()


def qr_svg(text: str) -> str:
    """A QR code as an SVG data URI, error correction M."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=0, omitsize=True))


@functools.cache
def _fonts() -> FontConfiguration:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@functools.cache
def _stylesheet(name: str) -> weasyprint.CSS:
    import weasyprint

    written = (settings.BASE_DIR / "templates" / "documents" / name).read_text(encoding="utf-8")
    for variable, family, last in (
        ("--sans", fonts.SANS, "Noto Sans CJK SC"),
        ("--serif", fonts.SERIF, "Noto Serif CJK SC"),
    ):
        written = written.replace(f"var({variable})", fonts.families(family, last))
    return weasyprint.CSS(string=f"{fonts.stylesheet()}\n{written}", font_config=_fonts())


@atexit.register
def _forget() -> None:
    """Before the interpreter takes its modules apart: a font configuration removes its files when it goes."""
    _stylesheet.cache_clear()
    _fonts.cache_clear()


def render_html(template: str, context: dict[str, Any]) -> str:
    return render_to_string(template, {**context, "demo_certificate": is_demo_certificate()})


def render_pdf(html: str) -> bytes:
    """HTML of a document to PDF, with bookmarks and embedded subset fonts. Nothing is fetched from outside."""
    import weasyprint
    from weasyprint.urls import URLFetcher

    document = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    result: bytes = document.write_pdf(stylesheets=[_stylesheet("document.css")], font_config=_fonts(), pdf_tags=True)
    return result


@functools.cache
def _certificate() -> x509.Certificate:
    return x509.load_pem_x509_certificate(settings.DOCUMENT_CERTIFICATE.encode())


def is_demo_certificate() -> bool:
    return "DEMO" in _certificate().subject.rfc4514_string()


@functools.cache
def _signer() -> signers.SimpleSigner:
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = load_pem_private_key(settings.DOCUMENT_CERTIFICATE.encode(), password=None)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificates = [
        asn1_x509.Certificate.load(item.public_bytes(serialization.Encoding.DER))
        for item in x509.load_pem_x509_certificates(settings.DOCUMENT_CERTIFICATE.encode())
    ]
    store = SimpleCertificateStore()
    store.register_multiple(certificates)
    return signers.SimpleSigner(
        signing_cert=certificates[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )


def sign_pdf(data: bytes, *, reason: str, location: str) -> bytes:
    """PAdES baseline B-B signature over the whole file."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    out = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=SIGNATURE_FIELD,
            subfilter=fields.SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            reason=reason,
            location=location,
        ),
        signer=_signer(),
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=out, bytes_reserved=SIGNATURE_BYTES * 2)
    return out.getvalue()
