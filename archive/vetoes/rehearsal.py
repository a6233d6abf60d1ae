"""What a draft would do: run on the archive and on past checks, counted, small counts suppressed. Reads only.

Nobody is looked up for a decision and no name or number is read; what is kept are counts from five upwards (FEATURES 77, 87).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.utils import timezone

from archive.vetoes.models import Check, RuleVersion
from archive.vetoes.rules import STRENGTH, Effect, Fact, Question, Rule, findings
from profiles.common.copying import parted
from profiles.common.vocabulary import ANY_GROUP

SMALLEST = 5  # a count below tells about single persons
LOOK_BACK = relativedelta(years=3)
STEP = 5_000

# Each person's facts together; groups are the memberships of today.
ON_FILE = """
    SELECT fact.person_id, fact.entry_id, fact.item_code, fact.document_date, fact.sanction_months, fact.display, fact.bar,
        fact.bar_groups, fact.severity, fact.disputed
    FROM check_fact fact
    WHERE fact.known_until IS NULL AND fact.polarity = 'adverse' AND fact.item_code = ANY(%(items)s)
    ORDER BY fact.person_id, fact.entry_id
"""
GROUPS = """
    SELECT DISTINCT membership.person_id, membership."group" FROM profiles_membership membership
    WHERE membership.person_id = ANY(%(people)s) AND (membership.left_on IS NULL OR membership.left_on > %(day)s)
"""
# What a check saw then of those that it answered about, by the numbers that found them then.
AT_A_CHECK = """
    SELECT answer.id, fact.entry_id, fact.item_code, fact.document_date, fact.sanction_months, fact.display, fact.bar,
        fact.bar_groups, fact.severity, fact.disputed
    FROM archive_answer answer
    JOIN profiles_identitydocument document ON document.person_id = answer.person_id AND document.added_at <= %(moment)s
        AND (document.retired_at IS NULL OR document.retired_at > %(moment)s)
    JOIN check_fact fact ON fact.identity_index = document.index
    WHERE answer.check_asked_id = %(check)s AND answer.same_as_row IS NULL
        AND answer.outcome NOT IN ('not_found', 'name_mismatch', 'unauthorised', 'unreadable')
        AND fact.polarity = 'adverse' AND fact.item_code = ANY(%(items)s)
        AND fact.known_from <= %(moment)s AND (fact.known_until IS NULL OR fact.known_until > %(moment)s)
    ORDER BY answer.id
"""

Beat = Callable[[int, int], object]


def rehearse(draft: Rule, in_force: RuleVersion | None, *, beat: Beat = lambda done, total: None) -> dict[str, Any]:
    """Counts of both runs, ready to be kept and shown; `in_force` is what the draft would replace."""
    old = in_force.compiled() if in_force is not None else None
    checks = past_checks(draft, old)
    people = _people(items_of(draft, old))
    beat(0, people + len(checks))
    archive = _on_archive(draft, old, beat=lambda done: beat(done, people + len(checks)))
    past = _on_checks(draft, old, checks, beat=lambda done: beat(people + done, people + len(checks)))
    return {"archive": archive, "checks": past}


def items_of(*rules: Rule | None) -> list[str]:
    return sorted({code for rule in rules if rule for clause in rule.clauses for code in clause.items})


def suppressed(count: int) -> int | None:
    """None stands for “fewer than five”; nothing is nothing."""
    return count if count == 0 or count >= SMALLEST else None


def _people(items: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT person_id) FROM check_fact"
            " WHERE known_until IS NULL AND polarity = 'adverse' AND item_code = ANY(%s)",
            [items],
        )
        return int(cursor.fetchone()[0])


def _on_archive(draft: Rule, old: Rule | None, *, beat: Callable[[int], object]) -> dict[str, Any]:
    """Persons whom the rule would hit if they were asked about today, for any of its events, in a group that they belong to."""
    day = timezone.localdate()
    tally = _Tally()
    done = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(ON_FILE, {"items": items_of(draft, old)})
        for part in parted(_by_key(cursor), STEP):
            groups = _groups([person_id for person_id, _facts in part], day)
            for person_id, facts in part:
                asked = _groups_to_ask(groups.get(person_id, set()), draft, old)
                tally.add(_hits(draft, facts, asked, day), _hits(old, facts, asked, day), facts)
            done += len(part)
            beat(done)
    return tally.told()


def _groups_to_ask(own: set[str], *rules: Rule | None) -> set[str]:
    """Memberships that the rules speak of; whoever is in none is asked about in the groups that the rules name, shown apart."""
    named = {group for rule in rules if rule for group in rule.groups}
    return own if ANY_GROUP in named else own & named


def _hits(rule: Rule | None, facts: list[Fact], groups: Iterable[str], day: dt.date) -> dict[str, list[Any]]:
    """Group → findings of the rule for the strongest of its events."""
    if rule is None:
        return {}
    events = {*rule.events, *(event for clause in rule.clauses for event in clause.events or ())}
    found: dict[str, list[Any]] = {}
    for group in groups:
        for event in events:
            hits = findings(facts, [rule], Question(group, event, day, rule.post))
            if hits and (group not in found or STRENGTH[hits[0].effect] > STRENGTH[found[group][0].effect]):
                found[group] = hits
    return found


class _Tally:
    """Counts persons, never names them."""

    def __init__(self) -> None:
        self.hit: Counter[str] = Counter()  # effect → persons
        self.by_group: Counter[str] = Counter()
        self.by_item: Counter[str] = Counter()
        self.by_year: Counter[str] = Counter()
        self.change: Counter[str] = Counter()  # newly, no_longer, both
        self.people = 0

    def add(self, new: dict[str, list[Any]], old: dict[str, list[Any]], facts: list[Fact]) -> None:
        self.people += 1
        if new:
            strongest = max((hits[0].effect for hits in new.values()), key=lambda effect: STRENGTH[effect])
            self.hit[strongest.value] += 1
            self.by_group.update(new.keys())
            entries = {finding.entry_id for hits in new.values() for finding in hits}
            told = [fact for fact in facts if fact.entry_id in entries]
            self.by_item.update({fact.item_code for fact in told})
            self.by_year.update({str(fact.document_date.year) for fact in told})
        if new or old:
            self.change["both" if new and old else "newly" if new else "no_longer"] += 1

    def told(self) -> dict[str, Any]:
        return {
            "people": suppressed(self.people),
            "hit": suppressed(sum(self.hit.values())),
            "by_effect": _told(self.hit),
            "by_group": _told(self.by_group),
            "by_item": _told(self.by_item),
            "by_year": _told(self.by_year),
            "change": {key: suppressed(self.change[key]) for key in ("newly", "no_longer", "both")},
        }


def _told(counts: Counter[str]) -> list[list[Any]]:
    """[key, count or None], sorted by key: the order must not tell what a suppressed count was."""
    return [[key, suppressed(count)] for key, count in sorted(counts.items())]


def past_checks(draft: Rule, old: Rule | None) -> list[Check]:
    """Answered checks of three years, for groups and events of which the rules speak."""
    rules = [rule for rule in (draft, old) if rule]
    events = {event for rule in rules for event in (*rule.events, *(e for c in rule.clauses for e in c.events or ()))}
    asked = Check.objects.filter(
        known_at__isnull=False, asked_at__gte=timezone.now() - LOOK_BACK, event__in=sorted(events)
    )
    groups = {group for rule in rules for group in rule.groups}
    if ANY_GROUP not in groups:
        asked = asked.filter(group__in=sorted(groups))
    return list(asked.order_by("pk"))


def _on_checks(draft: Rule, old: Rule | None, checks: list[Check], *, beat: Callable[[int], object]) -> dict[str, Any]:
    """Answers that would have been hit by the draft, with what was known when they were given."""
    items = items_of(draft, old)
    change: Counter[str] = Counter()
    by_event: Counter[str] = Counter()
    by_year: Counter[str] = Counter()
    blocked = asked = 0
    for done, check in enumerate(checks, 1):
        asked += sum(check.counts.values())
        assert check.day is not None
        question = Question(check.group, check.event, check.day, check.post)
        with connection.chunked_cursor() as cursor:
            cursor.execute(AT_A_CHECK, {"check": check.pk, "moment": check.known_at, "items": items})
            for _answer_id, facts in _by_key(cursor):
                new = findings(facts, [draft], question)
                was = findings(facts, [old], question) if old else []
                if new:
                    by_event[check.event] += 1
                    by_year[str(check.day.year)] += 1
                    blocked += new[0].effect is Effect.BLOCK
                if new or was:
                    change["both" if new and was else "newly" if new else "no_longer"] += 1
        beat(done)
    return {
        "checks": len(checks),
        "answers": suppressed(asked),
        "hit": suppressed(by_event.total()),
        "blocked": suppressed(blocked),
        "by_event": _told(by_event),
        "by_year": _told(by_year),
        "change": {key: suppressed(change[key]) for key in ("newly", "no_longer", "both")},
    }


def _groups(person_ids: list[int], day: dt.date) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, {"people": person_ids, "day": day})
        for person_id, group in cursor.fetchall():
            found.setdefault(person_id, set()).add(group)
    return found


def _by_key(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[Fact]]]:
    """Consecutive rows with the same first column, as one. An entry that several numbers find is one fact."""
    key: int | None = None
    facts: dict[int, Fact] = {}
    for row_key, entry_id, item, document, sanction, display, bar, bar_groups, severity, disputed in rows:
        if row_key != key:
            if key is not None:
                yield key, list(facts.values())
            key, facts = row_key, {}
        facts[entry_id] = Fact(entry_id, item, document, sanction, display, bar, tuple(bar_groups), severity, disputed)
    if key is not None:
        yield key, list(facts.values())
