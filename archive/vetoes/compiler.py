"""What may be a veto rule at all: the law's limits as one list of refusals. Pure; the shipped rules, drafts and cuts go through it.

Sources: State Council General Office 〔2020〕49 (a measure that reduces rights rests on a law or an administrative regulation, and
on the person's own concrete act), the National Catalogue of Professional Qualifications (only access-type ones may bar access),
and the list of forbidden rules shipped with the data (`forbidden` in data/rules.toml).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.catalogue.models import BLOCKING_LEVELS, Level, Severity
from archive.vetoes.models.rules import Post
from archive.vetoes.rules import LEVEL_EVALUATION, Effect, months
from profiles.common.vocabulary import ANY_GROUP, Event, Group

TERMS = {"life", "listed", "stated", "sanction"}
ORDER = list(Level)  # highest first
# These laws bar posts with minors whatever the qualification, for these acts only: Minors Protection 62, Preschool Education 44.
POSTS_WITH_MINORS = frozenset({"MINORS-PROTECTION-LAW", "PRESCHOOL-EDUCATION-LAW"})
ACTS_AGAINST_MINORS = frozenset({"GEN-16", "TEA-06"})

KEYS = {
    "code", "name_zh", "name_en", "groups", "events", "effect", "status", "origin", "bases", "mark", "note_zh", "note_en",
    "post", "match_occupation", "needs_outside_check", "outside_check_zh", "outside_check_en", "clause",
}  # fmt: skip
CLAUSE_KEYS = {
    "items", "events", "term", "term_min", "term_max", "from", "then", "then_zh", "then_en", "severities", "least", "within",
    "why_zh", "why_en", "note_zh", "note_en",
}  # fmt: skip
# Conditions that no rule may have, by the words in which somebody could try to write them, and why.
NEVER: dict[str, Any] = {
    "disputed": _("A fact in dispute supports no rule; a named person decides about it."),
    "expired": _("A fact whose display has ended supports no rule. A bar that a law sets runs on its own clock: use its term."),
    "repaired": _("A repaired fact supports no rule (Credit Repair Measures, article 3)."),
    "sealed": _("Sealed records are closed to all bodies and support no rule."),
    "juvenile": _("Acts before the 18th birthday are not in the archive and support no rule."),
    "family": _("Decisions rest on the person's own conduct. Facts of a relative, colleague or unit support no rule."),
    "points": _("Points veto nobody. Name the acts that the law names."),
    "total": _("Entries are not added up: three minor ones make no general one. Name the acts that the law names."),
    "absent": _("Having no positive entry is no dishonesty and supports no rule."),
}  # fmt: skip
SYNONYMS = {
    "dispute": "disputed", "in_dispute": "disputed", "objection": "disputed",
    "ended": "expired", "display_over": "expired", "history": "expired",
    "repair": "repaired",
    "seal": "sealed",
    "minor_age": "juvenile", "before_18": "juvenile", "age": "juvenile",
    "relative": "family", "relatives": "family", "spouse": "family", "parent": "family", "parents": "family", "children": "family",
    "colleague": "family", "unit": "family", "other_person": "family", "person": "family",
    "score": "points", "scores": "points", "grade": "points",
    "totals": "total", "sum": "total", "adds_up": "total", "weights": "total",
    "absence": "absent", "lacks": "absent", "without": "absent", "missing": "absent", "no_positive": "absent",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is refused, where, and what to do instead: one sentence."""

    place: str  # a key of the rule, or `clause 2`
    message: Any

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Lookups:
    """What the catalogue says: basis code → level; items that may be collected (or could be until a change of law ended them)."""

    levels: dict[str, str]
    items: set[str]
    positive: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)


def faults(raw: dict[str, Any], known: Lookups) -> list[Fault]:
    """All that is wrong with a rule as it is written in a data file or a draft; none: it may be one."""
    return list(_faults(raw, known))


def _faults(raw: dict[str, Any], known: Lookups) -> Iterator[Fault]:
    yield from _strange(raw, KEYS, "rule")
    for name, allowed in (("groups", {*Group.values, ANY_GROUP}), ("events", set(Event.values))):
        if not raw.get(name) or not set(raw[name]) <= allowed:
            yield Fault(name, _("Choose at least one, of those that there are."))
    if raw.get("effect") not in set(Effect):
        yield Fault("effect", _("Choose what follows: veto, condition, review or note."))
    if raw.get("post", "") not in {"", *Post.values}:
        yield Fault("post", _("There is no such post."))
    bases = raw.get("bases") or []
    if not bases or not all(basis.get("code") in known.levels for basis in bases):
        yield Fault("bases", _("Name the legal basis, one that stands in the catalogue."))
    elif raw.get("effect") in set(Effect):
        level = highest(bases, known.levels)
        if not may_carry(raw["effect"], level):
            yield Fault(
                "bases",
                _(
                    "a veto needs a law or an administrative regulation as its basis (State Council General Office 〔2020〕49)"
                ),
            )
        if raw.get("status") == "on" and raw["effect"] != Effect.BLOCK:
            yield Fault("effect", _("only what the law itself bars is on by default"))
        yield from _level_evaluation(raw)
    if not raw.get("clause"):
        yield Fault("clause", _("A rule needs at least one clause that names items of the catalogue."))
    for number, clause in enumerate(raw.get("clause") or [], 1):
        yield from _clause_faults(clause, f"clause {number}", raw, known)


def _level_evaluation(raw: dict[str, Any]) -> Iterator[Fault]:
    """Level-evaluation qualifications bar no access; only registration, title, award (DOMAIN, qualification class).

    A rule for all groups is no way round it: see `Rule.applies`.
    """
    events = {
        *raw.get("events", ()),
        *(event for clause in raw.get("clause") or () for event in clause.get("events", ())),
    }
    concerned = LEVEL_EVALUATION & set(raw.get("groups", ()))
    items = {code for clause in raw.get("clause") or () for code in clause.get("items") or ()}
    minors = {basis["code"] for basis in raw["bases"]} <= POSTS_WITH_MINORS and items <= ACTS_AGAINST_MINORS
    if concerned and Event.ACCESS in events and not minors:
        yield Fault(
            "events",
            _("These qualifications attest a level and bar no access: leave the event “access” out, or the group."),
        )


def _clause_faults(clause: dict[str, Any], place: str, raw: dict[str, Any], known: Lookups) -> Iterator[Fault]:
    yield from _strange(clause, CLAUSE_KEYS, place)
    items = set(clause.get("items") or ())
    if items & known.forbidden:
        yield Fault(
            place,
            _("This may not be collected, so no rule rests on it: %(items)s.")
            % {"items": _listed(items & known.forbidden)},
        )
    elif not items or not items <= known.items:
        yield Fault(
            place, _("items are not all in the catalogue: %(items)s.") % {"items": _listed(items - known.items)}
        )
    if items & known.positive:
        yield Fault(place, _("Positive items bar nobody: %(items)s.") % {"items": _listed(items & known.positive)})
    if not set(clause.get("events", ())) <= set(Event.values):
        yield Fault(place, _("There is no such event."))
    if clause.get("from") not in {"document", "bar_start"}:
        yield Fault(place, _("Say from when the term runs: the document, or the start that the entry states."))
    for key in ("term", "term_min", "term_max", "within"):
        if (key == "term" or key in clause) and not _is_term(clause.get(key), fixed=key != "within"):
            yield Fault(place, _("%(term)s is no term. Write for example P5Y or P18M.") % {"term": clause.get(key)})
    yield from _count_faults(clause, place, raw)


def _count_faults(clause: dict[str, Any], place: str, raw: dict[str, Any]) -> Iterator[Fault]:
    severities, least = set(clause.get("severities", ())), clause.get("least", 1)
    if not severities <= set(Severity.values):
        yield Fault(place, _("There is no such severity."))
    if not isinstance(least, int) or isinstance(least, bool) or least < 1:
        yield Fault(place, _("The number of entries is a whole number from 1."))
    elif least > 1 and raw.get("effect") != Effect.NOTE and (len(severities) != 1 or Severity.MINOR in severities):
        # What a law counts, it counts among equals. Without a severity, light ones would be added up to a heavy one.
        yield Fault(place, NEVER["total"])


def _strange(raw: dict[str, Any], keys: set[str], place: str) -> Iterator[Fault]:
    for key in raw.keys() - keys:
        never = NEVER.get(SYNONYMS.get(key, key))
        yield Fault(place, never or _("%(key)s is no part of a rule.") % {"key": key})


def _is_term(value: Any, *, fixed: bool) -> bool:
    if fixed and value in TERMS:
        return True
    try:
        return isinstance(value, str) and months(value) > 0
    except ValueError:
        return False


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes)) or "–"


def highest(bases: list[dict[str, str]], levels: dict[str, str]) -> Level:
    """Rank of the highest basis among at least one."""
    return min((Level(levels[basis["code"]]) for basis in bases), key=ORDER.index)


def may_carry(effect: str, level: Level) -> bool:
    """Only laws and administrative regulations carry a veto."""
    return effect != Effect.BLOCK or level in BLOCKING_LEVELS
