"""An organisation's serious breach on a person: only with the document that names that person (Shenzhen regulation, 68)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from archive.models import Entry, Evidence, Item, Notice
from archive.records import actions
from archive.records.breach import Breach
from archive.reports.compile import _entry as report_entry
from profiles.common.exceptions import ActionRefused
from profiles.common.vocabulary import Group, OrganisationKind
from profiles.models import Account
from tests import factories as f
from tests import numbers
from tests.archive.papers import pdf, upload
from tests.archive.sheets import fact
from tests.archive.sheets import kept as files_of
from tests.world import sign_in

pytestmark = pytest.mark.django_db
COMPANY = "示例（深圳）有限公司"


def regulator() -> Account:
    """A clerk of a body that may report people who run companies."""
    body = f.OrganisationFactory(kind=OrganisationKind.MARKET_REGULATOR)
    f.CompetenceFactory(organisation=body, group=Group.LEG)
    return f.AccountFactory(organisation=body, holds=["clerk"])


def item(severity: str = "serious") -> str:
    found = Item.objects.current().filter(
        groups__contains=["LEG"], reporters__contains=["market_regulator"], polarity="adverse", severity=severity
    )
    return found.exclude(display="sanction").exclude(forbidden=True).first().code


def typed(**changed: Any) -> dict[str, Any]:
    return {
        **fact(item=item(), document_number="示市监罚〔2026〕9号"),
        "is_breach": "on",
        "subject_organisation": COMPANY,
        "subject_uscc": numbers.organisation_code().lower(),
        "named_at": "第3页第2段",
        "file": upload(pdf(3), "处罚决定书.pdf"),
        **changed,
    }


def english(account: Account) -> Any:
    browser = sign_in(account)
    browser.cookies.load({"django_language": "en"})
    return browser


def recorded(by: Account, **changed: Any) -> Entry:
    browser = english(by)
    sent = browser.post("/entries/new/decision/", typed(**changed))
    assert sent.status_code == 302, sent.context["form"].errors
    page = browser.get(sent.url)
    assert COMPANY in page.content.decode()
    assert COMPANY in page.context["notice"].body_zh
    browser.post(sent.url)
    return Entry.objects.get()


def test_it_is_entered_with_the_document_and_told_everywhere() -> None:
    by = regulator()
    entry = recorded(by)
    document = entry.naming_document
    assert document is not None
    assert (document.kind, document.names_person, document.named_at) == (Evidence.Kind.NAMING, True, "第3页第2段")
    assert (entry.subject_organisation, entry.subject_uscc, entry.severity) == (
        COMPANY, entry.subject_uscc.upper(), "serious",
    )  # fmt: skip
    notice = Notice.objects.about(entry).get()
    assert f"{COMPANY} ({entry.subject_uscc})" in notice.body_en
    assert "names you as the person responsible (第3页第2段)" in notice.body_en
    page = english(by).get(f"/entries/{entry.record.number}/").content.decode()
    assert "As responsible person of" in page
    assert document.sha256 in page
    person = f.AccountFactory(person=entry.person, organisation=None)
    for address in ("/my/", f"/my/entries/{notice.number}/"):
        assert COMPANY in english(person).get(address).content.decode()
    row = report_entry(entry, {basis["code"]: "法" for basis in entry.item.bases}, {}, {})
    assert row["breach_of"] == f"{COMPANY} ({entry.subject_uscc})"
    assert COMPANY in render_to_string("documents/report_entry.html", {"row": row})


@pytest.mark.parametrize(
    ("changed", "field", "part"),
    [
        ({"file": ""}, "file", "Without it an organisation's breach is not entered on anybody"),
        ({"named_at": " "}, "named_at", "page or paragraph"),
        ({"subject_organisation": ""}, "subject_organisation", "name of the organisation"),
        ({"subject_uscc": "91440300MA5F000000"}, "subject_uscc", "not a unified social credit code"),
        ({"severity": "general"}, "severity", "Only a serious breach"),
    ],
    ids=["no document", "no place", "no name", "no code", "not serious"],
)
def test_without_any_part_of_it_nothing_is_entered(
    changed: dict[str, Any], field: str, part: str, settings: Any
) -> None:
    page = english(regulator()).post("/entries/new/decision/", typed(**changed))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert part in page.context["form"].errors[field][0]
    assert not Entry.objects.exists()
    assert not Evidence.objects.exists()


def test_without_the_tick_the_fields_beside_it_mean_nothing() -> None:
    by = regulator()
    sent = typed()
    del sent["is_breach"]
    browser = english(by)
    browser.post(browser.post("/entries/new/decision/", sent).url)
    entry = Entry.objects.get()
    assert (entry.subject_organisation, entry.subject_uscc, entry.naming_document) == ("", "", None)
    assert Evidence.objects.about(entry).get().names_person is False


def test_the_act_itself_refuses_too(settings: Any) -> None:
    by = regulator()
    breach = Breach(COMPANY, numbers.organisation_code(), "第1页")
    done = actions.record_fact(
        fact=actions.TypedFact(cells=fact(item=item()), breach=breach), organisation=by.organisation, by=by
    )
    assert done.breach_faults == {"file": "no_document"}
    assert done.entry is None
    assert not Entry.objects.exists()
    assert not files_of(settings)


def test_the_database_wants_all_three_or_none_and_only_what_is_serious() -> None:
    entry = recorded(regulator())
    for change in (
        {"subject_organisation": ""},
        {"subject_uscc": ""},
        {"naming_document": None},
        {"severity": "general"},
    ):
        with pytest.raises(IntegrityError, match="entry_breach_has_naming_document"), transaction.atomic():
            Entry.objects.filter(pk=entry.pk).update(**change)
    plain = f.EntryFactory()
    with pytest.raises(IntegrityError, match="entry_breach_has_naming_document"), transaction.atomic():
        Entry.objects.filter(pk=plain.pk).update(subject_organisation=COMPANY)
    Entry.objects.filter(pk=entry.pk).update(subject_organisation="", subject_uscc="", naming_document=None)


def test_the_naming_document_cannot_be_withdrawn_alone() -> None:
    from archive.evidence import actions as evidence

    entry = recorded(regulator())
    with pytest.raises(ActionRefused, match="rests on this document"):
        evidence.withdraw(evidence=entry.naming_document, reason="误传", by=entry.drafted_by)
