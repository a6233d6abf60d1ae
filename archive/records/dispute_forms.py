"""Forms about objections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.records.actions import DISPUTE_LIMIT, Objection
from archive.records.models import Dispute
from profiles.organisations.forms import DayInput

# What comes online, the person hands in; it is not written down by a clerk.
BY_HAND = [choice for choice in Dispute.Channel.choices if choice[0] != Dispute.Channel.ONLINE]


class DisputeForm(forms.Form):
    channel = forms.ChoiceField(label=_("How it came"), choices=BY_HAND)
    received_number = forms.CharField(
        label=_("Number under which it was received"),
        max_length=60,
        help_text=_("From your register of incoming letters or visits."),
    )
    received_on = forms.DateField(label=_("Received on"), widget=DayInput(), initial=timezone.localdate)
    text = forms.CharField(
        label=_("What is disputed"),
        max_length=DISPUTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "In the words of the person, as briefly as it can be said: which statement is wrong, and what would be right. No"
            " identity numbers."
        ),
    )

    def objection(self) -> Objection:
        return Objection(**self.cleaned_data)


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Dispute.Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=DISPUTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads them: what was looked into, what it showed, on which document it rests."),
    )

    def __init__(self, *args: Any, still_holds: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if still_holds:
            self.fields["outcome"].help_text = _(
                "Upheld can be chosen once the entry has been corrected, revised or voided: otherwise it would count again."
            )
