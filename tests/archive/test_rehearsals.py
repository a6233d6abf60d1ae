"""What a draft would do: on the archive and on past checks, against a count made by hand; small counts say nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive.models import RuleDraft, RuleRehearsal, RuleVersion
from archive.records import actions as records
from archive.vetoes import actions
from archive.vetoes.rehearsal import rehearse, suppressed
from profiles.accounts.permissions import Role
from profiles.common.permissions import System
from profiles.models import Account, Person
from tests import factories as f
from tests.archive.checking import check, examiner, months_ago, on_file
from tests.factories.rules import WRITTEN
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WORKER = System("test")


def english(account: Account) -> Client:
    client = sign_in(account)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def draft(**changed: Any) -> RuleDraft:
    return f.RuleDraftFactory(written={**WRITTEN, **changed}, rule_code="V-TEA-90")


def compiled(**changed: Any) -> Any:
    return draft(**changed).compiled()


def people(count: int, item: str, *, group: str = "TEA", months: int = 6) -> list[Person]:
    found = []
    for _n in range(count):
        person = f.PersonFactory()
        f.MembershipFactory(person=person, group=group)
        on_file(person, item, document=months_ago(months))
        found.append(person)
    return found


def test_counts_below_five_are_not_told() -> None:
    assert [suppressed(count) for count in (0, 1, 4, 5, 6)] == [0, None, None, 5, 6]


def test_on_the_archive_persons_are_counted_by_group_item_and_year() -> None:
    people(6, "GEN-05")
    people(5, "GEN-05", months=20)
    people(3, "TEA-02")
    people(7, "GEN-05", group="LAW")  # the rule does not speak of lawyers
    people(5, "STU-01")  # nor of this item
    told = rehearse(compiled(clause=[{**WRITTEN["clause"][0], "items": ["GEN-05", "TEA-02"]}]), None)["archive"]
    assert told["hit"] == 14
    assert told["by_group"] == [["TEA", 14]]
    assert told["by_item"] == [["GEN-05", 11], ["TEA-02", None]]
    years = {str(months_ago(6).year): 9, str(months_ago(20).year): 5}
    if len(years) == 2:
        assert told["by_year"] == sorted([year, count] for year, count in years.items())
    assert told["change"] == {"newly": 14, "no_longer": 0, "both": 0}


def test_the_difference_to_the_version_in_force() -> None:
    rule = RuleVersion.objects.current().get(code="V-TEA-1")  # TEA-02 and TEA-03 bar five years
    people(6, "TEA-02")
    people(5, "GEN-05")
    people(7, "TEA-03")
    text = {**rule.as_written(), "clause": [{**WRITTEN["clause"][0], "items": ["TEA-02", "GEN-05"]}]}
    told = rehearse(compiled(**text), rule)["archive"]
    assert told["change"] == {"newly": 5, "no_longer": 7, "both": 6}


def test_on_past_checks_it_sees_what_was_known_then() -> None:
    by = examiner()
    early = [f.PersonFactory() for _n in range(5)]
    late = [f.PersonFactory() for _n in range(6)]
    for person in early:
        on_file(person, "GEN-05")
    for person in (*early, *late):
        check(person, by)
    for person in late:
        on_file(person, "GEN-05")  # known after the check only
    check(early[0], examiner(event="award"), event="award")  # another event
    told = rehearse(compiled(clause=[{**WRITTEN["clause"][0], "items": ["GEN-05"]}]), None)["checks"]
    assert (told["checks"], told["answers"], told["hit"], told["blocked"]) == (11, 11, 5, 5)
    assert told["by_event"] == [["access", 5]]
    assert told["change"] == {"newly": 5, "no_longer": 0, "both": 0}


def test_what_ended_since_still_counts_for_a_check_of_its_time_and_not_for_today() -> None:
    by = examiner()
    for _n in range(5):
        person = f.PersonFactory()
        f.MembershipFactory(person=person, group="TEA")
        entry = on_file(person, "GEN-05")
        check(person, by)
        records.withdraw_many(
            entries=[entry.pk],
            reason="撤销",
            proposed_by=entry.drafted_by,
            proposed_at=timezone.now(),
            by=entry.approved_by,
        )
    told = rehearse(compiled(clause=[{**WRITTEN["clause"][0], "items": ["GEN-05"]}]), None)
    assert (told["checks"]["hit"], told["archive"]["hit"]) == (5, 0)


def test_a_worker_that_was_killed_leaves_a_rehearsal_that_is_taken_up_again() -> None:
    officer = f.AccountFactory(holds=[Role.CREDIT_OFFICER])
    asked = actions.ask_for_rehearsal(draft=draft(), by=officer)
    RuleRehearsal.objects.filter(pk=asked.pk).update(attempts=1, heartbeat_at=timezone.now())
    actions.run_rehearsal(rehearsal_id=asked.pk, by=WORKER)
    asked.refresh_from_db()
    assert asked.state == "working", "another worker is at it"
    RuleRehearsal.objects.filter(pk=asked.pk).update(heartbeat_at=timezone.now() - dt.timedelta(minutes=3))
    assert list(RuleRehearsal.objects.left_behind()) == [asked]
    actions.run_rehearsal(rehearsal_id=asked.pk, by=WORKER)
    asked.refresh_from_db()
    assert asked.state == "done"
    RuleRehearsal.objects.filter(pk=asked.pk).update(
        state="working", attempts=3, heartbeat_at=timezone.now() - dt.timedelta(minutes=3)
    )
    actions.run_rehearsal(rehearsal_id=asked.pk, by=WORKER)
    asked.refresh_from_db()
    assert asked.state == "failed"


def test_the_page_shows_the_counts_and_hides_the_small_ones() -> None:
    officer: Account = f.AccountFactory(holds=[Role.CREDIT_OFFICER])
    people(6, "TEA-03")
    people(2, "TEA-02")
    made = draft(clause=[{**WRITTEN["clause"][0], "items": ["TEA-02", "TEA-03"]}])
    asked = actions.ask_for_rehearsal(draft=made, by=officer)
    client = english(officer)
    assert "being run" in client.get(f"/rules/drafts/{made.code}/").content.decode()
    actions.run_rehearsal(rehearsal_id=asked.pk, by=WORKER)
    page = client.get(f"/rules/drafts/{made.code}/").content.decode()
    assert "fewer than 5" in page
    asked.refresh_from_db()
    assert asked.result["archive"]["hit"] == 8
    assert asked.result["archive"]["by_item"] == [["TEA-02", None], ["TEA-03", 6]]
