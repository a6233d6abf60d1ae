"""What a PDF that somebody holds says of itself, when no issued document has its hash. Nothing of it is kept."""

from __future__ import annotations

import io
from enum import StrEnum

from django.conf import settings

LIMIT = 20 * 1024 * 1024


class FileFault(StrEnum):
    """Why a file is not one of ours."""

    NO_PDF = "no_pdf"  # another kind of file
    CUT = "cut"  # a part is missing, or it cannot be read
    UNSIGNED = "unsigned"  # a PDF without a signature
    OTHER = "other"  # signed by somebody else
    CHANGED = "changed"  # signed here, and a byte of what was signed differs
    ADDED = "added"  # signed here, and something was added after the signature
    UNREGISTERED = "unregistered"  # signed here and whole, but not in the register


def fault_of(data: bytes) -> FileFault:
    """Judge a file that is not registered. Never raises on what the file may hold."""
    if b"%PDF-" not in data[:1024]:
        return FileFault.NO_PDF
    if b"%%EOF" not in data[-2048:]:
        return FileFault.CUT
    try:
        return _fault(data)
    except Exception:  # a parser that meets a hostile file may raise anything
        return FileFault.CUT


def _fault(data: bytes) -> FileFault:
    from asn1crypto import x509 as asn1_x509
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(io.BytesIO(data), strict=False)
    if not reader.embedded_signatures:
        return FileFault.UNSIGNED
    own = x509.load_pem_x509_certificate(settings.DOCUMENT_CERTIFICATE.encode()).public_bytes(Encoding.DER)
    signature = next((item for item in reader.embedded_signatures if item.signer_cert.dump() == own), None)
    if signature is None:
        return FileFault.OTHER
    trust = ValidationContext(trust_roots=[asn1_x509.Certificate.load(own)], allow_fetching=False)
    status = validate_pdf_signature(signature, trust)
    if not (status.intact and status.valid):
        return FileFault.CHANGED
    return FileFault.UNREGISTERED if status.coverage == SignatureCoverageLevel.ENTIRE_FILE else FileFault.ADDED
