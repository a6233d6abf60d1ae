"""The upload form."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            _(
                "A workbook (.xlsx, .xls, .ods) or a text table (.csv, .tsv), at most {limit} MB. Title rows above the column"
                " names are fine."
            ),
            limit=settings.UPLOAD_LIMIT_BYTES // (1024 * 1024),
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt"}),
        allow_empty_file=True,
    )
