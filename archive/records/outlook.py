"""What carrying out a file will do, told before anybody confirms it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from archive.records.intake import PlannedRow
from profiles.accounts.models import Account


def outlook(planned: Iterable[PlannedRow]) -> dict[str, Any]:
    """`items`: [[code, count], …], most first; numbers of new and known people; notices `in_account`, `on_paper`, `none`."""
    items: Counter[str] = Counter()
    new: set[str] = set()
    known: dict[int, int] = {}  # person → adverse facts
    adverse = positive = warned = 0
    for row in planned:
        if not row.decision.ok:
            continue
        item, person = row.decision.item, row.decision.person
        items[item.code] += 1
        warned += bool(row.warnings)
        is_adverse = item.polarity == "adverse"
        adverse += is_adverse
        positive += not is_adverse
        if person is None:
            new.add(row.values["identity_number"].number)
        else:
            known[person.id] = known.get(person.id, 0) + is_adverse
    reached = Account.objects.filter(person_id__in=known).values_list("person_id", flat=True)
    in_account = sum(known[person_id] for person_id in set(reached) if person_id is not None)
    return {
        "items": [[code, count] for code, count in items.most_common()],
        "new_people": len(new),
        "known_people": len(known),
        "warned": warned,
        "in_account": in_account,
        "on_paper": adverse - in_account,
        "none": positive,
    }
