"""Forms of reports and verification."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.reports.actions import PURPOSE_LIMIT


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
