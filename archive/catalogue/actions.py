"""Loading the catalogue: idempotent, versions instead of overwriting, differences told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.catalogue.loader import CatalogueData, content_hash
from archive.catalogue.models import Item, Jurisdiction, LegalBasis
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import Actor, Permission, require

COMPARED = [
    "name_zh", "name_en", "aliases", "groups", "severity", "severity_max", "polarity", "display", "display_else",
    "display_months", "reporters", "bases", "mark", "mark_note_zh", "mark_note_en", "bar_zh", "bar_en", "meaning_zh",
    "meaning_en", "forbidden", "forbidden_zh", "forbidden_en",
]  # fmt: skip


@dataclass
class Difference:
    """What a load did, line by line, for the person who runs it."""

    lines: list[str] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    ended: int = 0
    same: int = 0


@transaction.atomic
def load_catalogue(*, data: CatalogueData, by: Actor) -> Difference:
    """Bring the tables to `data`. A changed item gets a new version from today; an item no longer there ends today."""
    require(by, Permission.RUN_SYSTEM)
    difference = Difference()
    for basis in data.bases:
        _basis, created = LegalBasis.objects.update_or_create(
            code=basis["code"], defaults={key: value for key, value in basis.items() if key != "code"}
        )
        if created:
            difference.lines.append(f"+ basis {basis['code']}")
    for row in data.jurisdictions:
        _load_jurisdiction(row, difference)
    current = {item.code: item for item in Item.objects.select_for_update().current()}
    for raw in data.items:
        _load_item(raw, data, current.pop(raw["code"], None), difference)
    for item in current.values():
        item.valid_to = timezone.localdate()
        item.save(update_fields=["valid_to"])
        difference.ended += 1
        difference.lines.append(f"- {item.code} {item.name_zh}")
    record(
        by=by,
        verb=Verb.CATALOGUE_LOADED,
        version=data.version,
        new=difference.new,
        changed=difference.changed,
        ended=difference.ended,
        same=difference.same,
    )
    return difference


def _load_jurisdiction(row: dict[str, Any], difference: Difference) -> None:
    values = {
        key: row.get(key, "" if key.startswith("note") else None)
        for key in ("name_zh", "name_en", "complete", "note_zh", "note_en", "settings")
    }
    old = Jurisdiction.objects.filter(code=row["code"]).first()
    if old is None:
        difference.lines.append(f"+ jurisdiction {row['code']}")
    else:
        fresh: dict[str, Any] = row["settings"]
        for key in sorted({*old.settings, *fresh}):
            before, after = old.settings.get(key, {}).get("value"), fresh.get(key, {}).get("value")
            if before != after:
                difference.lines.append(f"~ jurisdiction {row['code']} {key}: {before} → {after}")
    Jurisdiction.objects.update_or_create(code=row["code"], defaults=values)


def _load_item(raw: dict[str, Any], data: CatalogueData, old: Item | None, difference: Difference) -> None:
    hashed = content_hash(raw)
    if old is not None and old.content_hash == hashed:
        difference.same += 1
        return
    new = Item(
        version=1 if old is None else old.version + 1,
        catalogue_version=data.version,
        valid_from=data.valid_from if old is None else timezone.localdate(),
        content_hash=hashed,
        **raw,
    )
    if old is None:
        difference.new += 1
        difference.lines.append(f"+ {new.code} {new.name_zh}")
    else:
        difference.changed += 1
        for key in COMPARED:
            before, after = getattr(old, key), getattr(new, key)
            if before != after:
                difference.lines.append(f"~ {new.code} {key}: {before!r} → {after!r}")
        old.valid_to = new.valid_from
        old.save(update_fields=["valid_to"])
    new.save()
