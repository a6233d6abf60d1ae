"""What will happen if a proposed approval is confirmed: counted in the database, so that it costs the same for ten or 100,000."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item, Severity
from archive.records.actions import AT_ONCE
from archive.records.models import ApprovalLine, BulkApproval, Entry
from profiles.accounts.models import Account

# Code of `rules.may_approve`, or "other" where the approval itself refused → (why the entry stays, what helps).
STAYS = {
    "unread": (_("The person has made a statement that nobody has read"), _("Read it, then approve.")),
    "window": (_("The person may still answer"), _("They can be approved after the hearing window.")),
    "not_served": (_("The notice has not been served"), _("The clerk records the service; the window runs from then.")),
    "own_draft": (_("You drafted them yourself"), _("A second person of your body approves them.")),
    "other": (
        _("Something of their own stands against it"),
        _("Open the entry and approve it alone; the reason is told there."),
    ),
    "decided": (_("They were decided meanwhile"), _("Nothing is to be done.")),
}


@dataclass(frozen=True)
class Group:
    """Entries of one item, kind and severity that take effect."""

    item: Item
    kind: Any  # what is proposed, where it changes or ends a record; "" for a first entry
    severity: Any
    number: int
    first_end: dt.date | None  # the day after the last day of display
    last_end: dt.date | None
    open_end: int  # how many are shown until their cause ends
    hidden: int  # how many are not displayed


@dataclass(frozen=True)
class Stay:
    code: str
    title: Any
    remedy: Any
    number: int
    url: str
    from_day: dt.date | None = None
    last_day: dt.date | None = None


@dataclass
class Plan:
    ready: int
    stays: list[Stay]
    groups: list[Group]
    persons: int = 0
    by_account: int = 0
    by_mail: int = 0
    rows: list[Entry] = field(default_factory=list)

    @property
    def by_paper(self) -> int:
        return self.persons - self.by_account


def plan_of(approval: BulkApproval, *, approver: Account, day: dt.date) -> Plan:
    """`rows` only where they are few enough to be read one by one."""
    entries = Entry.objects.filter(pk__in=approval.lines.values("entry_id")).with_refusal(
        approver_id=approver.pk, day=day
    )
    counted = entries.values("refusal").annotate(
        number=Count("pk"), from_day=Min("approvable_from"), last_day=Max("approvable_from")
    )
    found = {row["refusal"]: row for row in counted.order_by()}
    plan = Plan(
        ready=found.get("", {"number": 0})["number"],
        stays=[
            Stay(
                code, *STAYS[code], number=found[code]["number"], url=_link(approval, code, approver),
                from_day=found[code]["from_day"], last_day=found[code]["last_day"],
            )
            for code in STAYS if code in found
        ],
        groups=[],
    )  # fmt: skip
    ready = entries.filter(refusal="")
    if plan.ready:
        plan.groups = _groups(ready)
        told = _told(ready)
        plan.persons, plan.by_account, plan.by_mail = told["persons"], told["by_account"], told["by_mail"]
    if approval.rows_total <= AT_ONCE:
        plan.rows = list(entries.with_details().order_by("refusal", "pk"))
    return plan


def _groups(ready: QuerySet[Entry]) -> list[Group]:
    rows = list(
        ready.order_by()
        .values("item", "kind", "severity")
        .annotate(
            number=Count("pk"),
            first_end=Min("display__endswith"),
            last_end=Max("display__endswith"),
            open_end=Count("pk", filter=Q(display__upper_inf=True)),
            hidden=Count("pk", filter=Q(display=None)),
        )
    )
    items = Item.objects.in_bulk({row["item"] for row in rows})
    labels, kinds = dict(Severity.choices), {**dict(Entry.Kind.choices), Entry.Kind.INITIAL: ""}
    groups = [
        Group(
            item=items[row["item"]], kind=kinds[row["kind"]], severity=labels.get(row["severity"], ""), number=row["number"],
            first_end=row["first_end"], last_end=row["last_end"], open_end=row["open_end"], hidden=row["hidden"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(groups, key=lambda group: (-group.number, group.item.code))


def _told(ready: QuerySet[Entry]) -> dict[str, int]:
    """Persons, not entries: how many read it in their account, how many of those by e-mail too."""
    account = Account.objects.filter(person=OuterRef("person"))
    return ready.annotate(
        has_account=Exists(account), has_mail=Exists(account.exclude(email=""))
    ).aggregate(
        persons=Count("person", distinct=True),
        by_account=Count("person", distinct=True, filter=Q(has_account=True)),
        by_mail=Count("person", distinct=True, filter=Q(has_mail=True)),
    )  # fmt: skip


def _link(approval: BulkApproval, code: str, approver: Account) -> str:
    """The list of those that stay; "" where a filter cannot tell them."""
    condition = {
        "unread": {"statement": "unread", "phase": "approve"},
        "window": {"phase": "hearing"},
        "not_served": {"phase": "unserved"},
        "own_draft": {"drafted_by": approver.username},
    }.get(code)
    if condition is None or not approval.query:
        return ""
    query = QueryDict(approval.query, mutable=True)
    for name, value in condition.items():
        query[name] = value
    return f"{reverse('records:entries')}?{query.urlencode()}"


def stayed(approval: BulkApproval) -> list[tuple[Any, Any, int]]:
    """(why, what helps, how many) of what an approval that was carried out left as it was."""
    counts = Counter(
        dict(
            approval.lines.filter(outcome=ApprovalLine.Outcome.STAYS)
            .order_by()
            .values_list("reason")
            .annotate(Count("pk"))
        )
    )
    return [(*STAYS[code], counts[code]) for code in STAYS if counts[code]]
