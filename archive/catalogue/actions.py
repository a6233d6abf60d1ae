"""Loading the catalogue: idempotent, versions instead of overwriting, differences told. And ending what a change of law ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.loader import CatalogueData, content_hash
from archive.catalogue.models import Item, Jurisdiction, LegalBasis
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
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
    """Bring the tables to `data`. A changed item gets a new version from today; an item no longer there ends today.

    What a change of law ended or cut stays so while the data's row is the one that it was ended under.
    """
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
    known = {item.code: item for item in Item.objects.select_for_update().order_by("code", "version")}
    for raw in data.items:
        _load_item(raw, data, known.pop(raw["code"], None), difference)
    for item in known.values():
        if item.valid_to is not None:
            continue
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
    """`old` is the newest version, ended or not."""
    hashed = content_hash(raw)
    if old is not None and old.content_hash == hashed and (old.valid_to is None or old.end_document):
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
        if old.valid_to is None:
            old.valid_to = new.valid_from
            old.save(update_fields=["valid_to"])
    new.save()


@transaction.atomic
def end_item(*, item: Item, on: dt.date, works_back: bool, document: str, by: Actor) -> Item:
    """The law under an item is gone: acts from `on` are no longer recorded; where it works back, none at all."""
    require(by, Permission.APPROVE_LAW_CHANGE)
    item = Item.objects.select_for_update().get(pk=item.pk)
    _still_current(item, on)
    item.valid_to, item.end_document = max(on, item.valid_from), document
    item.save(update_fields=["valid_to", "end_document"])
    if works_back:
        Item.objects.filter(code=item.code).update(ended_back=True)
        item.ended_back = True
    record(by=by, verb=Verb.ITEM_ENDED, obj=item, item=item.code, works_back=works_back, document=document)
    return item


@transaction.atomic
def cut_basis(*, item: Item, bases: list[dict[str, str]], on: dt.date, document: str, by: Actor) -> Item:
    """One of several bases is gone: a new version of the item from `on` that cites only what is left."""
    require(by, Permission.APPROVE_LAW_CHANGE)
    old = Item.objects.select_for_update().get(pk=item.pk)
    _still_current(old, on)
    if not bases:
        raise ActionRefused(_("An item without any basis is ended, not kept."))
    new = Item.objects.get(pk=old.pk)
    old.valid_to, old.end_document = max(on, old.valid_from), document
    old.save(update_fields=["valid_to", "end_document"])
    new.pk, new.version, new.bases, new.valid_from = None, old.version + 1, bases, old.valid_to
    new.save(force_insert=True)
    record(by=by, verb=Verb.ITEM_BASIS_CUT, obj=new, item=new.code, version=new.version, document=document)
    return new


def _still_current(item: Item, on: dt.date) -> None:
    if item.valid_to is not None:
        raise ActionRefused(_("Item %(code)s has been changed or ended meanwhile.") % {"code": item.code})
    if on > timezone.localdate():
        raise ActionRefused(_("An item is not ended before the day on which its law ends."))
