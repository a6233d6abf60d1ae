"""Why a file cannot be kept as evidence, in one sentence that says what to do; and what was taken from one that was kept."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "empty": _("The file is empty. Choose the scanned document itself."),
    "too_large": _(
        "The file has %(size)s MB; the limit is %(limit)s MB. Scan it in grey or with 200 dots per inch, or split it."
    ),
    "type": _(
        "This is no scanned document (it looks like %(seen)s). Upload a PDF, or a photograph or scan as JPEG, PNG, TIFF or HEIC."
    ),
    "ofd": _("OFD files cannot be taken yet. Open it in its reader, print it to PDF, and upload that."),
    "two_things": _("This file is two kinds of file in one, as no honest scan is. Scan the document again."),
    "damaged": _("The file is damaged and cannot be opened. Scan or export it again."),
    "too_much": _("The file cannot be opened with bearable effort. Print it to PDF again, or scan it."),
    "encrypted": _("The PDF is protected by a password or by restrictions. Save it without protection, or print it to PDF."),
    "active": _("The PDF holds a script, a form that sends data, or an action. Print it to PDF, and upload that."),
    "carries_files": _("The PDF carries other files, sound or film. Print it to PDF, and upload the attached files one by one."),
    "too_many_pages": _("The document has more than %(limit)s pages. Upload the pages that prove the fact."),
    "too_many_pixels": _("The picture has more than %(limit)s million pixels. Photograph or scan it smaller."),
    "infected": _(
        "The malware scanner found “%(found)s” in this file. It was not kept. Have the computer examined from which it comes."
    ),
}  # fmt: skip

REMARKS: dict[str, Any] = {
    "signature_lost": _(
        "The file carried an electronic signature. It can be verified on the original only, which the body keeps; its hash"
        " stands here."
    ),
}
