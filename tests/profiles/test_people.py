"""Persons: one archive each, names as people have them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import identity
from profiles.common.exceptions import ActionRefused
from profiles.common.vocabulary import Group
from profiles.models import IdentityDocument, Person
from profiles.people import actions
from profiles.people.rules import name_fault, normalise_name, same_name
from tests import factories as f
from tests import numbers


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" 张 三 ", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("John  Smith", "John Smith"),
        ("𠮷田安", "𠮷田安"),
        ("陈〇", "陈〇"),
    ],
)
def test_names_are_normalised_gently(written: str, kept: str) -> None:
    assert normalise_name(written) == kept
    assert name_fault(kept) is None


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "name_empty"),
        ("张三1", "name_characters"),
        ('=HYPERLINK("x")', "name_characters"),
        ("王" * 101, "name_length"),
    ],
)
def test_what_cannot_be_a_name(name: str, fault: str) -> None:
    assert name_fault(name) == fault


def test_forty_letters_are_a_name() -> None:
    assert name_fault("阿卜杜热西提" * 6 + "·买买提") is None


def test_names_compare_without_dots_and_spaces() -> None:
    assert same_name("买买提·吐尔逊", "买买提 • 吐尔逊")
    assert not same_name("张三", "张叁")


def new(number: str, name: str = "张三") -> actions.NewPerson:
    reading = identity.read(number, today=timezone.localdate())
    assert reading.kind
    assert reading.birth_date
    return actions.NewPerson(name=name, number=number, kind=reading.kind, birth_date=reading.birth_date)


@pytest.mark.django_db
def test_one_number_one_archive() -> None:
    clerk = f.AccountFactory(holds=[Role.CLERK])
    number = numbers.resident()
    actions.open_archives(people=[new(number)], organisation=clerk.organisation, by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.open_archives(people=[new(number)], organisation=clerk.organisation, by=clerk)
    assert Person.objects.count() == 1
    assert IdentityDocument.objects.by_numbers([number])[number].person.name == "张三"


@pytest.mark.django_db
def test_one_person_may_be_in_several_groups_at_several_bodies() -> None:
    school, hospital = f.AccountFactory(holds=[Role.CLERK]), f.AccountFactory(holds=[Role.CLERK])
    person = f.PersonFactory()
    actions.enrol(person=person, group=Group.STU, organisation=school.organisation, unit="护理2402", by=school)
    actions.enrol(
        person=person,
        group=Group.MED,
        organisation=hospital.organisation,
        licence_number="110110000012345",
        joined_on=dt.date(2026, 7, 1),
        by=hospital,
    )
    assert set(person.memberships.values_list("group", flat=True)) == {"STU", "MED"}
    with pytest.raises(ActionRefused):
        actions.enrol(person=person, group=Group.STU, organisation=school.organisation, by=school)


@pytest.mark.django_db
def test_leaving_is_noted_and_returning_is_possible() -> None:
    clerk = f.AccountFactory(holds=[Role.CLERK])
    person = f.PersonFactory()
    membership = actions.enrol(
        person=person, group=Group.STU, organisation=clerk.organisation, joined_on=dt.date(2023, 9, 1), by=clerk
    )
    with pytest.raises(ActionRefused):
        actions.end_membership(membership=membership, left_on=dt.date(2020, 1, 1), by=clerk)
    actions.end_membership(membership=membership, left_on=dt.date(2026, 7, 1), by=clerk)
    actions.enrol(person=person, group=Group.STU, organisation=clerk.organisation, by=clerk)
    assert person.memberships.current_on(dt.date(2026, 11, 1)).count() == 1


@pytest.mark.django_db
def test_revealing_a_number_needs_a_reason_and_leaves_an_event_without_the_number() -> None:
    clerk = f.AccountFactory(holds=[Role.CLERK])
    entry = f.EntryFactory(record=f.RecordFactory(organisation=clerk.organisation))
    number = entry.person.identities.get().number
    with pytest.raises(ActionRefused):
        actions.reveal_identity(person=entry.person, context=entry, reason=" ", by=clerk)
    shown = actions.reveal_identity(person=entry.person, context=entry, reason=f"核对证件{number}", by=clerk)
    assert shown == number
    event = AuditEvent.objects.get(verb=Verb.IDENTITY_REVEALED)
    assert event.person_id == entry.person_id
    assert number not in str(event.details)
