"""Forms about entries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item, Severity
from archive.records.actions import ANSWER_LIMIT, STATEMENT_LIMIT
from archive.records.change_rules import FIELDS, stated
from archive.records.kinds import kind_of
from archive.records.models import Entry, Service
from archive.records.rules import may_report
from archive.records.story import LABELS
from profiles.common.vocabulary import Group
from profiles.organisations.forms import DayInput
from profiles.organisations.models import Competence


class ServiceForm(forms.Form):
    served_on = forms.DateField(
        label=_("Handed over on"),
        widget=DayInput(),
        initial=timezone.localdate,
        help_text=_(
            "The day of handing over, of delivery by the post, or of publication. The hearing window runs from then; a public"
            " notice counts as served when its days have passed. An e-mail does not count as service."
        ),
    )

    how = forms.ChoiceField(label=_("How"), choices=Service.How.choices, required=False)
    bearer = forms.CharField(label=_("Handed over by"), max_length=60, required=False)
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Number of the postal receipt, where the public notice was posted, who was present."),
    )

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or Service.How.IN_PERSON


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


class ReasonForm(forms.Form):
    """Why: for a void, and for taking a planned entry back."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One or two sentences. The person reads them; name the document on which it rests, with number and date."
        ),
    )


LENGTHS = {"document_number": 100, "document_body": 120}


class ChangeForm(ReasonForm):
    """A correction or revision: the fields that it may change, filled with what the entry says."""

    field_order = [*LABELS, "reason"]

    def __init__(self, *args: Any, entry: Entry, kind: str, **kwargs: Any) -> None:
        self.entry, self.kind = entry, kind
        now = stated(entry)
        self.codes = {item.code: item for item in self._items()}
        offered = [name for name in FIELDS[kind] if self._is_asked(name, now)]
        super().__init__(*args, **kwargs)
        self.initial = {**now, "item": entry.item_code}
        for name in offered:
            self.fields[name] = self._field(name)
        self.order_fields(self.field_order)

    def _is_asked(self, name: str, now: dict[str, Any]) -> bool:
        if name == "display_until":
            return self.entry.display is not None and self.entry.display.upper is None
        usual = {
            "item",
            "act_date",
            "document_number",
            "document_date",
            "document_body",
            *kind_of(self.entry.item).fields,
        }
        return name in usual or bool(now[name])

    def _items(self) -> list[Item]:
        body, today = self.entry.organisation, timezone.localdate()
        groups = frozenset(Competence.objects.to_report(body, today))
        return [
            item for item in Item.objects.current().order_by("code") if may_report(item, kind=body.kind, groups=groups)
        ]

    def _field(self, name: str) -> forms.Field:
        label = LABELS[name]
        if name == "item":
            codes = dict.fromkeys([self.entry.item_code, *self.codes])
            names = {**self.codes, self.entry.item_code: self.entry.item}
            return forms.ChoiceField(label=label, choices=[(code, f"{code} {names[code].name}") for code in codes])
        if name == "severity":
            return forms.ChoiceField(label=label, choices=[("", "—"), *Severity.choices], required=False)
        if name == "bar_groups":
            return forms.MultipleChoiceField(
                label=label, choices=Group.choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        if name == "sanction_months":
            return forms.IntegerField(label=label, min_value=1, max_value=60, required=False)
        if name.endswith(("_date", "_from", "_until")):
            return forms.DateField(label=label, widget=DayInput(), required=name.endswith("_date"))
        if name == "facts":
            return forms.CharField(
                label=label, max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
        return forms.CharField(label=label, max_length=LENGTHS[name])

    def values(self) -> dict[str, Any]:
        """The fields as `propose_change` takes them."""
        values = {name: self.cleaned_data[name] for name in FIELDS[self.kind] if name in self.cleaned_data}
        if "item" in values:
            values["item"] = self._item(values["item"], values["act_date"])
        return values

    def _item(self, code: str, act_date: Any) -> Item:
        if code == self.entry.item_code and self.entry.item.in_force_on(act_date):
            return self.entry.item
        return Item.objects.in_force_on(act_date).filter(code=code).first() or self.codes.get(code, self.entry.item)


class StatementForm(forms.Form):
    text = forms.CharField(
        label=_("Own statement"),
        max_length=STATEMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "At most 500 characters. It stands beside the record wherever it is read, in reports too. Do not write of illness,"
            " faith or of other people."
        ),
    )


class RevocationForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the revoked document"), max_length=100, help_text=_("As it stands in the entries.")
    )
    body = forms.CharField(
        label=_("Issued by"),
        max_length=120,
        required=False,
        help_text=_("Only where several bodies use the same number. Empty: whoever issued it."),
    )
    revoking_number = forms.CharField(label=_("Number of the revoking document"), max_length=100)
    revoking_date = forms.DateField(label=_("Date of the revoking document"), widget=DayInput())
    revoking_body = forms.CharField(label=_("Body that revoked"), max_length=120)
    learned_on = forms.DateField(
        label=_("Day on which your body learned of it"),
        widget=DayInput(),
        initial=timezone.localdate,
        help_text=_("The days within which the entries must be withdrawn run from then."),
    )
