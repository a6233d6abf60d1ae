"""Factory of objections."""

from __future__ import annotations

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from tests.factories.archive import EntryFactory
from tests.factories.profiles import AccountFactory


class DisputeFactory(DjangoModelFactory[archive.Dispute]):
    class Meta:
        model = archive.Dispute

    class Params:
        settled = factory.Trait(
            outcome="rejected",
            reason="已核对原始材料，认定无误。",
            settled_by=factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation")),
            settled_at=factory.LazyFunction(timezone.now),
        )

    entry = factory.SubFactory(EntryFactory, in_force=True)
    record = factory.SelfAttribute("entry.record")
    person = factory.SelfAttribute("entry.person")
    organisation = factory.SelfAttribute("entry.organisation")
    channel = "paper"
    received_number = factory.Sequence(lambda n: f"示收〔2026〕{n}号")
    received_on = factory.LazyFunction(timezone.localdate)
    text = "当天本人不在考场，请求核对监控记录。"
    opened_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))
