"""What waits for an account: one list of tiles for each role."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import Item
from archive.common import calendar
from archive.intake.models import Batch
from archive.oversight.duty import asked_now
from archive.oversight.figures import silent_bodies
from archive.oversight.models import LawChange
from archive.records.models import Dispute, Entry, Revocation
from archive.reports.models import ReaderNotice
from archive.vetoes.models import (
    Answer,
    Check,
    Contest,
    RecallTask,
    RuleAdoption,
    RuleDraft,
    RuleVersion,
    Watch,
    WatchAlert,
)
from profiles.accounts.models import Account
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent, TrailPending
from profiles.organisations.models import Organisation
from profiles.people.models import IdentityChange, PersonMerge


@dataclass(frozen=True)
class Tile:
    url: str
    count: int
    label: Any
    text: Any = ""
    tone: str = ""
    symbol: str = ""  # beside the text: something is late


def tiles(account: Account, day: dt.date) -> list[tuple[Any, list[Tile]]]:
    """(role, its tiles) for every role that has something to wait for."""
    makers = {
        Role.CLERK: _clerk,
        Role.APPROVER: _approver,
        Role.EXAMINER: _examiner,
        Role.CREDIT_OFFICER: _credit_officer,
        Role.AUDITOR: _auditor,
        Role.SYSTEM_ADMIN: _system_admin,
        Role.SECURITY_ADMIN: _security_admin,
        Role.EDITOR: _editor,
    }
    return [(role.label, makers[role](account, day)) for role in Role if role in account.roles and role in makers]


def _clerk(account: Account, day: dt.date) -> list[Tile]:
    batches = Batch.objects.visible_to(account).filter(kind=Batch.Kind.ENTRIES)
    counts = batches.aggregate(
        ready=Count("pk", filter=Q(state=Batch.State.READY)),
        columns=Count("pk", filter=Q(state=Batch.State.COLUMNS)),
        working=Count("pk", filter=Q(state__in=Batch.OPEN)),
    )
    entries = Entry.objects.visible_to(account)
    listing, files = reverse("records:entries"), reverse("records:batches")
    return [
        *_statement(account, day),
        Tile(f"{files}?state=ready", counts["ready"], _("Files to decide"), _("rehearsed, waiting for you"), "urgent"),
        Tile(
            f"{files}?state=columns",
            counts["columns"],
            _("Files with open columns"),
            _("say how they are read"),
            "urgent",
        ),
        Tile(files, counts["working"], _("Files being worked on")),
        Tile(
            f"{listing}?phase=unserved",
            entries.unserved().count(),
            _("Notices to serve"),
            _("on paper, to persons without an account"),
            "urgent",
        ),
        Tile(f"{listing}?phase=hearing", entries.in_hearing(day).count(), _("In the hearing window")),
        *_disputes(account, _("marked; put right what is wrong")),
        *_revocations(account, day),
    ]


def _statement(account: Account, day: dt.date) -> list[Tile]:
    """The yearly statement that the own body owes, with the working days that are left; nothing once it is signed."""
    if account.organisation is None:
        return []
    owed = asked_now(account.organisation, day=day)
    if owed is None:
        return []
    values = {"year": owed.year, "due": date_format(owed.due)}
    if owed.is_overdue:
        label = _("Overdue: yearly statement %(year)s") % values
        text = _("working days since it was due, %(due)s") % values
    else:
        label = _("Yearly statement %(year)s") % values
        text = _("working days left until %(due)s") % values
    if owed.reminder is not None:
        reminded = _("the credit office has reminded you")
        text = f"{text} · {reminded}"
    return [
        Tile(
            reverse("oversight:statement", args=[owed.year]),
            abs(owed.days_left),
            label,
            text,
            "urgent" if owed.is_overdue else "",
            "alert-triangle" if owed.is_overdue else "",
        )
    ]


def _approver(account: Account, day: dt.date) -> list[Tile]:
    entries = Entry.objects.visible_to(account)
    listing = reverse("records:entries")
    to_approve = entries.to_approve(day).exclude(drafted_by=account)
    return [
        *([] if Role.CLERK in account.roles else _statement(account, day)),
        Tile(
            f"{listing}?phase=approve",
            to_approve.count(),
            _("Entries to decide"),
            _("notice served, hearing window over"),
            "urgent",
        ),
        Tile(
            f"{listing}?phase=approve",
            to_approve.filter(answers__isnull=False, answers__read_at=None).distinct().count(),
            _("Statements to read"),
            _("no approval without it"),
            "urgent",
        ),
        Tile(f"{listing}?phase=hearing", entries.in_hearing(day).count(), _("In the hearing window")),
        *_disputes(account, _("a second person settles them")),
        *_revocations(account, day),
        _identity(account),
    ]


def _disputes(account: Account, text: Any) -> list[Tile]:
    """Nothing to say where nothing is in dispute."""
    count = Dispute.objects.visible_to(account).open().count()
    return [Tile(reverse("records:disputes"), count, _("Objections"), text, "urgent")] if count else []


def _revocations(account: Account, day: dt.date) -> list[Tile]:
    """Nothing to say where nothing waits."""
    waiting = Revocation.objects.visible_to(account).open()
    told = waiting.aggregate(count=Count("pk"), late=Count("pk", filter=Q(deadline__lt=day)), next_day=Min("deadline"))
    count, late, next_day = told["count"], told["late"], told["next_day"]
    if not count:
        return []
    text = (
        _("%(count)s overdue") % {"count": late}
        if late
        else _("to be carried out by %(day)s") % {"day": date_format(next_day)}
    )
    url = reverse("records:revocations")
    return [Tile(url, count, _("Revoked decisions"), text, "urgent", "alert-triangle" if late else "")]


def _identity(account: Account) -> Tile:
    waiting = [
        proposals.visible_to(account).waiting().exclude(proposed_by=account).count()
        for proposals in (IdentityChange.objects, PersonMerge.objects)
    ]
    return Tile(
        reverse("records:identity"),
        sum(waiting),
        _("Names and numbers"),
        _("proposed, a second person decides"),
        "urgent",
    )


def _examiner(account: Account, day: dt.date) -> list[Tile]:
    undecided = Answer.objects.visible_to(account).undecided()
    checks = Check.objects.visible_to(account)
    changed = ReaderNotice.objects.visible_to(account).unseen().aggregate(count=Count("person", distinct=True))["count"]
    return [
        Tile(
            reverse("vetoes:checks"),
            undecided.count(),
            _("Answers to decide"),
            _("the machine proposes, you decide"),
            "urgent",
        ),
        *_said(account),
        *_contests(account, day),
        Tile(
            reverse("vetoes:checks"),
            checks.filter(batch__state=Batch.State.READY).count(),
            _("Lists to confirm"),
            "",
            "urgent",
        ),
        *(
            [
                Tile(
                    f"{reverse('reports:changed')}?seen=no",
                    changed,
                    _("Changed since you read it"),
                    _("persons: an entry that a check showed was changed"),
                    "urgent",
                    "refresh-alert",
                )
            ]
            if changed
            else []
        ),
        *_recalls(account, day),
        *_watches(account, day),
        Tile(reverse("vetoes:checks"), checks.filter(asked_at__date=day).count(), _("Checks today")),
    ]


def _recalls(account: Account, day: dt.date) -> list[Tile]:
    """Nothing to say where nothing waits."""
    told = (
        RecallTask.objects.visible_to(account)
        .open()
        .aggregate(count=Count("pk"), late=Count("pk", filter=Q(deadline__lt=day)), next_day=Min("deadline"))
    )
    if not told["count"]:
        return []
    text = (
        _("%(count)s overdue") % {"count": told["late"]}
        if told["late"]
        else _("to be done by %(day)s") % {"day": date_format(told["next_day"])}
    )
    url = f"{reverse('vetoes:recalls')}?state=open"
    return [
        Tile(
            url, told["count"], _("Answers to look at again"), text, "urgent", "alert-triangle" if told["late"] else ""
        )
    ]


def _watches(account: Account, day: dt.date) -> list[Tile]:
    alerts = WatchAlert.objects.visible_to(account).unseen().count()
    soon = Watch.objects.visible_to(account).ending_soon(day).count()
    tiles = []
    if alerts:
        url = f"{reverse('vetoes:watch_alerts')}?seen=no"
        tiles.append(Tile(url, alerts, _("Alerts of continuous checks"), _("the answer has changed"), "urgent"))
    if soon:
        url = f"{reverse('vetoes:watches')}?soon=yes"
        tiles.append(Tile(url, soon, _("Continuous checks that end soon"), _("renew them by one act")))
    return tiles


def _said(account: Account) -> list[Tile]:
    """What persons said to a proposed decision and nobody has read."""
    open_answers = Answer.objects.visible_to(account).undecided()
    said = open_answers.filter(proposal__statements__isnull=False, proposal__statements__read_at=None)
    count = said.distinct().count()
    if not count:
        return []
    return [
        Tile(reverse("vetoes:checks"), count, _("Statements to read"), _("no decision without it"), "urgent", "message")
    ]


def _contests(account: Account, day: dt.date) -> list[Tile]:
    """Contested decisions that another examiner took; nothing to say where nothing waits."""
    waiting = Contest.objects.visible_to(account).open().exclude(decider=account)
    told = waiting.aggregate(
        count=Count("pk"), late=Count("pk", filter=Q(review_until__lt=day)), until=Min("review_until")
    )
    if not told["count"]:
        return []
    text = (
        _("%(count)s overdue") % {"count": told["late"]}
        if told["late"]
        else _("to be reviewed by %(day)s") % {"day": date_format(told["until"])}
    )
    url = f"{reverse('vetoes:contests')}?open=yes"
    return [
        Tile(url, told["count"], _("Contested decisions"), text, "urgent", "alert-triangle" if told["late"] else "")
    ]


def _credit_officer(account: Account, day: dt.date) -> list[Tile]:
    items = Item.objects.current()
    catalogue = reverse("catalogue:items")
    last_year = day.year - 1
    found = [
        Tile(
            reverse("oversight:changes") + "?state=proposed",
            LawChange.objects.to_approve(account).count(),
            _("Changes of law to approve"),
            _("a second person decides"),
            "urgent",
        ),
        Tile(
            f"{reverse('oversight:bodies')}?year={last_year}&standing=silent",
            silent_bodies(last_year).count(),
            _("Silent bodies %(year)s") % {"year": last_year},
            _("no entry and no statement"),
            "urgent",
        ),
        Tile(catalogue, items.count(), _("Catalogue items in force")),
        Tile(
            f"{catalogue}?mark=K",
            items.filter(mark="K").count(),
            _("Items to be verified"),
            _("not confirmed in a statute"),
            "urgent",
        ),
        Tile(
            f"{reverse('vetoes:rules')}?status=off",
            RuleVersion.objects.current().filter(status="off").count(),
            _("Rules off by default"),
        ),
        Tile(
            f"{reverse('vetoes:rules')}?status=off",
            RuleAdoption.objects.filter(valid_to=None, approved_at__isnull=False).count(),
            _("Rules adopted by bodies"),
        ),
        Tile(
            f"{reverse('vetoes:adoptions')}?waiting=yes",
            RuleAdoption.objects.waiting().exclude(proposed_by=account).count(),
            _("Adoptions to approve"),
            _("a body attached its document"),
        ),
        Tile(
            f"{reverse('vetoes:drafts')}?state=proposed",
            RuleDraft.objects.waiting().exclude(drafted_by=account).count(),
            _("Rules to approve"),
            _("drafted and rehearsed by another officer"),
        ),
        _identity(account),
    ]
    missing = calendar.missing_year(day)
    if missing is not None:
        found.insert(
            0,
            Tile(
                reverse("desk:calendar"),
                missing,
                _("Working days are missing"),
                _("until the notice is entered, its deadlines count Monday to Friday"),
                "urgent",
            ),
        )
    return found


def _auditor(account: Account, day: dt.date) -> list[Tile]:
    events = AuditEvent.objects.visible_to(account)
    return [
        Tile(reverse("audit:trail"), events.filter(at__date=day).count(), _("Events today")),
        Tile(
            f"{reverse('audit:trail')}?verb=account.sign_in_failed",
            events.filter(at__date=day, verb="account.sign_in_failed").count(),
            _("Failed sign-ins today"),
            "",
            "urgent",
        ),
        Tile(
            f"{reverse('audit:trail')}?verb=person.identity_revealed",
            events.filter(at__date=day, verb="person.identity_revealed").count(),
            _("Numbers revealed today"),
            "",
            "urgent",
        ),
        Tile(reverse("audit:trail"), TrailPending.objects.count(), _("Waiting for the seal")),
    ]


def _system_admin(account: Account, day: dt.date) -> list[Tile]:
    return [
        Tile(reverse("organisations:list"), Organisation.objects.visible_to(account).count(), _("Bodies")),
        Tile(
            reverse("staff:list"),
            Account.objects.visible_to(account).employed_on(day).count(),
            _("Staff accounts in use"),
        ),
        Tile(
            reverse("staff:list"),
            Batch.objects.left_behind().count(),
            _("Files without a worker"),
            _("is a worker running?"),
            "urgent",
        ),
    ]


def _security_admin(account: Account, day: dt.date) -> list[Tile]:
    accounts = Account.objects.visible_to(account).employed_on(day)
    return [
        Tile(
            reverse("staff:list"),
            accounts.exclude(role_grants__revoked_at=None, role_grants__isnull=False).distinct().count(),
            _("Accounts without a role"),
            _("waiting for you"),
            "urgent",
        ),
        Tile(reverse("staff:list"), accounts.filter(last_login=None).count(), _("Never signed in")),
    ]


def _editor(account: Account, day: dt.date) -> list[Tile]:
    from wagtail.models import Page

    return [
        Tile(reverse("wagtailadmin_home"), Page.objects.filter(depth__gt=1).count(), _("Pages")),
        Tile(
            reverse("wagtailadmin_home"),
            Page.objects.filter(depth__gt=1, has_unpublished_changes=True).count(),
            _("Drafts"),
            _("changed, not published"),
            "urgent",
        ),
    ]
