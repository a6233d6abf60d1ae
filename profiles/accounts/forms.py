"""Forms for accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.organisations.forms import DayInput
from profiles.organisations.models import Organisation
from profiles.people.forms import IdentityField, NameField


class UsernameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("User name"),
                "max_length": 60,
                "validators": [UnicodeUsernameValidator()],
                "widget": forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
                "help_text": _("Letters, digits and @ . + - _ only. Not your identity number."),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        name = super().clean(value).lower()
        if sum(character.isdigit() for character in name) >= 15:
            raise ValidationError(_("Choose a name that is not a number of a document."))
        if Account.objects.filter(username=name).exists():
            raise ValidationError(_("This user name is taken. Choose another."))
        return str(name)


class NewPassword(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Password"),
                "strip": False,
                "widget": forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                "help_text": password_validators_help_text_html(),
                **kwargs,
            }
        )


class PasswordPair(forms.Form):
    """Adds two password fields that must agree."""

    password = NewPassword()
    password_again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("password_again") and data["password"] != data["password_again"]:
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        elif data.get("password"):
            try:
                validate_password(data["password"], Account(username=data.get("username", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class ActivationForm(PasswordPair):
    """A person opens the own account with the code that a body gave on paper."""

    code = forms.CharField(
        label=_("Activation code"),
        max_length=40,
        help_text=_("Three groups of four, on the notice that you were given."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "mono", "autocapitalize": "characters"}
        ),
    )
    name = NameField(help_text=_("As on your identity card."))
    identity = IdentityField()
    username = UsernameField(label=_("Choose a user name"))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Optional. You are told there when a notice has come; never what it says."),
    )
    field_order = ["code", "name", "identity", "username", "password", "password_again", "email"]


class StaffForm(PasswordPair):
    """A member of staff; roles are granted by the security administrator."""

    username = UsernameField()
    full_name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), required=False)
    organisation = forms.ModelChoiceField(label=_("Body"), queryset=Organisation.objects.all())
    field_order = ["username", "full_name", "email", "organisation", "password", "password_again"]


class LeavingForm(forms.Form):
    left_on = forms.DateField(
        label=_("Leaving date"),
        widget=DayInput(),
        required=False,
        help_text=_("From this day on the account opens nothing, open sessions included. Empty: the account lives on."),
    )


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=[choice for choice in Role.choices if choice[0] != Role.PERSON])
