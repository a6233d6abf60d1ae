"""Forms of reports and verification."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.reports.files import LIMIT
from archive.reports.models import Report, ReportLink
from archive.reports.rules import LONGEST, SHORTEST
from archive.reports.wishes import PURPOSE_LIMIT, READER_LIMIT


def _days(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=SHORTEST, max_value=LONGEST, **more)


class ReportForm(forms.Form):
    edition = forms.ChoiceField(
        label=_("What"), choices=Report.Edition.choices, widget=forms.RadioSelect, initial="full"
    )
    group = forms.ChoiceField(
        label=_("For which profession"),
        required=False,
        help_text=_("Title and wording fit the profession. Empty: the general report."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Report.Language.choices, initial="zh")
    purpose = forms.CharField(
        label=_("What for"),
        max_length=PURPOSE_LIMIT,
        required=False,
        help_text=_("Printed on every page, for example: application at a hospital. Empty: for your own reading."),
    )
    reader = forms.CharField(
        label=_("For whom"),
        max_length=READER_LIMIT,
        required=False,
        help_text=_("The body or person that will read it, printed on it. Empty: yourself."),
    )
    days = _days(_("Valid for, days"), initial=30, help_text=_("1 to 90. You can change it or end it at any time."))

    def __init__(self, *args: Any, groups: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("general")), *groups]  # type: ignore[attr-defined]


class ValidityForm(forms.Form):
    days = _days(_("Valid for, days from today"))


class LinkForm(forms.Form):
    reader = forms.CharField(label=_("For whom"), max_length=READER_LIMIT)
    shows = forms.ChoiceField(
        label=_("What is shown"), choices=ReportLink.Shows.choices, widget=forms.RadioSelect, initial="verdict"
    )
    days = _days(_("Valid for, days"), initial=7)


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
