"""The signature in a PDF: PAdES B-B; with a time-stamp server B-T; with fetched revocation data B-LT (ETSI EN 319 142-1).

The library takes long to load and is loaded by the first document: every process starts faster. A time-stamp server that does not
answer holds nobody up: the document is signed B-B, says so on its page, and gets a document time stamp later, added behind what was
signed.
"""

from __future__ import annotations

import functools
import io
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

if TYPE_CHECKING:
    from pyhanko.sign import signers

log = logging.getLogger(__name__)
SIGNATURE_FIELD = "IntegrityArchive"
SIGNATURE_BYTES = 8192  # hexadecimal digits kept free for signature and certificates
TIMESTAMP_BYTES = 16384
SECONDS = 5


class NoTimestamp(Exception):
    """The time-stamp server gave no answer, or none that can be used."""


@dataclass(frozen=True)
class Signed:
    data: bytes
    timestamped: bool


def sign_pdf(data: bytes, *, reason: str, location: str) -> Signed:
    """Sign the whole file; with a time stamp where a server is configured and answers."""
    if not settings.TIMESTAMP_URL:
        return Signed(_sign(data, reason=reason, location=location, timestamper=None), timestamped=False)
    try:
        return Signed(_sign(data, reason=reason, location=location, timestamper=_timestamper()), timestamped=True)
    except NoTimestamp as trouble:
        log.warning("No time stamp (%s); signed without, the stamp is added later.", trouble)
        return Signed(_sign(data, reason=reason, location=location, timestamper=None), timestamped=False)


def add_timestamp(data: bytes) -> bytes:
    """A document time stamp behind a file that is signed already; raises `NoTimestamp`."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    out = io.BytesIO()
    with _told_as_no_timestamp():
        signers.PdfTimeStamper(_timestamper()).timestamp_pdf(
            IncrementalPdfFileWriter(io.BytesIO(data)), "sha256", bytes_reserved=TIMESTAMP_BYTES, output=out
        )
    return out.getvalue()


def _sign(data: bytes, *, reason: str, location: str, timestamper: Any) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    long_term = settings.SIGNATURE_LEVEL == "B-LT"
    metadata = signers.PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason=reason,
        location=location,
        embed_validation_info=long_term,
        validation_context=_trust() if long_term else None,
    )
    out = io.BytesIO()
    with _told_as_no_timestamp():
        signers.PdfSigner(metadata, signer=_signer(), timestamper=timestamper).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(data)),
            output=out,
            bytes_reserved=SIGNATURE_BYTES + (TIMESTAMP_BYTES if timestamper else 0),
        )
    return out.getvalue()


class _told_as_no_timestamp:
    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        from pyhanko.sign.timestamps import TimestampRequestError

        if isinstance(error, TimestampRequestError | TimeoutError):
            raise NoTimestamp(type(error).__name__) from None


def _timestamper() -> Any:
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return HTTPTimeStamper(settings.TIMESTAMP_URL, timeout=SECONDS)


@functools.cache
def certificate() -> x509.Certificate:
    return x509.load_pem_x509_certificate(settings.DOCUMENT_CERTIFICATE.encode())


def is_demo_certificate() -> bool:
    return "DEMO" in certificate().subject.rfc4514_string()


def _trust() -> Any:
    """Roots are those that the certificate file itself carries behind the first certificate; revocation data is fetched."""
    from pyhanko_certvalidator import ValidationContext

    chain = _chain()
    return ValidationContext(trust_roots=chain[1:] or chain, allow_fetching=True)


@functools.cache
def _chain() -> list[Any]:
    from asn1crypto import x509 as asn1_x509

    return [
        asn1_x509.Certificate.load(item.public_bytes(serialization.Encoding.DER))
        for item in x509.load_pem_x509_certificates(settings.DOCUMENT_CERTIFICATE.encode())
    ]


@functools.cache
def _signer() -> signers.SimpleSigner:
    from asn1crypto import keys as asn1_keys
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = load_pem_private_key(settings.DOCUMENT_CERTIFICATE.encode(), password=None)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()
    store.register_multiple(_chain())
    return signers.SimpleSigner(
        signing_cert=_chain()[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )
