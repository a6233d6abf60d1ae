"""Forms of the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.common.vocabulary import Event, Group
from profiles.organisations.forms import DayInput
from profiles.organisations.models import Organisation


class SampleForm(forms.Form):
    since = forms.DateField(label=_("From"), widget=DayInput())
    until = forms.DateField(label=_("To"), widget=DayInput())
    organisation = forms.ModelChoiceField(
        label=_("Only this body"), queryset=Organisation.objects.all(), required=False, empty_label=_("all bodies")
    )
    size = forms.IntegerField(label=_("How many queries"), min_value=1, max_value=200, initial=20)


class AuthorisationForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Body"), queryset=Organisation.objects.none(), help_text=_("Bodies that may check people.")
    )
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    event = forms.ChoiceField(label=_("For what"), choices=Event.choices)
    once = forms.BooleanField(label=_("For one query only"), required=False, initial=True)
    valid_until = forms.DateField(label=_("Last day"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["organisation"].queryset = (  # type: ignore[attr-defined]
            Organisation.objects.active_on(today).filter(competences__role="check").distinct()
        )
        self.fields["valid_until"].initial = today + dt.timedelta(days=30)
