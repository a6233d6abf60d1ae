"""Persons that a body has watched, made by the product's own acts, and the worker that reads the feed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from archive.models import Entry, Watch, WatchAlert, WatchOrder
from archive.records.actions.effect import end_entries
from archive.vetoes import actions as vetoes
from profiles.accounts.permissions import Role
from profiles.common.permissions import System
from profiles.models import Account
from tests import factories as f
from tests.archive.checking import MATTER, check

WORKER = System("worker")
DAY = dt.timedelta(days=1)
R = Entry.EndReason


def in_a_year() -> dt.date:
    return timezone.localdate() + 300 * DAY


def watched(person: Any, by: Account, **changed: Any) -> Watch:
    """Checked and enrolled; what the feed said until then has been read."""
    until = changed.pop("until", in_a_year())
    order = vetoes.watch_answer(answer=check(person, by, **changed), valid_until=until, matter_number=MATTER, by=by)
    read()
    return watch_of(order)


def watch_of(order: WatchOrder) -> Watch:
    return Watch.objects.get(order_id=order.pk)


def read() -> None:
    vetoes.follow_watches(by=WORKER)


def alerts_of(watch: Watch) -> list[WatchAlert]:
    """Oldest first, after the worker has read the feed."""
    read()
    return list(WatchAlert.objects.of(watch).order_by("pk").select_related("answer", "before"))


def told(watch: Watch) -> list[tuple[str, str, str]]:
    """(cause, outcome before, outcome now) of each alert, oldest first."""
    return [(alert.cause, alert.before.outcome, alert.answer.outcome) for alert in alerts_of(watch)]


def end(*entries: Entry, reason: Entry.EndReason = R.VOIDED) -> None:
    by = f.AccountFactory(organisation=entries[0].organisation, holds=[Role.APPROVER])
    end_entries(entries=list(entries), reason=reason, at=timezone.now(), ended_by=by, by=by)
