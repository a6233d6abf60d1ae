"""Reading the catalogue's data files; what is wrong in them is named with file and code."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.catalogue.models import Display, Level, Mark, Polarity, Severity
from profiles.common.vocabulary import ANY_GROUP, Group, OrganisationKind

SHIPPED = Path(__file__).parent / "data"


class DataFault(Exception):
    """A data file breaks a rule of the catalogue."""


@dataclass(frozen=True)
class CatalogueData:
    version: str
    valid_from: Any
    bases: list[dict[str, Any]]
    items: list[dict[str, Any]]
    jurisdictions: list[dict[str, Any]]


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFault(f"{path.name}: {error}") from None


def read(folder: Path = SHIPPED) -> CatalogueData:
    bases = read_toml(folder / "bases.toml")
    items = []
    for path in sorted((folder / "items").glob("*.toml")):
        for item in read_toml(path)["item"]:
            _check_item(path.name, item)
            items.append(item)
    data = CatalogueData(
        version=bases["version"],
        valid_from=bases["items_valid_from"],
        bases=bases["basis"],
        items=items,
        jurisdictions=[_jurisdiction(row) for row in read_toml(folder / "jurisdictions.toml")["jurisdiction"]],
    )
    _check_whole(data)
    return data


def content_hash(item: dict[str, Any]) -> str:
    """What makes a new version: any change in the item's own data."""
    return hashlib.sha256(json.dumps(item, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _jurisdiction(row: dict[str, Any]) -> dict[str, Any]:
    settings = {setting["key"]: {k: v for k, v in setting.items() if k != "key"} for setting in row.pop("setting", [])}
    return {**row, "settings": settings}


def _check_item(file: str, item: dict[str, Any]) -> None:
    where = f"{file}: {item.get('code', '?')}"

    def must(condition: bool, message: str) -> None:
        if not condition:
            raise DataFault(f"{where}: {message}")

    for key in ("code", "name_zh", "name_en", "groups", "polarity", "mark"):
        must(bool(item.get(key)), f"{key} is missing")
    must(item["mark"] in Mark.values, f"mark {item['mark']!r}")
    must(item["polarity"] in Polarity.values, f"polarity {item['polarity']!r}")
    must(set(item["groups"]) <= {*Group.values, ANY_GROUP}, f"groups {item['groups']}")
    must(set(item.get("reporters", [])) <= set(OrganisationKind.values), f"reporters {item.get('reporters')}")
    for key in ("display", "display_else"):
        must(item.get(key, "") in {"", *Display.values}, f"{key} {item.get(key)!r}")
    for key in ("severity", "severity_max"):
        must(item.get(key, "") in {"", *Severity.values}, f"{key} {item.get(key)!r}")
    for key in sorted(item):
        if key.endswith(("_zh", "_en")):
            other = key[:-2] + ("en" if key.endswith("zh") else "zh")
            must(bool(item[key]) == bool(item.get(other)), f"{key} without {other}")
    if not item.get("forbidden"):
        must(bool(item.get("bases")), "no legal basis")
        must(bool(item.get("reporters")), "nobody may report it")


def _check_whole(data: CatalogueData) -> None:
    codes = [item["code"] for item in data.items]
    names = [name for item in data.items for name in (item["name_zh"], *item.get("aliases", []))]
    bases = {basis["code"] for basis in data.bases}
    for basis in data.bases:
        if basis["level"] not in Level.values:
            raise DataFault(f"bases.toml: {basis['code']}: level {basis['level']!r}")
    for kind, values in (("code", codes), ("basis", [basis["code"] for basis in data.bases])):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise DataFault(f"{kind} given twice: {sorted(twice)}")
    clashes = {name for name in names if names.count(name) > 1}
    for item in data.items:
        if clashes & set(item.get("aliases", [])):
            raise DataFault(
                f"{item['code']}: alias {sorted(clashes & set(item['aliases']))} belongs to another item too"
            )
        for basis in item.get("bases", []):
            if basis["code"] not in bases:
                raise DataFault(f"{item['code']}: legal basis {basis['code']} is not in bases.toml")
    if "national" not in {row["code"] for row in data.jurisdictions}:
        raise DataFault("jurisdictions.toml: the national defaults are missing")
