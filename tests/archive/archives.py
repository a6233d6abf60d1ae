"""Random archives, rules and questions for the engine and its oracle: the same for a seed, and close to each other in time."""

from __future__ import annotations

import copy
import datetime as dt
import random
from typing import Any

from psycopg.types.range import DateRange

from archive.vetoes.rules import Clause, Effect, Fact, Question, Rule, findings, outcome
from tests.archive import oracle
from tests.archive.oracle import Known, Raw, Said

ITEMS = ["X-1", "X-2", "X-3"]
SEVERITIES = ["minor", "general", "serious"]
TERMS = ["life", "listed", "stated", "sanction", "P6M", "P1Y", "P1Y6M", "P5Y"]
GROUPS, EVENTS, POSTS = ["TEA", "LAW"], ["access", "title"], ["", "partner", "drug_business"]
FIRST = dt.date(2019, 12, 30)


def some_day(choose: random.Random, reach: int = 2200) -> dt.date:
    """Often an end of a month: there terms differ."""
    day = FIRST + dt.timedelta(days=choose.randrange(reach))
    return choose.choice([day, day, dt.date(day.year, day.month, 1) - dt.timedelta(days=1)])


def span(choose: random.Random, start: dt.date) -> tuple[dt.date, dt.date | None] | None:
    kind = choose.randrange(6)
    if kind == 0:
        return None
    first = start if kind < 4 else start + dt.timedelta(days=choose.randrange(900))
    if kind in {1, 4}:
        return first, None
    return first, first + dt.timedelta(days=choose.choice([1, 30, 365, 731, 1827, 3653]))


def some_fact(choose: random.Random, entry: int, items: list[str]) -> Known:
    document = some_day(choose)
    return Known(
        entry=entry,
        item=choose.choice(items),
        document=document,
        severity=choose.choice(["", *SEVERITIES]),
        sanction=choose.choice([None, 0, 6, 12, 24]),
        display=span(choose, document),
        bar=span(choose, document),
        barred=choose.choice([[], ["TEA"], ["LAW"], ["LAW", "TEA"]]),
        disputed=choose.random() < 0.2,
    )


def some_clause(choose: random.Random) -> Raw:
    clause: Raw = {
        "items": choose.sample(ITEMS, choose.randrange(2, 4)),
        "term": choose.choice(TERMS),
        "from": choose.choice(["document", "bar_start"]),
    }
    if choose.random() < 0.2:
        clause["events"] = choose.sample(EVENTS, 1)
    if choose.random() < 0.5:
        clause["term_max"] = choose.choice(["P1Y", "P3Y", "P5Y"])
    if choose.random() < 0.2:
        clause["then"] = "REVIEW"
    if choose.random() < 0.2:
        clause["severities"] = choose.sample(SEVERITIES, choose.randrange(1, 3))
    if choose.random() < 0.4:
        clause["least"] = choose.choice([1, 2, 2, 3])
    if choose.random() < 0.2:
        clause["within"] = choose.choice(["P1Y", "P30M", "P5Y"])
    return clause


def some_rule(choose: random.Random, number: int) -> Raw:
    return {
        "id": number,
        "code": f"V-{number}",
        "groups": choose.choice([["TEA"], ["*"], ["*"], ["TEA", "LAW"]]),
        "events": choose.choice([["access"], EVENTS, EVENTS]),
        "effect": choose.choice(oracle.WEIGHT),
        "post": choose.choice(["", "", "", "partner"]),
        "match_occupation": choose.random() < 0.2,
        "needs_outside_check": choose.random() < 0.1,
        "clause": [some_clause(choose) for _ in range(choose.randrange(1, 4))],
    }


def some_question(
    choose: random.Random, facts: list[Known], rules: list[Raw], groups: list[str], events: list[str]
) -> Raw:
    """Half of the days lie beside a day on which something changes."""
    day = max(known.document for known in facts) + dt.timedelta(days=choose.randrange(700))
    turns = [
        turn
        for known in facts
        for rule in rules
        for clause in rule["clause"]
        for turn in [known.document, *oracle.turning_days(known, rule, clause)]
    ]
    if turns and choose.random() < 0.6:
        day = choose.choice(turns) + dt.timedelta(days=choose.choice([-1, 0, 0, 1]))
    return {"group": choose.choice(groups), "event": choose.choice(events), "day": day, "post": choose.choice(POSTS)}


def compiled(raw: Raw) -> Rule:
    return Rule(
        id=raw["id"],
        code=raw["code"],
        groups=frozenset(raw["groups"]),
        events=frozenset(raw["events"]),
        effect=Effect(raw["effect"]),
        clauses=tuple(Clause.read(clause) for clause in raw["clause"]),
        post=raw.get("post", ""),
        match_occupation=raw.get("match_occupation", False),
        needs_outside_check=raw.get("needs_outside_check", False),
    )


def as_fact(known: Known) -> Fact:
    return Fact(
        entry_id=known.entry,
        item_code=known.item,
        document_date=known.document,
        sanction_months=known.sanction,
        display=known.display and DateRange(*known.display),
        bar=known.bar and DateRange(*known.bar),
        bar_groups=tuple(known.barred),
        severity=known.severity,
        disputed=known.disputed,
    )


def engine_says(facts: list[Known], rules: list[Raw], ask: Raw) -> tuple[list[Said], str]:
    question = Question(ask["group"], ask["event"], ask["day"], ask["post"])
    found = findings([as_fact(known) for known in facts], [compiled(rule) for rule in rules], question)
    said = [
        (x.rule_code, x.clause, x.entry_id, x.effect.value, x.until, x.doubt.value if x.doubt else "") for x in found
    ]
    return said, outcome(found).value


def agree(facts: list[Known], rules: list[Raw], ask: Raw) -> list[Said]:
    """Engine and oracle say the same, in the same order. Returns what they say; AssertionError with what differs and of whom."""
    said = oracle.says(facts, rules, ask)
    found, answered = engine_says(facts, rules, ask)
    if found != said:
        differs = [line for line in said + found if line not in said or line not in found]
        entries = {line[2] for line in differs}
        clauses = [(rule, rule["clause"][line[1]]) for line in differs[:1] for rule in rules if rule["code"] == line[0]]
        raise AssertionError((ask, differs or (said, found), [x for x in facts if x.entry in entries], clauses))
    assert answered == oracle.answer(said), (ask, said)
    return said


def random_case(seed: int) -> tuple[list[Known], list[Raw], Raw]:
    choose = random.Random(seed)
    rules = [some_rule(choose, number) for number in range(choose.randrange(1, 4))]
    facts = [some_fact(choose, entry, [*ITEMS, "X-9"]) for entry in choose.sample(range(1, 20), choose.randrange(2, 7))]
    return facts, rules, some_question(choose, facts, rules, GROUPS, EVENTS)


def shipped_case(seed: int, shipped: list[Raw]) -> tuple[list[Known], list[Raw], Raw]:
    """All shipped rules that reach the group of one of them, on the items that they name."""
    choose = random.Random(seed)
    aimed = choose.choice(shipped)
    group = choose.choice(aimed["groups"])
    group = "TEA" if group == "*" else group
    rules = [copy.copy(rule) for rule in shipped if group in rule["groups"] or "*" in rule["groups"]]
    items = sorted({code for clause in aimed["clause"] for code in clause["items"]})
    facts = [some_fact(choose, entry, items) for entry in range(1, choose.randrange(2, 5))]
    return facts, rules, some_question(choose, facts, rules, [group], aimed["events"])


def as_rule(raw: dict[str, Any], number: int) -> Raw:
    """A row of the data file."""
    return {**raw, "id": number}
