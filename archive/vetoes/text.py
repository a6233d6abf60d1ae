"""Clauses, doubts and terms in plain words, for screens and slips."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Severity
from archive.vetoes.rules import Doubt, months
from profiles.common.bilingual import language_suffix

DOUBTS: dict[str, Any] = {
    Doubt.START_NOT_STATED: _("The entry does not state from when the term runs. Look into the decision."),
    Doubt.TERM_NOT_STATED: _("The entry does not state the term that the decision set. Look into the decision."),
    Doubt.OCCUPATION_NOT_STATED: _(
        "The entry does not state which occupations the court named. Look into the judgment."
    ),
    Doubt.POST_NOT_STATED: _("The rule bars only certain posts. See whether this is one."),
    Doubt.OUTSIDE_CHECK: _("This may not be answered from the archive alone."),
    Doubt.BEYOND_LAW: _("The entry states a longer term than the law allows. Look into the decision."),
    Doubt.IN_DISPUTE: _(
        "The entry is in dispute. It decides nothing until the objection is settled; ask the body that reported it."
    ),
    Doubt.AFTER_TERM: _("The fixed term is over; sources differ on what follows. A person has to look."),
}


def why(clause: dict[str, Any]) -> str:
    return str(clause.get(f"why_{language_suffix()}", ""))


def doubt(code: str, rule: Any) -> str:
    text = str(DOUBTS[Doubt(code)])
    return f"{text} {rule.outside_check}" if code == Doubt.OUTSIDE_CHECK else text


def term(clause: dict[str, Any]) -> str:
    """`5 years from the document`, `for life`, …, and what else the clause asks for."""
    asked = [_term(clause)]
    if clause.get("severities"):
        labels = dict(Severity.choices)
        asked.append(
            gettext("only of severity: %(labels)s")
            % {"labels": gettext(", ").join(str(labels[code]) for code in clause["severities"])}
        )
    if clause.get("least", 1) > 1:
        asked.append(gettext("at least %(n)s entries together") % {"n": clause["least"]})
    if clause.get("within"):
        asked.append(gettext("documents of the last %(length)s") % {"length": _months(months(clause["within"]))})
    return gettext("; ").join(asked)


def _term(clause: dict[str, Any]) -> str:
    fixed = {
        "life": gettext("without an end in law"),
        "listed": gettext("while the listing lasts"),
        "sanction": gettext("during the sanction period"),
    }
    if clause["term"] in fixed:
        return fixed[clause["term"]]
    start = (
        gettext("from the date of the document")
        if clause["from"] == "document"
        else gettext("from the start that the entry states")
    )
    if clause["term"] == "stated":
        return gettext("for the term that the decision states")
    return gettext("%(length)s %(start)s") % {"length": _months(months(clause["term"])), "start": start}


def _months(count: int) -> str:
    if count % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", count // 12) % {"n": count // 12}
    return ngettext("%(n)s month", "%(n)s months", count) % {"n": count}
