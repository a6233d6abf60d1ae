"""Forms for bodies and competences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.common.vocabulary import Event, Group
from profiles.organisations.models import Competence, Organisation
from profiles.organisations.rules import read_network


class DayInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "code", "kind", "parent", "jurisdiction", "contact", "ended_on"]
        labels = {"name": _("Name of the body")}
        widgets = {"ended_on": DayInput()}
        help_texts = {
            "code": _("18 characters; the last one is a check character."),
            "jurisdiction": _("Whose periods and deadlines apply, for example national or henan."),
            "contact": _("Where persons can ask, as printed on notices."),
        }

    def __init__(self, *args: Any, jurisdictions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].widget = forms.Select(choices=jurisdictions)
        self.fields["parent"].queryset = Organisation.objects.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]


class SignInRulesForm(forms.Form):
    networks = forms.CharField(
        label=_("Networks"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One address or network a line, for example 10.2.0.0/16. Empty: from everywhere."),
    )
    open_from = forms.TimeField(label=_("Work from"), required=False, widget=TimeInput())
    open_until = forms.TimeField(
        label=_("Work until"), required=False, widget=TimeInput(), help_text=_("Empty: at all hours.")
    )

    def clean_networks(self) -> list[str]:
        networks = []
        for number, line in enumerate(self.cleaned_data["networks"].splitlines(), start=1):
            if line.strip():
                try:
                    networks.append(read_network(line))
                except ValueError:
                    raise forms.ValidationError(
                        _("Line %(line)s, “%(value)s”, is not an address or network. Write it like 10.2.0.0/16."),
                        params={"line": number, "value": line.strip()[:50]},
                    ) from None
        return networks

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("open_from"), data.get("open_until")
        if (first is None) != (last is None) and not self.errors:
            self.add_error("open_until" if last is None else "open_from", _("Give both hours or none."))
        elif first and last and first >= last:
            self.add_error("open_until", _("The end lies before the beginning."))
        return data


class CompetenceForm(forms.Form):
    role = forms.ChoiceField(label=_("Right"), choices=Competence.Role.choices)
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    event = forms.ChoiceField(
        label=_("Event"),
        choices=[("", "—"), *Event.choices],
        required=False,
        help_text=_("Only for the right to check people."),
    )
    basis = forms.CharField(
        label=_("Basis"), max_length=200, help_text=_("The law or document that gives this right, with its article.")
    )
    needs_authorisation = forms.BooleanField(
        label=_("Only with the person's authorisation"),
        required=False,
        help_text=_("Tick where no statute lets the body check without being asked."),
    )
    valid_from = forms.DateField(label=_("From"), widget=DayInput(), initial=timezone.localdate)
    valid_until = forms.DateField(label=_("Until"), widget=DayInput(), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("role") == Competence.Role.CHECK and not data.get("event"):
            self.add_error("event", _("Choose the event for which the body may check people."))
        if data.get("role") == Competence.Role.REPORT:
            data["event"], data["needs_authorisation"] = "", False
        if data.get("valid_until") and data.get("valid_from") and data["valid_until"] <= data["valid_from"]:
            self.add_error("valid_until", _("The end lies before the beginning."))
        return data
