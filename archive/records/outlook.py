"""What carrying out a file will do, told before anybody confirms it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from archive.catalogue.models import Polarity
from archive.records.models import Entry
from profiles.accounts.models import Account


def outlook(*, batch_id: int, new_people: int, warned: int) -> dict[str, Any]:
    """Asked inside the rehearsal's transaction, while its entries are there.

    `items`: [[code, count], …], most first; numbers of new and known people; notices `in_account`, `on_paper`, `none`.
    """
    entries = Entry.objects.filter(batch_id=batch_id).order_by()
    items = entries.values_list("item_code").annotate(facts=Count("pk")).order_by("-facts", "item_code")
    people = entries.aggregate(count=Count("person_id", distinct=True))["count"]
    adverse = entries.filter(polarity=Polarity.ADVERSE)
    in_account = adverse.filter(person_id__in=Account.objects.exclude(person_id=None).values("person_id")).count()
    return {
        "items": [[code, facts] for code, facts in items],
        "new_people": new_people,
        "known_people": people - new_people,
        "warned": warned,
        "in_account": in_account,
        "on_paper": adverse.count() - in_account,
        "none": entries.exclude(polarity=Polarity.ADVERSE).count(),
    }
