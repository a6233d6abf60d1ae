"""Any act, in any order, by anybody: what must hold holds (Hypothesis, real PostgreSQL); clocks against naive oracles."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.types.range import DateRange

from archive.catalogue.periods import Clocks
from archive.common import feed
from archive.common.models import Change
from archive.common.periods import after_months
from archive.common.workdays import Calendar, deadline
from archive.models import Dispute, Entry, Item
from archive.records import actions as records
from archive.records.change_rules import eases
from profiles.accounts.permissions import Role
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from tests import factories as f
from tests.archive.disputing import objection
from tests.archive.lives import everything_holds
from tests.archive.sheets import approver_beside

EntryEvent = apps.get_model("archive", "EntryEvent")
# Mostly somebody who may; now and then somebody who may not.
CLERK = st.sampled_from(["clerk"] * 4 + ["both", "approver", "person", "stranger"])
APPROVER = st.sampled_from(["approver"] * 4 + ["both", "clerk", "person", "stranger"])
PERSON = st.sampled_from(["person"] * 4 + ["clerk", "stranger"])
WHICH = st.integers(0, 4)  # counted from the newest
DOCUMENT = "示罚〔2026〕1号"


class Life(RuleBasedStateMachine):
    """Each example is one transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        f.JurisdictionFactory(code="demo", settings={"hearing_working_days": {"value": 0}})
        school = f.OrganisationFactory(jurisdiction="demo")
        f.CompetenceFactory(organisation=school)
        clerk = f.AccountFactory(organisation=school, holds=[Role.CLERK])
        person = f.AccountFactory(a_person=True)
        self.accounts = {
            "clerk": clerk,
            "approver": approver_beside(clerk),
            "both": f.AccountFactory(organisation=school, holds=[Role.CLERK, Role.APPROVER]),
            "person": person,
            "stranger": f.AccountFactory(holds=[Role.CLERK, Role.APPROVER]),
        }
        self.drafted = 0
        self.history: dict[int, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def entry(self, which: int, *, holds: bool = False) -> Entry | None:
        rows = Entry.objects.standing() if holds else Entry.objects.all()
        entries = list(rows.select_related("record", "organisation", "person", "item").order_by("pk"))
        return entries[-1 - which % len(entries)] if entries else None

    def attempt(self, act: Callable[[Entry], Any], which: int, *, holds: bool = False) -> None:
        """An act is done or refused with a sentence; anything else is a fault."""
        entry = self.entry(which, holds=holds)
        if entry is None:
            return
        try:
            with transaction.atomic():
                act(entry)
        except (ActionRefused, PermissionDenied):
            pass

    @initialize()
    def begin(self) -> None:
        """Two that hold, one adverse and one positive, and one that is drafted."""
        for positive in (False, True):
            self.draft(positive, "clerk")
            self.settle(0)
        self.draft(False, "clerk")

    @rule(positive=st.booleans(), who=st.sampled_from(["clerk", "both"]))
    def draft(self, positive: bool, who: str) -> None:
        self.drafted += 1
        person, by = self.accounts["person"].person, self.accounts[who]
        item = Item.objects.current().get(code="STU-04")
        if positive:
            item = Item.objects.current().filter(polarity="positive").first()
        record = f.RecordFactory(person=person, organisation=by.organisation)
        entry = f.EntryFactory(
            record=record, item=item, drafted_by=by, hearing_days=0, document_number=DOCUMENT,
            act_date=timezone.localdate() - dt.timedelta(days=30 + self.drafted), severity="" if positive else "general",
        )  # fmt: skip
        feed.announce(Change.Kind.ENTRY_ADMITTED, person_id=person.pk, object_id=entry.pk)

    @rule(which=WHICH)
    def notify(self, which: int) -> None:
        entry = self.entry(which)
        if entry is not None and entry.state == "drafted" and entry.is_adverse and not entry.eases:
            records.notify(entries=[entry], organisation=entry.organisation, by=self.accounts["clerk"])

    @rule(which=WHICH, who=CLERK)
    def serve(self, which: int, who: str) -> None:
        today = timezone.localdate()
        self.attempt(lambda e: records.record_service(entries=[e], served_on=today, by=self.accounts[who]), which)

    @rule(which=WHICH, who=PERSON)
    def answer(self, which: int, who: str) -> None:
        self.attempt(lambda e: records.answer(entry=e, text="我有话说。", by=self.accounts[who]), which)

    @rule(which=WHICH, who=APPROVER)
    def read(self, which: int, who: str) -> None:
        self.attempt(lambda e: records.note_answers_read(entry=e, by=self.accounts[who]), which)

    @rule(which=WHICH, who=APPROVER)
    def approve(self, which: int, who: str) -> None:
        self.attempt(lambda e: records.approve(entries=[e], by=self.accounts[who]), which)

    @rule(which=WHICH, who=APPROVER)
    def decline(self, which: int, who: str) -> None:
        self.attempt(lambda e: records.decline(entry=e, reason="无据。", by=self.accounts[who]), which)

    @rule(which=WHICH, who=CLERK)
    def withdraw(self, which: int, who: str) -> None:
        self.attempt(lambda e: records.withdraw(entry=e, reason="误报。", by=self.accounts[who]), which)

    @rule(
        which=WHICH,
        who=CLERK,
        kind=st.sampled_from(["correction", "revision", "void"]),
        severity=st.sampled_from(["minor", "general", "serious"]),
        settled=st.booleans(),
    )
    def change(self, which: int, who: str, kind: str, severity: str, settled: bool) -> None:
        self.attempt(
            lambda e: records.propose_change(
                entry=e, kind=kind, values={"severity": severity}, reason="复核。", by=self.accounts[who]
            ),
            which,
            holds=True,
        )
        if settled:
            self.settle(0)

    @rule(which=WHICH, who=APPROVER)
    def repair(self, which: int, who: str) -> None:
        self.attempt(lambda e: records.mark_repaired(entries=[e], by=self.accounts[who]), which)

    @rule(which=WHICH, who=CLERK)
    def dispute(self, which: int, who: str) -> None:
        self.attempt(
            lambda e: records.mark_disputed(entry=e, objection=objection(), by=self.accounts[who]), which, holds=True
        )

    @rule(who=APPROVER, outcome=st.sampled_from(["upheld", "rejected", "withdrawn"]))
    def settle_dispute(self, who: str, outcome: str) -> None:
        opened = Dispute.objects.order_by("-pk").first()
        if opened is not None:
            self.attempt(
                lambda _entry: records.settle_dispute(
                    dispute=opened, outcome=outcome, reason="已核对。", by=self.accounts[who]
                ),
                0,
            )

    @rule(which=WHICH, who=PERSON)
    def opt_out(self, which: int, who: str) -> None:
        self.attempt(lambda e: records.opt_out(entry=e, by=self.accounts[who]), which)

    @rule(which=WHICH)
    def settle(self, which: int) -> None:
        """The straight road to the end."""
        today = timezone.localdate()
        self.notify(which)
        self.attempt(lambda e: records.record_service(entries=[e], served_on=today, by=self.accounts["clerk"]), which)
        self.attempt(lambda e: records.note_answers_read(entry=e, by=self.accounts["approver"]), which)
        self.attempt(lambda e: records.approve(entries=[e], by=self.accounts["approver"]), which)

    @rule(which=WHICH)
    def time_passes(self, which: int) -> None:
        entry = self.entry(which)
        if entry is not None and entry.display is not None and entry.display.upper is not None:
            records.close_over(day=entry.display.upper, by=System("test"))

    @precondition(lambda self: self.drafted > 3)
    @rule(who=CLERK, other=APPROVER)
    def revoke(self, who: str, other: str) -> None:
        today = timezone.localdate()
        document = records.RevokedDocument(DOCUMENT, "", "示复〔2026〕1号", today, "示例复议机关")
        try:
            with transaction.atomic():
                made = records.register_revocation(document=document, learned_on=today, by=self.accounts[who])
                records.confirm_revocation(revocation=made, by=self.accounts[other])
        except (ActionRefused, PermissionDenied):
            pass

    @invariant()
    def holds(self) -> None:
        everything_holds()

    @invariant()
    def nothing_is_overwritten(self) -> None:
        """What was said stays said; each step of an entry is kept."""
        for entry in Entry.objects.all():
            kept = EntryEvent.objects.filter(pgh_obj_id=entry.pk).count()
            assert kept >= self.history.get(entry.pk, 0)
            self.history[entry.pk] = kept
            said = EntryEvent.objects.filter(pgh_obj_id=entry.pk).values_list("document_number", "severity", "changes")
            assert all(row == (entry.document_number, entry.severity, entry.changes) for row in said)


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_any_act_in_any_order() -> None:
    run(examples=10, steps=25)


@pytest.mark.deep
@pytest.mark.django_db
def test_any_act_in_any_order_for_long() -> None:
    run(examples=150, steps=60)


# Clocks

days = st.dates(min_value=dt.date(2015, 1, 1), max_value=dt.date(2040, 12, 31))


def corresponding_day(start: dt.date, count: int) -> dt.date:
    """Civil Code 202, spelled out."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last))


@given(days, st.integers(0, 240))
def test_months_against_a_naive_count(start: dt.date, count: int) -> None:
    assert after_months(start, count) == corresponding_day(start, count) + dt.timedelta(days=1)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(days, st.integers(0, 240)), min_size=1, max_size=30))
def test_months_in_python_and_in_sql(pairs: list[tuple[dt.date, int]]) -> None:
    with connection.cursor() as cursor:
        for start, count in [*pairs, (dt.date(2024, 2, 29), 12), (dt.date(2023, 8, 31), 6), (dt.date(2024, 1, 30), 1)]:
            cursor.execute("SELECT (%s::date + make_interval(months => %s))::date + 1", [start, count])
            assert cursor.fetchone()[0] == after_months(start, count)


@given(days, st.integers(0, 60), st.dictionaries(days, st.booleans(), max_size=60))
def test_working_days_against_a_naive_count(start: dt.date, count: int, exceptions: dict[dt.date, bool]) -> None:
    day, left = start, count
    while left:
        day += dt.timedelta(days=1)
        left -= exceptions.get(day, day.isoweekday() <= 5)
    found = deadline(start, count, Calendar(2015, 2041, exceptions))
    assert found.last_day == (day if count else start - dt.timedelta(days=1))
    assert deadline(start, count + 1, Calendar(2015, 2041, exceptions)).last_day > found.last_day


# What eases

SPANS = st.one_of(
    st.none(),
    st.builds(
        lambda start, length: DateRange(start, None if length is None else start + dt.timedelta(days=length)),
        st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 4)),
        st.one_of(st.none(), st.integers(1, 4)),
    ),
)
STATED = st.fixed_dictionaries(
    {
        "item": st.builds(lambda pk: Item(pk=pk), st.sampled_from([1, 1, 1, 2])),
        "severity": st.sampled_from(["minor", "general", "serious"]),
        "sanction_months": st.sampled_from([None, 3, 6]),
        "document_date": st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 3)),
        "facts": st.sampled_from(["", "甲", "乙"]),
        "bar_groups": st.sampled_from([[], ["TEA"], ["LAW", "TEA"]]),
    }
)
CLOCKS = st.builds(
    lambda display, bar, repair: Clocks(display, DateRange(dt.date(2026, 1, 1), dt.date(2031, 1, 2)), bar, repair),
    SPANS,
    SPANS,
    st.one_of(st.none(), st.dates(dt.date(2026, 4, 1), dt.date(2026, 4, 3))),
)


def weight_on(day: dt.date, spans: Clocks) -> list[bool]:
    """Is it shown, does it bar?"""
    return [span is not None and day in span for span in (spans.display, spans.bar)]


@settings(max_examples=400)
@given(STATED, STATED, CLOCKS, CLOCKS)
def test_what_eases_weighs_on_no_day_more_than_before(before: Any, after: Any, old: Clocks, new: Clocks) -> None:
    if not eases(before, after, old, new):
        return
    for number in range(20):
        day = dt.date(2025, 12, 30) + dt.timedelta(days=number)
        assert all(now <= was for was, now in zip(weight_on(day, old), weight_on(day, new), strict=True))
    assert ["minor", "general", "serious"].index(after["severity"]) <= ["minor", "general", "serious"].index(
        before["severity"]
    )
    assert after["facts"] in {"", before["facts"]}
    assert before["item"].pk == after["item"].pk


@given(STATED, CLOCKS)
def test_what_stays_the_same_eases(before: Any, old: Clocks) -> None:
    assert eases(before, before, old, old)
