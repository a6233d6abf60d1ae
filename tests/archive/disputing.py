"""Objections as they come in on paper, and the two persons of the body who deal with them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from archive.models import Dispute, Entry
from archive.records import actions as records
from archive.records.actions import Objection
from profiles.accounts.permissions import Role
from profiles.models import Account
from tests import factories as f

TEXT = "当天本人不在考场，请求核对监控记录。"
REASON = "已核对考场监控和签到表，认定无误。"


def clerk_of(entry: Entry) -> Account:
    return f.AccountFactory(organisation=entry.organisation, holds=[Role.CLERK])


def approver_of(entry: Entry) -> Account:
    return f.AccountFactory(organisation=entry.organisation, holds=[Role.APPROVER])


def objection(**changed: Any) -> Objection:
    values: dict[str, Any] = {
        "channel": Dispute.Channel.PAPER,
        "received_number": "示收〔2026〕7号",
        "received_on": timezone.localdate(),
        "text": TEXT,
    }
    return Objection(**{**values, **changed})


def dispute(entry: Entry, *, by: Account | None = None, **changed: Any) -> Dispute:
    return records.mark_disputed(entry=entry, objection=objection(**changed), by=by or clerk_of(entry))


def settle(of: Dispute, outcome: str = "rejected", *, by: Account | None = None, reason: str = REASON) -> Dispute:
    return records.settle_dispute(dispute=of, outcome=outcome, reason=reason, by=by or approver_of(of.entry))
