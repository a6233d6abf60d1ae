"""What the pages of the one table are about: the arguments of their addresses, made in a world."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from archive.models import RuleVersion
from archive.vetoes import actions as vetoes
from profiles.accounts.permissions import Role
from tests import factories as f
from tests.archive.checking import paper
from tests.archive.papers import kept
from tests.world import World

R = Role


def entry(world: World) -> list[Any]:
    return [world.entry().record.number]


def last_year() -> int:
    return timezone.localdate().year - 1


def standing(world: World) -> list[Any]:
    return [world.entry(in_force=True).record.number]


def dispute(world: World) -> list[Any]:
    return [f.DisputeFactory(entry=world.entry(in_force=True)).code]


def revocation(world: World) -> list[Any]:
    return [f.RevocationFactory(organisation=world.school).code]


def adoption(world: World) -> list[Any]:
    rule = RuleVersion.objects.current().get(code="V-GEN-05-ACCESS")
    made = vetoes.propose_adoption(
        rule=rule,
        organisation=world.bureau,
        document_number="示教规〔2026〕1号",
        document_date=timezone.localdate(),
        valid_from=timezone.localdate(),
        document=paper(),
        by=world.accounts[R.EXAMINER],
    )
    return [made.code]


def sample(world: World) -> list[Any]:
    query = f.QueryLineFactory(person_id=world.person.pk, organisation=world.bureau)
    return [f.SampledLineFactory(line_uid=query.uid, line_at=query.at).sample.code]


def rule_draft(world: World) -> list[Any]:
    return [f.RuleDraftFactory().code]


def programme(world: World) -> list[Any]:
    return [world.programme().code]


def draft(world: World) -> list[Any]:
    return [f.EntryDraftFactory(organisation=world.school, made_by=world.accounts[R.CLERK]).code]


def evidence_of(world: World, *, prove: bool = False) -> list[Any]:
    about = world.entry()
    code = kept(about).code
    return [about.record.number, code] if prove else [code]


def watch_order(world: World) -> list[Any]:
    return [f.WatchOrderFactory(check_asked=world.answer().check_asked).code]
