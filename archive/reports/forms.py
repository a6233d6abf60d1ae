"""Forms of reports and verification."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.reports.actions import PURPOSE_LIMIT
from archive.reports.files import LIMIT


class ReportForm(forms.Form):
    purpose = forms.CharField(
        label=_("What for"),
        max_length=PURPOSE_LIMIT,
        required=False,
        help_text=_("Printed on every page, for example: application at a hospital. Empty: for your own reading."),
    )


class VerifyForm(forms.Form):
    code = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        help_text=_("Four groups of four, beside the QR code on the document."),
        widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off", "autocapitalize": "characters"}),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("The file as you received it. It is compared and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("Choose the PDF file."), "empty": _("The file is empty. Choose the PDF file.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMIT:
            raise forms.ValidationError(_("The file is larger than 20 MB; no document of this installation is."))
        return file
