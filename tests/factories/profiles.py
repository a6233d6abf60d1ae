"""Factories of bodies, persons, accounts and the trail."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from profiles import models as profiles
from profiles.accounts.permissions import Role
from profiles.audit.models import time_ordered_id
from profiles.audit.verbs import Verb
from profiles.common import ciphers
from profiles.common.vocabulary import Event, Group, OrganisationKind
from tests import numbers

PASSWORD = "correct-horse-9"


class OrganisationFactory(DjangoModelFactory[profiles.Organisation]):
    class Meta:
        model = profiles.Organisation

    name = factory.Sequence(lambda n: f"示例单位{n}")
    code = factory.LazyFunction(numbers.organisation_code)
    kind = OrganisationKind.SCHOOL
    jurisdiction = "national"
    contact = "示例路1号"

    class Params:
        licensing = factory.Trait(kind=OrganisationKind.EDUCATION_AUTHORITY)


class CompetenceFactory(DjangoModelFactory[profiles.Competence]):
    class Meta:
        model = profiles.Competence

    organisation = factory.SubFactory(OrganisationFactory)
    role = profiles.Competence.Role.REPORT
    group = Group.STU
    basis = "国办发〔2016〕98号"
    valid_from = dt.date(2020, 1, 1)

    class Params:
        check = factory.Trait(role=profiles.Competence.Role.CHECK, group=Group.TEA, event=Event.ACCESS)


class PersonFactory(DjangoModelFactory[profiles.Person]):
    class Meta:
        model = profiles.Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"张{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'一二三四五六七八九'[n // 10 % 9]}")
    birth_date = dt.date(1990, 5, 17)
    created_by_organisation_id = 0  # no body of the tests knows the person by this

    @factory.post_generation
    def number(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """`PersonFactory(number="…")`, a fresh one, or none with `number=False`."""
        if create and extracted is not False:
            IdentityDocumentFactory(person=self, number=extracted or numbers.resident(self.birth_date))


class IdentityDocumentFactory(DjangoModelFactory[profiles.IdentityDocument]):
    class Meta:
        model = profiles.IdentityDocument

    person = factory.SubFactory(PersonFactory, number=False)
    kind = "resident_id"
    number = factory.LazyFunction(numbers.resident)
    index = factory.LazyAttribute(lambda row: ciphers.blind_index(row.number))


class IdentityChangeFactory(DjangoModelFactory[profiles.IdentityChange]):
    """A change of name that waits. `a_number=True`: another number."""

    class Meta:
        model = profiles.IdentityChange

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    proposed_by = factory.SubFactory(
        "tests.factories.AccountFactory", organisation=factory.SelfAttribute("..organisation")
    )
    reason = "已核对户口簿。"
    kind = "rename"
    new_name = "张新名"
    document_number = "示公户〔2026〕1号"
    document_date = dt.date(2026, 3, 2)

    class Params:
        a_number = factory.Trait(
            kind="add_number",
            new_name="",
            document_kind="passport",
            number=factory.Sequence(lambda n: f"E{10_000_000 + n}"),
        )


class FormerNameFactory(DjangoModelFactory[profiles.FormerName]):
    class Meta:
        model = profiles.FormerName

    person = factory.SubFactory(PersonFactory)
    name = "张旧名"
    held_until = dt.date(2026, 3, 2)
    recorded_at = factory.LazyFunction(timezone.now)
    change = factory.SubFactory(IdentityChangeFactory, person=factory.SelfAttribute("..person"))


class PersonMergeFactory(DjangoModelFactory[profiles.PersonMerge]):
    """A joining that waits. `carried_out=True`: in force."""

    class Meta:
        model = profiles.PersonMerge

    kept = factory.SubFactory(PersonFactory)
    merged = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    proposed_by = factory.SubFactory(
        "tests.factories.AccountFactory", organisation=factory.SelfAttribute("..organisation")
    )
    reason = "同一人的新旧证件。"
    document_number = "示公户〔2026〕2号"
    document_date = dt.date(2026, 3, 2)

    class Params:
        carried_out = factory.Trait(
            state="carried_out",
            carried_out_by=factory.SubFactory(
                "tests.factories.AccountFactory", organisation=factory.SelfAttribute("..organisation")
            ),
            carried_out_at=factory.LazyFunction(timezone.now),
        )


class MembershipFactory(DjangoModelFactory[profiles.Membership]):
    class Meta:
        model = profiles.Membership

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    group = Group.STU


class AccountFactory(DjangoModelFactory[profiles.Account]):
    class Meta:
        model = profiles.Account
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"account{n}")
    full_name = "示例经办人"
    organisation = factory.SubFactory(OrganisationFactory)

    class Params:
        a_person = factory.Trait(organisation=None, person=factory.SubFactory(PersonFactory))

    @factory.post_generation
    def password(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.set_password(extracted or PASSWORD)
        if create:
            self.save()

    @factory.post_generation
    def holds(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """`AccountFactory(holds=[Role.CLERK])`"""
        for role in extracted or []:
            RoleGrantFactory(account=self, role=role)
        self.__dict__.pop("roles", None)


class RoleGrantFactory(DjangoModelFactory[profiles.RoleGrant]):
    class Meta:
        model = profiles.RoleGrant

    account = factory.SubFactory(AccountFactory)
    role = Role.CLERK


class ActivationFactory(DjangoModelFactory[profiles.Activation]):
    class Meta:
        model = profiles.Activation

    person = factory.SubFactory(PersonFactory)
    code_hash = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).digest())
    issued_by = factory.SubFactory(AccountFactory)
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))


class AuditEventFactory(DjangoModelFactory[profiles.AuditEvent]):
    class Meta:
        model = profiles.AuditEvent

    at = factory.LazyFunction(timezone.now)
    verb = Verb.SIGNED_IN
    actor_kind = "system:test"


class TrailPendingFactory(DjangoModelFactory[profiles.TrailPending]):
    class Meta:
        model = profiles.TrailPending

    event_uid = factory.LazyFunction(time_ordered_id)
    event_at = factory.LazyFunction(timezone.now)


class TrailLeafFactory(DjangoModelFactory[profiles.TrailLeaf]):
    class Meta:
        model = profiles.TrailLeaf

    index = factory.Sequence(lambda n: 10**9 + n)
    event_uid = factory.LazyFunction(time_ordered_id)
    event_at = factory.LazyFunction(timezone.now)
    hash = bytes(32)


class CheckpointFactory(DjangoModelFactory[profiles.Checkpoint]):
    class Meta:
        model = profiles.Checkpoint

    size = factory.Sequence(lambda n: 10**9 + n)
    root = bytes(32)
    frontier = factory.LazyFunction(list)
    sealed_at = factory.LazyFunction(timezone.now)
    signature = bytes(64)
