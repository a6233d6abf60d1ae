"""Kinds of record: what is asked for each. Forms and template workbooks are cut from the one sheet by them. No database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

ALWAYS = ("name", "identity_number", "unit", "item", "act_date", "document_number", "document_date", "document_body")


@dataclass(frozen=True)
class RecordKind:
    """`more` are the fields of `EntrySheet` beside those that every kind has; files with other columns are read all the same."""

    code: str
    label: Any
    text: Any
    more: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return (*ALWAYS, *self.more)


KINDS = {
    kind.code: kind
    for kind in (
        RecordKind(
            "discipline",
            _("Disciplinary sanction"),
            _(
                "Cheating, academic fraud, forged job papers and the like, for which a school or employer set a sanction period."
            ),
            ("severity", "sanction_months", "facts"),
        ),
        RecordKind(
            "decision",
            _("Penalty, judgment or other decision"),
            _("Administrative penalties, judgments, bans, loan default, lists; with the bar that the decision states."),
            ("severity", "bar_from", "bar_until", "bar_groups", "facts"),
        ),
        RecordKind(
            "honour",
            _("Honour, volunteering, donation"),
            _("Positive facts. They need no hearing, and the person may opt out of them."),
            ("facts",),
        ),
    )
}


def kind_of(item: Any) -> RecordKind:
    """The kind under which an item (a version of it) is recorded."""
    if item.polarity == "positive":
        return KINDS["honour"]
    return KINDS["discipline" if item.display == "sanction" else "decision"]
