"""Form of a new key."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.api.models import ApiKey
from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.organisations.forms import DayInput


class _ExaminerField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.organisation} · {obj.full_name} ({obj.username})"


class KeyForm(forms.Form):
    account = _ExaminerField(
        label=_("Responsible examiner"),
        queryset=Account.objects.none(),
        help_text=_("Register and trail name this account for every request. The key can do no more than it may."),
    )
    name = forms.CharField(label=_("System"), max_length=80, help_text=_("Which system of the body will hold the key."))
    reach = forms.MultipleChoiceField(
        label=_("Reach"), choices=ApiKey.Reach.choices, widget=forms.CheckboxSelectMultiple
    )
    per_minute = forms.IntegerField(label=_("Requests a minute, at most"), min_value=1, max_value=60_000, initial=600)
    valid_until = forms.DateField(
        label=_("Last day"), widget=DayInput(), help_text=_("A year at most; then a new key is made.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        examiners = Account.objects.employed_on(today).with_role(Role.EXAMINER).select_related("organisation")
        self.fields["account"].queryset = examiners.order_by("organisation__name", "full_name")  # type: ignore[attr-defined]
        self.fields["valid_until"].initial = today + dt.timedelta(days=180)

    @property
    def chosen(self) -> list[tuple[Any, Any]]:
        """What was chosen, in words, for the page that asks once more."""
        data = self.cleaned_data
        labels = dict(ApiKey.Reach.choices)
        return [
            (_("Body"), data["account"].organisation),
            (self.fields["account"].label, data["account"].full_name),
            (self.fields["name"].label, data["name"]),
            (self.fields["reach"].label, " · ".join(str(labels[value]) for value in data["reach"])),
            (self.fields["per_minute"].label, data["per_minute"]),
            (self.fields["valid_until"].label, data["valid_until"]),
        ]
