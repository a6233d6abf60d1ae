"""Who of an answered check can be watched, and the lines of the watch table for them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from archive.access.actions import entitlement
from archive.access.models import Authorisation
from archive.vetoes.models import Answer, Check, Outcome, Watch, WatchOrder
from profiles.common import ciphers, codes
from profiles.common.copying import parted
from profiles.people.models import Membership

STEP = 10_000
UNANSWERED = (Outcome.NOT_FOUND, Outcome.NAME_MISMATCH, Outcome.UNAUTHORISED, Outcome.UNREADABLE)
COLUMNS = (
    "identity_index",
    "code",
    "person_id",
    "answer_id",
    "authorisation_id",
    "membership_bound",
    "valid_until",
)


@dataclass
class Eligible:
    """`by_key`: answer id → (person id, outcome) of those who can be watched. `left_out`: reason → number of others."""

    by_key: dict[int, tuple[int, str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    authorisations: dict[int, Authorisation] = field(default_factory=dict)

    @property
    def answers(self) -> list[int]:
        return list(self.by_key)

    @property
    def people(self) -> list[int]:
        return [person_id for person_id, _outcome in self.by_key.values()]


def eligible(asked: Check, *, answer: Answer | None, day: dt.date) -> Eligible:
    """Of one answer or a whole check. A few queries for each ten thousand persons; raises ActionRefused without competence."""
    competence = entitlement(organisation=asked.organisation, group=asked.group, event=asked.event, day=day)
    found, seen = Eligible(), set()
    why = WatchOrder.LeftOut
    rows = Answer.objects.filter(pk=answer.pk) if answer is not None else Answer.objects.filter(check_asked=asked)
    candidates: dict[int, tuple[int, str]] = {}
    for key, person_id, outcome in rows.order_by("row").values_list("pk", "person_id", "outcome"):
        if person_id is None or outcome in UNANSWERED:
            found.left_out[why.NOT_ANSWERED.value] += 1
        elif person_id in seen:
            found.left_out[why.LISTED_TWICE.value] += 1
        else:
            seen.add(person_id)
            candidates[key] = (person_id, outcome)
    for part in parted(candidates.items(), STEP):
        people = [person_id for _key, (person_id, _outcome) in part]
        watched = set(
            Watch.objects.about(people)
            .holding_on(day)
            .filter(organisation_id=asked.organisation_id, group=asked.group, event=asked.event, post=asked.post)
            .values_list("person_id", flat=True)
        )
        authorised = _standing(asked, people, day) if competence.needs_authorisation else {}
        found.authorisations.update(authorised)
        for key, (person_id, outcome) in part:
            if person_id in watched:
                found.left_out[why.WATCHED_ALREADY.value] += 1
            elif competence.needs_authorisation and person_id not in authorised:
                found.left_out[why.NO_STANDING_AUTHORISATION.value] += 1
            else:
                found.by_key[key] = (person_id, outcome)
    return found


def _standing(asked: Check, people: list[int], day: dt.date) -> dict[int, Authorisation]:
    """An authorisation for one query lets nobody look again and again."""
    alive = Authorisation.objects.for_check(
        organisation=asked.organisation,
        group=asked.group,
        event=asked.event,
        person_ids=people,
        day=day,
        moment=timezone.now(),
    )
    return {person_id: row for person_id, row in alive.items() if not row.once}


def lines(asked: Check, keys: list[int], found: Eligible, *, valid_until: dt.date) -> list[tuple[Any, ...]]:
    """Lines in the order of `COLUMNS`. A watch ends with the authorisation it rests on."""
    numbers = {row.pk: row.number for row in Answer.objects.filter(pk__in=keys).only("pk", "number")}
    people = [found.by_key[key][0] for key in keys]
    members = set(
        Membership.objects.current_on(timezone.localdate())
        .filter(person_id__in=people, group=asked.group)
        .values_list("person_id", flat=True)
    )
    result = []
    for key, person_id in zip(keys, people, strict=True):
        authorisation = found.authorisations.get(person_id)
        result.append(
            (
                ciphers.blind_index(numbers[key]),
                codes.watch_code(),
                person_id,
                key,
                authorisation.pk if authorisation else None,
                person_id in members,
                min(valid_until, authorisation.valid_until) if authorisation else valid_until,
            )
        )
    return result
