"""A law, an article or an item falls: shown, approved by a second person, carried out once, everywhere."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import Change, CheckFact, Entry, Item, LawChange, Notice, RuleVersion
from archive.oversight import actions, impact, tasks
from archive.oversight.actions import work
from archive.vetoes import actions as vetoes
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from tests import factories as f
from tests.archive.oversight import WORKER, approve, carried_out, in_force, item, officer, propose
from tests.world import sign_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def basis(code: str, level: str = "law") -> Any:
    return f.LegalBasisFactory(code=code, level=level)


def cited(*codes: str, articles: str = "7") -> list[dict[str, str]]:
    return [{"code": code, "articles": articles} for code in codes]


# What it touches


def test_an_item_ends_where_nothing_else_carries_it_and_is_cut_where_something_does() -> None:
    gone, kept = basis("GONE"), basis("KEPT")
    alone, both = item(bases=cited("GONE")), item(bases=cited("GONE", "KEPT"))
    by_alone, by_both = in_force(alone), in_force(both)
    carried_out(basis=gone)
    alone.refresh_from_db()
    assert (alone.valid_to, alone.ended_back) == (TODAY, True)
    assert "示发〔2026〕9号" in alone.end_document
    newest = Item.objects.current().get(code=both.code)
    assert (newest.version, newest.bases, newest.valid_from) == (2, cited("KEPT"), TODAY)
    by_alone.refresh_from_db()
    by_both.refresh_from_db()
    assert (by_alone.state, by_alone.end_reason) == (Entry.State.ENDED, Entry.EndReason.REVOKED)
    assert by_both.state == Entry.State.IN_FORCE
    assert kept.code in {row["code"] for row in newest.bases}


def test_one_article_touches_only_what_cites_it() -> None:
    law = basis("GONE")
    seventh, other = item(bases=cited("GONE", articles="7(2)")), item(bases=cited("GONE", articles="8"))
    change = carried_out(basis=law, article="7")
    assert [row["code"] for row in change.plan["items"]] == [seventh.code]
    assert Item.objects.current().filter(code=other.code).exists()


def test_rules_end_or_are_cut_by_what_still_carries_them() -> None:
    gone = basis("GONE")
    basis("KEPT")
    basis("WEAK", level="normative_document")
    alone = f.RuleVersionFactory(bases=cited("GONE"))
    weak = f.RuleVersionFactory(bases=cited("GONE", "WEAK"))
    both = f.RuleVersionFactory(bases=cited("GONE", "KEPT"))
    untouched = f.RuleVersionFactory(bases=cited("KEPT"))
    change = carried_out(basis=gone)
    assert {row["code"]: row["ends"] for row in change.plan["rules"]} == {
        alone.code: True, weak.code: True, both.code: False,
    }  # fmt: skip
    current = {rule.code: rule for rule in RuleVersion.objects.current()}
    assert alone.code not in current
    assert weak.code not in current  # a normative document carries no veto
    assert (current[both.code].version, current[both.code].bases) == (2, cited("KEPT"))
    assert current[untouched.code].pk == untouched.pk


def test_an_item_struck_off_takes_its_clauses_where_it_works_back() -> None:
    struck, other = item(), item()
    basis("KEPT")
    clause = {"term": "P5Y", "from": "document"}
    rule = f.RuleVersionFactory(
        bases=cited("KEPT"),
        clauses=[{"items": [struck.code], **clause}, {"items": [other.code, struck.code], **clause}],
    )
    assert (
        impact.plan(LawChange(item_code=struck.code, from_date=TODAY))["rules"] == []
    )  # forward: earlier acts still count
    carried_out(item_code=struck.code)
    assert RuleVersion.objects.current().get(code=rule.code).clauses == [{"items": [other.code], **clause}]


def test_only_forward_leaves_earlier_acts() -> None:
    struck = item()
    early, late = in_force(struck, act_date=TODAY - 40 * DAY), in_force(struck, act_date=TODAY - 20 * DAY)
    change = carried_out(item_code=struck.code, works_back=False, from_date=TODAY - 30 * DAY)
    assert (change.plan["in_force"], change.plan["kept"]) == (1, 1)
    assert Entry.objects.get(pk=early.pk).state == Entry.State.IN_FORCE
    assert Entry.objects.get(pk=late.pk).state == Entry.State.ENDED
    newest = Item.objects.get(code=struck.code)
    assert newest.in_force_on(TODAY - 31 * DAY)
    assert not newest.in_force_on(TODAY - 30 * DAY)


def test_what_works_back_can_be_recorded_for_no_day() -> None:
    struck = item()
    carried_out(item_code=struck.code)
    newest = Item.objects.get(code=struck.code)
    assert not newest.in_force_on(TODAY - 400 * DAY)
    assert not Item.objects.in_force_on(TODAY - 400 * DAY).filter(code=struck.code).exists()


def test_the_plan_counts_by_item_body_and_year() -> None:
    struck = item()
    one, other = f.OrganisationFactory(), f.OrganisationFactory()
    for school, ago in ((one, 60), (one, 400), (other, 60)):
        in_force(struck, school=school, act_date=TODAY - ago * DAY)
    f.EntryFactory(item=struck, record=f.RecordFactory(organisation=other), notified=True)
    plan = impact.plan(LawChange(item_code=struck.code, from_date=TODAY, works_back=True))
    assert (plan["in_force"], plan["pending"], plan["persons"]) == (3, 1, 4)
    assert plan["bodies"] == [
        {"name": one.name, "in_force": 2, "pending": 0}, {"name": other.name, "in_force": 1, "pending": 1},
    ]  # fmt: skip
    assert sum(row["in_force"] for row in plan["years"]) == 3
    assert len(plan["sample"]) == 4


def test_the_plan_asks_no_more_for_more_entries() -> None:
    struck = item()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            impact.plan(LawChange(item_code=struck.code, from_date=TODAY, works_back=True))
        return len(captured)

    in_force(struck)
    few = count()
    for _entry in range(12):
        in_force(struck)
    assert count() <= few


# Two people


def test_a_second_person_approves() -> None:
    item(bases=cited("GONE"))
    by = officer()
    change = propose(basis=basis("GONE"), by=by)
    with pytest.raises(ActionRefused, match="a second person"):
        approve(change, by=by)
    with pytest.raises(IntegrityError, match="law_change_second_person"), transaction.atomic():
        LawChange.objects.filter(pk=change.pk).update(state="approved", approved_by=by, approved_at=timezone.now())
    for role in (Role.CLERK, Role.APPROVER, Role.AUDITOR, Role.SYSTEM_ADMIN):
        with pytest.raises(PermissionDenied):
            approve(change, by=f.AccountFactory(holds=[role]))
    assert approve(change).state == LawChange.State.APPROVED
    with pytest.raises(ActionRefused, match="decided already"):
        approve(change)


def test_what_is_approved_is_what_was_shown() -> None:
    law = basis("GONE")
    item(bases=cited("GONE"))
    change = propose(basis=law)
    seen = impact.fingerprint(impact.plan(change))
    item(bases=cited("GONE"))
    with pytest.raises(ActionRefused, match="have changed since"):
        actions.approve(change=change, seen=seen, by=officer())
    assert Item.objects.filter(end_document="").count() == Item.objects.count()


def test_nothing_ends_before_its_day_nor_without_anything_to_end() -> None:
    struck = item()
    change = propose(item_code=struck.code, from_date=TODAY + DAY)
    with pytest.raises(ActionRefused, match="Approve it on that day"):
        approve(change)
    with pytest.raises(ActionRefused, match="No item and no rule"):
        propose(basis=basis("UNCITED"))
    with pytest.raises(ActionRefused, match="under way already"):
        propose(item_code=struck.code)


def test_a_dropped_proposal_changes_nothing() -> None:
    struck = item()
    change = actions.drop(change=propose(item_code=struck.code), by=officer())
    assert change.state == LawChange.State.DROPPED
    with pytest.raises(ActionRefused):
        approve(change)
    assert Item.objects.current().filter(code=struck.code).exists()


# Carrying out


def test_entries_go_everywhere_and_persons_are_told() -> None:
    struck = item()
    holding = in_force(struck)
    planned = f.EntryFactory(item=struck, notified=True)
    drafted = f.EntryFactory(item=struck)
    moment = timezone.now()
    change = carried_out(item_code=struck.code)
    assert (change.state, change.rows_done, change.rows_total) == (LawChange.State.DONE, 3, 3)
    void = Entry.objects.get(supersedes=holding)
    assert (void.kind, void.record_id, void.state, void.end_reason) == ("void", holding.record_id, "ended", "revoked")
    assert (void.drafted_by, void.approved_by) == (change.proposed_by, change.approved_by)
    assert "示发〔2026〕9号" in void.change_reason
    for entry in (planned, drafted):
        assert Entry.objects.get(pk=entry.pk).state == Entry.State.WITHDRAWN
    facts = CheckFact.objects.filter(entry_id=holding.pk)
    assert facts.known_at(moment).exists()  # a replay of an earlier check still finds it
    assert not facts.known_at(timezone.now()).exists()
    assert list(Change.objects.filter(object_id=holding.pk, kind=Change.Kind.ENTRY_ENDED).values_list("person_id")) == [
        (holding.person_id,)
    ]
    told = Notice.objects.get(person=holding.person)
    assert change.reason in told.body_zh
    assert Notice.objects.filter(person=planned.person, kind="entry_withdrawn").count() == 1
    assert not Notice.objects.filter(person=drafted.person).exists()  # had not heard of it


def test_a_bar_that_outlived_its_display_goes_too() -> None:
    struck = item()
    entry = in_force(struck)
    Entry.objects.filter(pk=entry.pk).update(state="ended", end_reason="display_over", ended_at=timezone.now())
    carried_out(item_code=struck.code)
    assert Entry.objects.get(pk=entry.pk).end_reason == Entry.EndReason.REVOKED
    assert not CheckFact.objects.filter(entry_id=entry.pk, known_until=None).exists()


def test_run_twice_it_is_done_once() -> None:
    struck = item()
    entry = in_force(struck)
    change = carried_out(item_code=struck.code)
    for _again in range(2):
        tasks.carry_out_law_change(change.pk)
    assert Entry.objects.filter(supersedes=entry).count() == 1
    assert Notice.objects.filter(person=entry.person).count() == 1
    assert AuditEvent.objects.filter(verb=Verb.LAW_CHANGE_DONE).count() == 1


def test_stopped_between_two_steps_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "STEP", 2)
    struck = item()
    entries = [in_force(struck) for _entry in range(5)]
    change = approve(propose(item_code=struck.code))
    work._claim(change.pk, by=WORKER)
    work._step(change.pk, by=WORKER)
    change.refresh_from_db()
    assert (change.state, change.rows_done) == (LawChange.State.APPROVED, 2)
    actions.carry_out(change_id=change.pk, by=WORKER)  # a second delivery while the first is at work
    change.refresh_from_db()
    assert change.rows_done == 2
    LawChange.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=3))  # killed
    assert list(LawChange.objects.left_behind()) == [change]
    actions.carry_out(change_id=change.pk, by=WORKER)
    change.refresh_from_db()
    assert (change.state, change.rows_done, change.percent) == (LawChange.State.DONE, 5, 100)
    assert Entry.objects.filter(supersedes__in=entries, kind="void").count() == 5


def test_an_error_of_ours_is_told_and_taken_up_again() -> None:
    struck = item()
    entry = in_force(struck)
    change = approve(propose(item_code=struck.code))
    LawChange.objects.update(plan={})  # as no plan is
    with pytest.raises(KeyError):
        actions.carry_out(change_id=change.pk, by=WORKER)
    broken = LawChange.objects.get()
    assert (broken.state, broken.error) == (LawChange.State.FAILED, "KeyError")
    assert Entry.objects.get(pk=entry.pk).state == Entry.State.IN_FORCE
    LawChange.objects.update(plan=change.plan)
    actions.resume(change=change, by=officer())
    actions.carry_out(change_id=change.pk, by=WORKER)
    assert Entry.objects.get(pk=entry.pk).state == Entry.State.ENDED


def test_withdrawing_many_asks_no_more_than_withdrawing_two() -> None:
    def count(number: int) -> int:
        struck = item()
        for _entry in range(number):
            in_force(struck)
            f.EntryFactory(item=struck, notified=True)
        change = approve(propose(item_code=struck.code))
        with CaptureQueriesContext(connection) as captured:
            actions.carry_out(change_id=change.pk, by=WORKER)
        assert not Entry.objects.filter(item=struck).undecided().exists()
        return len(captured)

    few = count(2)
    assert count(20) <= few


# The data files afterwards


def test_loading_the_shipped_data_does_not_bring_back_what_has_fallen() -> None:
    struck = Item.objects.current().get(code="STU-04")
    twice = next(
        row for row in Item.objects.current() if len({basis["code"] for basis in row.bases}) > 1 and not row.forbidden
    )
    approve(propose(item_code="STU-04"))
    approve(propose(basis=f.LegalBasisFactory._meta.model.objects.get(pk=twice.bases[0]["code"])))
    before = {
        "items": list(Item.objects.order_by("pk").values_list("pk", "valid_to")),
        "rules": list(RuleVersion.objects.order_by("pk").values_list("pk", "valid_to")),
    }
    call_command("load_catalogue", stdout=io.StringIO())
    assert list(Item.objects.order_by("pk").values_list("pk", "valid_to")) == before["items"]
    assert list(RuleVersion.objects.order_by("pk").values_list("pk", "valid_to")) == before["rules"]
    assert not Item.objects.current().filter(code=struck.code).exists()


def test_an_ended_item_keeps_its_page_and_the_rules_that_name_it_theirs() -> None:
    rule = next(row for row in RuleVersion.objects.current() if len(row.clauses) == 1)
    code = rule.clauses[0]["items"][0]
    approve(propose(item_code=code, works_back=False))
    browser = sign_in(officer())
    assert "示发〔2026〕9号" in browser.get(f"/catalogue/{code}/").content.decode()
    assert browser.get(f"/rules/{rule.code}/").status_code == 200


def test_what_is_left_must_carry_the_rule() -> None:
    basis("WEAK", level="normative_document")
    rule = f.RuleVersionFactory(bases=cited("WEAK"))
    for bases, clauses in ((cited("WEAK"), rule.clauses), ([], rule.clauses), (cited("WEAK"), [])):
        with pytest.raises(ActionRefused, match="end it"):
            vetoes.cut_rule(rule=rule, bases=bases, clauses=clauses, document="—", by=officer())


# Screens


def test_the_road_over_the_pages(at_once: None, django_capture_on_commit_callbacks: Any) -> None:
    law = basis("GONE")
    struck = item(bases=cited("GONE", articles="37之一"))
    entry = in_force(struck)
    one, other = sign_in(officer()), sign_in(officer())
    form = {
        "basis": law.pk, "article": "37-1", "item": "", "from_date": TODAY.isoformat(), "works_back": "yes",
        "document_number": "示发〔2026〕9号", "document_date": TODAY.isoformat(), "document_body": "示例市人大常委会",
        "reason": "该条已经废止，记录不再保留。",
    }  # fmt: skip
    for wrong in ({"basis": ""}, {"item": struck.code}, {"article": "a few"}, {"works_back": ""}, {"reason": ""}):
        assert one.post("/law-changes/new/", {**form, **wrong}).status_code == 422, wrong
    address = one.post("/law-changes/new/", form).url
    page = other.get(address).content.decode()
    assert struck.code in page
    assert entry.record.number in page
    assert entry.person.name not in page
    approval = other.get(f"{address}approve/")
    seen = approval.context["form"].initial["seen"]
    assert other.post(f"{address}approve/", {"seen": seen}).status_code == 422
    assert 'name="agreed"' not in one.get(f"{address}approve/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        other.post(f"{address}approve/", {"seen": seen, "agreed": "on"})
    assert LawChange.objects.get().state == LawChange.State.DONE
    assert one.get(address).status_code == 200
    assert b"hx-trigger" not in one.get(address, headers={"hx-request": "true"}).content
    assert LawChange.objects.get().code in one.get("/law-changes/?state=done").content.decode()
    assert f"{law.title_zh} 37之一" in one.get("/law-changes/?_export=csv").getvalue().decode()
