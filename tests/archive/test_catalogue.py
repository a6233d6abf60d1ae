"""The catalogue as data: complete, versioned, and strict about law."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.catalogue import actions, loader
from archive.catalogue.loader import DataFault
from archive.models import Item, Jurisdiction, LegalBasis, PledgeTemplate, RuleVersion
from archive.vetoes import actions as vetoes
from archive.vetoes import loader as rules
from profiles.common.permissions import System
from profiles.common.vocabulary import Group

BY = System("test")
# Rows of the item tables of the domain sheet, by group.
ROWS = {
    "GEN": 17, "STU": 15, "CIV": 11, "MED": 12, "NUR": 3, "PHA": 8, "LAW": 13, "GUI": 9, "TEA": 11, "ACC": 7, "CPA": 5,
    "TAX": 5, "FIR": 6, "REA": 4, "FIN": 8, "APP": 4, "CER": 3, "LEG": 8, "SOC": 4,
}  # fmt: skip


def test_the_shipped_files_hold_every_row() -> None:
    data = loader.read()
    counted: dict[str, int] = {}
    for item in data.items:
        counted[item["code"].split("-")[0]] = counted.get(item["code"].split("-")[0], 0) + 1
    assert counted == ROWS
    assert set(ROWS) - {"GEN"} == set(Group.values)
    assert {row["code"] for row in data.jurisdictions} >= {
        "national",
        "henan",
        "shanghai",
        "zhejiang",
        "shandong",
        "shenzhen",
    }


def test_what_is_uncertain_stays_marked() -> None:
    marks = {item["code"]: item["mark"] for item in loader.read().items}
    assert marks["STU-08"] == "K"
    assert marks["TEA-02"] == "F"
    assert marks["GEN-02"] == "M"
    incomplete = {row["code"] for row in loader.read().jurisdictions if not row["complete"]}
    assert incomplete == {"hubei", "fujian", "liaoning", "hebei"}


@pytest.mark.django_db
class TestLoading:
    def test_it_is_idempotent(self) -> None:
        before = Item.objects.count()
        found = actions.load_catalogue(data=loader.read(), by=BY)
        assert (found.new, found.changed, found.ended, found.lines) == (0, 0, 0, [])
        assert found.same == sum(ROWS.values())
        assert Item.objects.count() == before
        assert vetoes.load_rules(data=rules.read(), by=BY) == []

    def test_a_changed_item_is_a_new_version_and_the_change_is_shown(self) -> None:
        data = loader.read()
        changed = next(item for item in data.items if item["code"] == "STU-04")
        changed["severity"] = "serious"
        found = actions.load_catalogue(data=data, by=BY)
        assert found.changed == 1
        assert found.lines == ["~ STU-04 severity: 'general' → 'serious'"]
        old, new = Item.objects.filter(code="STU-04").order_by("version")
        assert (old.severity, old.valid_to) == ("general", timezone.localdate())
        assert (new.severity, new.version, new.valid_to) == ("serious", 2, None)
        assert old.in_force_on(old.valid_from)
        assert not old.in_force_on(timezone.localdate())
        assert new.in_force_on(timezone.localdate())

    def test_an_item_that_is_gone_ends_and_is_kept(self) -> None:
        data = loader.read()
        data.items[:] = [item for item in data.items if item["code"] != "REA-01"]
        assert actions.load_catalogue(data=data, by=BY).ended == 1
        assert Item.objects.get(code="REA-01").valid_to == timezone.localdate()

    def test_a_changed_period_of_a_jurisdiction_is_shown(self) -> None:
        data = loader.read()
        national = next(row for row in data.jurisdictions if row["code"] == "national")
        national["settings"]["retention_years"]["value"] = 4
        assert "~ jurisdiction national retention_years: 5 → 4" in actions.load_catalogue(data=data, by=BY).lines

    def test_a_dry_run_stores_nothing(self) -> None:
        Item.objects.filter(code="STU-04").update(content_hash="x")
        out = io.StringIO()
        call_command("load_catalogue", "--dry-run", stdout=out)
        assert "1 changed" in out.getvalue()
        assert "Nothing was stored." in out.getvalue()
        assert Item.objects.filter(code="STU-04").count() == 1

    def test_only_one_version_is_current(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.create(**{**_fields("STU-04"), "version": 2})


def _fields(code: str) -> dict[str, Any]:
    item = Item.objects.current().get(code=code)
    return {
        field.attname: getattr(item, field.attname) for field in Item._meta.concrete_fields if not field.primary_key
    }


BREAKS: list[tuple[str, Any, str]] = [
    ("no basis", {"bases": []}, "no legal basis"),
    ("nobody reports", {"reporters": []}, "nobody may report"),
    ("unknown group", {"groups": ["XXX"]}, "groups"),
    ("unknown mark", {"mark": "Z"}, "mark"),
    ("unknown reporter", {"reporters": ["uncle"]}, "reporters"),
    ("no English name", {"name_en": ""}, "name_en is missing"),
    ("a note in Chinese only", {"mark_note_en": ""}, "mark_note_zh without mark_note_en|mark_note_en without"),
]


@pytest.mark.parametrize(("change", "message"), [row[1:] for row in BREAKS], ids=[row[0] for row in BREAKS])
def test_a_broken_item_is_named(change: dict[str, Any], message: str) -> None:
    item = {**copy.deepcopy(next(row for row in loader.read().items if row["code"] == "STU-04")), **change}
    with pytest.raises(DataFault, match=f"STU-04: .*{message}"):
        loader._check_item("STU.toml", item)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.items.append(dict(data.items[0])), "given twice"),
        (lambda data: data.items[1].setdefault("aliases", []).append(data.items[0]["name_zh"]), "alias"),
        (lambda data: data.items[0].update(bases=[{"code": "NO-SUCH"}]), "NO-SUCH"),
        (lambda data: data.jurisdictions.clear(), "national"),
    ],
    ids=["code twice", "alias twice", "basis unknown", "no national defaults"],
)
def test_a_broken_catalogue_is_refused_whole(change: Any, message: str) -> None:
    data = loader.read()
    change(data)
    with pytest.raises(DataFault, match=message):
        loader._check_whole(data)


@pytest.mark.django_db
class TestRules:
    def test_all_default_rules_are_there(self) -> None:
        on = {"V-CIV-1", "V-CIV-2", "V-MED-1", "V-MED-2", "V-MED-3", "V-NUR-1", "V-PHA-1", "V-LAW-1", "V-LAW-2", "V-LAW-3",
              "V-GUI-1", "V-TEA-1", "V-TEA-2", "V-ACC-1", "V-CPA-1", "V-FIN-1", "V-FIN-2", "V-FIN-3", "V-FIN-4", "V-FIN-5",
              "V-FIN-6", "V-APP-1", "V-CER-1", "V-LEG-1", "V-LEG-2", "V-STU-1", "V-STU-2", "V-GEN-1", "V-GEN-2"}  # fmt: skip
        off = {
            "V-TEA-3",
            "V-ACC-2",
            "V-GEN-3",
            "V-GEN-4",
            "V-PHA-2",
            "V-FIR-1",
            "V-TAX-1",
            "V-CIV-3",
            "V-STU-3",
            "V-SOC-1",
            "V-LEG-3",
        }
        status = dict(RuleVersion.objects.current().values_list("code", "status"))
        assert {code for code in on if status.get(code) == "on"} == on
        assert {code for code in off if status.get(code) == "off"} == off
        assert len(rules.read().forbidden) >= 9

    def test_a_veto_needs_a_law(self) -> None:
        """By the compiler with a sentence, and by the database for whoever goes round it."""
        known = rules.lookups()
        raw = copy.deepcopy(next(rule for rule in rules.read().rules if rule["code"] == "V-TEA-1"))
        policy = LegalBasis.objects.filter(level="central_policy").first()
        raw["bases"] = [{"code": policy.code}]
        with pytest.raises(DataFault, match="a veto needs a law"):
            rules.check(raw, known)
        rule = RuleVersion.objects.current().get(code="V-TEA-1")
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleVersion.objects.filter(pk=rule.pk).update(level="central_policy")

    def test_a_rule_on_a_forbidden_item_is_refused(self) -> None:
        known = rules.lookups()
        raw = copy.deepcopy(next(rule for rule in rules.read().rules if rule["code"] == "V-TEA-1"))
        raw["clause"][0]["items"] = ["GEN-17"]
        with pytest.raises(DataFault, match="GEN-17"):
            rules.check(raw, known)

    def test_only_what_the_law_bars_is_on(self) -> None:
        known = rules.lookups()
        raw = copy.deepcopy(next(rule for rule in rules.read().rules if rule["effect"] == "REVIEW"))
        raw["status"] = "on"
        with pytest.raises(DataFault, match="on by default"):
            rules.check(raw, known)


@pytest.mark.django_db
def test_pledge_texts_and_jurisdictions_are_loaded() -> None:
    assert PledgeTemplate.objects.current().count() >= 17
    assert Jurisdiction.objects.count() == 10
