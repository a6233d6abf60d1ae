"""Bodies, entries and changes of law for tests of oversight."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from archive.models import Entry, Item, LawChange
from archive.oversight import actions, impact
from archive.records.check_index import enter_index
from profiles.accounts.permissions import Role
from profiles.common.permissions import System
from tests import factories as f

WORKER = System("test")
LAST_YEAR = timezone.localdate().year - 1


def noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def body(**fields: Any) -> Any:
    """A school that may report about students."""
    school = f.OrganisationFactory(**fields)
    f.CompetenceFactory(organisation=school)
    return school


def clerk_of(school: Any, role: Role = Role.CLERK) -> Any:
    return f.AccountFactory(organisation=school, holds=[role])


def officer() -> Any:
    return f.AccountFactory(holds=[Role.CREDIT_OFFICER])


def entry(school: Any, document: dt.date, drafted: dt.date | None = None, **traits: Any) -> Entry:
    """Drafted on `drafted` about a document of the day `document`."""
    made: Entry = f.EntryFactory(
        record=f.RecordFactory(organisation=school),
        act_date=document,
        document_date=document,
        drafted_at=noon(drafted or document),
        **traits,
    )
    return made


def item(**fields: Any) -> Item:
    made: Item = f.ItemFactory(**fields)
    return made


def in_force(under: Item, *, school: Any | None = None, act_date: dt.date | None = None) -> Entry:
    """An entry in force and in the check index."""
    made: Entry = f.EntryFactory(
        in_force=True,
        record=f.RecordFactory(organisation=school or f.OrganisationFactory()),
        item=under,
        act_date=act_date or timezone.localdate() - dt.timedelta(days=60),
    )
    enter_index([made], known_from=timezone.now())
    return made


def propose(*, by: Any | None = None, **fields: Any) -> LawChange:
    today = timezone.localdate()
    values: dict[str, Any] = {
        "basis": None,
        "article": "",
        "item_code": "",
        "from_date": today,
        "works_back": True,
        "document_number": "示发〔2026〕9号",
        "document_date": today,
        "document_body": "示例市人大常委会",
        "reason": "该规定已经废止，依其所作的记录不再保留。",
    }
    return actions.propose(**{**values, **fields}, by=by or officer())


def approve(change: LawChange, *, by: Any | None = None) -> LawChange:
    return actions.approve(change=change, seen=impact.fingerprint(impact.plan(change)), by=by or officer())


def carried_out(**fields: Any) -> LawChange:
    change = approve(propose(**fields))
    actions.carry_out(change_id=change.pk, by=WORKER)
    change.refresh_from_db()
    return change
