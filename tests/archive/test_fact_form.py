"""One fact by the form: the same rules as a file's row, said beside the field; nothing is recorded before the second submit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from archive.models import Entry, EntryDraft, Evidence, Item, Notice, Record
from archive.records import actions
from archive.records.fact_forms import EMPTY, HERE, FactForm, say
from archive.records.kinds import KINDS
from archive.records.resources import EntrySheet
from archive.records.sheet_template import GUIDE
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.permissions import System
from profiles.common.vocabulary import Group, OrganisationKind
from profiles.models import Person
from tests import factories as f
from tests import numbers
from tests.archive.papers import pdf, photo, upload
from tests.archive.sheets import clerk, codes, days_ago, fact, rehearse, xlsx
from tests.archive.sheets import kept as files_of
from tests.world import sign_in

pytestmark = pytest.mark.django_db


def typed(**changed: Any) -> dict[str, Any]:
    """What a clerk types about a fresh student, as the browser sends it."""
    values = {**fact(item="STU-04"), "unit": "会计2301", "document_body": "", "severity": "", "sanction_months": "6"}
    return {**values, **changed}


def english(account: Any) -> Client:
    browser = sign_in(account)
    browser.cookies.load({"django_language": "en"})
    return browser


def errors(page: Any) -> dict[str, list[str]]:
    assert page.status_code == 422, page.status_code
    return {name: list(said) for name, said in page.context["form"].errors.items()}


def test_the_whole_way() -> None:
    by = clerk()
    browser = english(by)
    assert "4 items" in browser.get("/entries/new/").content.decode()
    person = f.AccountFactory(a_person=True).person
    sent = typed(name=person.name, identity_number=person.identities.get().number, file=upload(photo(), "IMG.jpg"))
    checked = browser.post("/entries/new/discipline/", sent)
    assert checked.status_code == 302
    assert not Entry.objects.exists()
    page = browser.get(checked.url)
    text = page.content.decode()
    assert "has an account and is told at once" in text
    assert sent["identity_number"] not in text
    assert sent["identity_number"][-4:] in text
    assert "IMG.jpg" in text
    entry = page.context["entry"]
    assert f"{entry.hearing_last_day:%Y}" in text
    assert not Notice.objects.exists()
    done = browser.post(checked.url, follow=True)
    stored = Entry.objects.get()
    assert done.redirect_chain[0][0] == f"/entries/{stored.record.number}/recorded/"
    for name in ("display", "retention", "repair_from", "approvable_from", "hearing_days", "severity", "facts"):
        assert getattr(stored, name) == getattr(entry, name), name
    assert (stored.state, stored.batch_id, stored.sanction_months) == ("in_hearing", None, 6)
    evidence = Evidence.objects.about(stored).get()
    assert (evidence.kind, evidence.title, evidence.person_id) == ("decision", "IMG.jpg", person.pk)
    assert Notice.objects.about(stored).get().body_en.splitlines() == page.context["notice"].body_en.replace(
        entry.record.number, stored.record.number
    ).splitlines()  # fmt: skip
    assert not EntryDraft.objects.exists()
    assert stored.record.number in done.content.decode()


def test_a_rehearsal_leaves_nothing_and_handing_in_twice_records_once(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    browser = english(clerk())
    with django_capture_on_commit_callbacks(execute=True):
        checked = browser.post("/entries/new/discipline/", typed(file=upload(pdf()))).url
    for _n in range(2):
        assert browser.get(checked).status_code == 200
    assert not Record.objects.exists()
    assert not Person.objects.exists()
    assert not Evidence.objects.exists()
    assert len(files_of(settings)) == 1  # the draft's
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(checked).status_code == 302
    assert browser.post(checked).status_code == 404
    assert Entry.objects.count() == Evidence.objects.count() == 1
    assert len(files_of(settings)) == 1  # the evidence's


def test_no_number_in_addresses_or_in_clear_anywhere() -> None:
    browser, number = english(clerk()), numbers.resident()
    checked = browser.post("/entries/new/discipline/", typed(identity_number=number))
    assert number not in checked.url
    assert number not in json.dumps(dict(browser.session.items()), default=str)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM archive_entrydraft")
        assert number.encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("changed", "field", "part"),
    [
        ({"name": ""}, "name", "The name is empty. Fill it in."),
        ({"identity_number": "110105194912310021"}, "identity_number", "The last character does not fit"),
        ({"item": "TEA-02"}, "item", "Choose an item of the list."),
        ({"act_date": (timezone.localdate() + timezone.timedelta(days=2)).isoformat()}, "act_date", "lies in the future"),
        ({"act_date": days_ago(20).isoformat()}, "document_date", "older than the act"),
        ({"document_number": ""}, "document_number", "Without a document in effect there is no entry"),
        ({"sanction_months": "61"}, "sanction_months", "from 1 to 60 months"),
        ({"facts": "患有肝炎"}, "facts", "are never collected"),
        ({"act_date": "2015-01-01"}, "item", "was not in force on 2015-01-01"),
        ({"file": upload(b"<html>")}, "file", "it looks like HTML / XML"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else "",
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field(changed: dict[str, Any], field: str, part: str) -> None:
    said = errors(english(clerk()).post("/entries/new/discipline/", typed(**changed)))
    assert any(part in sentence for sentence in said[field]), said
    assert not EntryDraft.objects.exists()
    assert not Entry.objects.exists()


def test_a_minor_and_a_doubled_fact_are_told_without_talk_of_rows() -> None:
    by = clerk()
    browser = english(by)
    young = numbers.resident(days_ago(365 * 17))
    said = errors(browser.post("/entries/new/discipline/", typed(identity_number=young)))
    assert said["act_date"] == [
        "The person was 16 on the day of the act. Acts before the 18th birthday are never recorded."
    ]
    sent = typed()
    browser.post(browser.post("/entries/new/discipline/", sent).url)
    number = Record.objects.get().number
    said = errors(browser.post("/entries/new/discipline/", sent))
    assert said["document_number"] == [
        f"This fact is on record already ({number}): same person, item, day of the act and document."
    ]
    for code, sentence in HERE.items():
        assert "row" not in str(sentence).split(), code


def test_form_and_file_judge_alike() -> None:
    """The same cells in a file's row: the same codes."""
    by = clerk()
    f.PersonFactory(name="王五", number=(known := numbers.resident()))
    for changed in (
        {},
        {"identity_number": known},
        {"document_date": days_ago(90).isoformat()},
        {"identity_number": "x"},
        {"facts": "血型O型"},
        {"act_date": "2015-01-01", "document_date": "2015-02-01"},
        {"item": "校外替考"},
        {"item": "GEN-05"},
    ):
        row = fact(**changed)
        batch = rehearse(xlsx(row), by=by)
        form = actions.rehearse_fact(fact=actions.TypedFact(cells=row), organisation=by.organisation, by=by)
        assert [problem.code for problem in form.problems] == codes(batch).get(2, []), changed


def test_the_list_has_what_the_body_may_report_by_group_and_nothing_else() -> None:
    by = clerk()
    seen: set[str] = set()
    for kind in KINDS.values():
        form = FactForm(kind=kind, organisation=by.organisation, day=timezone.localdate())
        groups = dict(form.fields["item"].choices)
        listed = {code for head, rows in groups.items() if head for code, _label in rows}
        assert not listed & seen
        seen |= listed
    reportable = {
        item.code
        for item in Item.objects.current()
        if "school" in item.reporters and not item.forbidden and {"STU", "*"} & set(item.groups)
    }
    assert seen == reportable


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_for_its_fields_with_the_words_of_the_template(kind: str) -> None:
    form = FactForm(kind=KINDS[kind], organisation=clerk().organisation, day=timezone.localdate())
    sheet = EntrySheet.sheet_fields()
    assert [name for name in form.fields if name in sheet] == list(KINDS[kind].fields)
    for name in KINDS[kind].fields:
        assert form.fields[name].required is sheet[name].required
        assert str(form.fields[name].help_text)
        assert (name in EMPTY) is sheet[name].required
    assert str(form.fields["document_number"].help_text) == str(GUIDE["document_number"][0])
    shown = [field.name for _heading, fields in form.groups() for field in fields]
    assert sorted(shown) == sorted(form.fields)
    assert ("is_breach" in form.fields) is (kind == "decision")


def test_a_form_can_be_left_and_come_back_to_and_only_its_maker_sees_it(settings: Any) -> None:
    by = clerk()
    browser = english(by)
    browser.post("/entries/new/discipline/", {"name": "李四", "later": "1", "file": upload(pdf(), "决定.pdf")})
    draft = EntryDraft.objects.get()
    page = browser.get("/entries/new/").content.decode()
    assert "李四" in page
    form = browser.get(f"/entries/draft/{draft.code}/")
    assert form.context["form"]["name"].value() == "李四"
    assert "决定.pdf" in form.content.decode()
    colleague = f.AccountFactory(organisation=by.organisation, holds=["clerk"])
    assert sign_in(colleague).get(f"/entries/draft/{draft.code}/").status_code == 404
    assert "李四" not in sign_in(colleague).get("/entries/new/").content.decode()
    checked = browser.post(f"/entries/draft/{draft.code}/", typed())
    assert checked.url == f"/entries/draft/{draft.code}/check/"
    browser.post(checked.url)
    assert Evidence.objects.get().title == "决定.pdf"


def test_a_file_sent_with_a_wrong_form_need_not_be_sent_again() -> None:
    browser = english(clerk())
    page = browser.post("/entries/new/discipline/", typed(name="", file=upload(pdf(), "决定.pdf")))
    assert "Kept already: 决定.pdf" in page.content.decode()
    browser.post(browser.post(page.context["action"], typed()).url)
    assert Evidence.objects.get().title == "决定.pdf"


def test_what_changed_since_the_check_is_told(django_capture_on_commit_callbacks: Any) -> None:
    browser, sent = english(clerk()), typed()
    first, second = (browser.post("/entries/new/discipline/", sent).url for _n in range(2))
    browser.post(first)
    page = browser.post(second, follow=True)
    assert "Something has changed since you checked." in page.content.decode()
    assert "on record already" in page.context["form"].errors["document_number"][0]
    assert browser.get(second).status_code == 302
    assert Entry.objects.count() == 1


def test_discarded_or_forgotten_forms_go_with_their_files(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    browser = english(clerk())
    for _n in range(3):
        browser.post("/entries/new/discipline/", {"later": "1", "file": upload(pdf())})
    one, two, three = EntryDraft.objects.order_by("pk")
    EntryDraft.objects.filter(pk=two.pk).update(changed_at=timezone.now() - timezone.timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/entries/draft/{one.code}/discard/")
        assert actions.discard_forgotten_drafts(by=System("test")) == 1
    assert list(EntryDraft.objects.all()) == [three]
    assert len(files_of(settings)) == 1
    assert AuditEvent.objects.filter(verb=Verb.DRAFT_DISCARDED).count() == 2


def test_another_person_under_the_same_document_keeps_what_the_document_says() -> None:
    browser = english(clerk())
    browser.post(browser.post("/entries/new/discipline/", typed(severity="serious")).url)
    number = Record.objects.get().number
    form = browser.get(f"/entries/new/discipline/?like={number}").context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert (values["document_number"], values["item"], values["severity"]) == ("示学〔2026〕1号", "STU-04", "serious")
    assert not any(values[name] for name in ("name", "identity_number", "facts"))
    assert str(values["act_date"]) == days_ago(60).isoformat()
    other = english(clerk()).get(f"/entries/new/discipline/?like={number}").context["form"]
    assert not other["document_number"].value()


def test_a_ban_with_its_occupations_is_recorded_and_a_warning_stands_on_the_check() -> None:
    bureau = f.OrganisationFactory(kind=OrganisationKind.EDUCATION_AUTHORITY)
    f.CompetenceFactory(organisation=bureau, group=Group.TEA)
    browser = english(f.AccountFactory(organisation=bureau, holds=["clerk"]))
    items = Item.objects.current().filter(reporters__contains=["education_authority"], groups=["TEA"], forbidden=False)
    item = items.filter(polarity="adverse").exclude(display="sanction").first()
    sent = typed(
        item=item.code,
        identity_number=numbers.resident(division="899999"),
        bar_from=days_ago(50).isoformat(),
        bar_until=days_ago(-900).isoformat(),
        bar_groups=["TEA", "LAW"],
    )
    checked = browser.post("/entries/new/decision/", sent)
    page = browser.get(checked.url)
    assert "no known division code" in page.content.decode()
    assert "row" not in page.context["warnings"][0].split()
    browser.post(checked.url)
    entry = Entry.objects.get()
    assert entry.bar_groups == ["TEA", "LAW"]
    assert entry.bar.upper == days_ago(-901)


def test_no_kind_but_the_three() -> None:
    assert sign_in(clerk()).get("/entries/new/rumour/").status_code == 404


def test_the_sentence_beside_a_field_has_no_place_in_it() -> None:
    by = clerk()
    done = actions.rehearse_fact(
        fact=actions.TypedFact(cells=fact(document_number="")), organisation=by.organisation, by=by
    )
    (problem,) = done.problems
    assert say(problem).startswith("There is no document number.")
