"""Factories of review programmes and of the interface."""

from __future__ import annotations

import datetime as dt
import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from profiles.accounts.permissions import Role
from profiles.common import ciphers
from profiles.common.vocabulary import Event, Group
from tests import numbers
from tests.factories.archive import AnswerFactory, CheckFactory
from tests.factories.profiles import AccountFactory, OrganisationFactory

SECRET = "0" * 32


class ReviewProgrammeFactory(DjangoModelFactory[archive.ReviewProgramme]):
    class Meta:
        model = archive.ReviewProgramme

    organisation = factory.SubFactory(OrganisationFactory, licensing=True)
    name = factory.Sequence(lambda n: f"示例年度考核{n}")
    group = Group.TEA
    event = Event.ACCESS
    matter_number = "示考核〔2026〕1号"
    basis = "教师资格条例第十八条"
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=30))
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=60))
    freshness_days = 30
    made_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))


class ApplicantFactory(DjangoModelFactory[archive.Applicant]):
    class Meta:
        model = archive.Applicant

    programme = factory.SubFactory(ReviewProgrammeFactory)
    organisation = factory.SelfAttribute("programme.organisation")
    position = factory.Sequence(lambda n: n + 1)
    name = "张三"
    number = factory.LazyFunction(numbers.resident)
    identity_index = factory.LazyAttribute(lambda row: ciphers.blind_index(row.number))
    added_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))


def _answered(row: object) -> object:
    programme = row.programme  # type: ignore[attr-defined]
    asked = CheckFactory(organisation=programme.organisation, group=programme.group, event=programme.event)
    return AnswerFactory(check_asked=asked, outcome="clear", person_id=1)


class GateDecisionFactory(DjangoModelFactory[archive.GateDecision]):
    """An approval on a clear answer."""

    class Meta:
        model = archive.GateDecision

    applicant = factory.SubFactory(
        ApplicantFactory, state=archive.Applicant.State.CHECKED, answer=factory.LazyAttribute(_answered)
    )
    programme = factory.SelfAttribute("applicant.programme")
    organisation = factory.SelfAttribute("programme.organisation")
    group = factory.SelfAttribute("programme.group")
    event = factory.SelfAttribute("programme.event")
    post = factory.SelfAttribute("programme.post")
    freshness_days = factory.SelfAttribute("programme.freshness_days")
    answer = factory.SelfAttribute("applicant.answer")
    check_asked = factory.SelfAttribute("answer.check_asked")
    asked_at = factory.SelfAttribute("check_asked.asked_at")
    asked_by_id = factory.SelfAttribute("check_asked.account_id")
    outcome = factory.SelfAttribute("answer.outcome")
    kind = archive.GateDecision.Kind.APPROVED
    decided_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))


class CarriedListFactory(DjangoModelFactory[archive.CarriedList]):
    class Meta:
        model = archive.CarriedList

    check_asked = factory.SubFactory(CheckFactory)


class ApiKeyFactory(DjangoModelFactory[archive.ApiKey]):
    """A live key of an examiner; `token()` is what a system sends."""

    class Meta:
        model = archive.ApiKey

    organisation = factory.SubFactory(OrganisationFactory, licensing=True)
    account = factory.SubFactory(
        AccountFactory, organisation=factory.SelfAttribute("..organisation"), holds=[Role.EXAMINER]
    )
    name = "示例业务系统"
    secret_hash = hashlib.sha256(SECRET.encode()).digest()
    reach = factory.LazyFunction(lambda: ["check", "list"])
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))
    made_by = factory.SubFactory(AccountFactory)


def token(key: archive.ApiKey) -> str:
    return f"{key.code}.{SECRET}"


class IdempotentRequestFactory(DjangoModelFactory[archive.IdempotentRequest]):
    class Meta:
        model = archive.IdempotentRequest

    key = factory.SubFactory(ApiKeyFactory)
    token = factory.Sequence(lambda n: f"request-{n:06d}")
    digest = b"0" * 32
