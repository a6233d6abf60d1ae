"""Two archives that are one person's: read as one while they are joined, and exactly what they were once they are parted."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.access import actions as access
from archive.models import Authorisation, CheckFact, Entry, Notice, QueryLine
from archive.records import actions as records
from archive.reports import actions as reports
from archive.vetoes import engine
from archive.vetoes.rules import Question
from profiles.accounts.actions import activate, issue_activation_code
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import ciphers
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, can
from profiles.common.vocabulary import Event, Group
from profiles.models import Account, Person, PersonMerge
from profiles.people import actions as people
from tests import factories as f
from tests import numbers
from tests.archive.checking import check, examiner, on_file
from tests.archive.persons import DOCUMENT, REASON, add_number, correct_number, join, number_of, officer, part, rename
from tests.archive.sheets import approver_beside, clerk, codes, fact, rehearse, xlsx
from tests.archive.test_names_and_numbers import open_lines
from tests.archive.test_replay import replay, stored
from tests.world import sign_in

pytestmark = pytest.mark.django_db


def index_of(*persons: Person) -> set[bytes]:
    return {ciphers.blind_index(number_of(person)) for person in persons}


def again(account: Account) -> Account:
    """As the next request loads it."""
    return Account.objects.get(pk=account.pk)


def test_each_number_finds_what_is_on_file_under_the_other(catalogue: None) -> None:
    one, other, by = f.PersonFactory(), f.PersonFactory(), examiner()
    on_file(other, "TEA-02")
    before = check(one, by)
    assert before.outcome == "clear"
    merge = join(one, other)
    joined = [check(one, by), check(other, by)]
    assert [answer.outcome for answer in joined] == ["veto", "veto"]
    assert [answer.person_id for answer in joined] == [one.pk, other.pk]
    part(merge)
    after = [check(one, by), check(other, by)]
    assert [answer.outcome for answer in after] == ["clear", "veto"]
    for answer in (before, *joined, *after):
        assert replay([answer]) == [stored(answer)], "each as known at its own time"


def test_nothing_of_either_archive_is_touched(catalogue: None) -> None:
    one, other = f.PersonFactory(), f.PersonFactory()
    entries = [on_file(one, "TEA-02"), on_file(other, "GEN-05")]
    before = list(Entry.objects.order_by("pk").values()), list(Person.objects.order_by("pk").values())
    lines = open_lines()
    part(join(one, other))
    assert (list(Entry.objects.order_by("pk").values()), list(Person.objects.order_by("pk").values())) == before
    assert open_lines() == lines
    assert len(lines) == len(entries)


def test_what_comes_in_between_stays_with_the_number_under_which_it_was_reported(catalogue: None) -> None:
    one, other, by = f.PersonFactory(), f.PersonFactory(), examiner()
    merge = join(one, other)
    entry = on_file(other, "TEA-02")
    assert {index for index, entry_id in open_lines() if entry_id == entry.pk} == index_of(one, other)
    part(merge)
    assert {index for index, entry_id in open_lines() if entry_id == entry.pk} == index_of(other)
    assert [check(one, by).outcome, check(other, by).outcome] == ["clear", "veto"]


def test_a_number_added_or_corrected_while_joined_finds_both(catalogue: None) -> None:
    one, other = f.PersonFactory(), f.PersonFactory()
    entry = on_file(other, "TEA-02")
    merge = join(one, other)
    further, right = numbers.resident(one.birth_date), numbers.resident(other.birth_date)
    add_number(one, further)
    correct_number(other, right)
    of_one = {ciphers.blind_index(document.number) for document in one.identities.live()}
    assert open_lines() == {(index, entry.pk) for index in of_one | {ciphers.blind_index(right)}}
    part(merge)
    assert open_lines() == {(ciphers.blind_index(right), entry.pk)}


def test_there_are_no_chains_and_no_circles() -> None:
    one, other, third, fourth = f.PersonFactory.create_batch(4)
    join(one, other)
    with pytest.raises(ActionRefused, match="one archive already"):
        join(other, one)
    with pytest.raises(ActionRefused, match="joined to another one already"):
        join(third, other)
    with pytest.raises(ActionRefused, match="Keep that one"):
        join(third, one)
    assert join(other, third).kept == one, "whoever is joined to a joined one is joined to its head"
    family = PersonMerge.objects.family(one.pk)
    assert family == PersonMerge.objects.family(third.pk) == {one.pk, other.pk, third.pk}
    assert PersonMerge.objects.family(fourth.pk) == {fourth.pk}
    with pytest.raises(IntegrityError, match="joined_once"), transaction.atomic():
        f.PersonMergeFactory(kept=fourth, merged=other, carried_out=True)
    with pytest.raises(IntegrityError, match="two_archives"), transaction.atomic():
        f.PersonMergeFactory(kept=fourth, merged=fourth)


def test_two_decide_and_across_bodies_only_the_credit_office() -> None:
    by = clerk()
    own, stranger = f.PersonFactory(), f.PersonFactory()
    f.MembershipFactory(person=own, organisation=by.organisation)
    with pytest.raises(PermissionDenied):
        people.propose_merge(kept=own, merged=stranger, reason=REASON, by=by, **DOCUMENT)
    first = officer()
    merge = people.propose_merge(kept=own, merged=stranger, reason=REASON, by=first, **DOCUMENT)
    with pytest.raises(ActionRefused, match="second person"):
        records.carry_out_merge(merge=merge, by=first)
    with pytest.raises(PermissionDenied):
        records.carry_out_merge(merge=merge, by=approver_beside(first))
    assert not PersonMerge.objects.live().exists()
    f.MembershipFactory(person=stranger, organisation=by.organisation)
    records.carry_out_merge(merge=merge, by=approver_beside(by))
    with pytest.raises(PermissionDenied):
        records.undo_merge(merge=merge, reason="核对后确认是两个人。", by=by)


def test_both_archives_are_told_and_both_have_it_in_their_trail(catalogue: None) -> None:
    one, other = f.PersonFactory(), f.PersonFactory()
    part(join(one, other))
    for person in (one, other):
        kinds = Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["archives_joined", "archives_parted"]
        verbs = AuditEvent.objects.filter(person_id=person.pk, object_type="personmerge").order_by("uid")
        assert list(verbs.values_list("verb", flat=True)) == [Verb.MERGE_PROPOSED, Verb.MERGED, Verb.MERGE_UNDONE]


def test_an_account_of_either_reads_both_and_of_a_parted_one_its_own(catalogue: None) -> None:
    account = f.AccountFactory(a_person=True)
    other = f.PersonFactory()
    entry, notice = on_file(other, "TEA-02"), f.NoticeFactory(person=other)
    f.QueryLineFactory(person_id=other.pk)
    standing = f.AuthorisationFactory(person=other)
    f.MembershipFactory(person=other, unit="他的班级")
    pledge = f.PledgeFactory(person=other)
    things = [entry, notice, standing, pledge]
    seen = [Entry, Notice, Authorisation, type(pledge), QueryLine]

    def reads() -> list[int]:
        return [model.objects.visible_to(again(account)).count() for model in seen]

    assert reads() == [0] * 5
    merge = join(account.person, other)
    assert reads() == [1, 4, 1, 1, 1], "notices: of the approval, this one, and of the joining under both numbers"
    assert all(can(again(account), Permission.VIEW_ARCHIVE, thing) for thing in things)
    page = sign_in(again(account)).get("/my/").content.decode()
    assert entry.item.name_zh in page
    assert "他的班级" in page
    part(merge)
    assert not any(can(again(account), Permission.VIEW_ARCHIVE, thing) for thing in things)
    assert entry.item.name_zh not in sign_in(again(account)).get("/my/").content.decode()


def test_the_report_tells_the_whole(catalogue: None) -> None:
    account, other = f.AccountFactory(a_person=True), f.PersonFactory()
    on_file(other, "TEA-02")
    f.MembershipFactory(person=other)
    f.PledgeFactory(person=other)
    f.QueryLineFactory(person_id=other.pk)
    join(account.person, other)
    content = json.loads(reports.request_report(wish=reports.Wish(), by=again(account)).content)
    assert {name: content["counts"][name] for name in ("adverse", "memberships", "pledges", "queries")} == {
        "adverse": 1,
        "memberships": 1,
        "pledges": 1,
        "queries": 1,
    }
    assert len(content["person"]["identity"]) == 2


def test_staff_of_either_body_see_their_own_entries_only(catalogue: None) -> None:
    one, other = f.PersonFactory(), f.PersonFactory()
    entries = [on_file(one, "TEA-02"), on_file(other, "GEN-05")]
    join(one, other)
    for entry in entries:
        by = f.AccountFactory(organisation=entry.organisation, holds=[Role.CLERK])
        assert list(Entry.objects.visible_to(by)) == [entry]


def test_two_accounts_both_stay_and_read_the_same(catalogue: None) -> None:
    one, other = f.AccountFactory(a_person=True), f.AccountFactory(a_person=True)
    on_file(other.person, "TEA-02")
    join(one.person, other.person)
    assert again(one).person_ids == again(other).person_ids == {one.person_id, other.person_id}
    assert Entry.objects.visible_to(again(one)).count() == Entry.objects.visible_to(again(other)).count() == 1


def test_who_reads_in_the_account_of_the_other_is_served_by_it_and_gets_no_second_one(catalogue: None) -> None:
    account = f.AccountFactory(a_person=True, email="zhang@example.org")
    other, by = f.PersonFactory(), clerk()
    waiting = f.EntryFactory(record=f.RecordFactory(person=other, organisation=by.organisation))
    code = issue_activation_code(person=other, context=waiting, by=by)
    join(account.person, other)
    records.notify(entries=[waiting], organisation=by.organisation, by=by)
    waiting.refresh_from_db()
    assert waiting.state == "in_hearing"
    channels = Notice.objects.get(person=other, kind="entry_proposed").deliveries.values_list("channel", "state")
    assert set(channels) == {("in_app", "done"), ("email", "waiting")}
    with pytest.raises(ActionRefused, match="has an account already"):
        issue_activation_code(person=other, context=waiting, by=by)
    with pytest.raises(ActionRefused, match="has an account already"):
        activate(
            code=code, name=other.name, number=number_of(other), username="zweite", password="x" * 20, by=System("test")
        )


def test_a_code_opens_the_account_also_with_the_other_number_and_a_former_name(catalogue: None) -> None:
    one, other, by = f.PersonFactory(name="张旧"), f.PersonFactory(), clerk()
    entry = f.EntryFactory(record=f.RecordFactory(person=one, organisation=by.organisation))
    code = issue_activation_code(person=one, context=entry, by=by)
    join(one, other)
    rename(one, "张新")
    account = activate(
        code=code, name="张旧", number=number_of(other), username="zhang", password="correct-horse-9", by=System("test")
    )
    assert account.person == one


def test_an_authorisation_under_one_number_lets_a_body_ask_with_the_other_and_replays(catalogue: None) -> None:
    by = examiner(event=Event.AWARD, needs_authorisation=True)
    one, other = f.AccountFactory(a_person=True), f.PersonFactory()
    access.authorise(
        organisation=by.organisation,
        group=Group.TEA,
        event=Event.AWARD,
        once=True,
        valid_until=timezone.localdate(),
        by=one,
    )
    before = check(other, by, event=Event.AWARD)
    merge = join(one.person, other)
    used = check(other, by, event=Event.AWARD)
    once = check(other, by, event=Event.AWARD)
    part(merge)
    assert [answer.outcome for answer in (before, used, once)] == ["unauthorised", "clear", "unauthorised"]
    for answer in (before, used, once):
        assert replay([answer]) == [stored(answer)]


def test_either_name_fits_while_they_are_joined(catalogue: None) -> None:
    one, other, by = f.PersonFactory(name="张一"), f.PersonFactory(name="张二"), examiner()
    before = check(one, by, name="张二")
    merge = join(one, other)
    joined = check(one, by, name="张二")
    part(merge)
    assert [before.outcome, joined.outcome, check(one, by, name="张二").outcome] == [
        "name_mismatch",
        "clear",
        "name_mismatch",
    ]
    assert joined.problems == []
    for answer in (before, joined):
        assert replay([answer]) == [stored(answer)]


def test_a_fact_on_file_under_the_other_number_is_a_duplicate(catalogue: None) -> None:
    by, one, other = clerk(), f.PersonFactory(), f.PersonFactory()
    entry = f.EntryFactory(
        record=f.RecordFactory(person=one, organisation=by.organisation),
        act_date=timezone.localdate() - dt.timedelta(60),
    )
    row = fact(
        name=other.name,
        identity_number=number_of(other),
        item=entry.item_code,
        document_number=entry.document_number,
        document_date=entry.document_date.isoformat(),
    )
    assert codes(rehearse(xlsx(row), by=by)) == {}
    join(one, other)
    assert list(codes(rehearse(xlsx(row), by=by)).values()) == [["duplicate_on_file"]]


def test_facts_that_were_reported_under_both_are_shown_before_joining(catalogue: None) -> None:
    one, other = f.PersonFactory(), f.PersonFactory()
    entry = on_file(one, "TEA-02")
    same = {name: getattr(entry, name) for name in ("item", "act_date", "document_number", "document_date")}
    double = f.EntryFactory(record=f.RecordFactory(person=other, organisation=entry.organisation), **same)
    f.EntryFactory(record=f.RecordFactory(person=other), document_number="别的文书")
    assert list(Entry.objects.told_twice(one.pk, other.pk)) == [entry]
    assert list(Entry.objects.told_twice(other.pk, one.pk)) == [double]
    double.state, double.declined_by, double.declined_at = "declined", double.drafted_by, timezone.now()
    double.save()
    assert not Entry.objects.told_twice(one.pk, other.pk).exists()


def test_namesakes_are_found_by_exact_keys_within_what_an_account_works_on() -> None:
    by = clerk()
    one, other, younger = (
        f.PersonFactory(name="张三", birth_date=dt.date(1990, 5, day), created_by_organisation_id=by.organisation_id)
        for day in (17, 17, 18)
    )
    f.PersonFactory(name="张三", birth_date=younger.birth_date)  # of another body

    def pairs(account: Account) -> list[tuple[int, int]]:
        known = Person.objects.known_to(account, Permission.PROPOSE_IDENTITY)
        return [(person.pk, person.other_id) for person in known.perhaps_one().order_by("pk")]

    assert pairs(by) == [(one.pk, other.pk)]
    assert len(pairs(officer())) == 2
    merge = join(one, other)
    assert pairs(by) == []
    part(merge)
    assert pairs(by) == [(one.pk, other.pk)]
    wrong = people.propose_merge(kept=other, merged=one, reason=REASON, by=by, **DOCUMENT)
    people.decline_merge(merge=wrong, reason="身份证照片不是同一人。", by=approver_beside(by))
    assert pairs(by) == []


def test_many_are_asked_about_in_as_many_queries_as_few(catalogue: None) -> None:
    by = examiner()

    def queries(count: int) -> int:
        asked = []
        for row in range(count):
            one, other = f.PersonFactory(), f.PersonFactory()
            f.PersonMergeFactory(kept=one, merged=other, carried_out=True)
            f.FormerNameFactory(person=one)
            asked.append(engine.Asked(row, one.name, number_of(one)))
        with CaptureQueriesContext(connection) as captured:
            given = engine.answer(
                asked,
                question=Question(Group.TEA, Event.AWARD, timezone.localdate(), ""),
                organisation=by.organisation,
                known_at=timezone.now(),
                needs_authorisation=True,
            )
        assert len(given) == count
        return len(captured)

    queries(1)  # the first check of a process compiles the rules
    assert queries(12) == queries(2)


def test_closed_lines_are_kept(catalogue: None) -> None:
    one, other = f.PersonFactory(), f.PersonFactory()
    on_file(other, "TEA-02")
    merge = part(join(one, other))
    closed = CheckFact.objects.get(known_until__isnull=False)
    assert (closed.known_from, closed.known_until) == (merge.carried_out_at, merge.undone_at)
    assert bytes(closed.identity_index) in index_of(one)
