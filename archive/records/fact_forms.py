"""The form for one fact, cut from the sheet by the kind of record. What is wrong in it is said by the sheet's own rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item, Severity
from archive.evidence.forms import EvidenceFileField
from archive.intake.problems import SENTENCES, Problem, sentence
from archive.intake.resources import DayWidget, SheetField
from archive.records.actions import BREACH_SENTENCES, Recorded, TypedFact
from archive.records.breach import Breach
from archive.records.kinds import RecordKind, kind_of
from archive.records.resources import EntrySheet
from archive.records.sheet_template import GUIDE, reportable_items, title_of
from profiles.common.vocabulary import ANY_GROUP, Group
from profiles.organisations.forms import DayInput
from profiles.organisations.models import Organisation

BREACH_FIELDS = ("subject_organisation", "subject_uscc", "named_at")
# What stays when another person is recorded under the same document.
OF_THE_DOCUMENT = (
    "item",
    "act_date",
    "document_number",
    "document_date",
    "document_body",
    "severity",
    "sanction_months",
    "unit",
)
EMPTY = {
    "name": "name_empty", "identity_number": "identity_empty", "item": "item_empty", "act_date": "date_empty",
    "document_number": "document_empty", "document_date": "date_empty",
}  # fmt: skip
# Where a file's sentence ends in “remove the row”, a form says it otherwise.
HERE: dict[str, Any] = {
    "identity_division": _("The first six digits are no known division code. Please compare the number with the card."),
    "under_age": _("The person was %(age)s on the day of the act. Acts before the 18th birthday are never recorded."),
    "retention_over": _("The document is of %(day)s; after %(years)s years nothing is recorded any more."),
    "item_forbidden": _("“%(item)s” may not be collected: %(reason)s"),
    "item_not_in_force": _(
        "“%(item)s” was not in force on %(day)s, the day of the act. What was not yet collectable then is not collected now."
    ),
    "item_not_competent": _("Your body is not competent to report “%(item)s”: it is reported by %(reporters)s. Pass it on."),
    "duplicate_on_file": _("This fact is on record already (%(number)s): same person, item, day of the act and document."),
}  # fmt: skip


class FactForm(forms.Form):
    """Fields of `kind`, the document as a file, and for decisions whose breach it is."""

    def __init__(self, *args: Any, kind: RecordKind, organisation: Organisation, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        sheet = EntrySheet.sheet_fields()
        for name in kind.fields:
            self.fields[name] = _field(name, sheet[name])
        items = [item for item in reportable_items(organisation, day) if kind_of(item).code == kind.code]
        self.fields["item"].choices = _choices(items)  # type: ignore[attr-defined]
        self.fields["file"] = EvidenceFileField(label=_("The document, scanned or photographed"), required=False)
        if kind.code == "decision":
            self._ask_whose_breach()

    def _ask_whose_breach(self) -> None:
        self.fields["is_breach"] = forms.BooleanField(
            label=_("This is an organisation's breach; the document names the person as responsible"),
            required=False,
            help_text=_(
                "Only serious breaches, and only with the document that names the person. Then fill in the next three fields."
            ),
        )
        self.fields["subject_organisation"] = forms.CharField(
            label=_("Name of the organisation"), max_length=120, required=False
        )
        self.fields["subject_uscc"] = forms.CharField(
            label=_("Its unified social credit code"),
            max_length=40,
            required=False,
            help_text=_("18 characters; the last one is a check character."),
        )
        self.fields["named_at"] = forms.CharField(
            label=_("Where the document names the person"),
            max_length=120,
            required=False,
            help_text=_("Page or paragraph, for example “page 3, second paragraph”."),
        )

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """(heading, bound fields) in the order in which a clerk has them before the eyes."""
        person = ["name", "identity_number", "unit"]
        document = ["document_number", "document_date", "document_body", "file"]
        breach = ["is_breach", *BREACH_FIELDS]
        act = [name for name in self.fields if name not in {*person, *document, *breach}]
        act.sort(key=lambda name: name == "facts")
        headings = [
            (_("The person"), person),
            (_("The decision document"), document),
            (_("The act"), act),
            (_("Organisation's breach"), breach),
        ]
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in headings
            if names[0] in self.fields
        ]

    def content(self) -> dict[str, Any]:
        """What was typed, as it will be shown again; without the file."""
        typed = {}
        for name, field in self.fields.items():
            if name != "file":
                typed[name] = field.widget.value_from_datadict(self.data, self.files, name)
        return typed

    def fact(self, document: Any) -> TypedFact:
        """What was typed, as the act takes it: cells like those of a sheet's row."""
        typed = self.content()
        cells = {
            name: "、".join(typed[name]) if isinstance(typed[name], list) else typed[name] for name in self.kind.fields
        }
        breach = None
        if typed.get("is_breach"):
            breach = Breach(*(typed[name] or "" for name in BREACH_FIELDS))
        return TypedFact(cells=cells, document=document, breach=breach)

    def take(self, done: Recorded) -> None:
        """Put what is wrong beside its field; a field has one sentence from the form or those of the rules."""
        before = set(self.errors)
        for problem in done.problems:
            name = field_of(problem)
            if name not in before:
                self.add_error(name if name in self.fields else None, say(problem))
        for name, code in done.breach_faults.items():
            self.add_error(name, BREACH_SENTENCES[code])


def field_of(problem: Problem) -> str:
    """The field of a problem, whose column is the field's first header."""
    return next((name for name, field in EntrySheet.sheet_fields().items() if problem.column == field.headers[0]), "")


def say(problem: Problem) -> str:
    """The sentence without its place: it stands beside the field."""
    plain = Problem(problem.code, params=problem.params).as_json()
    if problem.code not in HERE:
        return sentence(plain)
    return sentence(plain, sentences=HERE)


def _field(name: str, sheet: SheetField) -> forms.Field:
    how: dict[str, Any] = {"label": title_of(sheet), "help_text": GUIDE[name][0], "required": sheet.required}
    if name in EMPTY:
        how["error_messages"] = {"required": SENTENCES[EMPTY[name]]}
    if name == "item":
        how["help_text"] = _("What your body may report. Type a few characters to shorten the list.")
        how["error_messages"]["invalid_choice"] = _("Choose an item of the list.")
        return forms.ChoiceField(widget=forms.Select(attrs={"data-search": _("Search the list")}), **how)
    if name == "severity":
        how["help_text"] = _("Only where the decision states it.")
        return forms.ChoiceField(choices=[("", _("as in the catalogue")), *Severity.choices], **how)
    if name == "bar_groups":
        how["help_text"] = _("Occupations that the decision bars.")
        return forms.MultipleChoiceField(choices=Group.choices, widget=forms.CheckboxSelectMultiple, **how)
    if isinstance(sheet.widget, DayWidget):
        return forms.CharField(widget=DayInput(), max_length=40, **how)
    if name == "facts":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}), **how)
    attrs = {"autocomplete": "off"}
    if name == "identity_number":
        how["help_text"] = _("18 characters; spaces and a small x are fine.")
        attrs["spellcheck"] = "false"
    if name == "sanction_months":
        attrs["inputmode"] = "numeric"
    return forms.CharField(widget=forms.TextInput(attrs=attrs), max_length=200, **how)


def _choices(items: Iterable[Item]) -> list[Any]:
    """Items under the groups that they are about; codes as values, because names may be shared."""

    def heading(item: Item) -> str:
        return item.code.partition("-")[0] if ANY_GROUP not in item.groups else ANY_GROUP

    choices: list[Any] = [("", _("Choose …"))]
    for head, rows in groupby(sorted(items, key=lambda item: (heading(item), item.code)), key=heading):
        listed = list(rows)
        label = ", ".join(str(word) for word in listed[0].group_labels())
        choices.append((label if head else "", [(item.code, f"{item.name}　{item.code}") for item in listed]))
    return choices
