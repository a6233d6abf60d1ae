"""The one-vote veto, decided without a database: facts and rules in, findings out.

A BLOCK runs on the clock that the law sets, also after the entry's display has ended (then it is answered without its story,
see docs/adr/0008). COND, REVIEW and NOTE look only at what is displayed on the day. What the archive cannot know (a term that the
decision did not state, the occupation that a court named) is never guessed: it becomes "needs a look".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from psycopg.types.range import DateRange

from archive.common.periods import after_months
from profiles.common.vocabulary import ANY_GROUP, Event, Group


class Effect(StrEnum):
    BLOCK = "BLOCK"  # law or administrative regulation
    COND = "COND"  # a ministry rule's condition, by the competent body
    REVIEW = "REVIEW"  # a committee decides
    NOTE = "NOTE"  # shown only


class Doubt(StrEnum):
    """Why a finding needs a look instead of a veto."""

    START_NOT_STATED = "start_not_stated"
    TERM_NOT_STATED = "term_not_stated"
    OCCUPATION_NOT_STATED = "occupation_not_stated"
    POST_NOT_STATED = "post_not_stated"
    OUTSIDE_CHECK = "outside_check"
    AFTER_TERM = "after_term"
    BEYOND_LAW = "beyond_law"
    IN_DISPUTE = "in_dispute"


STRENGTH = {Effect.BLOCK: 3, Effect.COND: 2, Effect.REVIEW: 1, Effect.NOTE: 0}
# 水平评价类: their certificate attests a level and is no condition of access (National Catalogue of 2021).
LEVEL_EVALUATION = frozenset({Group.TAX, Group.APP, Group.SOC, Group.REA})
_TERM = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?")


@dataclass(frozen=True, slots=True)
class Clause:
    """`least` facts must hold on the day; lighter ones never add up to a heavier one. `within`: a look-back, as `P3Y`."""

    items: frozenset[str]
    term: str
    start: str  # "document" or "bar_start"
    events: frozenset[str] | None = None
    term_max: str = ""
    then: str = ""
    severities: frozenset[str] = frozenset()  # none: any
    least: int = 1
    within: str = ""

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Self:
        """From the row of a data file, a draft or a stored version."""
        return cls(
            items=frozenset(raw["items"]),
            term=raw["term"],
            start=raw["from"],
            events=frozenset(raw["events"]) if raw.get("events") else None,
            term_max=raw.get("term_max", ""),
            then=raw.get("then", ""),
            severities=frozenset(raw.get("severities", ())),
            least=raw.get("least", 1),
            within=raw.get("within", ""),
        )

    def covers(self, fact: Fact, day: dt.date) -> bool:
        """Is it a fact of the kind that this clause speaks of, whatever the clocks say?"""
        return (
            fact.item_code in self.items
            and (not self.severities or fact.severity in self.severities)
            and (not self.within or day < self.looks_back_until(fact))
        )

    def looks_back_until(self, fact: Fact) -> dt.date:
        """The first day on which the fact is too long ago, of a clause that looks back."""
        return after_months(fact.document_date, months(self.within))


@dataclass(frozen=True, slots=True)
class Rule:
    id: int
    code: str
    groups: frozenset[str]
    events: frozenset[str]
    effect: Effect
    clauses: tuple[Clause, ...]
    post: str = ""
    match_occupation: bool = False
    needs_outside_check: bool = False

    def applies(self, clause: Clause, *, group: str, event: str) -> bool:
        return self._reaches(group, event) and event in (clause.events or self.events)

    def _reaches(self, group: str, event: str) -> bool:
        """“All groups” are all that may have such a rule: access to a level has none, unless a court named that occupation."""
        if ANY_GROUP not in self.groups or group in self.groups:
            return group in self.groups
        return self.match_occupation or event != Event.ACCESS or group not in LEVEL_EVALUATION


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the check index that is known at the moment of the check."""

    entry_id: int
    item_code: str
    document_date: dt.date
    sanction_months: int | None
    display: DateRange | None
    bar: DateRange | None
    bar_groups: tuple[str, ...]
    severity: str = ""
    disputed: bool = False

    def displayed_on(self, day: dt.date) -> bool:
        return self.display is not None and day in self.display


@dataclass(frozen=True, slots=True)
class Finding:
    """Rule × entry. `until` is the first day on which it no longer holds; None: no end known or in law."""

    rule_id: int
    rule_code: str
    clause: int
    entry_id: int
    effect: Effect
    until: dt.date | None
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class Question:
    """What a check asks."""

    group: str
    event: str
    day: dt.date
    post: str = ""


def months(term: str) -> int:
    """`P5Y` → 60, `P24M` → 24."""
    parts = _TERM.fullmatch(term)
    if not parts or not any(parts.groups()):
        raise ValueError(f"{term!r} is no term")
    return 12 * int(parts[1] or 0) + int(parts[2] or 0)


def that_apply(rules: Iterable[Rule], question: Question) -> list[Rule]:
    """Those with a clause for the question's group and event; the others can find nothing."""
    return [
        rule
        for rule in rules
        if any(rule.applies(clause, group=question.group, event=question.event) for clause in rule.clauses)
    ]


def findings(facts: Iterable[Fact], rules: Iterable[Rule], question: Question) -> list[Finding]:
    """All that the rules say about a person's facts, strongest first, then by rule and entry: always in the same order."""
    facts = list(facts)
    found = []
    for rule in rules:
        for index, clause in enumerate(rule.clauses):
            if rule.applies(clause, group=question.group, event=question.event):
                covered = (fact for fact in facts if clause.covers(fact, question.day))
                hits = [finding for fact in covered if (finding := _judge(fact, rule, index, clause, question))]
                found += hits if clause.least == 1 else _enough(hits, clause)
    return sorted(found, key=lambda item: (-STRENGTH[item.effect], item.rule_code, item.clause, item.entry_id))


def _enough(hits: list[Finding], clause: Clause) -> list[Finding]:
    """All or none of them: none where fewer than the law asks for hold. A fact in dispute is not counted, only shown.

    Together they hold until the first day on which too few are left. A number that is only reached with facts that need a look
    needs a look itself.
    """
    sure = [finding for finding in hits if finding.doubt is None]
    unsure = [finding for finding in hits if finding.doubt not in {None, Doubt.IN_DISPUTE}]
    if len(sure) >= clause.least:
        counted = sure
    elif len(sure) + len(unsure) >= clause.least:
        counted = sure + unsure
        doubt = min(unsure, key=lambda finding: finding.entry_id).doubt
        hits = [_only_shown(finding, doubt) if finding.doubt is None else finding for finding in hits]
    else:
        return [_only_shown(finding, Doubt.IN_DISPUTE) for finding in hits] if len(hits) >= clause.least else []
    ends = sorted((finding.until or dt.date.max for finding in counted), reverse=True)
    end = ends[clause.least - 1]
    return [replace(finding, until=None if end == dt.date.max else end) for finding in hits]


def _only_shown(finding: Finding, doubt: Doubt | None) -> Finding:
    return replace(finding, effect=_no_bar(finding.effect), doubt=doubt)


def _no_bar(effect: Effect) -> Effect:
    """Where a doubt is left, a person has to look."""
    return min(effect, Effect.REVIEW, key=STRENGTH.__getitem__)


def _judge(fact: Fact, rule: Rule, index: int, clause: Clause, question: Question) -> Finding | None:
    held = _holds(fact, clause, question.day)
    if held is None:
        return None
    until, doubt = held
    if rule.effect is not Effect.BLOCK and not fact.displayed_on(question.day):
        return None
    if rule.match_occupation and question.group not in fact.bar_groups:
        if fact.bar_groups:
            return None  # the court named other occupations
        doubt = Doubt.OCCUPATION_NOT_STATED
    if rule.post and rule.post != question.post:
        if question.post:
            return None
        doubt = Doubt.POST_NOT_STATED
    if rule.needs_outside_check:
        doubt = Doubt.OUTSIDE_CHECK
    if fact.disputed:
        doubt = Doubt.IN_DISPUTE  # no veto, no condition, whatever else is to be said
    effect = rule.effect if doubt is None else _no_bar(rule.effect)
    return Finding(rule.id, rule.code, index, fact.entry_id, effect, _end(until, fact, rule, clause), doubt)


def _end(until: dt.date | None, fact: Fact, rule: Rule, clause: Clause) -> dt.date | None:
    """The first day on which the clock, the look-back or the display it needs is over. A listing ends by an act, on no date."""
    ends = [until]
    if clause.within:
        ends.append(clause.looks_back_until(fact))
    if rule.effect is not Effect.BLOCK and clause.term != "listed" and fact.display is not None:
        ends.append(fact.display.upper)
    return min((end for end in ends if end is not None), default=None)


def _holds(fact: Fact, clause: Clause, day: dt.date) -> tuple[dt.date | None, Doubt | None] | None:
    """None: the clause does not hold on `day`. Otherwise (end or None, doubt or None)."""
    if day < fact.document_date:
        return None
    if clause.term == "listed":
        return (None, None) if fact.displayed_on(day) else None
    if clause.term == "stated":
        return _holds_as_stated(fact, clause, day)
    if clause.term == "sanction":
        if fact.sanction_months is None:
            return (None, Doubt.TERM_NOT_STATED) if fact.displayed_on(day) else None
        end = after_months(fact.document_date, fact.sanction_months)
        return (end, None) if day < end else None
    if clause.term == "life":
        return None, None
    if clause.start == "bar_start":
        return _holds_from_bar_start(fact, clause, day)
    end = after_months(fact.document_date, months(clause.term))
    if day < end:
        return end, None
    return (None, Doubt.AFTER_TERM) if clause.then else None


def _holds_from_bar_start(fact: Fact, clause: Clause, day: dt.date) -> tuple[dt.date | None, Doubt | None] | None:
    """A term counted from a later day (the end of a sentence) bars until it is over, so also before that day."""
    end = after_months(_bar_start(fact), months(clause.term))
    if fact.bar is None:
        # The term cannot start before its document, so it runs at least so long; only its last day is unknown.
        return None, None if day < end else Doubt.START_NOT_STATED
    if fact.bar.upper is not None:
        end = max(end, fact.bar.upper)  # a ban that the decision states outlasts the term
    return (end, None) if day < end else None


def _holds_as_stated(fact: Fact, clause: Clause, day: dt.date) -> tuple[dt.date | None, Doubt | None] | None:
    latest = after_months(_bar_start(fact), months(clause.term_max)) if clause.term_max else None
    if fact.bar is not None and fact.bar.upper is not None:
        if day not in fact.bar:
            return None
        counted = clause.start == "document" or fact.bar.lower != fact.document_date
        beyond = latest is not None and counted and day >= latest
        return fact.bar.upper, Doubt.BEYOND_LAW if beyond else None
    if latest is not None:
        if day < latest:
            return None, Doubt.TERM_NOT_STATED
        # A ban that begins after a sentence of unknown length may not even have begun.
        return (None, Doubt.START_NOT_STATED) if clause.start == "bar_start" and fact.bar is None else None
    # A bar that the entry states without an end may be for life: the end of its display tells nothing.
    return (None, Doubt.TERM_NOT_STATED) if fact.bar is not None or fact.displayed_on(day) else None


def _bar_start(fact: Fact) -> dt.date:
    """The start that the entry states, else the earliest possible one: the day of the document."""
    return fact.bar.lower if fact.bar is not None and fact.bar.lower is not None else fact.document_date


class Outcome(StrEnum):
    """What a check answers about one person; kept apart, never merged."""

    CLEAR = "clear"
    NOTE = "note"
    REVIEW = "review"
    CONDITION = "condition"
    VETO = "veto"
    IN_DISPUTE = "in_dispute"
    NOT_FOUND = "not_found"
    NAME_MISMATCH = "name_mismatch"
    UNAUTHORISED = "unauthorised"
    UNREADABLE = "unreadable"


BY_EFFECT = {
    Effect.BLOCK: Outcome.VETO,
    Effect.COND: Outcome.CONDITION,
    Effect.REVIEW: Outcome.REVIEW,
    Effect.NOTE: Outcome.NOTE,
}


def outcome(found: list[Finding]) -> Outcome:
    """The strongest finding decides. What is in dispute decides nothing; where nothing else stands in the way, it is the answer."""
    settled = [finding for finding in found if finding.doubt is not Doubt.IN_DISPUTE]
    decided = BY_EFFECT[settled[0].effect] if settled else Outcome.CLEAR
    if len(settled) < len(found) and decided in {Outcome.CLEAR, Outcome.NOTE}:
        return Outcome.IN_DISPUTE
    return decided
