"""Factories of the archive's models."""

from __future__ import annotations

import datetime as dt
import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from psycopg.types.range import DateRange

from archive import models as archive
from profiles.common.vocabulary import Event, Group
from tests import numbers
from tests.factories.profiles import AccountFactory, OrganisationFactory, PersonFactory
from tests.factories.rules import RuleVersionFactory


class CalendarDayFactory(DjangoModelFactory[archive.CalendarDay]):
    class Meta:
        model = archive.CalendarDay

    date = factory.Sequence(lambda n: dt.date(2040, 1, 1) + dt.timedelta(days=n))
    working = False
    name_zh = "示例假日"
    name_en = "sample holiday"


class CalendarYearFactory(DjangoModelFactory[archive.CalendarYear]):
    class Meta:
        model = archive.CalendarYear

    year = factory.Sequence(lambda n: 2040 + n)
    source = "test"


class ChangeFactory(DjangoModelFactory[archive.Change]):
    class Meta:
        model = archive.Change

    at = factory.LazyFunction(timezone.now)
    kind = archive.Change.Kind.ENTRY_ADMITTED
    person_id = 1
    object_id = 1


class FeedPositionFactory(DjangoModelFactory[archive.FeedPosition]):
    class Meta:
        model = archive.FeedPosition

    reader = factory.Sequence(lambda n: f"reader-{n}")


class LegalBasisFactory(DjangoModelFactory[archive.LegalBasis]):
    class Meta:
        model = archive.LegalBasis

    code = factory.Sequence(lambda n: f"BASIS-{n}")
    title_zh = "示例法"
    title_en = "Sample Law"
    level = "law"
    mark = "F"


class JurisdictionFactory(DjangoModelFactory[archive.Jurisdiction]):
    class Meta:
        model = archive.Jurisdiction

    code = factory.Sequence(lambda n: f"place{n}")
    name_zh = "示例地"
    name_en = "Sample place"
    complete = True
    settings = factory.LazyFunction(dict)


class ItemFactory(DjangoModelFactory[archive.Item]):
    """A fresh item; the shipped ones are there too: `Item.objects.current().get(code="STU-04")`."""

    class Meta:
        model = archive.Item

    code = factory.Sequence(lambda n: f"T-{n}")
    version = 1
    catalogue_version = "test"
    name_zh = factory.Sequence(lambda n: f"示例事项{n}")
    name_en = factory.Sequence(lambda n: f"Sample item {n}")
    groups = factory.LazyFunction(lambda: ["STU"])
    severity = "general"
    polarity = "adverse"
    display = "general"
    reporters = factory.LazyFunction(lambda: ["school"])
    mark = "D"
    valid_from = dt.date(2016, 12, 23)
    content_hash = "0" * 64


class NoticeFactory(DjangoModelFactory[archive.Notice]):
    class Meta:
        model = archive.Notice

    kind = archive.Notice.Kind.ENTRY_PROPOSED
    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    subject_zh = "告知"
    subject_en = "Notice"
    body_zh = "内容"
    body_en = "Text"
    about_type = "entry"
    about_id = 1


class DeliveryFactory(DjangoModelFactory[archive.Delivery]):
    class Meta:
        model = archive.Delivery

    notice = factory.SubFactory(NoticeFactory)
    channel = archive.Delivery.Channel.IN_APP


class AuthorisationFactory(DjangoModelFactory[archive.Authorisation]):
    class Meta:
        model = archive.Authorisation

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    group = Group.TEA
    event = Event.AWARD
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))


class QueryLineFactory(DjangoModelFactory[archive.QueryLine]):
    class Meta:
        model = archive.QueryLine

    at = factory.LazyFunction(timezone.now)
    person_id = 1
    organisation = factory.SubFactory(OrganisationFactory)
    purpose = "check"
    matter_number = "示〔2026〕1号"
    basis = "statute"


class BatchFactory(DjangoModelFactory[archive.Batch]):
    class Meta:
        model = archive.Batch

    kind = archive.Batch.Kind.ENTRIES
    organisation = factory.SubFactory(OrganisationFactory)
    uploaded_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))
    file_name = "示例.xlsx"
    file_format = "xlsx"
    size = 1
    sha256 = "0" * 64

    class Params:
        asking = factory.Trait(
            state=archive.Batch.State.COLUMNS,
            survey=[{"name": "", "rows": [["姓名", "学号"], ["张三", "1"]]}],
            layout={"sheet": "", "header_row": 1, "columns": {"0": "name"}, "header_rows": 1},
        )


class ColumnMemoryFactory(DjangoModelFactory[archive.ColumnMemory]):
    class Meta:
        model = archive.ColumnMemory

    organisation = factory.SubFactory(OrganisationFactory)
    kind = archive.Batch.Kind.ENTRIES
    key = factory.Sequence(lambda n: f"栏目{n}")
    header = factory.SelfAttribute("key")
    set_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))


class FixFileFactory(DjangoModelFactory[archive.FixFile]):
    class Meta:
        model = archive.FixFile

    batch = factory.SubFactory(BatchFactory)
    language = "zh-hans"
    requested_by = factory.LazyAttribute(lambda fix: fix.batch.uploaded_by)


class RowFactory(DjangoModelFactory[archive.Row]):
    class Meta:
        model = archive.Row

    batch = factory.SubFactory(BatchFactory)
    number = factory.Sequence(lambda n: n + 1)
    cells = factory.LazyFunction(dict)
    verdict = archive.Row.Verdict.NEW


class RecordFactory(DjangoModelFactory[archive.Record]):
    class Meta:
        model = archive.Record

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class EntryFactory(DjangoModelFactory[archive.Entry]):
    """A drafted adverse entry. Traits: `written` (its notice is), `notified`, `in_force`."""

    class Meta:
        model = archive.Entry

    record = factory.SubFactory(RecordFactory)
    person = factory.SelfAttribute("record.person")
    organisation = factory.SelfAttribute("record.organisation")
    item = factory.LazyFunction(lambda: archive.Item.objects.current().get(code="STU-04"))
    item_code = factory.SelfAttribute("item.code")
    severity = "general"
    polarity = factory.SelfAttribute("item.polarity")
    act_date = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=60))
    document_number = factory.Sequence(lambda n: f"示学〔2026〕{n}号")
    document_date = factory.LazyAttribute(lambda row: row.act_date + dt.timedelta(days=10))
    document_body = "示例单位"
    drafted_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))
    hearing_days = 5
    display = factory.LazyAttribute(
        lambda row: DateRange(row.document_date, row.document_date + dt.timedelta(days=366))
    )
    retention = factory.LazyAttribute(
        lambda row: DateRange(row.document_date, row.document_date + dt.timedelta(days=1826))
    )

    class Params:
        written = factory.Trait(state="notified", notified_at=factory.LazyFunction(timezone.now))
        notified = factory.Trait(
            state="in_hearing",
            notified_at=factory.LazyFunction(timezone.now),
            approvable_from=factory.LazyFunction(timezone.localdate),
        )
        in_force = factory.Trait(
            state="in_force",
            notified_at=factory.LazyFunction(timezone.now),
            approvable_from=factory.LazyFunction(timezone.localdate),
            approved_by=factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation")),
            approved_at=factory.LazyFunction(timezone.now),
            approved_on=factory.LazyFunction(timezone.localdate),
        )


class EvidenceFactory(DjangoModelFactory[archive.Evidence]):
    """A file about an entry; its content is not on disk."""

    class Meta:
        model = archive.Evidence

    class Params:
        entry = factory.SubFactory(EntryFactory)

    organisation = factory.SelfAttribute("entry.organisation")
    person = factory.SelfAttribute("entry.person")
    about_type = "entry"
    about_id = factory.SelfAttribute("entry.pk")
    kind = archive.Evidence.Kind.DECISION
    title = "决定书.pdf"
    file = "evidence/00/0"
    media_type = "application/pdf"
    size = 1
    pages = 1
    received_sha256 = sha256 = "0" * 64
    scan_state = archive.Evidence.Scan.NOT_CONFIGURED
    added_by = factory.SelfAttribute("entry.drafted_by")


class EntryDraftFactory(DjangoModelFactory[archive.EntryDraft]):
    class Meta:
        model = archive.EntryDraft

    kind = "discipline"
    organisation = factory.SubFactory(OrganisationFactory)
    made_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))
    content = factory.LazyFunction(dict)


class HearingAnswerFactory(DjangoModelFactory[archive.HearingAnswer]):
    class Meta:
        model = archive.HearingAnswer

    entry = factory.SubFactory(EntryFactory, notified=True)
    person = factory.SelfAttribute("entry.person")
    text = "情况说明"


class ServiceFactory(DjangoModelFactory[archive.Service]):
    class Meta:
        model = archive.Service

    entry = factory.SubFactory(EntryFactory, notified=True)
    person = factory.SelfAttribute("entry.person")
    handed_on = factory.LazyFunction(timezone.localdate)
    served_on = factory.SelfAttribute("handed_on")
    recorded_by = factory.SelfAttribute("entry.drafted_by")


class PersonStatementFactory(DjangoModelFactory[archive.PersonStatement]):
    class Meta:
        model = archive.PersonStatement

    record = factory.SubFactory(RecordFactory)
    person = factory.SelfAttribute("record.person")
    version = 1
    text = "本人说明"


class RevocationFactory(DjangoModelFactory[archive.Revocation]):
    class Meta:
        model = archive.Revocation

    organisation = factory.SubFactory(OrganisationFactory)
    document_number = factory.Sequence(lambda n: f"示罚〔2026〕{n}号")
    revoking_number = "示复决〔2026〕1号"
    revoking_date = factory.LazyFunction(timezone.localdate)
    revoking_body = "示例复议机关"
    learned_on = factory.SelfAttribute("revoking_date")
    working_days = 1
    deadline = factory.LazyAttribute(lambda row: row.learned_on + dt.timedelta(days=1))
    proposed_by = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))


class CheckFactFactory(DjangoModelFactory[archive.CheckFact]):
    class Meta:
        model = archive.CheckFact

    identity_index = factory.Sequence(lambda n: hashlib.sha256(f"fact{n}".encode()).digest())
    entry_id = factory.Sequence(lambda n: 10**6 + n)
    known_from = factory.LazyFunction(timezone.now)
    person_id = 1
    organisation_id = 1
    item_code = "TEA-02"
    severity = "serious"
    polarity = "adverse"
    document_date = dt.date(2025, 1, 1)
    display = factory.LazyFunction(lambda: DateRange(dt.date(2025, 1, 1), dt.date(2028, 1, 2)))


class PledgeTemplateFactory(DjangoModelFactory[archive.PledgeTemplate]):
    class Meta:
        model = archive.PledgeTemplate

    code = factory.Sequence(lambda n: f"T-{n}")
    version = 1
    kind = "voluntary"
    groups = factory.LazyFunction(lambda: ["*"])
    title_zh = "示例承诺书"
    title_en = "Sample pledge"
    matter_zh = matter_en = basis_zh = basis_en = term_zh = term_en = scope_zh = scope_en = breach_zh = breach_en = "—"
    clauses = factory.LazyFunction(lambda: [{"zh": "如实。", "en": "Truly."}])
    mark = "D"
    text_hash = "0" * 64


class PledgeFactory(DjangoModelFactory[archive.Pledge]):
    class Meta:
        model = archive.Pledge

    template = factory.SubFactory(PledgeTemplateFactory)
    person = factory.SubFactory(PersonFactory)
    text_hash = "0" * 64
    evidence = factory.LazyFunction(dict)


class CheckFactory(DjangoModelFactory[archive.Check]):
    class Meta:
        model = archive.Check

    organisation = factory.SubFactory(OrganisationFactory, licensing=True)
    account = factory.SubFactory(AccountFactory, organisation=factory.SelfAttribute("..organisation"))
    group = Group.TEA
    event = Event.ACCESS
    matter_number = "示〔2026〕1号"


class AnswerFactory(DjangoModelFactory[archive.Answer]):
    class Meta:
        model = archive.Answer

    check_asked = factory.SubFactory(CheckFactory)
    organisation = factory.SelfAttribute("check_asked.organisation")
    row = factory.Sequence(lambda n: n + 1)
    name = "张三"
    number = factory.LazyFunction(numbers.resident)
    outcome = "not_found"


class FindingRowFactory(DjangoModelFactory[archive.FindingRow]):
    class Meta:
        model = archive.FindingRow

    answer = factory.SubFactory(AnswerFactory)
    position = 0
    rule = factory.SubFactory(RuleVersionFactory)
    clause = 0
    entry_id = 1
    effect = "BLOCK"


class SlipFactory(DjangoModelFactory[archive.Slip]):
    class Meta:
        model = archive.Slip

    answer = factory.SubFactory(AnswerFactory)
    organisation = factory.SelfAttribute("answer.organisation")
    person_id = 1


class ReportFactory(DjangoModelFactory[archive.Report]):
    class Meta:
        model = archive.Report

    person = factory.SubFactory(PersonFactory)
    requested_by = factory.SubFactory(AccountFactory)
    purpose = "本人查阅"
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=90))
    content = "{}"
    content_hash = hashlib.sha256(b"{}").hexdigest()


class ReportEntryFactory(DjangoModelFactory[archive.ReportEntry]):
    class Meta:
        model = archive.ReportEntry

    report = factory.SubFactory(ReportFactory)
    entry = factory.SubFactory(EntryFactory)


class ReaderNoticeFactory(DjangoModelFactory[archive.ReaderNotice]):
    class Meta:
        model = archive.ReaderNotice

    answer = factory.SubFactory(AnswerFactory)
    organisation = factory.SelfAttribute("answer.organisation")
    entry = factory.SubFactory(EntryFactory)
    person = factory.SelfAttribute("entry.person")


class ReportLinkFactory(DjangoModelFactory[archive.ReportLink]):
    class Meta:
        model = archive.ReportLink

    report = factory.SubFactory(ReportFactory)
    reader = "示例医院"
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=7))


class VerificationUseFactory(DjangoModelFactory[archive.VerificationUse]):
    class Meta:
        model = archive.VerificationUse

    code = "0000-0000-0000-0000"
    verdict = "valid"
