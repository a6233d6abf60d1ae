"""An organisation's serious breach on the person responsible for it: only where a document names that person (Shenzhen credit
regulation, 68). Pure decisions, no database."""

from __future__ import annotations

from dataclasses import dataclass

from profiles.common import uscc


@dataclass(frozen=True)
class Breach:
    """As typed. `named_at` is the page or paragraph of the document that names the person as responsible."""

    organisation: str
    code: str
    named_at: str


def breach_faults(breach: Breach, *, has_document: bool) -> dict[str, str]:
    """Field of the form → code of what is wrong, as far as it can be told without the item."""
    faults = {}
    if not breach.organisation.strip():
        faults["subject_organisation"] = "organisation_empty"
    if not uscc.is_valid(uscc.normalise(breach.code)):
        faults["subject_uscc"] = "uscc"
    if not breach.named_at.strip():
        faults["named_at"] = "named_at_empty"
    if not has_document:
        faults["file"] = "no_document"
    return faults


def severity_fault(*, severity: str, polarity: str) -> str | None:
    """Only what is serious passes from an organisation to a person."""
    return None if severity == "serious" and polarity == "adverse" else "not_serious"
