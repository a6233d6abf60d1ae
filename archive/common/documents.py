"""Issued documents: HTML to PDF, the signature in it, the QR code on it.

The two libraries that do it take long to load and are loaded by the first document: every process starts faster.
"""

from __future__ import annotations

import atexit
import functools
import gc
import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.common import fonts, signing, statements
from profiles.common import codes
from profiles.common.storage import private_storage

if TYPE_CHECKING:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration


class Stamp(models.TextChoices):
    """Is there a qualified time in the file, beside the time that the signature claims?"""

    NONE = "none", _("no time-stamp server is configured")
    WAITING = "waiting", _("the time-stamp server did not answer; the stamp is added later")
    DONE = "done", _("time stamp in the file")


class IssuedDocument(models.Model):
    """What reports, slips and pledges have in common: a number, a code that anybody can verify, a stored and signed PDF."""

    verification_code = models.CharField(max_length=19, unique=True, default=codes.verification_code, editable=False)
    pdf = models.FileField(storage=private_storage, upload_to="documents/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    first_sha256 = models.CharField(max_length=64, blank=True, help_text="before a time stamp was added")
    stamp = models.CharField(_("time stamp"), max_length=10, choices=Stamp.choices, default=Stamp.NONE)
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

    def store_pdf(self, signed: signing.Signed) -> None:
        """Keep the file, its hash and what is to come on the row; the caller saves the row."""
        self._keep(signed.data)
        self.stamp = Stamp.DONE if signed.timestamped else Stamp.WAITING if settings.TIMESTAMP_URL else Stamp.NONE
        self.issued_at = timezone.now()

    def store_stamped(self, data: bytes) -> None:
        """The same file with a time stamp behind it. Who holds the first one is not told that it was altered."""
        transaction.on_commit(functools.partial(self.pdf.storage.delete, str(self.pdf.name)))
        self.first_sha256 = self.sha256
        self._keep(data)
        self.stamp = Stamp.DONE

    def _keep(self, data: bytes) -> None:
        self.pdf.save("document", ContentFile(data), save=False)
        self.sha256 = hashlib.sha256(data).hexdigest()


def qr_svg(text: str) -> str:
    """A QR code as an SVG data URI, error correction M."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=0, omitsize=True))


def svg_uri(template: str, context: dict[str, Any]) -> str:
    """A drawing from a template as a data URI."""
    return f"data:image/svg+xml;base64,{b64encode(render_to_string(template, context).encode()).decode()}"


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
    sheet = weasyprint.CSS(string=f"{fonts.stylesheet()}\n{written}", font_config=_fonts())
    # What has been loaded stays. Each full collection of garbage would walk it: a quarter of a second, in the middle of a document.
    gc.collect()
    gc.freeze()
    return sheet


@atexit.register
def _forget() -> None:
    """Before the interpreter takes its modules apart: a font configuration removes its files when it goes."""
    _stylesheet.cache_clear()
    _fonts.cache_clear()


def render_html(template: str, context: dict[str, Any]) -> str:
    return render_to_string(template, {**context, "demo_certificate": signing.is_demo_certificate()})


def render_pdf(html: str) -> bytes:
    """HTML of a document to PDF, with bookmarks and embedded subset fonts. Nothing is fetched from outside."""
    import weasyprint
    from weasyprint.urls import URLFetcher

    document = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    result: bytes = document.write_pdf(stylesheets=[_stylesheet("document.css")], font_config=_fonts(), pdf_tags=True)
    return result
