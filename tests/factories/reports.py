"""Reports of lists, looks at the verification page."""

from __future__ import annotations

import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from tests.factories.archive import AnswerFactory, CheckFactory


class ReportBundleFactory(DjangoModelFactory[archive.ReportBundle]):
    """Running, without rows."""

    class Meta:
        model = archive.ReportBundle

    check_asked = factory.SubFactory(CheckFactory)
    organisation = factory.SelfAttribute("check_asked.organisation")
    account = factory.SelfAttribute("check_asked.account")
    language = "zh-hans"


class BundleLineFactory(DjangoModelFactory[archive.BundleLine]):
    class Meta:
        model = archive.BundleLine

    bundle = factory.SubFactory(ReportBundleFactory)
    answer = factory.SubFactory(AnswerFactory, check_asked=factory.SelfAttribute("..bundle.check_asked"))


class LookCountFactory(DjangoModelFactory[archive.LookCount]):
    class Meta:
        model = archive.LookCount

    address = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).digest())
    minute = factory.LazyFunction(timezone.now)
