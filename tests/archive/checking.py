"""A licensing body, its examiner, and entries in force, made by the product's own acts."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from archive.catalogue.periods import clocks, terms_of
from archive.evidence import actions as evidence
from archive.models import Decision, Entry, Item, Proposal, RuleVersion
from archive.records import actions as records
from archive.vetoes import actions as vetoes
from profiles.accounts.permissions import Role
from profiles.common.permissions import System
from profiles.common.vocabulary import Event, Group
from profiles.models import Account, Organisation
from tests import factories as f
from tests.archive import papers

MATTER = "示教资〔2026〕18号"
REASONS = "已核对认定文书原件，禁止期限未满。"


def examiner(*, group: str = Group.TEA, event: str = Event.ACCESS, needs_authorisation: bool = False) -> Account:
    """An examiner whose body may check `group` for `event`."""
    body = f.OrganisationFactory(licensing=True)
    f.CompetenceFactory(
        organisation=body, check=True, group=group, event=event, needs_authorisation=needs_authorisation
    )
    return f.AccountFactory(organisation=body, holds=[Role.EXAMINER])


def months_ago(count: int) -> dt.date:
    """The 15th of a month, so that no month is too short."""
    today = timezone.localdate()
    years, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return dt.date(years, month + 1, 15)


def on_file(
    person: Any,
    item: str,
    *,
    document: dt.date | None = None,
    severity: str = "",
    sanction_months: int | None = None,
    bar: tuple[dt.date | None, dt.date | None] = (None, None),
    bar_groups: tuple[str, ...] = (),
    approved: bool = True,
    **stated: Any,
) -> Entry:
    """An entry with the clocks of its item, put in force by a second person."""
    version = Item.objects.current().get(code=item)
    document = document or months_ago(6)
    spans = clocks(
        version,
        severity=severity or version.severity,
        document_date=document,
        sanction_months=sanction_months,
        bar_from=bar[0],
        bar_until=bar[1],
        terms=terms_of("national"),
    )
    entry = f.EntryFactory(
        notified=True,
        record=f.RecordFactory(person=person),
        item=version,
        severity=severity or version.severity,
        act_date=document - dt.timedelta(days=10),
        document_date=document,
        sanction_months=sanction_months,
        bar_groups=list(bar_groups),
        display=spans.display,
        retention=spans.retention,
        bar=spans.bar,
        repair_from=spans.repair_from,
        **stated,
    )
    if approved:
        approver = f.AccountFactory(organisation=entry.organisation, holds=[Role.APPROVER])
        records.approve(entries=[entry], by=approver)
        entry.refresh_from_db()
    return entry


def check(person: Any, by: Account, **changed: Any) -> Any:
    values: dict[str, Any] = {
        "name": person.name,
        "number": person.identities.first().number,
        "group": Group.TEA,
        "event": Event.ACCESS,
        "matter_number": MATTER,
    }
    return vetoes.check_person(**{**values, **changed}, by=by)


def adopt(code: str, body: Organisation, **changed: Any) -> Any:
    """The body's own document makes a rule hold that is off by default."""
    values: dict[str, Any] = {
        "document_number": "示教规〔2026〕1号",
        "document_date": dt.date(2026, 1, 5),
        "valid_from": dt.date(2026, 1, 10),
        "document": paper(),
        "by": f.AccountFactory(organisation=body, holds=[Role.EXAMINER]),
    }
    rule = RuleVersion.objects.current().get(code=code)
    officer = changed.pop("officer", None) or f.AccountFactory(holds=[Role.CREDIT_OFFICER])
    adoption = vetoes.propose_adoption(rule=rule, organisation=body, **{**values, **changed})
    return vetoes.approve_adoption(adoption=adoption, by=officer)


@functools.cache
def paper() -> evidence.Examined:
    """A body's document, looked at and cleaned once: that takes a process of its own."""
    return evidence.examine(upload=SimpleUploadedFile("rule.pdf", papers.pdf()), by=System("test"))


def heard(answer: Any, by: Account, reasons: str = REASONS) -> Proposal:
    """Proposed, told, and the person has let its days pass."""
    proposal = vetoes.propose(answer=answer, reasons=reasons, by=by)
    today = timezone.localdate()
    Proposal.objects.filter(pk=proposal.pk).update(served_on=today - dt.timedelta(days=9), decidable_from=today)
    return Proposal.objects.get(pk=proposal.pk)


def confirmed(answer: Any, by: Account, reasons: str = REASONS) -> Decision:
    """A veto on its whole road: proposed, heard, confirmed."""
    heard(answer, by)
    return vetoes.decide(answer=answer, kind=Decision.Kind.CONFIRMED, reasons=reasons, by=by)
