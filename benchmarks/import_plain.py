"""The peer: plain django-import-export over the same sheet, as its documentation shows it, with its default settings.

A ModelResource of entries; person and item are looked up by their columns (`ForeignKeyWidget`), an unknown person, the membership
and the record come by get_or_create and create, and an entry on file is found by its natural key. It works as the library's own
pages do: a dry run first, then the import, both in a transaction. It does less than our road: no rules but field types, no trail,
no feed, no result kept of each row.
"""

from __future__ import annotations

from typing import Any

from import_export import fields, resources, widgets

from archive.catalogue.models import Item
from archive.catalogue.periods import Terms, clocks, terms_of
from archive.records.models import Entry, Record
from archive.records.rules import SEVERITY_WORDS
from profiles.accounts.models import Account
from profiles.common import ciphers, identity
from profiles.people.models import IdentityDocument, Membership, Person


class PersonWidget(widgets.ForeignKeyWidget):
    def __init__(self, organisation_id: int) -> None:
        super().__init__(Person)
        self.organisation_id = organisation_id

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Person:
        if len(value) != 18 or identity.check_character(value[:17]) != value[17]:
            raise ValueError("identity number")
        if not row["姓名"]:
            raise ValueError("name")
        index = ciphers.blind_index(value)
        found = IdentityDocument.objects.filter(index=index).select_related("person").first()
        if found is not None:
            return found.person
        birth = f"{value[6:10]}-{value[10:12]}-{value[12:14]}"
        person = Person.objects.create(
            name=row["姓名"], birth_date=birth, created_by_organisation_id=self.organisation_id
        )
        IdentityDocument.objects.create(person=person, kind="resident_id", number=value, index=index)
        return person


class ItemWidget(widgets.ForeignKeyWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Item:
        current = Item.objects.filter(valid_to=None)
        item: Item = (
            current.filter(code=value).first()
            or current.filter(name_zh=value).first()
            or current.get(aliases__contains=[value])
        )
        return item


class PlainResource(resources.ModelResource):
    item = fields.Field(column_name="行为类别", attribute="item", widget=ItemWidget(Item))
    act_date = fields.Field(column_name="发生日期", attribute="act_date", widget=widgets.DateWidget("%Y-%m-%d"))
    document_number = fields.Field(column_name="认定文书号", attribute="document_number")
    document_date = fields.Field(
        column_name="认定日期", attribute="document_date", widget=widgets.DateWidget("%Y年%m月%d日")
    )
    document_body = fields.Field(column_name="作出单位", attribute="document_body")
    severity = fields.Field(column_name="严重程度", attribute="severity")
    sanction_months = fields.Field(
        column_name="处分期限（月）", attribute="sanction_months", widget=widgets.IntegerWidget()
    )
    facts = fields.Field(column_name="备注", attribute="facts")

    class Meta:
        model = Entry
        fields = (
            "item", "person", "act_date", "document_number", "document_date", "document_body", "severity",
            "sanction_months", "facts",
        )  # fmt: skip
        import_id_fields = ("person", "act_date", "document_number")

    def __init__(self, clerk: Account) -> None:
        super().__init__()
        assert clerk.organisation is not None
        self.clerk, self.organisation = clerk, clerk.organisation
        self.terms: Terms = terms_of(self.organisation.jurisdiction)
        self.fields["person"] = fields.Field(
            column_name="身份证号码", attribute="person", widget=PersonWidget(self.organisation.pk)
        )

    def before_save_instance(self, instance: Entry, row: Any, **kwargs: Any) -> None:
        if not instance.document_number:
            raise ValueError("document number")
        instance.facts = instance.facts or ""
        instance.severity = SEVERITY_WORDS.get(instance.severity) or instance.item.severity
        spans = clocks(
            instance.item,
            severity=instance.severity,
            document_date=instance.document_date,
            sanction_months=instance.sanction_months,
            bar_from=None,
            bar_until=None,
            terms=self.terms,
        )
        instance.display, instance.retention, instance.bar = spans.display, spans.retention, spans.bar
        instance.repair_from = spans.repair_from
        instance.item_code, instance.polarity = instance.item.code, instance.item.polarity
        instance.organisation, instance.drafted_by, instance.hearing_days = self.organisation, self.clerk, 5
        Membership.objects.get_or_create(
            person=instance.person,
            group="STU",
            organisation=self.organisation,
            left_on=None,
            defaults={"unit": row["院系班级"]},
        )
        if instance.record_id is None:
            instance.record = Record.objects.create(person=instance.person, organisation=self.organisation)
