"""Factories of oversight, of approvals of many and of saved filters."""

from __future__ import annotations

import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive import models as archive
from tests.factories.archive import EntryFactory
from tests.factories.profiles import AccountFactory, OrganisationFactory


class AttestationFactory(DjangoModelFactory[archive.Attestation]):
    class Meta:
        model = archive.Attestation

    organisation = factory.SubFactory(OrganisationFactory)
    year = 2025
    groups = factory.LazyFunction(lambda: ["STU"])
    reported = 0
    late = 0
    by_item = factory.LazyFunction(list)
    text_version = "test"
    text_zh = "示例申报"
    text_en = "Sample statement"
    signed_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))


class ReminderFactory(DjangoModelFactory[archive.Reminder]):
    class Meta:
        model = archive.Reminder

    organisation = factory.SubFactory(OrganisationFactory)
    year = 2025
    sent_by = factory.SubFactory(AccountFactory)


class LawChangeFactory(DjangoModelFactory[archive.LawChange]):
    """A proposed change that ends an item."""

    class Meta:
        model = archive.LawChange

    item_code = "STU-04"
    from_date = factory.LazyFunction(timezone.localdate)
    document_number = "示发〔2026〕9号"
    document_date = factory.LazyFunction(timezone.localdate)
    document_body = "示例市人大常委会"
    reason = "该事项的依据已废止。"
    proposed_by = factory.SubFactory(AccountFactory)


class BulkApprovalFactory(DjangoModelFactory[archive.BulkApproval]):
    class Meta:
        model = archive.BulkApproval

    organisation = factory.SubFactory(OrganisationFactory)
    account = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))


class ApprovalLineFactory(DjangoModelFactory[archive.ApprovalLine]):
    class Meta:
        model = archive.ApprovalLine

    approval = factory.SubFactory(BulkApprovalFactory)
    entry = factory.SubFactory(EntryFactory)


class SavedFilterFactory(DjangoModelFactory[archive.SavedFilter]):
    class Meta:
        model = archive.SavedFilter

    account = factory.SubFactory(AccountFactory)
    organisation = factory.SelfAttribute("account.organisation")
    list_name = "entries"
    name = factory.Sequence(lambda n: f"示例{n}")
    query = factory.LazyFunction(lambda: {"phase": "approve"})


class SampleFactory(DjangoModelFactory[archive.Sample]):
    class Meta:
        model = archive.Sample

    since = factory.LazyFunction(timezone.localdate)
    until = factory.LazyFunction(timezone.localdate)
    seed = "0" * 32
    lines_total = 1
    drawn_by = factory.SubFactory(AccountFactory)


class SampledLineFactory(DjangoModelFactory[archive.SampledLine]):
    class Meta:
        model = archive.SampledLine

    sample = factory.SubFactory(SampleFactory)
    position = 1
    line_uid = factory.LazyFunction(uuid.uuid4)
    line_at = factory.LazyFunction(timezone.now)
