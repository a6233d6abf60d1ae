"""What pages about entries ask for."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from archive.records.models import Entry

register = template.Library()
MANY = 1_000


@register.simple_tag(takes_context=True)
def next_to_decide(context: template.Context, entry: Entry) -> dict[str, Any]:
    """`next`: the entry that waits for the reader after this one, or None; `number` of those that wait, counted to a thousand."""
    account = context["request"].user
    waiting = Entry.objects.visible_to(account).to_decide(approver_id=account.pk, day=timezone.localdate())
    number = waiting.exclude(pk=entry.pk).order_by()[: MANY + 1].count()
    return {
        "next": waiting.next_after(entry) if number else None,
        "number": min(number, MANY),
        "capped": number > MANY,
    }
