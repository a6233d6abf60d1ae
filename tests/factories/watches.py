"""Factories of continuous checks and recalls."""

from __future__ import annotations

import datetime as dt
import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from profiles.common.vocabulary import Event, Group
from tests.factories.archive import AnswerFactory, CheckFactory


class WatchOrderFactory(DjangoModelFactory[archive.WatchOrder]):
    class Meta:
        model = archive.WatchOrder

    check_asked = factory.SubFactory(CheckFactory)
    organisation = factory.SelfAttribute("check_asked.organisation")
    account = factory.SelfAttribute("check_asked.account")
    matter_number = "示〔2026〕9号"
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=300))
    state = "done"
    enrolled = 1


class WatchFactory(DjangoModelFactory[archive.Watch]):
    class Meta:
        model = archive.Watch

    class Params:
        order = factory.SubFactory(WatchOrderFactory)
        answer = factory.SubFactory(
            AnswerFactory,
            check_asked=factory.SelfAttribute("..order.check_asked"),
            outcome="clear",
            person_id=factory.SelfAttribute("..person_id"),
        )

    identity_index = factory.Sequence(lambda n: hashlib.sha256(f"watch{n}".encode()).digest())
    person_id = 1
    organisation_id = factory.SelfAttribute("order.organisation_id")
    group = Group.TEA
    event = Event.ACCESS
    order_id = factory.SelfAttribute("order.pk")
    answer_id = factory.SelfAttribute("answer.pk")
    valid_from = factory.LazyFunction(timezone.localdate)
    valid_until = factory.SelfAttribute("order.valid_until")


class WatchAlertFactory(DjangoModelFactory[archive.WatchAlert]):
    class Meta:
        model = archive.WatchAlert

    order = factory.SubFactory(WatchOrderFactory)
    organisation = factory.SelfAttribute("order.organisation")
    watch_code = factory.Sequence(lambda n: f"W-{n:012}")
    person_id = 1
    before = factory.SubFactory(AnswerFactory, organisation=factory.SelfAttribute("..organisation"))
    answer = factory.SubFactory(AnswerFactory, organisation=factory.SelfAttribute("..organisation"))
    cause = "entry.in_force"
    change_id = 1


class RecallTaskFactory(DjangoModelFactory[archive.RecallTask]):
    class Meta:
        model = archive.RecallTask

    answer = factory.SubFactory(AnswerFactory)
    organisation = factory.SelfAttribute("answer.organisation")
    person_id = 1
    working_days = 5
    deadline = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=7))


class RecallCauseFactory(DjangoModelFactory[archive.RecallCause]):
    class Meta:
        model = archive.RecallCause

    task = factory.SubFactory(RecallTaskFactory)
    answer = factory.SelfAttribute("task.answer")
    entry_id = factory.Sequence(lambda n: 10**7 + n)
    reason = "voided"
