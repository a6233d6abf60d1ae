"""The upload form, and the form in which a clerk says as what each column is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from archive.intake.problems import SENTENCES
from archive.intake.workbooks import letter


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            _(
                "A workbook (.xlsx, .xls, .ods) or a text table (.csv, .tsv), at most {limit} MB. Title rows above the column"
                " names are fine."
            ),
            limit=settings.UPLOAD_LIMIT_BYTES // (1024 * 1024),
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt"}),
        allow_empty_file=True,
    )


class ColumnsForm(forms.Form):
    """One drop-down a column. `titles`: field → its name; `required`: fields without which there is no row."""

    def __init__(
        self,
        *args: Any,
        headers: Sequence[str],
        shown: Sequence[int],
        titles: Mapping[str, str],
        required: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.titles, self.required_fields, self.shown = titles, required, shown
        mark = _("required")
        choices: list[tuple[str, Any]] = [("", _("not read"))]
        choices += [(name, f"{title} ({mark})" if name in required else title) for name, title in titles.items()]
        for position in shown:
            label = f"{letter(position)} {headers[position]}".strip()
            self.fields[self.name_of(position)] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "form-select", "aria-label": label}),
            )

    @staticmethod
    def name_of(position: int) -> str:
        return f"c{position}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        places: dict[str, list[int]] = {}
        for position in self.shown:
            if name := data.get(self.name_of(position)):
                places.setdefault(name, []).append(position)
        for name, positions in places.items():
            if len(positions) > 1:
                letters = ", ".join(letter(position) for position in positions)
                words = {"letters": letters, "field": self.titles[name]}
                self.add_error(self.name_of(positions[1]), str(SENTENCES["column_chosen_twice"]) % words)
        missing = [self.titles[name] for name in self.required_fields if name not in places]
        if missing:
            words = {"columns": "、".join(f"“{title}”" for title in missing)}
            self.add_error(None, str(SENTENCES["columns_missing"]) % words)
        return data

    @property
    def chosen(self) -> dict[int, str]:
        """Position → field of the columns that are read."""
        named = {position: self.cleaned_data.get(self.name_of(position)) for position in self.shown}
        return {position: name for position, name in named.items() if name}
