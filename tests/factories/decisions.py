"""Factories of what surrounds a decision: proposals, contests, proofs, results."""

from __future__ import annotations

import datetime as dt
import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from tests.factories.archive import AnswerFactory, CheckFactory
from tests.factories.profiles import AccountFactory, PersonFactory


class ProposalFactory(DjangoModelFactory[archive.Proposal]):
    class Meta:
        model = archive.Proposal

    class Params:
        waived = factory.Trait(waived_at=factory.LazyFunction(timezone.now))

    answer = factory.SubFactory(AnswerFactory)
    organisation = factory.SelfAttribute("answer.organisation")
    person_id = 1
    reasons = "已核对认定文书。"
    proposed_by = factory.SubFactory(AccountFactory)
    window_days = 3


class ProposalStatementFactory(DjangoModelFactory[archive.ProposalStatement]):
    class Meta:
        model = archive.ProposalStatement

    proposal = factory.SubFactory(ProposalFactory)
    person_id = 1
    text = "处分已经解除。"


class DecisionFactory(DjangoModelFactory[archive.Decision]):
    """Of a person that was told and waived its statement."""

    class Meta:
        model = archive.Decision
        exclude = ("proposal",)

    answer = factory.SubFactory(AnswerFactory)
    proposal = factory.SubFactory(ProposalFactory, answer=factory.SelfAttribute("..answer"), waived=True)
    organisation = factory.SelfAttribute("answer.organisation")
    person_id = 1
    kind = "confirmed"
    reasons = "已核对认定文书。"
    decided_by = factory.SubFactory(AccountFactory)


class ContestFactory(DjangoModelFactory[archive.Contest]):
    class Meta:
        model = archive.Contest

    decision = factory.SubFactory(DecisionFactory)
    organisation = factory.SelfAttribute("decision.organisation")
    person_id = 1
    decider = factory.SelfAttribute("decision.decided_by")
    text = "文书已被撤销。"
    review_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=9))


class CheckProofFactory(DjangoModelFactory[archive.CheckProof]):
    class Meta:
        model = archive.CheckProof

    check_asked = factory.SubFactory(CheckFactory)
    organisation = factory.SelfAttribute("check_asked.organisation")
    people = 1
    rules = factory.LazyFunction(list)
    rules_hash = hashlib.sha256(b"[]").hexdigest()
    asked_by = factory.SubFactory(AccountFactory)


class CertificateFactory(DjangoModelFactory[archive.Certificate]):
    class Meta:
        model = archive.Certificate

    person = factory.SubFactory(PersonFactory)
    asked_by = factory.SubFactory(AccountFactory)
    day = factory.LazyFunction(timezone.localdate)
    group = "TEA"
    event = "access"
    rules = factory.LazyFunction(list)
    rules_hash = hashlib.sha256(b"[]").hexdigest()
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))


class ResultFileFactory(DjangoModelFactory[archive.ResultFile]):
    class Meta:
        model = archive.ResultFile

    check_asked = factory.SubFactory(CheckFactory)
    organisation = factory.SelfAttribute("check_asked.organisation")
    language = "zh-hans"
    requested_by = factory.SubFactory(AccountFactory)
