"""Forms of statements, reminders and changes of law."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item, LegalBasis
from archive.oversight.rules import read_article
from profiles.organisations.forms import DayInput


class StatementForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("I have checked this and sign for my body."),
        error_messages={"required": _("Tick the box if you stand for the statement.")},
    )
    remark = forms.CharField(
        label=_("Remark"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the credit office. No names and no identity numbers."),
    )
    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    nothing = forms.TypedChoiceField(
        widget=forms.HiddenInput, choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )

    def __init__(self, *args: Any, replaces: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if replaces:
            self.fields["remark"].required = True
            self.fields["remark"].label = _("Why it is replaced")


class ReminderForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands on the bodies' desks beside the due day. May stay empty."),
    )


class LawChangeForm(forms.Form):
    """Exactly one of a legal basis (perhaps only one article of it) and a catalogue item."""

    basis = forms.ModelChoiceField(
        label=_("Legal basis that falls"),
        queryset=LegalBasis.objects.all(),
        required=False,
        empty_label="—",
    )
    article = forms.CharField(
        label=_("Only this article"),
        max_length=20,
        required=False,
        help_text=_("For example 26 or 37-1. Empty: the basis falls as a whole."),
    )
    item = forms.ChoiceField(
        label=_("Or a catalogue item that falls"),
        required=False,
        help_text=_("When the item itself is struck off the catalogue, whatever its bases."),
    )
    from_date = forms.DateField(label=_("No longer stands from"), widget=DayInput())
    works_back = forms.TypedChoiceField(
        label=_("For which acts"),
        choices=[
            ("no", _("Only forward: acts from that day on are no longer recorded; entries about earlier acts stay")),
            ("yes", _("Works back: the milder law applies to earlier acts too; all entries in force are withdrawn")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    document_number = forms.CharField(label=_("Document that says so"), max_length=100)
    document_date = forms.DateField(label=_("Document date"), widget=DayInput())
    document_body = forms.CharField(label=_("Issued by"), max_length=120)
    reason = forms.CharField(
        label=_("What persons are told"),
        max_length=500,
        min_length=8,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two plain sentences; they stand in the notice to each person."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = Item.objects.current().filter(forbidden=False).order_by("code")
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((item.code, f"{item.code} {item.name}") for item in items),
        ]
        self.fields["basis"].label_from_instance = lambda basis: basis.title  # type: ignore[attr-defined]

    def clean_article(self) -> str:
        written = self.cleaned_data["article"].strip()
        if not written:
            return ""
        try:
            return read_article(written)
        except ValueError:
            raise forms.ValidationError(_("Write the number of one article, for example 26 or 37-1.")) from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("basis")) == bool(data.get("item")) and not self.errors:
            raise forms.ValidationError(_("Choose either a legal basis or a catalogue item."))
        if data.get("article") and data.get("item"):
            self.add_error("article", _("An article belongs to a legal basis; leave it empty for an item."))
        return data

    @property
    def proposal(self) -> dict[str, Any]:
        """The cleaned data as the action takes them."""
        data = dict(self.cleaned_data)
        data["item_code"] = data.pop("item")
        return data


class ApprovalForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("I have compared this page with the document and approve it."),
        error_messages={"required": _("Tick the box if you have compared the page with the document.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
