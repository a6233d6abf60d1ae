"""The signing form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SignForm(forms.Form):
    agreed = forms.BooleanField(label=_("I have read the text and pledge what it says."))
    drawing = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": _("Write your name into the field.")}
    )
    text_hash = forms.CharField(widget=forms.HiddenInput)
    opened_at = forms.DateTimeField(widget=forms.HiddenInput)
