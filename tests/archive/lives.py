"""Entries in force, and what holds for every record at any time."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from archive.models import Change, CheckFact, Dispute, Entry, Notice
from archive.records import actions as records
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import admitted, approver_beside, clerk, fact


def demo_clerk() -> Account:
    """Where the hearing window has no days, so that entries can be decided at once."""
    if not f.archive.Jurisdiction.objects.filter(code="demo").exists():
        f.JurisdictionFactory(code="demo", settings={"hearing_working_days": {"value": 0}})
    return clerk(jurisdiction="demo")


def standing(by: Account, second: Account | None = None, *, person: Any = None, **changed: Any) -> Entry:
    """An entry that went the whole road and is in force."""
    second = second or approver_beside(by)
    if person is not None:
        changed = {"name": person.name, "identity_number": person.identities.get().number, **changed}
    (entry,) = admitted(fact(**changed), by=by)
    serve(entry, by)
    records.approve(entries=[entry], by=second)
    return fresh(entry)


def serve(entry: Entry, by: Account) -> Entry:
    records.record_service(entries=[entry], served_on=timezone.localdate(), by=by)
    return fresh(entry)


def fresh(entry: Entry) -> Entry:
    return Entry.objects.select_related("item", "record", "organisation", "person").get(pk=entry.pk)


def feed_of(entry: Entry) -> list[tuple[str, int]]:
    """(kind, entry) of all lines about the person, in order."""
    lines = Change.objects.filter(person_id=entry.person_id, kind__startswith="entry.").order_by("id")
    return list(lines.values_list("kind", "object_id"))


def open_lines(entry: Entry) -> int:
    return CheckFact.objects.filter(entry_id=entry.pk, known_until=None).count()


def told(entry: Entry) -> list[str]:
    return list(Notice.objects.about(entry).order_by("pk").values_list("kind", flat=True))


def everything_holds() -> None:
    """What may never be otherwise, whatever was done in whatever order."""
    entries = list(Entry.objects.select_related("record"))
    by_record: dict[int, list[Entry]] = {}
    for entry in entries:
        by_record.setdefault(entry.record_id, []).append(entry)
        if entry.approved_at is not None:
            assert entry.approved_by_id != entry.drafted_by_id
            if entry.is_adverse and not entry.eases:
                assert entry.notified_at is not None
                assert entry.approvable_from is not None
                assert entry.approved_on >= entry.approvable_from
                assert not entry.answers.filter(read_at=None).exists()
        assert (open_lines(entry) > 0) is entry.is_standing, (entry.state, entry.end_reason)
    for family in by_record.values():
        assert sum(entry.is_standing for entry in family) <= 1
        assert sum(entry.is_undecided for entry in family) <= 1
    lines = list(Change.objects.filter(kind__startswith="entry.").order_by("id").values_list("kind", "object_id"))
    once = [line for line in lines if line[0] not in {"entry.disputed", "entry.settled"}]
    assert len(once) == len(set(once)), "a line was announced twice"
    _disputes_hold(entries)
    for entry in entries:
        kinds = [kind for kind, pk in lines if pk == entry.pk]
        assert kinds[0] == "entry.admitted"
        shown = entry.kind != Entry.Kind.VOID and entry.approved_at is not None
        assert (("entry.in_force" in kinds) or ("entry.changed" in kinds)) is shown
        gone = shown and entry.state == Entry.State.ENDED and entry.end_reason != Entry.EndReason.DISPLAY_OVER
        assert ("entry.ended" in kinds) is gone


def _disputes_hold(entries: list[Entry]) -> None:
    """An objection is settled by another than who recorded it; the check index knows of the open ones, and of no others."""
    disputes = list(Dispute.objects.all())
    assert all(row.settled_by_id != row.opened_by_id for row in disputes)
    open_ = {row.record_id for row in disputes if row.is_open}
    records = {entry.pk: entry.record_id for entry in entries}
    for entry_id, disputed in CheckFact.objects.filter(known_until=None).values_list("entry_id", "disputed"):
        assert disputed is (records[entry_id] in open_)
