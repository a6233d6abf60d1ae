"""Reports of lists."""

from __future__ import annotations

import factory
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
