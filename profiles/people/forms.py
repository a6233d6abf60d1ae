"""Forms about persons."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.common import ciphers, identity
from profiles.common.vocabulary import Group
from profiles.organisations.forms import DayInput
from profiles.people.models import IdentityDocument
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


SEALED = "sealed:"


def seal(number: str) -> str:
    """A number for a hidden field of a page that asks once more: the page does not show it."""
    return SEALED + base64.b64encode(ciphers.encrypt(number.encode(), context=SEALED)).decode()


class SealedIdentityField(IdentityField):
    """Also takes what `seal` made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 400, **kwargs})

    def clean(self, value: Any) -> Any:
        text = str(value or "")
        if text.startswith(SEALED):
            try:
                value = ciphers.decrypt(base64.b64decode(text.removeprefix(SEALED)), context=SEALED).decode()
            except (ValueError, ciphers.CipherError):
                raise forms.ValidationError(FAULTS[identity.Fault.EMPTY]) from None
        return super().clean(value)


class _ProposalForm(forms.Form):
    """What every proposal about a person tells: why, and by which document."""

    document_number = forms.CharField(label=_("Document number"), max_length=100, required=False)
    document_date = forms.DateField(label=_("Document date"), widget=DayInput(), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What did you see, and how do you know? The second person and the person concerned read it."),
    )

    def told(self) -> list[tuple[Any, Any]]:
        """(label, answer) of every field that was filled in, with numbers masked."""
        return [
            (field.label, self._shown(name, self.cleaned_data[name]))
            for name, field in self.fields.items()
            if self.cleaned_data.get(name)
        ]

    def _shown(self, name: str, value: Any) -> Any:
        if isinstance(value, identity.Reading):
            return identity.mask(value.number)
        field = self.fields[name]
        return dict(field.choices)[value] if isinstance(field, forms.ChoiceField) else value  # type: ignore[arg-type]

    def kept(self) -> list[tuple[str, str]]:
        """(name, value) for the hidden fields of the page that asks once more."""
        found = []
        for name in self.fields:
            value = self.cleaned_data.get(name)
            found.append((name, seal(value.number) if isinstance(value, identity.Reading) else str(value or "")))
        return found


class NewNameForm(_ProposalForm):
    name = NameField(label=_("New name"))
    document_number = forms.CharField(
        label=_("Document number"), max_length=100, help_text=_("Of the register's or the police's document.")
    )
    document_date = forms.DateField(
        label=_("Changed on"),
        widget=DayInput(),
        help_text=_("From this day the new name holds; the old one until then."),
    )
    field_order = ("name", "document_number", "document_date", "reason")


class NewNumberForm(_ProposalForm):
    identity = SealedIdentityField(
        label=_("Further number"), help_text=_("Identity card, permit or passport of the same person.")
    )
    field_order = ("identity", "document_number", "document_date", "reason")


class CorrectionForm(_ProposalForm):
    wrong = forms.ChoiceField(label=_("Number that is wrong"))
    identity = SealedIdentityField(label=_("Right number"))
    field_order = ("wrong", "identity", "document_number", "document_date", "reason")

    def __init__(self, *args: Any, documents: Iterable[IdentityDocument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wrong"].choices = [  # type: ignore[attr-defined]
            (str(document.pk), f"{document.get_kind_display()} {document.masked}") for document in documents
        ]


class JoinForm(forms.Form):
    """Two archives, by a number of each."""

    first = IdentityField(label=_("A number of the first archive"))
    second = IdentityField(label=_("A number of the second archive"))


class JoinProposalForm(_ProposalForm):
    document_number = forms.CharField(label=_("Document number"), max_length=100)
    document_date = forms.DateField(label=_("Document date"), widget=DayInput())


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are they not one person?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineProposalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it not carried out?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


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
