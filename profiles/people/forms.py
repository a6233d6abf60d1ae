"""Forms about persons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.common import identity
from profiles.common.vocabulary import Group
from profiles.organisations.forms import DayInput
from profiles.people.rules import name_fault, normalise_name

FAULTS = {
    identity.Fault.EMPTY: _("Enter the identity number."),
    identity.Fault.SCIENTIFIC: _("This is a figure, not a number as on the card. Type all 18 characters."),
    identity.Fault.FIFTEEN_DIGITS: _(
        "This is an old number of 15 digits. Enter the 18 characters of the present card."
    ),
    identity.Fault.LENGTH: _("An identity number has 18 characters. Compare it with the card."),
    identity.Fault.CHARACTERS: _(
        "An identity number has 17 digits and a digit or X at the end. Compare it with the card."
    ),
    identity.Fault.BIRTH_DATE: _("Characters 7 to 14 are no possible birth date. Compare the number with the card."),
    identity.Fault.CHECK_CHARACTER: _(
        "The last character does not fit the others, so at least one digit is wrong. Compare the number with the card."
    ),
}


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Name"),
                "widget": forms.TextInput(attrs={"autocomplete": "off"}),
                "max_length": 200,
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        name = normalise_name(super().clean(value) or "")
        fault = name_fault(name)
        if fault == "name_characters":
            raise forms.ValidationError(_("A name has letters and “·” only. Remove the other characters."))
        if fault == "name_length":
            raise forms.ValidationError(_("The name is longer than 100 characters."))
        return name


class IdentityField(forms.CharField):
    """Gives an `identity.Reading`. Never echoed into an address: forms with it are sent by POST only."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "label": _("Identity number"),
            "help_text": _("18 characters; spaces and a small x are fine."),
            "widget": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
            "max_length": 60,
        }
        super().__init__(**{**defaults, **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        reading = identity.read(text, today=timezone.localdate())
        if reading.fault is not None:
            raise forms.ValidationError(FAULTS[reading.fault])
        return reading


class EnrolForm(forms.Form):
    """One person into a group at the own body."""

    name = NameField()
    identity = IdentityField()
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    unit = forms.CharField(label=_("Unit or class"), max_length=100, required=False)
    licence_number = forms.CharField(label=_("Licence number"), max_length=60, required=False)
    joined_on = forms.DateField(label=_("Joined on"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, groups: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(code, label) for code, label in Group.choices if code in groups]  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    left_on = forms.DateField(label=_("Left on"), widget=DayInput(), initial=timezone.localdate)


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need the full number?"),
        max_length=100,
        help_text=_("The reason, your name and the time are kept; the person can see them."),
    )
