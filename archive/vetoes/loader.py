"""Reading the shipped rules, and refusing those that the law does not carry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q

from archive.catalogue.loader import DataFault, read_toml
from archive.catalogue.models import BLOCKING_LEVELS, Item, LegalBasis, Level
from archive.vetoes.models import Post
from archive.vetoes.rules import Effect, months
from profiles.common.vocabulary import ANY_GROUP, Event, Group

SHIPPED = Path(__file__).parent / "data" / "rules.toml"
TERMS = {"life", "listed", "stated", "sanction"}
ORDER = list(Level)  # highest first


@dataclass(frozen=True)
class RuleData:
    version: str
    rules: list[dict[str, Any]]
    forbidden: list[dict[str, Any]]


def read(path: Path = SHIPPED) -> RuleData:
    data = read_toml(path)
    return RuleData(data["version"], data["rule"], data["forbidden"])


def check(raw: dict[str, Any], *, levels: dict[str, str], items: set[str]) -> Level:
    """Refuse a rule with a sentence, or give the level of its highest basis."""

    def must(condition: bool, message: str) -> None:
        if not condition:
            raise DataFault(f"rule {raw.get('code', '?')}: {message}")

    must(set(raw["groups"]) <= {*Group.values, ANY_GROUP}, f"groups {raw['groups']}")
    must(set(raw["events"]) <= set(Event.values), f"events {raw['events']}")
    must(raw["effect"] in set(Effect), f"effect {raw['effect']}")
    must(raw.get("post", "") in {"", *Post.values}, f"post {raw.get('post')}")
    must(
        bool(raw["bases"]) and all(basis["code"] in levels for basis in raw["bases"]), "a basis is not in the catalogue"
    )
    must(bool(raw.get("clause")), "no clause")
    for clause in raw["clause"]:
        must(
            bool(clause["items"]) and set(clause["items"]) <= items,
            f"items {clause['items']} are not all in the catalogue",
        )
        must(set(clause.get("events", [])) <= set(Event.values), f"events {clause.get('events')}")
        must(clause["from"] in {"document", "bar_start"}, f"from {clause['from']}")
        for key in ("term", "term_min", "term_max"):
            if key in clause and clause[key] not in TERMS:
                try:
                    months(clause[key])
                except ValueError as error:
                    must(False, str(error))
    level = highest(raw["bases"], levels)
    must(
        may_carry(raw["effect"], level),
        "a veto needs a law or an administrative regulation as its basis (State Council General Office 〔2020〕49)",
    )
    must(raw["status"] != "on" or raw["effect"] == Effect.BLOCK, "only what the law itself bars is on by default")
    return level


def highest(bases: list[dict[str, str]], levels: dict[str, str]) -> Level:
    """Rank of the highest basis among at least one."""
    return min((Level(levels[basis["code"]]) for basis in bases), key=ORDER.index)


def may_carry(effect: str, level: Level) -> bool:
    """Only laws and administrative regulations carry a veto."""
    return effect != Effect.BLOCK or level in BLOCKING_LEVELS


def lookups() -> tuple[dict[str, str], set[str]]:
    """(basis code → level, codes of items that may be collected, or could be until a change of law ended them)"""
    levels = dict(LegalBasis.objects.values_list("code", "level"))
    items = Item.objects.filter(Q(valid_to=None) | ~Q(end_document=""), forbidden=False)
    return levels, set(items.values_list("code", flat=True))
