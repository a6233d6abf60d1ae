"""Forms of review programmes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.intake.forms import UploadForm
from archive.vetoes.forms import _Question
from profiles.organisations.forms import DayInput
from profiles.people.forms import IdentityField, NameField


class ProgrammeForm(_Question):
    name = forms.CharField(
        label=_("Name of the programme"),
        max_length=120,
        help_text=_("As your body calls it, with the year: for example the annual review of 2027."),
    )
    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_("The article on which this review rests; it stands in each refusal."),
    )
    opens_on = forms.DateField(label=_("Opens"), widget=DayInput())
    closes_on = forms.DateField(label=_("Closes"), widget=DayInput())
    freshness_days = forms.IntegerField(
        label=_("A check holds for, days"),
        min_value=1,
        max_value=365,
        initial=30,
        help_text=_("Nobody is approved on an older answer, or on one from before a rule changed."),
    )
    field_order = ["name", "purpose", "post", "matter_number", "basis", "opens_on", "closes_on", "freshness_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["opens_on"].initial = today
        self.fields["closes_on"].initial = today + dt.timedelta(days=90)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("opens_on") and data.get("closes_on") and data["closes_on"] < data["opens_on"]:
            self.add_error("closes_on", _("The last day lies before the first. Correct one of them."))
        return data

    @property
    def programme(self) -> dict[str, Any]:
        """The cleaned data as the action takes them."""
        names = ("name", "basis", "opens_on", "closes_on", "freshness_days")
        return {**self.question, **{name: self.cleaned_data[name] for name in names}}

    @property
    def chosen(self) -> list[tuple[Any, Any]]:
        """What was filled in, in words, for the page that asks once more."""
        rows = []
        for name, field in self.fields.items():
            value = self.cleaned_data[name]
            if isinstance(field, forms.ChoiceField):
                value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
            if value not in ("", "—"):
                rows.append((field.label, value))
        return rows


class ApplicantForm(forms.Form):
    name = NameField()
    identity = IdentityField()


class ApplicantListForm(UploadForm):
    """The question is the programme's."""


class FinalForm(forms.Form):
    """The final word on one applicant."""

    kind = forms.ChoiceField(choices=[("approved", _("Approve")), ("refused", _("Refuse"))], widget=forms.HiddenInput)
    reasons = forms.CharField(
        label=_("Reasons"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In a sentence. If you refuse, the person reads them."),
    )  # fmt: skip
