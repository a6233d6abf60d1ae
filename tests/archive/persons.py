"""Two bodies' staff and the acts by which names, numbers and archives are brought together, as the product does them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.common import identity
from profiles.models import Account, IdentityChange, Person, PersonMerge
from profiles.people import actions as people
from tests import factories as f

DOCUMENT = {"document_number": "示公户〔2026〕1号", "document_date": dt.date(2026, 3, 2)}
REASON = "已核对户口簿和旧身份证。"


def officer() -> Account:
    return f.AccountFactory(holds=[Role.CREDIT_OFFICER])


def join(one: Person, other: Person) -> PersonMerge:
    """By two officers of the credit office."""
    merge = people.propose_merge(kept=one, merged=other, reason=REASON, by=officer(), **DOCUMENT)
    return records.carry_out_merge(merge=merge, by=officer())


def part(merge: PersonMerge) -> PersonMerge:
    return records.undo_merge(merge=merge, reason="核对后确认是两个人。", by=officer())


def rename(person: Person, name: str, *, day: dt.date = DOCUMENT["document_date"]) -> IdentityChange:  # type: ignore[assignment]
    change = people.propose_name(
        person=person, name=name, document_number="示公户〔2026〕3号", document_date=day, reason=REASON, by=officer()
    )
    return records.carry_out_change(change=change, by=officer())


def add_number(person: Person, number: str) -> IdentityChange:
    change = people.propose_number(
        person=person,
        number=number,
        kind=identity.DocumentKind.RESIDENT_ID,
        birth_date=person.birth_date,
        reason=REASON,
        by=officer(),
    )
    return records.carry_out_change(change=change, by=officer())


def correct_number(person: Person, number: str) -> IdentityChange:
    change = people.propose_correction(
        wrong=person.main_identity,
        number=number,
        kind=identity.DocumentKind.RESIDENT_ID,
        reason=REASON,
        by=officer(),
    )
    return records.carry_out_change(change=change, by=officer())


def number_of(person: Any) -> str:
    return str(person.identities.live().get().number)
