"""Forms of continuous checks and recalls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.vetoes.models import RecallTask
from profiles.organisations.forms import DayInput

A_YEAR = dt.timedelta(days=365)


class LastDayForm(forms.Form):
    valid_until = forms.DateField(label=_("Last day"), widget=DayInput(), help_text=_("At most one year from now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_until"].initial = timezone.localdate() + A_YEAR


class WatchForm(LastDayForm):
    matter_number = forms.CharField(
        label=_("Matter number"),
        max_length=60,
        help_text=_("Of the file under which the persons are watched. Without it nobody may look; the person sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["matter_number", "valid_until"]


class RecallForm(forms.Form):
    """Only the outcomes that are possible: where a veto was confirmed, and where none was."""

    outcome = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons"),
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=8,
        max_length=1000,
        help_text=_("What you looked at and why it leads to this. A person whose decision is withdrawn reads them."),
    )

    def __init__(self, *args: Any, confirmed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = RecallTask.Outcome
        self.fields["outcome"].choices = (  # type: ignore[attr-defined]
            [
                (kinds.WITHDRAWN, _("The decision is withdrawn: the person is told, the slip ends")),
                (kinds.STANDS, _("The decision stands: it has a ground that holds")),
            ]
            if confirmed
            else [(kinds.NOTHING_DECIDED, _("Nothing had been decided against the person"))]
        )
        if not confirmed:
            self.fields["outcome"].initial = kinds.NOTHING_DECIDED
