"""Reading the shipped rules, and refusing those that the law does not carry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q

from archive.catalogue.loader import DataFault, read_toml
from archive.catalogue.models import Item, LegalBasis, Level, Polarity
from archive.vetoes.compiler import Lookups, faults, highest

SHIPPED = Path(__file__).parent / "data" / "rules.toml"


@dataclass(frozen=True)
class RuleData:
    version: str
    rules: list[dict[str, Any]]
    forbidden: list[dict[str, Any]]


def read(path: Path = SHIPPED) -> RuleData:
    data = read_toml(path)
    return RuleData(data["version"], data["rule"], data["forbidden"])


def check(raw: dict[str, Any], known: Lookups) -> Level:
    """Refuse a rule with a sentence, or give the level of its highest basis."""
    found = faults(raw, known)
    if found:
        raise DataFault(f"rule {raw.get('code', '?')}: {found[0].place}: {found[0]}")
    return highest(raw["bases"], known.levels)


def lookups() -> Lookups:
    """What the catalogue in the database says to a rule."""
    items = Item.objects.filter(Q(valid_to=None) | ~Q(end_document=""), forbidden=False)
    positive = items.filter(polarity=Polarity.POSITIVE)
    return Lookups(
        levels=dict(LegalBasis.objects.values_list("code", "level")),
        items=set(items.values_list("code", flat=True)),
        positive=set(positive.values_list("code", flat=True)),
        forbidden=set(Item.objects.filter(forbidden=True).values_list("code", flat=True)),
    )
