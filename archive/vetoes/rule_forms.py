"""Writing a rule on screen: the same words as in the data file, so that the compiler judges both alike."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item, LegalBasis, Severity
from archive.vetoes.models import Post, RuleVersion
from archive.vetoes.rules import months
from profiles.common.vocabulary import ANY_GROUP, Event, Group
from profiles.organisations.forms import DayInput

FILE_LIMIT = 200_000  # bytes
RULE_CODE = re.compile(r"[A-Z]{1,3}-[A-Z0-9]+(-[A-Z0-9]+)*")


class RuleForm(forms.Form):
    """The head of a rule. Its bases and clauses are formsets beside it."""

    code = forms.CharField(
        label=_("Code"), max_length=30, help_text=_("For example V-TEA-8. It stays the same in all versions.")
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    groups = forms.MultipleChoiceField(
        label=_("Groups"),
        choices=[(ANY_GROUP, _("all groups")), *Group.choices],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("“All groups” leaves out access to qualifications that attest a level: no rule may bar it."),
    )
    events = forms.MultipleChoiceField(label=_("Events"), choices=Event.choices, widget=forms.CheckboxSelectMultiple)
    effect = forms.ChoiceField(
        label=_("What follows"), choices=RuleVersion.EffectChoice.choices, widget=forms.RadioSelect
    )
    status = forms.ChoiceField(
        label=_("Whose checks it binds"),
        choices=[
            ("off", _("off until a body adopts it with its own document")),
            ("on", _("on for all: the law itself bars")),
        ],
        widget=forms.RadioSelect,
    )
    post = forms.ChoiceField(label=_("Only this post"), choices=[("", "—"), *Post.choices], required=False)
    note_zh = forms.CharField(label=_("Note in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    note_en = forms.CharField(label=_("Note in English"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if not RULE_CODE.fullmatch(code):
            raise forms.ValidationError(_("Capital letters, digits and hyphens, for example V-TEA-8."))
        return code


class BasisForm(forms.Form):
    basis = forms.ModelChoiceField(
        label=_("Legal basis"), queryset=LegalBasis.objects.all(), required=False, empty_label="—"
    )
    articles = forms.CharField(label=_("Articles"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].label_from_instance = (  # type: ignore[attr-defined]
            lambda basis: f"{basis.title}（{basis.get_level_display()}）"
        )


class ClauseForm(forms.Form):
    items = forms.CharField(
        label=_("Items"),
        required=False,
        help_text=_(
            "Codes of the catalogue, for example GEN-05 STU-03; STU-* writes out all adverse items of a domain."
        ),
    )
    severities = forms.MultipleChoiceField(
        label=_("Only of severity"), choices=Severity.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    least = forms.IntegerField(label=_("At least so many entries"), min_value=1, max_value=20, required=False)
    within_months = forms.IntegerField(
        label=_("Documents of the last months"), min_value=1, max_value=240, required=False,
        help_text=_("Empty: however old."),
    )  # fmt: skip
    term = forms.ChoiceField(
        label=_("Holds"),
        required=False,
        choices=[
            ("months", _("for so many months")),
            ("stated", _("for the term that the decision states")),
            ("sanction", _("during the sanction period")),
            ("listed", _("while the listing lasts")),
            ("life", _("without an end in law")),
        ],
    )
    term_months = forms.IntegerField(label=_("Months"), min_value=1, max_value=240, required=False)
    start = forms.ChoiceField(
        label=_("Counted from"),
        required=False,
        choices=[("document", _("the date of the document")), ("bar_start", _("the start that the entry states"))],
    )
    why_zh = forms.CharField(label=_("Why, in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    why_en = forms.CharField(label=_("Why, in English"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_items(self) -> list[str]:
        """Codes in the order of the catalogue. A domain is written out now: later items do not join a rule by themselves."""
        items: list[str] = []
        for word in re.split(r"[\s,，、;；]+", str(self.cleaned_data["items"]).strip().upper()):
            if word.endswith("-*"):
                found = Item.objects.current().filter(code__startswith=word[:-1], polarity="adverse", forbidden=False)
                codes = list(found.order_by("code").values_list("code", flat=True))
                if not codes:
                    raise forms.ValidationError(_("There is no domain %(word)s."), params={"word": word})
                items += codes
            elif word:
                items.append(word)
        return list(dict.fromkeys(items))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("items") and data.get("term") == "months" and not data.get("term_months"):
            self.add_error("term_months", _("Say for how many months."))
        return data

    def written(self, before: dict[str, Any] | None) -> dict[str, Any]:
        """As the data file writes it; what the form has no field for is kept from before."""
        data = self.cleaned_data
        raw = {
            **{
                key: value
                for key, value in (before or {}).items()
                if key in {"events", "term_min", "term_max", "then", "then_zh", "then_en"}
            },
            "items": data["items"],
            "term": f"P{data['term_months']}M" if data["term"] == "months" else data["term"],
            "from": data["start"] or "document",
            "why_zh": data["why_zh"],
            "why_en": data["why_en"],
        }
        if data["severities"]:
            raw["severities"] = data["severities"]
        if (data["least"] or 1) > 1:
            raw["least"] = data["least"]
        if data["within_months"]:
            raw["within"] = f"P{data['within_months']}M"
        return raw


BasisFormSet = forms.formset_factory(BasisForm, extra=1, max_num=6)
ClauseFormSet = forms.formset_factory(ClauseForm, extra=1, max_num=12)


class RuleSheet:
    """The three parts as one: bound to a request, or filled from a rule."""

    def __init__(self, data: Any = None, *, written: dict[str, Any] | None = None, fixed_code: bool = False) -> None:
        raw = written or {}
        self.before = raw
        self.head = RuleForm(data, initial={**raw, "status": raw.get("status", "off")})
        if fixed_code:
            self.head.fields["code"].widget = forms.HiddenInput()
        self.bases = BasisFormSet(
            data,
            prefix="bases",
            initial=[{"basis": basis["code"], "articles": basis.get("articles", "")} for basis in raw.get("bases", ())],
        )
        self.clauses = ClauseFormSet(
            data, prefix="clauses", initial=[_initial(clause) for clause in raw.get("clause", ())]
        )

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), self.bases.is_valid(), self.clauses.is_valid()])

    def written(self) -> dict[str, Any]:
        head = dict(self.head.cleaned_data)
        kept = {
            key: value
            for key, value in self.before.items()
            if key in {"match_occupation", "needs_outside_check", "outside_check_zh", "outside_check_en"}
        }
        post = {"post": head.pop("post")} if head["post"] else {}
        head.pop("post", None)
        earlier = self.before.get("clause", [])
        return {
            **kept,
            **head,
            **post,
            "mark": "D",
            "bases": [
                {"code": form.cleaned_data["basis"].code, "articles": form.cleaned_data["articles"]}
                for form in self.bases
                if form.cleaned_data.get("basis")
            ],
            "clause": [
                form.written(earlier[number] if number < len(earlier) else None)
                for number, form in enumerate(self.clauses)
                if form.cleaned_data.get("items")
            ],
        }


def _initial(clause: dict[str, Any]) -> dict[str, Any]:
    fixed = clause["term"] in {"life", "listed", "stated", "sanction"}
    return {
        "items": " ".join(clause["items"]),
        "severities": clause.get("severities", []),
        "least": clause.get("least"),
        "within_months": months(clause["within"]) if clause.get("within") else None,
        "term": clause["term"] if fixed else "months",
        "term_months": None if fixed else months(clause["term"]),
        "start": clause["from"],
        "why_zh": clause.get("why_zh", ""),
        "why_en": clause.get("why_en", ""),
    }


class RuleFileForm(forms.Form):
    """A rule as a file in the form of the shipped data: one `[[rule]]` with its `[[rule.clause]]`s."""

    file = forms.FileField(label=_("File"), help_text=_("TOML, one rule, as the shipped rules are written."))

    def clean_file(self) -> dict[str, Any]:
        upload = self.cleaned_data["file"]
        if upload.size > FILE_LIMIT:
            raise forms.ValidationError(_("The file is too large for one rule."))
        try:
            data = tomllib.loads(upload.read().decode("utf-8-sig"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise forms.ValidationError(
                _("The file is no TOML: %(error)s."), params={"error": str(error)[:120]}
            ) from None
        rules = data.get("rule", [data])
        if not isinstance(rules, list) or len(rules) != 1 or not isinstance(rules[0], dict):
            raise forms.ValidationError(_("The file must hold exactly one rule."))
        raw: dict[str, Any] = rules[0]
        if not isinstance(raw.get("code"), str) or not RULE_CODE.fullmatch(raw["code"]) or len(raw["code"]) > 30:
            raise forms.ValidationError(_("The rule has no code, for example V-TEA-8."))
        if not all(isinstance(raw.get(name), str) and raw[name].strip() for name in ("name_zh", "name_en")):
            raise forms.ValidationError(_("The rule has no name in Chinese and in English."))
        raw.setdefault("status", "off")
        return {"note_zh": "", "note_en": "", **raw, "mark": "D"}


class ProposeRuleForm(forms.Form):
    valid_from = forms.DateField(
        label=_("In force from"), widget=DayInput(), help_text=_("Today or later; a rule never works back.")
    )
    document = forms.CharField(
        label=_("Document"), max_length=250, help_text=_("By which the office decided it: body, number, date.")
    )


class ApproveRuleForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("I have read the rule and its rehearsal, compared it with the law, and approve it."),
        error_messages={"required": _("Tick the box if you have read and compared it.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


def whole(fault: Any) -> str:
    """`clause 2: …` in the reader's language."""
    place = str(fault.place)
    if place.startswith("clause "):
        place = gettext("clause %(n)s") % {"n": place.removeprefix("clause ")}
    return f"{place}: {fault}"
