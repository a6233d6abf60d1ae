"""The rules a second time, slow and plain: an oracle for the engine. No SQL, nothing of `archive.vetoes`.

Written from DOMAIN 2.18 and 3.3, docs/adr/0008 and 0009 and the vocabulary of the data file, in which rules and clauses are read as
they stand there. Facts are plain values. Where the engine computes an end, the oracle walks over the days on which something could
change and asks of each whether the finding would still be there.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

DAY = dt.timedelta(days=1)
WEIGHT = ["NOTE", "REVIEW", "COND", "BLOCK"]
ANSWER = {"BLOCK": "veto", "COND": "condition", "REVIEW": "review", "NOTE": "note"}
Raw = dict[str, Any]
Said = tuple[str, int, int, str, dt.date | None, str]  # rule, clause, entry, effect, until, doubt


@dataclass
class Known:
    """What the archive knows of an entry. Ranges are (first day, first day after the last or None); None: no range."""

    entry: int
    item: str
    document: dt.date
    severity: str = ""
    sanction: int | None = None
    display: tuple[dt.date, dt.date | None] | None = None
    bar: tuple[dt.date, dt.date | None] | None = None
    barred: list[str] = field(default_factory=list)
    disputed: bool = False


def over(start: dt.date, term: str) -> dt.date:
    """The day after a term of years and months that begins on `start` (Civil Code 201 and 202)."""
    text, count = term.removeprefix("P"), 0
    for unit, size in (("Y", 12), ("M", 1)):
        if unit in text:
            number, text = text.split(unit)
            count += size * int(number)
    year, month = start.year, start.month
    for _ in range(count):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1])) + DAY


def within(span: tuple[dt.date, dt.date | None] | None, day: dt.date) -> bool:
    return span is not None and span[0] <= day and (span[1] is None or day < span[1])


def asked_for(rule: Raw, clause: Raw, group: str, event: str) -> bool:
    if event not in (clause.get("events") or rule["events"]):
        return False
    if group in rule["groups"]:
        return True
    attests_a_level = group in ("TAX", "APP", "SOC", "REA")
    return "*" in rule["groups"] and not (attests_a_level and event == "access" and not rule.get("match_occupation"))


def clock(known: Known, clause: Raw, day: dt.date) -> tuple[bool, str]:
    """(does the clause's clock run on `day`, what cannot be known about it)"""
    if day < known.document:
        return False, ""
    term, later = clause["term"], clause["from"] == "bar_start"
    if term == "life":
        return True, ""
    if term == "listed":
        return within(known.display, day), ""
    if term == "sanction":
        if known.sanction is None:
            return within(known.display, day), "term_not_stated"
        return day < over(known.document, f"P{known.sanction}M"), ""
    if term == "stated":
        return stated(known, clause, day, later=later)
    if not later:
        if day < over(known.document, term):
            return True, ""
        return bool(clause.get("then")), "after_term"
    if known.bar is None:  # it begins on the day of the document or later
        return (True, "") if day < over(known.document, term) else (True, "start_not_stated")
    return day < over(known.bar[0], term) or (known.bar[1] is not None and day < known.bar[1]), ""


def stated(known: Known, clause: Raw, day: dt.date, *, later: bool) -> tuple[bool, str]:
    longest = clause.get("term_max")
    start = known.bar[0] if known.bar else known.document
    if known.bar and known.bar[1]:
        # Where the term begins later than its document and the entry does not say when, its length is not known either.
        measured = bool(longest) and not (later and known.bar[0] == known.document)
        beyond = measured and day >= over(start, longest)  # type: ignore[arg-type]
        return within(known.bar, day), "beyond_law" if beyond else ""
    if not longest:
        return known.bar is not None or within(known.display, day), "term_not_stated"
    if day < over(start, longest):
        return True, "term_not_stated"
    return later and known.bar is None, "start_not_stated"


def found_alone(known: Known, rule: Raw, clause: Raw, ask: Raw, day: dt.date) -> str | None:
    """None: this entry alone is nothing to the clause on `day`. Else the doubt, "" where there is none."""
    if known.item not in clause["items"] or (clause.get("severities") and known.severity not in clause["severities"]):
        return None
    if clause.get("within") and day >= over(known.document, clause["within"]):
        return None
    runs, doubt = clock(known, clause, day)
    if not runs or (rule["effect"] != "BLOCK" and not within(known.display, day)):
        return None
    if rule.get("match_occupation") and ask["group"] not in known.barred:
        if known.barred:
            return None
        doubt = "occupation_not_stated"
    if rule.get("post") and rule["post"] != ask["post"]:
        if ask["post"]:
            return None
        doubt = "post_not_stated"
    if rule.get("needs_outside_check"):
        doubt = "outside_check"
    return "in_dispute" if known.disputed else doubt


def turning_days(known: Known, rule: Raw, clause: Raw) -> list[dt.date]:
    """All days on which something about the entry may change, but the end of a listing, which is an act and no date."""
    term, days = clause["term"], []
    if clause.get("within"):
        days.append(over(known.document, clause["within"]))
    if known.display and known.display[1] and rule["effect"] != "BLOCK" and term != "listed":
        days.append(known.display[1])
    if term == "sanction" and known.sanction is not None:
        days.append(over(known.document, f"P{known.sanction}M"))
    if term.startswith("P"):
        days += [over(start, term) for start in [known.document, *([known.bar[0]] if known.bar else [])]]
    if known.bar and known.bar[1] and (term == "stated" or term.startswith("P")):
        days.append(known.bar[1])
    return days


def end_alone(known: Known, rule: Raw, clause: Raw, ask: Raw) -> dt.date | None:
    """The first day after the question's on which the entry is nothing to the clause any more, or only what follows its term.

    None where that cannot be known: the longest term that the law allows is no end of a term that is not stated.
    """
    for day in sorted(turning_days(known, rule, clause)):
        if day > ask["day"] and (
            found_alone(known, rule, clause, ask, day) is None or is_after(known, clause, ask, day)
        ):
            return day
    return None


def is_after(known: Known, clause: Raw, ask: Raw, day: dt.date) -> bool:
    """On `day` the term itself is over, on the day of the question it was not."""
    return clock(known, clause, day)[1] == "after_term" != clock(known, clause, ask["day"])[1]


def clause_says(rule: Raw, number: int, facts: list[Known], ask: Raw) -> list[Said]:
    clause = rule["clause"][number]
    told = {known.entry: found_alone(known, rule, clause, ask, ask["day"]) for known in facts}
    hits = [known for known in facts if told[known.entry] is not None]
    doubt = {known.entry: str(told[known.entry]) for known in hits}
    ends = {known.entry: end_alone(known, rule, clause, ask) for known in hits}
    least = clause.get("least", 1)
    if len(hits) < least:
        return []
    if least > 1:
        sure = [known for known in hits if not doubt[known.entry]]
        open_ = [known for known in hits if doubt[known.entry] not in {"", "in_dispute"}]
        if len(sure) >= least:
            counted = sure
        elif len(sure) + len(open_) >= least:
            counted = sure + open_
            first = min(known.entry for known in open_)
            for known in sure:  # a number that rests on what is not known is not known
                doubt[known.entry] = doubt[first]
        else:
            counted = []
            doubt = dict.fromkeys(doubt, "in_dispute")
        if counted:
            together = None
            for day in sorted({end for known in counted if (end := ends[known.entry])}):
                if sum(ends[known.entry] is None or day < ends[known.entry] for known in counted) < least:  # type: ignore[operator]
                    together = day
                    break
            ends = dict.fromkeys(ends, together)
    said = []
    for known in hits:
        effect = rule["effect"]
        if doubt[known.entry] and effect in {"BLOCK", "COND"}:
            effect = "REVIEW"
        said.append((rule["code"], number, known.entry, effect, ends[known.entry], doubt[known.entry]))
    return said


def says(facts: list[Known], rules: list[Raw], ask: Raw) -> list[Said]:
    """All findings, strongest first, then by rule, clause and entry. `ask`: group, event, day, post."""
    said = [
        line
        for rule in rules
        for number, clause in enumerate(rule["clause"])
        if asked_for(rule, clause, ask["group"], ask["event"])
        for line in clause_says(rule, number, facts, ask)
    ]
    return sorted(said, key=lambda line: (WEIGHT.index(line[3]) * -1, line[:3]))


def answer(said: list[Said]) -> str:
    """The strongest that is not in dispute; a dispute is the answer where nothing else stands in the way."""
    settled = [line[3] for line in said if line[5] != "in_dispute"]
    for effect in ("BLOCK", "COND", "REVIEW"):
        if effect in settled:
            return ANSWER[effect]
    if len(settled) < len(said):
        return "in_dispute"
    return "note" if settled else "clear"
