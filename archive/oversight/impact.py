"""What a change of law touches: items, rules, entries. Read only; the plan that is shown is the plan that is carried out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from archive.catalogue.models import Item, LegalBasis
from archive.oversight import rules
from archive.oversight.models import LawChange
from archive.records.models import Entry
from archive.vetoes.compiler import highest, may_carry
from archive.vetoes.models import RuleAdoption, RuleVersion

SAMPLE = 10
BODIES = 50


def touched_items(change: LawChange) -> list[tuple[Item, list[dict[str, str]]]]:
    """(item in force, bases that are left); an item without any ends."""
    if change.item_code:
        return [(item, []) for item in Item.objects.current().filter(code=change.item_code)]
    found = []
    for item in (
        Item.objects.current().filter(forbidden=False, bases__contains=[{"code": change.basis_id}]).order_by("code")
    ):
        left = rules.without_basis(item.bases, basis=change.basis_id or "", article=change.article)
        if left != item.bases:
            found.append((item, left))
    return found


def touched_rules(
    change: LawChange, ended: Iterable[str]
) -> list[tuple[RuleVersion, list[dict[str, str]], list[dict[str, Any]], bool]]:
    """(rule in force, bases left, clauses left, does it stand?).

    A rule loses the clauses about items that end only where the change works back: acts of the time before stay what they were.
    """
    gone = frozenset(ended) if change.works_back else frozenset()
    levels = dict(LegalBasis.objects.values_list("code", "level"))
    found = []
    for rule in RuleVersion.objects.current().order_by("code"):
        bases = rule.bases
        if change.basis_id:
            bases = rules.without_basis(bases, basis=change.basis_id, article=change.article)
        clauses = rules.without_items(rule.clauses, gone)
        if bases == rule.bases and clauses == rule.clauses:
            continue
        stands = bool(bases and clauses) and may_carry(rule.effect, highest(bases, levels))
        found.append((rule, bases, clauses, stands))
    return found


def affected(change: LawChange, items: Iterable[str]) -> Any:
    """Entries under items that end that hold or are planned: all where the change works back, else those about later acts."""
    under = Entry.objects.filter(item_code__in=list(items))
    entries = under.standing() | under.undecided()
    return entries if change.works_back else entries.filter(act_date__gte=change.from_date)


def plan(change: LawChange) -> dict[str, Any]:
    """What would happen now, ready to be shown, approved and kept. A fixed number of queries, whatever the number of entries."""
    items = touched_items(change)
    ended = [item.code for item, left in items if not left]
    entries = affected(change, ended)
    per_item = _counts(entries, "item_code")
    adopted = dict(
        RuleAdoption.objects.filter(valid_to=None, approved_at__isnull=False)
        .values_list("rule_code")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {
        "items": [
            {
                **_named(item),
                "cited": item.bases,
                "left": left,
                "ends": not left,
                **per_item.get(item.code, {"in_force": 0, "pending": 0}),
            }
            for item, left in items
        ],
        "rules": [
            {
                **_named(rule),
                "left": bases,
                "clauses": clauses,
                "clauses_gone": len(rule.clauses) - len(clauses),
                "ends": not stands,
                "adopted": adopted.get(rule.code, 0),
            }
            for rule, bases, clauses, stands in touched_rules(change, ended)
        ],
        "bodies": [
            {"name": name, **counts} for name, counts in _counts(entries, "organisation__name", limit=BODIES).items()
        ],
        "years": [{"year": year, **counts} for year, counts in sorted(_by_year(entries).items())],
        "kept": _kept(change, ended),
        "persons": entries.aggregate(n=Count("person_id", distinct=True))["n"],
        "in_force": sum(counts["in_force"] for counts in per_item.values()),
        "pending": sum(counts["pending"] for counts in per_item.values()),
        "sample": [
            {
                "record": entry.record.number,
                "item": entry.item_code,
                "body": entry.organisation.name,
                "act_date": entry.act_date.isoformat(),
                "document": entry.document_number,
                "state": entry.state,
            }
            for entry in entries.select_related("record", "organisation").order_by("-document_date", "pk")[:SAMPLE]
        ],
    }


def fingerprint(plan: dict[str, Any]) -> str:
    """Of what becomes of items and rules; who approves a page approves this. Entries may come and go meanwhile."""
    core = [
        [row["code"], row["version"], row["left"], row["ends"], row.get("clauses")]
        for row in (*plan["items"], *plan["rules"])
    ]
    return hashlib.sha256(json.dumps(core, sort_keys=True).encode()).hexdigest()


def ended_items(plan: dict[str, Any]) -> list[str]:
    return [row["code"] for row in plan["items"] if row["ends"]]


def _named(row: Any) -> dict[str, Any]:
    return {"code": row.code, "version": row.version, "name_zh": row.name_zh, "name_en": row.name_en}


def _kept(change: LawChange, ended: list[str]) -> int:
    """Entries that hold under items that end and stay, because their acts lie before the change."""
    if change.works_back:
        return 0
    return Entry.objects.filter(item_code__in=ended, act_date__lt=change.from_date).standing().count()


def _counts(entries: Any, key: str, *, limit: int | None = None) -> dict[Any, dict[str, int]]:
    planned = Q(state__in=Entry.UNDECIDED)
    rows = (
        entries.order_by()
        .values_list(key)
        .annotate(in_force=Count("pk", filter=~planned), pending=Count("pk", filter=planned))
        .order_by("-in_force", "-pending", key)
    )
    return {name: {"in_force": done, "pending": open_} for name, done, open_ in rows[:limit]}


def _by_year(entries: Any) -> dict[int, dict[str, int]]:
    return _counts(entries.annotate(of_year=ExtractYear("document_date")), "of_year")
