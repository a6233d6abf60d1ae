"""What a change of an entry does: its fields, its clocks, and whether it lays anything new on the person. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from psycopg.types.range import DateRange

from archive.catalogue.periods import Clocks, Terms, clocks
from archive.common.periods import after_months
from archive.intake.problems import Problem, both, safe_value
from archive.intake.words import forbidden_word
from archive.records.rules import RANK, age_on, may_report
from profiles.common import identity

DAY = dt.timedelta(days=1)
DOCUMENT = ("document_number", "document_date", "document_body")
CONTENT = ("severity", "sanction_months", "bar_from", "bar_until", "bar_groups", "facts")
# A correction mends the statement. A revision leaves what was done and decided, and says what became of it.
FIELDS = {
    "correction": ("item", "act_date", *DOCUMENT, *CONTENT),
    "revision": (*CONTENT, "display_until"),
    "void": (),
}


@dataclass(frozen=True)
class Reporter:
    """The body, as far as the rules ask."""

    kind: str
    groups: frozenset[str]


@dataclass
class PlannedChange:
    """`values` are all fields afterwards, `changes` the changed ones as they are kept. Problems are (field, problem)."""

    values: dict[str, Any]
    changes: dict[str, list[Any]]
    clocks: Clocks
    eases: bool
    problems: list[tuple[str, Problem]] = field(default_factory=list)


def stated(entry: Any) -> dict[str, Any]:
    """What an entry says, field by field; days are the last ones, as people write them."""
    return {
        "item": entry.item,
        "act_date": entry.act_date,
        "document_number": entry.document_number,
        "document_date": entry.document_date,
        "document_body": entry.document_body,
        "severity": entry.severity,
        "sanction_months": entry.sanction_months,
        "bar_from": entry.bar.lower if entry.bar else None,
        "bar_until": entry.bar.upper - DAY if entry.bar and entry.bar.upper else None,
        "bar_groups": sorted(entry.bar_groups),
        "facts": entry.facts,
        "display_until": entry.display.upper - DAY if entry.display and entry.display.upper else None,
    }


def plan_change(
    entry: Any, kind: str, values: Mapping[str, Any], *, terms: Terms, reporter: Reporter, birth_date: dt.date, today: dt.date
) -> PlannedChange:  # fmt: skip
    """What the change would do, and what stands against it. Fields that are not in `values` stay."""
    before = stated(entry)
    after = {**before, **{name: values[name] for name in FIELDS[kind] if name in values}}
    after["bar_groups"] = sorted(after["bar_groups"] or [])
    spans = _clocks(entry, before, after, terms)
    changes = {
        name: [as_kept(before[name]), as_kept(after[name])]
        for name in FIELDS[kind]
        if as_kept(before[name]) != as_kept(after[name])
    }
    old = Clocks(entry.display, entry.retention, entry.bar, entry.repair_from)
    planned = PlannedChange(after, changes, spans, kind == "void" or eases(before, after, old, spans))
    if kind != "void":
        planned.problems = list(_problems(before, after, spans, terms, reporter, birth_date, today))
    return planned


def as_kept(value: Any) -> Any:
    """A field's value as it stands in `Entry.changes`."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return getattr(value, "code", value)


def _clocks(entry: Any, before: dict[str, Any], after: dict[str, Any], terms: Terms) -> Clocks:
    """The clocks of the changed statement. A display without an end of its own ends on the day that the change names."""
    if before == after:
        return Clocks(entry.display, entry.retention, entry.bar, entry.repair_from)
    spans = clocks(
        after["item"],
        severity=after["severity"],
        document_date=after["document_date"],
        sanction_months=after["sanction_months"],
        bar_from=after["bar_from"],
        bar_until=after["bar_until"] + DAY if after["bar_until"] else None,
        terms=terms,
    )
    if spans.display is not None and spans.display.upper is None and after["display_until"]:
        end = max(after["display_until"] + DAY, spans.display.lower)
        spans = replace(spans, display=DateRange(spans.display.lower, end))
    return spans


def eases(before: Mapping[str, Any], after: Mapping[str, Any], old: Clocks, new: Clocks) -> bool:
    """Does the change lay nothing new on the person? Then it needs no hearing.

    Same item; no severer class; no period, bar or way to a repair that is longer, earlier or wider; no document of a later day,
    from which statutes count; nothing newly told in the facts.
    """
    return (
        after["item"].pk == before["item"].pk
        and RANK.get(after["severity"], 0) <= RANK.get(before["severity"], 0)
        and (after["sanction_months"] or 0) <= (before["sanction_months"] or 0)
        and after["document_date"] <= before["document_date"]
        and after["facts"] in {"", before["facts"]}
        and _not_wider(old.display, new.display)
        and _not_wider(old.retention, new.retention, start_counts=False)
        and _not_wider(old.bar, new.bar)
        and _no_new_group(before, after, new)
        and (new.repair_from is None) <= (old.repair_from is None)
        and (old.repair_from is None or new.repair_from is None or new.repair_from <= old.repair_from)
    )


def _not_wider(old: DateRange | None, new: DateRange | None, *, start_counts: bool = True) -> bool:
    if new is None or new.isempty:
        return True
    if old is None:
        return False
    assert old.lower is not None  # every clock has a first day
    assert new.lower is not None
    earlier = start_counts and new.lower < old.lower
    return not earlier and (old.upper is None or (new.upper is not None and new.upper <= old.upper))


def _no_new_group(before: Mapping[str, Any], after: Mapping[str, Any], new: Clocks) -> bool:
    """A bar that names no occupation may reach any of them: to name fewer, not to stop naming."""
    was, will = set(before["bar_groups"]), set(after["bar_groups"])
    return will <= was and (bool(will) or not was or new.bar is None)


def _problems(
    before: Any, after: Any, spans: Clocks, terms: Terms, reporter: Reporter, birth_date: dt.date, today: dt.date
) -> Iterator[tuple[str, Problem]]:
    """The rules that hold for a new entry hold for a changed one."""

    def refuse(name: str, code: str, value: object = "", **params: Any) -> tuple[str, Problem]:
        return name, Problem(code, value=safe_value(value), params=params)

    item = after["item"]
    if item.pk != before["item"].pk and not may_report(item, kind=reporter.kind, groups=reporter.groups):
        yield refuse("item", "item_not_competent", item=both(lambda: item.name),
                     reporters=both(lambda: "、".join(str(label) for label in item.reporter_labels())))  # fmt: skip
    if not item.in_force_on(after["act_date"]):
        yield refuse("item", "item_not_in_force", item=both(lambda: item.name), day=after["act_date"].isoformat())
    if not identity.adult_on(birth_date, after["act_date"], age=terms.number("adult_age")):
        yield refuse("act_date", "under_age", age=age_on(birth_date, after["act_date"]))
    for name in ("act_date", "document_date"):
        if after[name] > today:
            yield refuse(name, "date_future", after[name].isoformat())
    if after["document_date"] < after["act_date"]:
        yield refuse("document_date", "document_before_act", after["document_date"].isoformat())
    years = terms.number("retention_years")
    if today >= after_months(after["document_date"], 12 * years):
        yield refuse("document_date", "retention_over", day=after["document_date"].isoformat(), years=years)
    if not after["document_number"].strip():
        yield refuse("document_number", "document_empty")
    if after["bar_until"] and after["bar_until"] < (after["bar_from"] or after["document_date"]):
        yield refuse("bar_until", "bar_backwards", after["bar_until"].isoformat())
    if after["sanction_months"] is not None and not 1 <= after["sanction_months"] <= 60:
        yield refuse("sanction_months", "sanction_out_of_range")
    if item.severity and after["severity"] not in RANK:
        yield refuse("severity", "severity_unknown")
    word = forbidden_word(after["facts"])
    if word:
        yield refuse("facts", "forbidden_data", word=word)
    if identity.mask_in_text(after["facts"]) != after["facts"]:
        yield refuse("facts", "identity_misplaced")
    last = after["display_until"]
    if last not in {None, before["display_until"]} and (spans.display is None or spans.display.upper != last + DAY):
        yield refuse("display_until", "display_has_end")
