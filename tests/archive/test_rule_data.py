"""The shipped rules against a table written by hand from the law sheet, and against the catalogue that they cite."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg.types.range import DateRange

from archive.models import RuleVersion
from archive.vetoes.rules import Effect, Fact, Finding, Question, findings
from profiles.common.vocabulary import Event, Group

ROOT = Path(__file__).resolve().parents[2] / "archive"
RULES = tomllib.loads((ROOT / "vetoes/data/rules.toml").read_text(encoding="utf-8"))["rule"]
ITEMS = {
    item["code"]: item
    for path in sorted((ROOT / "catalogue/data/items").glob("*.toml"))
    for item in tomllib.loads(path.read_text(encoding="utf-8"))["item"]
}
BASES = {
    basis["code"]: basis
    for basis in tomllib.loads((ROOT / "catalogue/data/bases.toml").read_text(encoding="utf-8"))["basis"]
}
DAY = dt.timedelta(days=1)
DOCUMENT = dt.date(2021, 3, 15)
SENTENCE_ENDS = dt.date(2023, 1, 10)

# effect | rule | groups | events | items | how long. “5y” runs from the document, “2y after” from the end of the sentence or
# suspension, “stated” as long as the decision says, “stated 3y” at most so long, “look” is for police and courts to answer.
TABLE = """
BLOCK | V-CIV-1 | CIV | access | CIV-01 CIV-02 | life
BLOCK | V-CIV-1 | CIV | access | CIV-03 | listed
BLOCK | V-CIV-2 | CIV | promotion | CIV-06 CIV-07 CIV-08 CIV-09 CIV-10 | sanction
BLOCK | V-CIV-2 | CIV | promotion title | CIV-05 | sanction
BLOCK | V-MED-1 | MED | registration | MED-01 MED-02 | 2y after
BLOCK | V-MED-1 | MED | registration | MED-03 | 1y
BLOCK | V-MED-2 | MED | exam access | MED-04 | 3y
BLOCK | V-MED-2 | MED | exam | MED-05 | stated 3y
BLOCK | V-MED-3 | MED | any | MED-10 | stated
BLOCK | V-NUR-1 | NUR | registration | NUR-02 | 2y
BLOCK | V-PHA-1 drug_business | PHA LEG | post | PHA-04 | life
BLOCK | V-PHA-1 drug_business | PHA LEG | post | PHA-05 | 10y
BLOCK | V-PHA-1 drug_business | PHA LEG | post | PHA-06 LEG-08 | stated
BLOCK | V-PHA-1 drug_business | PHA LEG | post | PHA-07 | stated 5y
BLOCK | V-LAW-1 | LAW | access | LAW-01 LAW-02 LAW-03 | life
BLOCK | V-LAW-2 partner | LAW | post | LAW-04 | 3y after
BLOCK | V-LAW-3 court_agent | LAW | post | LAW-03 | life
BLOCK | V-GUI-1 | GUI | access | GUI-01 | life
BLOCK | V-GUI-1 | GUI | access | GUI-02 | 3y then review
BLOCK | V-TEA-1 | TEA | access | TEA-01 | life
BLOCK | V-TEA-1 | TEA | access | TEA-02 TEA-03 | 5y
BLOCK | V-TEA-1 | TEA | exam | TEA-04 STU-12 | 3y
BLOCK | V-TEA-2 | TEA SOC | access | GEN-16 TEA-06 | life look
BLOCK | V-ACC-1 | ACC | post | ACC-01 | life
BLOCK | V-ACC-1 | ACC | post | ACC-02 ACC-03 | 5y
BLOCK | V-CPA-1 | CPA | registration | CPA-01 | 5y after
BLOCK | V-CPA-1 | CPA | registration | CPA-02 | 2y
BLOCK | V-CPA-1 | CPA | registration | CPA-03 | 5y
BLOCK | V-FIN-1 | FIN | access post | FIN-01 | stated
BLOCK | V-FIN-2 | FIN | access | FIN-02 | life
BLOCK | V-FIN-2 | FIN | post | FIN-02 | 5y
BLOCK | V-FIN-3 | FIN | post | FIN-03 | stated
BLOCK | V-FIN-4 | FIN | post | FIN-04 | 5y
BLOCK | V-FIN-4 | FIN | access post | FIN-04 | stated
BLOCK | V-FIN-5 | FIN | access post | FIN-05 | stated
BLOCK | V-FIN-6 | FIN | access post | FIN-06 | stated
BLOCK | V-APP-1 | APP | registration | APP-01 | 5y after
BLOCK | V-APP-1 | APP | registration | APP-02 APP-04 | stated 5y
BLOCK | V-APP-1 | APP | registration | APP-03 | stated
BLOCK | V-CER-1 | CER | registration | CER-02 | 5y
BLOCK | V-CER-1 | CER | registration | CER-03 | stated
BLOCK | V-LEG-1 | LEG | post | LEG-01 | stated 5y
BLOCK | V-LEG-1 | LEG | post | LEG-02 LEG-03 | 3y
BLOCK | V-LEG-1 | LEG | post | LEG-04 GEN-01 FIN-08 | listed
BLOCK | V-LEG-2 food_business | LEG | post | LEG-05 | stated
BLOCK | V-STU-1 | STU | exam | STU-02 STU-03 STU-11 | stated 3y
BLOCK | V-STU-1 | STU | exam | STU-06 GEN-06 | stated 5y
BLOCK | V-STU-2 | STU | graduation | STU-05 STU-06 | stated
BLOCK | V-GEN-1 | * | any | GEN-15 GEN-08 | stated 5y
BLOCK | V-GEN-2 | * | admission | GEN-10 | 2y
BLOCK | V-GEN-2-CIV | CIV | access | GEN-10 | listed
BLOCK | V-GEN-2-HIRING public_sector | * | post | GEN-10 | listed
COND | V-TEA-3 | TEA | award title post project | TEA-07 | stated
COND | V-ACC-2 | ACC | award title recommendation | ACC-06 | listed
COND | V-GEN-3 | * | exam | GEN-02 ACC-05 TAX-05 | 5y
COND | V-GEN-3 | * | exam | GEN-03 | listed
COND | V-GEN-4 | * | title | GEN-04 | 3y
COND | V-PHA-2 | PHA | registration | PHA-01 | 3y
COND | V-PHA-2 | PHA | registration | PHA-03 | 3y after
COND | V-FIR-1 | FIR | registration | FIR-01 | 5y
COND | V-FIR-1 | FIR | registration | FIR-02 FIR-03 | 3y
COND | V-FIR-1 | FIR | registration | FIR-04 | 1y
COND | V-FIR-1 | FIR | registration | FIR-05 | listed
COND | V-TAX-1 | TAX | evaluation registration | TAX-04 | listed
COND | V-CIV-3 | CIV | access | CIV-11 | stated
REVIEW | V-STU-3 | STU | award | STU-04 | sanction
COND | V-SOC-1 | SOC | exam | SOC-01 | 5y
REVIEW | V-LEG-3 | LEG | post award | LEG-07 | listed
REVIEW | V-GEN-02-EXAM-REG | * | exam registration | GEN-02 | 5y
REVIEW | V-GEN-05-ACCESS | * | access | GEN-05 | 3y
REVIEW | V-GEN-13-REVIEW | * | access registration | GEN-13 | 1y
REVIEW | V-GEN-14-PROJECT | * | project | GEN-14 | stated
REVIEW | V-STU-08-LOAN-AWARD | STU | loan award | STU-08 | 1y
REVIEW | V-STU-09-REC | STU | recommendation | STU-09 | 1y
REVIEW | V-STU-10-AWARD | STU | award | STU-10 | 1y
REVIEW | V-STU-14-REVIEW | STU | recommendation award | STU-14 | 3y
COND | V-CIV-04-EXAM-ACCESS | CIV | exam access | CIV-04 | stated
REVIEW | V-MED-07-TITLE-AWARD | MED | title award | MED-07 | 3y
REVIEW | V-MED-08-REVIEW | MED | annual_review title award post | MED-08 | 3y
REVIEW | V-LAW-08-REG | LAW | registration | LAW-08 | 3y
REVIEW | V-TEA-05-REVIEW | TEA | annual_review title award post | TEA-05 | sanction
COND | V-TEA-08-TITLE-AWARD | TEA | title award | TEA-08 | sanction
REVIEW | V-TEA-09-PROJECT-TITLE | TEA | project title | TEA-09 | 3y
REVIEW | V-TEA-10-AWARD | TEA | award | TEA-10 | sanction
COND | V-TAX-01-EVALUATION | TAX | evaluation | TAX-01 | stated
REVIEW | V-TAX-02-REVIEW | TAX | evaluation award | TAX-02 | 3y
REVIEW | V-REA-03-REVIEW | REA | evaluation | REA-03 | 3y
REVIEW | V-SOC-03-REVIEW | SOC | title award | SOC-03 | 3y
"""


@dataclass(frozen=True)
class Line:
    effect: Effect
    rule: str
    post: str
    groups: tuple[str, ...]
    events: tuple[str, ...]
    items: tuple[str, ...]
    term: str


def line_of(text: str) -> Line:
    effect, rule, groups, events, items, term = (cell.strip() for cell in text.split("|"))
    code, _space, post = rule.partition(" ")
    every = tuple(Event.values) if events == "any" else tuple(events.split())
    return Line(Effect(effect), code, post, tuple(groups.split()), every, tuple(items.split()), term)


LINES = [line_of(text) for text in TABLE.strip().splitlines()]


def raw_rule(code: str) -> dict[str, Any]:
    return next(rule for rule in RULES if rule["code"] == code)


def compiled(code: str) -> Any:
    raw = raw_rule(code)
    kept = {key: value for key, value in raw.items() if key not in {"clause", "origin"}}
    return RuleVersion(pk=1, clauses=raw["clause"], **kept).compiled()


def minimal(line: Line, item: str, group: str) -> tuple[Fact, dt.date | None]:
    """A fact on which the line must hold, and its last day by the calendar; None: the law sets none."""
    display, bar, months = DateRange(DOCUMENT, None), None, None
    last: dt.date | None
    if line.term.startswith("life"):
        last = None
    elif line.term == "listed":
        last = dt.date(2022, 12, 31)
        display = DateRange(DOCUMENT, last + DAY)
    elif line.term == "sanction":
        months, last = 18, dt.date(2022, 9, 15)
    elif line.term.startswith("stated"):
        last = dt.date(2023, 5, 31)
        bar = DateRange(dt.date(2021, 6, 1), last + DAY)
    else:
        years = int(line.term.split("y")[0])
        start = SENTENCE_ENDS if line.term.endswith("after") else DOCUMENT
        bar = DateRange(SENTENCE_ENDS, None) if line.term.endswith("after") else None
        last = start.replace(year=start.year + years)
    return Fact(7, item, DOCUMENT, months, display, bar, (group,)), last


def ask(line: Line, fact: Fact, day: dt.date, *, group: str, event: str) -> list[Finding]:
    """What the line's own clauses find: FIN-04 stands in two of one rule, by a fixed and by a stated term."""
    clauses = raw_rule(line.rule)["clause"]
    found = findings([fact], [compiled(line.rule)], Question(group, event, day, line.post))
    stated = line.term.startswith("stated")
    return [held for held in found if (clauses[held.clause]["term"] == "stated") is stated]


def reached(line: Line, event: str) -> set[str]:
    """All groups but those of which a certificate attests a level, at access, unless a court has to have named the occupation."""
    if line.groups != ("*",):
        return set(line.groups)
    levels = {"TAX", "APP", "SOC", "REA"} if event == "access" and line.rule != "V-GEN-1" else set()
    return set(Group.values) - levels


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.rule}-{line.items[0]}-{line.term}")
def test_each_rule_holds_to_the_last_day_of_its_bar_and_not_a_day_longer(line: Line) -> None:
    expected = Effect.REVIEW if line.term.endswith("look") else line.effect
    for item in line.items:
        for event in line.events:
            for group in reached(line, event):
                fact, last = minimal(line, item, group)
                on = last or dt.date(2081, 3, 15)
                held = [found.effect for found in ask(line, fact, on, group=group, event=event)]
                assert held == [expected], (item, event, group)
                if last is not None:
                    after = [found.effect for found in ask(line, fact, last + DAY, group=group, event=event)]
                    assert after == ([Effect.REVIEW] if line.term.endswith("then review") else []), (item, event)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.rule}-{line.items[0]}-{line.term}")
def test_no_rule_reaches_other_groups_events_or_posts(line: Line) -> None:
    named = {event for other in LINES if (other.rule, other.items) == (line.rule, line.items) for event in other.events}
    for item in line.items:
        fact, _last = minimal(line, item, line.groups[0])
        on = dt.date(2021, 9, 1)
        for event in set(Event.values) - named:
            assert ask(line, fact, on, group=line.groups[0], event=event) == []
        for group in set(Group.values) - reached(line, line.events[0]):
            assert ask(line, fact, on, group=group, event=line.events[0]) == []
        if line.post:
            other = Question(line.groups[0] if line.groups != ("*",) else "TEA", "post", on, "elsewhere")
            assert findings([fact], [compiled(line.rule)], other) == []


def test_the_table_and_the_files_name_the_same_rules_items_and_longest_terms() -> None:
    def longest(term: str) -> str:
        return term.split()[1].upper() if term.startswith("stated ") else ""

    written = {(line.rule, line.effect, line.post, item, longest(line.term)) for line in LINES for item in line.items}
    shipped = {
        (rule["code"], rule["effect"], rule.get("post", ""), item, clause.get("term_max", "").removeprefix("P"))
        for rule in RULES
        for clause in rule["clause"]
        for item in clause["items"]
    }
    assert {row[:4] for row in written} == {row[:4] for row in shipped}
    assert written == shipped
    assert len(RULES) == 62


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["code"])
def test_each_rule_cites_what_exists_and_may_be_collected(rule: dict[str, Any]) -> None:
    assert rule["bases"]
    assert {basis["code"] for basis in rule["bases"]} <= set(BASES)
    assert set(rule["groups"]) <= {*Group.values, "*"}
    for clause in rule["clause"]:
        assert {*rule["events"], *clause.get("events", [])} <= set(Event.values)
        assert clause["why_zh"]
        assert clause["why_en"]
        for code in clause["items"]:
            item = ITEMS[code]
            assert item["polarity"] == "adverse"
            assert not item.get("forbidden")
            assert item["reporters"], f"nobody may report {code}"
            assert item["severity"] != "minor", "what is minor bars nothing"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["code"])
def test_a_veto_rests_on_a_law_or_an_administrative_regulation(rule: dict[str, Any]) -> None:
    levels = {BASES[basis["code"]]["level"] for basis in rule["bases"]}
    if rule["effect"] == "BLOCK":
        assert levels & {"law", "administrative_regulation"}
    else:
        assert rule["status"] == "off", "only what the law itself bars holds without a body's own document"


def test_no_qualification_outside_the_access_class_is_vetoed_at_access() -> None:
    """Tax and estate agents, appraisers, social workers and accounting titles are not licences (national catalogue 2021)."""
    not_licences = {"TAX", "APP", "SOC", "REA", "ACC"}
    reaching = {
        rule["code"]
        for rule in RULES
        if rule["effect"] != "REVIEW"
        and set(rule["groups"]) & {*not_licences, "*"}
        and "access" in {*rule["events"], *(event for clause in rule["clause"] for event in clause.get("events", []))}
    }
    # Posts with minors, and the occupation that a court has named: neither is a licence.
    assert reaching == {"V-TEA-2", "V-GEN-1"}
