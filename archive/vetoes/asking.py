"""The engine's question about persons that are known already: by their archive, not by what somebody typed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable

from archive.vetoes.engine import facts_by_index
from archive.vetoes.models import Answer, FindingRow, RuleVersion
from archive.vetoes.rules import Fact, Finding, Question, findings, that_apply
from profiles.organisations.models import Organisation
from profiles.people.models import IdentityDocument


def findings_of(
    person_ids: Iterable[int], *, question: Question, organisation: Organisation | None, known_at: dt.datetime
) -> dict[int, list[Finding]]:
    """Person id → findings as known at `known_at`. Without a body only the rules that hold by law are asked."""
    person_ids = list(person_ids)
    holding = rules_of(organisation, known_at=known_at, day=question.day)
    rules = that_apply((version.compiled() for version in holding), question)
    items = sorted({code for rule in rules for clause in rule.clauses for code in clause.items})
    # Whoever is joined with a person is found by its numbers too: the index has a line for each number of a family.
    indexes: dict[int, list[bytes]] = {}
    live = IdentityDocument.objects.live(known_at=known_at).filter(person_id__in=person_ids)
    for person_id, index in live.values_list("person_id", "index"):
        indexes.setdefault(person_id, []).append(bytes(index))
    found = facts_by_index((index for own in indexes.values() for index in own), items=items, known_at=known_at)
    result = {}
    for person_id in person_ids:
        facts: dict[int, Fact] = {}  # each number finds the same entries
        for index in indexes.get(person_id, ()):
            facts.update({fact.entry_id: fact for fact in found.get(index, ())})
        result[person_id] = findings(facts.values(), rules, question)
    return result


def rules_of(organisation: Organisation | None, *, known_at: dt.datetime, day: dt.date) -> list[RuleVersion]:
    """Versions that held at a moment: by law, and by the body's own adoption."""
    return list(RuleVersion.objects.for_checks_of(organisation, moment=known_at, day=day))


def rules_used(
    organisation: Organisation | None, *, group: str, event: str, known_at: dt.datetime, day: dt.date
) -> tuple[list[list[str | int]], str]:
    """([[code, version], …] of the rules that speak to this group and event, SHA-256 over them and their content)."""
    used = [
        version
        for version in rules_of(organisation, known_at=known_at, day=day)
        if that_apply([version.compiled()], Question(group, event, day))
    ]
    text = json.dumps([[rule.code, rule.version, rule.content_hash, rule.clauses] for rule in used], sort_keys=True)
    return [[rule.code, rule.version] for rule in used], hashlib.sha256(text.encode()).hexdigest()


def findings_again(answer: Answer, *, day: dt.date, known_at: dt.datetime) -> list[Finding]:
    """What the question of an answer finds on another day, about the same person."""
    asked = answer.check_asked
    assert answer.person_id is not None
    question = Question(asked.group, asked.event, day, asked.post)
    found = findings_of([answer.person_id], question=question, organisation=answer.organisation, known_at=known_at)
    return found[answer.person_id]


def still_found(answer: Answer, *, day: dt.date, known_at: dt.datetime) -> bool:
    """Does an entry on which the answer rests still meet a rule? Voided, repaired, expired ones do not."""
    entries = set(FindingRow.objects.filter(answer=answer).exclude(effect="NOTE").values_list("entry_id", flat=True))
    again = findings_again(answer, day=day, known_at=known_at)
    return any(finding.entry_id in entries and finding.effect.value != "NOTE" for finding in again)


def as_given(found: list[Finding]) -> list[tuple[int, int, int, str, dt.date | None, str]]:
    """Findings as `FindingRow` keeps them, to compare a replay with what was given."""
    return [
        (
            item.rule_id,
            item.clause,
            item.entry_id,
            item.effect.value,
            item.until,
            item.doubt.value if item.doubt else "",
        )
        for item in found
    ]
