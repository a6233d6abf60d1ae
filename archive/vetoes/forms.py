"""Forms of checks, decisions and rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.intake.forms import UploadForm
from archive.vetoes.deciding import STATEMENT_LIMIT
from archive.vetoes.models import Contest, Decision, Post
from profiles.common.vocabulary import Event, Group
from profiles.organisations.forms import DayInput
from profiles.organisations.models import Organisation
from profiles.people.forms import IdentityField, NameField


def purposes(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices `TEA:access` for what a body may check."""
    groups, events = dict(Group.choices), dict(Event.choices)
    order = {event: position for position, event in enumerate(Event.values)}
    return [
        (f"{group}:{event}", f"{groups[group]} · {events[event]}")
        for group, event in sorted(pairs, key=lambda pair: (pair[0], order[pair[1]]))
    ]


class _Question(forms.Form):
    purpose = forms.ChoiceField(label=_("What for"), help_text=_("Group and event for which your body is competent."))
    post = forms.ChoiceField(
        label=_("Post"),
        choices=[("", "—"), *Post.choices],
        required=False,
        help_text=_("Only for the event “Post or management office”."),
    )
    matter_number = forms.CharField(
        label=_("Matter number"),
        max_length=60,
        help_text=_("Of the application, the intake or the file. Without it nobody may look; the person sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, pairs: set[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = purposes(pairs)
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]
        if not any(event == Event.POST for _group, event in pairs):
            del self.fields["post"]

    @property
    def question(self) -> dict[str, str]:
        """The cleaned data as the actions take them."""
        data = self.cleaned_data
        group, _colon, event = data["purpose"].partition(":")
        post = data.get("post", "") if event == Event.POST else ""
        return {"group": group, "event": event, "post": post, "matter_number": data["matter_number"]}


class PersonCheckForm(_Question):
    name = NameField()
    identity = IdentityField()
    field_order = ["purpose", "post", "matter_number", "name", "identity"]


class ListCheckForm(_Question, UploadForm):
    field_order = ["purpose", "post", "matter_number", "file"]


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Decision.Kind.CONFIRMED, _("Confirm: the obstacle stands")),
            (Decision.Kind.LIFTED, _("Lift: the obstacle does not stand in this case")),
        ],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=8,
        max_length=1000,
        help_text=_("The person reads them. Name what you looked at and why it leads to this decision."),
    )


class ProposalForm(DecisionForm):
    """The first of two steps: mean to confirm, or lift at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (Decision.Kind.CONFIRMED, _("Propose to confirm: tell the person first")),
            (Decision.Kind.LIFTED, _("Lift: the obstacle does not stand in this case")),
        ]


class HandedOverForm(forms.Form):
    served_on = forms.DateField(
        label=_("Handed over on"),
        widget=DayInput(),
        initial=timezone.localdate,
        help_text=_("The person's days run from then. An e-mail does not count."),
    )


class WordForm(forms.Form):
    """What a person says: before a decision, or against it."""

    text = forms.CharField(
        label=_("Your statement"), widget=forms.Textarea(attrs={"rows": 8}), max_length=STATEMENT_LIMIT
    )


class CertificateForm(forms.Form):
    """What the person wants to have certified. `groups`: its own, the first of them is chosen before."""

    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    event = forms.ChoiceField(label=_("For what"), choices=Event.choices)
    post = forms.ChoiceField(
        label=_("Post"),
        choices=[("", "—"), *Post.choices],
        required=False,
        help_text=_("Only for the event “Post or management office”."),
    )
    reader = forms.CharField(
        label=_("For whom"), max_length=120, required=False, help_text=_("Stands on the paper. May stay empty.")
    )
    days = forms.IntegerField(
        label=_("Valid for how many days"),
        min_value=1,
        max_value=90,
        initial=30,
        help_text=_("You can end it at any time before."),
    )

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].initial = groups[0] if groups else None

    def clean_post(self) -> str:
        return str(self.cleaned_data["post"]) if self.cleaned_data.get("event") == Event.POST else ""


class ContestForm(WordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is wrong with the decision")


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Review"),
        choices=[
            (Contest.Outcome.STANDS, _("The decision stands")),
            (Contest.Outcome.WITHDRAWN, _("The decision is withdrawn: nothing stands against the person")),
        ],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=8,
        max_length=1000,
        help_text=_("The person reads them. Answer what was put forward."),
    )


class AdoptionForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Body"),
        queryset=Organisation.objects.filter(competences__role="check").distinct(),
        help_text=_("The body for whose checks the rule shall hold."),
    )
    document_number = forms.CharField(
        label=_("Its document"),
        max_length=100,
        help_text=_("Number of the body's own document that makes the rule hold."),
    )
    document_date = forms.DateField(label=_("Document date"), widget=DayInput())
    valid_from = forms.DateField(label=_("From"), widget=DayInput())
    document = forms.FileField(
        label=_("The document as a file"),
        help_text=_("PDF or scan. Metadata is taken out, the file is kept encrypted; the credit office compares it."),
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        """`organisation`: of an examiner, who proposes for the own body only."""
        super().__init__(*args, **kwargs)
        if organisation is not None:
            del self.fields["organisation"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300, min_length=4, widget=forms.Textarea(attrs={"rows": 2}))
