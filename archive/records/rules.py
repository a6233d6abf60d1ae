"""What may become an entry: decisions about one row, from values already read. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.catalogue.periods import Terms
from archive.common.periods import after_months
from archive.intake.problems import Problem, both, safe_value
from profiles.common import identity
from profiles.common.vocabulary import ANY_GROUP
from profiles.people.rules import name_key, same_name

SEVERITY_WORDS = {
    "轻微": "minor", "轻": "minor", "minor": "minor",
    "一般": "general", "general": "general",
    "严重": "serious", "严": "serious", "serious": "serious",
}  # fmt: skip
RANK = {"minor": 0, "general": 1, "serious": 2}

# who (a known person's family, else the identity number), item code, day of the act, document number
FactKey = tuple[int | str, str, dt.date, str]
ITEMS_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """`members`: the archives that are joined as one person's, ascending. `former_names`: keys of other names that fit."""

    id: int
    name: str
    birth_date: dt.date
    members: tuple[int, ...]
    former_names: frozenset[str] = frozenset()

    @property
    def family(self) -> int:
        """The same for all of them."""
        return self.members[0]


@dataclass
class Context:
    """All that the rules need to know, looked up once for many rows.

    `items`: code → versions, newest first. `codes`: a name, alias or code in lower case → codes (some names are shared).
    `people`: who had an archive before this file. `facts_on_file`: fact → (code of the problem, record number).
    `names_in_file`, `facts_in_file`: what rows of this file said that were accepted, with their numbers. A fact is told by the
    person's id, or by the number where the archive is opened by this file (`who`).
    """

    today: dt.date
    organisation_name: str
    organisation_kind: str
    groups: frozenset[str]
    items: Mapping[str, list[Any]]
    codes: Mapping[str, list[str]]
    terms: Terms
    headers: Mapping[str, str]
    people: Mapping[str, KnownPerson] = field(default_factory=dict)
    facts_on_file: Mapping[FactKey, tuple[str, str]] = field(default_factory=dict)
    names_in_file: dict[str, tuple[str, int]] = field(default_factory=dict)
    facts_in_file: dict[FactKey, int] = field(default_factory=dict)
    items_named: dict[str, ItemNamed] = field(default_factory=dict)

    def who(self, number: str) -> int | str:
        person = self.people.get(number)
        return number if person is None else person.family


@dataclass(frozen=True, slots=True)
class ItemNamed:
    """What a name of an item stands for: its versions, and the group in which it is reported; or why it cannot be reported."""

    versions: tuple[Any, ...] = ()
    group: str | None = None
    problem: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Decision:
    """A row that may be admitted, or the problems why not. `group` is the group in which the person is enrolled, if one."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    item: Any = None
    severity: str = ""
    person: KnownPerson | None = None
    birth_date: dt.date | None = None
    group: str | None = None
    seen_in_file: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems


def decide(number: int, values: Mapping[str, Any], problems: list[Problem], context: Context) -> Decision:
    """The verdict on row `number`. Rows are judged in the order of the sheet; accepted ones are remembered in `context`.

    `problems` are those of reading the cells; a column with a problem has no value. All further problems are told too.
    """
    decision = Decision(problems=list(problems))

    def refuse(code: str, column: str, value: object = "", **params: Any) -> None:
        header = context.headers.get(column, "")
        shown = safe_value(value, is_identity=column == "identity_number")
        decision.problems.append(Problem(code, column=header, value=shown, params=params))

    reading: identity.Reading | None = values.get("identity_number")
    name: str | None = values.get("name")
    act_date: dt.date | None = values.get("act_date")
    document_date: dt.date | None = values.get("document_date")

    if reading is not None:
        decision.person = context.people.get(reading.number)
        decision.birth_date = decision.person.birth_date if decision.person else reading.birth_date
        if decision.birth_date is None:
            refuse("identity_no_birth_date", "identity_number", reading.number)
        if name is not None:
            _decide_name(name, reading.number, context, decision, refuse)
    if "item" in values:
        _decide_item(values["item"], act_date, context, decision, refuse)
    if act_date and decision.birth_date:
        age = context.terms.number("adult_age")
        if not identity.adult_on(decision.birth_date, act_date, age=age):
            refuse("under_age", "act_date", act_date.isoformat(), age=age_on(decision.birth_date, act_date))
    if act_date and document_date and document_date < act_date:
        refuse("document_before_act", "document_date", document_date.isoformat())
    if document_date:
        years = context.terms.number("retention_years")
        if context.today >= after_months(document_date, 12 * years):
            refuse("retention_over", "document_date", "", day=document_date.isoformat(), years=years)
    bar_from, bar_until = values.get("bar_from") or document_date, values.get("bar_until")
    if bar_from and bar_until and bar_until < bar_from:
        refuse("bar_backwards", "bar_until", bar_until.isoformat())
    _decide_severity(values.get("severity") or "", decision, refuse)
    if decision.ok and reading is not None and name is not None and act_date is not None:
        key = (context.who(reading.number), decision.item.code, act_date, values["document_number"])
        if key in context.facts_in_file:
            refuse("duplicate_in_file", "document_number", values["document_number"], row=context.facts_in_file[key])
        elif key in context.facts_on_file:
            code, number_on_file = context.facts_on_file[key]
            refuse(code, "document_number", values["document_number"], number=number_on_file)
        else:
            context.facts_in_file[key] = number
            decision.seen_in_file = reading.number in context.names_in_file
            context.names_in_file.setdefault(reading.number, (name, number))
    return decision


def _decide_name(name: str, number: str, context: Context, decision: Decision, refuse: Any) -> None:
    if decision.person is not None:
        if same_name(decision.person.name, name):
            return
        if name_key(name) in decision.person.former_names:
            decision.warnings.append(Problem("former_name", column=context.headers.get("name", ""), value=name))
        else:
            refuse("name_mismatch", "name", name)
    elif number in context.names_in_file:
        other, row = context.names_in_file[number]
        if not same_name(other, name):
            refuse("name_mismatch_in_file", "name", name, row=row)


def _decide_item(written: str, act_date: dt.date | None, context: Context, decision: Decision, refuse: Any) -> None:
    named = context.items_named.get(written)
    if named is None:  # a file names few items: each is worked out once
        if len(context.items_named) >= ITEMS_KEPT:
            context.items_named.clear()
        named = context.items_named[written] = _item_named(written, context)
    decision.group = named.group
    if named.problem:
        refuse(named.problem, "item", written, **named.params)
        return
    for item in named.versions:
        if act_date is None or item.in_force_on(act_date):
            decision.item = item
            return
    assert act_date is not None
    newest, day = named.versions[0], act_date.isoformat()
    refuse("item_not_in_force", "item", written, item=both(lambda: newest.name), day=day)


def _item_named(written: str, context: Context) -> ItemNamed:
    named = [context.items[code] for code in context.codes.get(written.casefold(), ())]
    if not named:
        return ItemNamed(problem="item_unknown")
    forbidden = next((versions[0] for versions in named if versions[0].forbidden), None)
    if forbidden is not None:
        told = {"item": both(lambda: forbidden.name), "reason": both(lambda: forbidden.forbidden_reason)}
        return ItemNamed(problem="item_forbidden", params=told)
    reportable = [versions for versions in named if context.organisation_kind in versions[0].reporters]
    if not reportable:
        reporters = both(lambda: _join({label for versions in named for label in versions[0].reporter_labels()}))
        told = {"item": both(lambda: named[0][0].name), "reporters": reporters}
        return ItemNamed(problem="item_not_competent", params=told)
    competent = [versions for versions in reportable if _group_for(versions[0], context.groups) is not None]
    if not competent:
        told = {"group": both(lambda: _join(reportable[0][0].group_labels()))}
        return ItemNamed(problem="item_group", params=told)
    if len(competent) > 1:
        codes = {"codes": "、".join(versions[0].code for versions in competent)}
        return ItemNamed(problem="item_ambiguous", params=codes)
    return ItemNamed(tuple(competent[0]), _group_for(competent[0][0], context.groups) or None)


def _join(labels: Iterable[object]) -> str:
    return ", ".join(sorted(str(label) for label in labels))


def may_report(item: Any, *, kind: str, groups: frozenset[str]) -> bool:
    """May a body of that kind, competent for `groups`, report the item?"""
    return not item.forbidden and kind in item.reporters and _group_for(item, groups) is not None


def _group_for(item: Any, groups: frozenset[str]) -> str | None:
    """The group in which the item is reported by a body competent for `groups`; "" for items of all groups; None: not competent."""
    if ANY_GROUP in item.groups:
        return "" if groups else None
    return next((group for group in item.groups if group in groups), None)


def _decide_severity(written: str, decision: Decision, refuse: Any) -> None:
    """The deciding body's own class wins over the item's default."""
    if written:
        severity = SEVERITY_WORDS.get(written.strip().casefold())
        if severity is None:
            refuse("severity_unknown", "severity", written)
            return
        decision.severity = severity
    elif decision.item is not None:
        decision.severity = decision.item.severity


def age_on(birth_date: dt.date, day: dt.date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def may_approve(*, drafted_by_id: int, approver_id: int | None, unread_answers: int, approvable_from: dt.date | None,
                needs_hearing: bool, today: dt.date) -> str | None:  # fmt: skip
    """Why an entry cannot be approved now, as a code, or None: `own_draft`, `not_served`, `window`, `unread`."""
    if approver_id == drafted_by_id:
        return "own_draft"
    if needs_hearing and approvable_from is None:
        return "not_served"
    if needs_hearing and approvable_from is not None and today < approvable_from:
        return "window"
    if unread_answers:
        return "unread"
    return None
