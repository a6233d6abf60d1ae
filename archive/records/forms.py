"""Forms about entries."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.actions import ANSWER_LIMIT
from profiles.organisations.forms import DayInput


class ServiceForm(forms.Form):
    served_on = forms.DateField(
        label=_("Handed over on"),
        widget=DayInput(),
        initial=timezone.localdate,
        help_text=_("From this day the hearing window runs."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your statement"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=ANSWER_LIMIT,
        help_text=_(
            "What should the body know before it decides? It is read by the person who decides, and kept as you write it."
        ),
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it not approved?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReverseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the file reversed?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the file and told to the persons who had been notified."),
    )
