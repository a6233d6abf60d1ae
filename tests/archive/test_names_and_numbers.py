"""A person's names and numbers change lawfully: what was known stays known, and who is found by what is always one person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from archive.models import Change, CheckFact, Entry, Notice
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import ciphers
from profiles.common.exceptions import ActionRefused
from profiles.models import FormerName, IdentityDocument, Person
from profiles.people import actions as people
from profiles.people.rules import Names, name_key, names_known_at
from tests import factories as f
from tests import numbers
from tests.archive.checking import check, examiner, on_file
from tests.archive.persons import DOCUMENT, REASON, add_number, correct_number, number_of, officer, rename
from tests.archive.sheets import admit, approver_beside, clerk, codes, confirm, fact, rehearse, xlsx
from tests.archive.test_replay import replay, stored

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def open_lines() -> set[tuple[bytes, int]]:
    lines = CheckFact.objects.filter(known_until=None).values_list("identity_index", "entry_id")
    return {(bytes(index), entry_id) for index, entry_id in lines}


def test_names_as_they_were_known_at_a_moment() -> None:
    """甲 until 1 March (recorded at nine), then 乙 until 1 June (recorded at ten), then 丙."""
    nine, ten = (dt.datetime(2026, 6, 2, hour, tzinfo=dt.UTC) for hour in (9, 10))
    changes = [("甲", dt.date(2026, 3, 1), nine), ("乙", dt.date(2026, 6, 1), ten)]
    hour = dt.timedelta(hours=1)

    def known(moment: dt.datetime | None) -> Names:
        return names_known_at("丙", changes, moment)

    assert (known(nine - hour).present, dict(known(nine - hour).former)) == ({"甲"}, {})
    assert (known(nine).present, dict(known(nine).former)) == ({"乙"}, {"甲": dt.date(2026, 3, 1)})
    assert (known(None).present, set(known(None).former)) == ({"丙"}, {"甲", "乙"})
    assert known(None).former_until("乙") == dt.date(2026, 6, 1)
    assert known(None).former_until("丙") is None
    assert not known(None).fits("丁")


def test_a_name_is_changed_by_two_and_the_old_one_is_kept_with_its_time(catalogue: None) -> None:
    person = f.PersonFactory(name="张旧")
    rename(person, "张新", day=dt.date(2024, 5, 1))
    rename(person, "张再新", day=dt.date(2026, 2, 1))
    person.refresh_from_db()
    assert person.name == "张再新"
    kept = list(FormerName.objects.filter(person=person).values_list("name", "held_from", "held_until"))
    assert kept == [
        ("张旧", None, dt.date(2024, 5, 1)),
        ("张新", dt.date(2024, 5, 1), dt.date(2026, 2, 1)),
    ]
    assert set(Person.objects.called("张旧")) == set(Person.objects.called("张再新")) == {person}
    assert Notice.objects.filter(person=person, kind="identity_changed").count() == 2
    assert Change.objects.filter(person_id=person.pk, kind="person.changed").count() == 2
    assert AuditEvent.objects.filter(person_id=person.pk, verb=Verb.IDENTITY_CHANGED).count() == 2
    with pytest.raises(ActionRefused, match="older than the last"):
        rename(person, "张三", day=dt.date(2025, 1, 1))


def test_nobody_carries_out_what_he_proposed_also_not_in_the_database() -> None:
    by = officer()
    change = people.propose_name(person=f.PersonFactory(), name="张新", reason=REASON, by=by, **DOCUMENT)
    with pytest.raises(ActionRefused, match="second person"):
        records.carry_out_change(change=change, by=by)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        change.state, change.carried_out_by, change.carried_out_at = "carried_out", by, change.proposed_at
        change.save()
    records.carry_out_change(change=change, by=officer())
    with pytest.raises(ActionRefused, match="decided already"):
        records.carry_out_change(change=change, by=officer())


def test_a_body_works_on_its_own_people_only() -> None:
    by = clerk()
    stranger = f.PersonFactory(created_by_organisation_id=f.OrganisationFactory().pk)
    with pytest.raises(PermissionDenied):
        people.propose_name(person=stranger, name="张新", reason=REASON, by=by, **DOCUMENT)
    f.MembershipFactory(person=stranger, organisation=by.organisation)
    change = people.propose_name(person=stranger, name="张新", reason=REASON, by=by, **DOCUMENT)
    with pytest.raises(PermissionDenied):
        records.carry_out_change(change=change, by=f.AccountFactory(holds=[Role.APPROVER]))
    with pytest.raises(PermissionDenied):  # a clerk is no second person
        records.carry_out_change(change=change, by=f.AccountFactory(organisation=by.organisation, holds=[Role.CLERK]))
    records.carry_out_change(change=change, by=approver_beside(by))


def test_who_proposed_may_take_it_back_and_nothing_changes() -> None:
    by, person = clerk(), f.PersonFactory()
    f.MembershipFactory(person=person, organisation=by.organisation)
    change = people.propose_name(person=person, name="张新", reason=REASON, by=by, **DOCUMENT)
    with pytest.raises(ActionRefused, match="waits for a decision"):
        people.propose_name(person=person, name="张又新", reason=REASON, by=by, **DOCUMENT)
    people.decline_change(change=change, reason="写错了名字。", by=by)
    person.refresh_from_db()
    assert person.name != "张新"
    assert not FormerName.objects.exists()
    with pytest.raises(ActionRefused, match="decided already"):
        records.carry_out_change(change=change, by=approver_beside(by))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "张3"}, "letters"),
        ({"document_number": ""}, "document"),
        ({"document_date": None}, "document"),
        ({"document_date": dt.date(2999, 1, 1)}, "future"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_change_of_name_lacks_nothing(changed: dict[str, object], sentence: str) -> None:
    told = {"name": "张新", "reason": REASON, **DOCUMENT, **changed}
    with pytest.raises(ActionRefused, match=sentence):
        people.propose_name(person=f.PersonFactory(), by=officer(), **told)  # type: ignore[arg-type]


def test_a_further_number_finds_the_person_and_every_entry(catalogue: None) -> None:
    person, by = f.PersonFactory(), examiner()
    on_file(person, "TEA-02")
    first, second = number_of(person), numbers.resident(person.birth_date)
    before = check(person, by, number=second)
    assert before.outcome == "not_found"
    add_number(person, second)
    assert [check(person, by, number=number).outcome for number in (first, second)] == ["veto", "veto"]
    assert replay([before]) == [stored(before)]
    assert person.main_identity.number == second
    later = on_file(person, "GEN-05")
    assert {index for index, entry_id in open_lines() if entry_id == later.pk} == {
        ciphers.blind_index(first),
        ciphers.blind_index(second),
    }


def test_a_further_number_with_another_birth_date_is_a_correction(catalogue: None) -> None:
    person = f.PersonFactory()
    with pytest.raises(ActionRefused, match="another birth date"):
        people.propose_number(
            person=person,
            number=numbers.resident(dt.date(1980, 1, 1)),
            kind="resident_id",  # type: ignore[arg-type]
            birth_date=dt.date(1980, 1, 1),
            reason=REASON,
            by=officer(),
        )


def test_a_corrected_number_is_retired_and_may_belong_to_somebody_else(catalogue: None) -> None:
    person, by = f.PersonFactory(), examiner()
    on_file(person, "TEA-02")
    wrong, right = number_of(person), numbers.resident(dt.date(1991, 6, 18))
    before = check(person, by, number=wrong)
    assert before.outcome == "veto"
    change = correct_number(person, right)
    person.refresh_from_db()
    assert person.birth_date == dt.date(1991, 6, 18)
    old = IdentityDocument.objects.get(person=person, retired_at__isnull=False)
    assert (old.number, old.retired_by, old.retired_at) == (wrong, change, change.carried_out_at)
    assert check(person, by, number=right).outcome == "veto"
    assert check(person, by, number=wrong).outcome == "not_found"
    assert open_lines() == {(ciphers.blind_index(right), Entry.objects.get().pk)}

    other = f.PersonFactory(number=wrong)  # the true holder comes
    assert IdentityDocument.objects.by_numbers([wrong])[wrong].person == other
    after = check(other, by)
    assert (after.outcome, after.person_id) == ("clear", other.pk)
    assert replay([before]) == [stored(before)], "as known then the number was the first person's"
    assert replay([after]) == [stored(after)]


def test_a_live_number_is_one_persons() -> None:
    person, other = f.PersonFactory(), f.PersonFactory()
    with pytest.raises(ActionRefused, match="on file already"):
        add_number(other, number_of(person))
    with pytest.raises(IntegrityError, match="identity_live_once"), transaction.atomic():
        f.IdentityDocumentFactory(person=other, number=number_of(person))


def test_a_number_that_somebody_took_meanwhile_is_refused_with_the_way_out() -> None:
    person, number = f.PersonFactory(), numbers.resident(dt.date(1990, 5, 17))
    change = people.propose_number(
        person=person,
        number=number,
        kind="resident_id",  # type: ignore[arg-type]
        birth_date=None,
        reason=REASON,
        by=officer(),
    )
    f.PersonFactory(number=number)
    with pytest.raises(ActionRefused, match="propose to join the two"):
        records.carry_out_change(change=change, by=officer())
    change.refresh_from_db()
    assert change.state == "proposed"


def test_a_check_with_a_former_name_is_answered_with_a_remark_and_replays(catalogue: None) -> None:
    person, by = f.PersonFactory(name="张旧"), examiner()
    on_file(person, "TEA-02")
    old, early = check(person, by), check(person, by, name="张新")
    assert (old.outcome, early.outcome) == ("veto", "name_mismatch")
    rename(person, "张新")
    person.refresh_from_db()
    late = check(person, by, name="张旧")
    assert late.outcome == "veto"
    assert late.problems == [{"code": "former_name_until", "column": "", "value": "", "params": {"day": "2026-03-02"}}]
    assert check(person, by).problems == []
    assert check(person, by, name="张无关").outcome == "name_mismatch"
    assert replay([old]) == [stored(old)]
    assert replay([early]) == [stored(early)], "as known then nobody was called so"


def test_a_row_with_a_former_name_is_taken_with_a_remark(catalogue: None) -> None:
    by, person = clerk(), f.PersonFactory(name="张旧")
    rename(person, "张新")
    row = fact(name="张旧", identity_number=number_of(person))
    batch = rehearse(xlsx(row, fact(name="张误", identity_number=number_of(person))), by=by)
    taken, refused = batch.rows.order_by("number")
    assert (taken.verdict, refused.verdict) == ("known", "refused")
    assert [warning["code"] for warning in taken.warnings] == ["former_name"]
    assert codes(batch) == {refused.number: ["name_mismatch"]}
    admit(confirm(batch, by=by))
    assert Entry.objects.get().person == person


def test_the_same_fact_under_two_numbers_of_one_person_is_told_once(catalogue: None) -> None:
    by, person = clerk(), f.PersonFactory()
    first, second = number_of(person), numbers.resident(person.birth_date)
    add_number(person, second)
    rows = [fact(name=person.name, identity_number=number) for number in (first, second)]
    batch = rehearse(xlsx(*rows), by=by)
    assert [row.verdict for row in batch.rows.order_by("number")] == ["known", "refused"]
    assert list(codes(batch).values()) == [["duplicate_in_file"]]
    admit(confirm(batch, by=by))
    again = rehearse(xlsx(rows[1]), by=by)
    assert list(codes(again).values()) == [["duplicate_on_file"]]


def test_names_in_keys_are_compared_as_names() -> None:
    assert name_key("买买提 • 吐尔逊") == name_key("买买提·吐尔逊")
