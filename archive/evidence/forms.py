"""Forms about evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archive.evidence.models import Evidence

ACCEPTED = "application/pdf,image/jpeg,image/png,image/tiff,image/heic,image/heif,.pdf,.jpg,.jpeg,.png,.tif,.tiff,.heic"


class EvidenceFileField(forms.FileField):
    """A scan or a photograph; a telephone offers its camera."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "label": _("Scan or photograph"),
            "help_text": _(
                "PDF, JPEG, PNG, TIFF or HEIC, at most %(limit)s MB. What the file says about place, device and author is removed."
            )
            % {"limit": settings.EVIDENCE_LIMIT_BYTES // (1024 * 1024)},
            "widget": forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
            "allow_empty_file": True,
        }
        super().__init__(**{**defaults, **kwargs})


class EvidenceForm(forms.Form):
    file = EvidenceFileField()
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[choice for choice in Evidence.Kind.choices if choice[0] != Evidence.Kind.NAMING],
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=120,
        help_text=_("For example “Decision 12, pages 1 to 3”. Empty: the name of the file."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why is it withdrawn?"), max_length=300)
