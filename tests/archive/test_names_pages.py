"""The screens for names, numbers and archives of one person: answers checked first, a second person, no number in any address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from profiles.accounts.permissions import Role
from profiles.models import IdentityChange, Person, PersonMerge
from tests import factories as f
from tests import numbers
from tests.archive.checking import on_file
from tests.archive.persons import join, number_of, rename
from tests.archive.sheets import approver_beside, clerk
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DOCUMENT = {"document_number": "示公户〔2026〕1号", "document_date": "2026-03-02", "reason": "已核对户口簿。"}


def member(by: Any, **of: Any) -> Person:
    person: Person = f.PersonFactory(**of)
    f.MembershipFactory(person=person, organisation=by.organisation)
    return person


def hidden(page: str) -> dict[str, str]:
    """What the page that asks once more sends again."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def send(browser: Client, path: str, data: dict[str, str]) -> str:
    """Fill in, look at the answers, propose; the page that asked once more."""
    checked = browser.post(path, data)
    assert checked.status_code == 200, checked.content.decode()
    page = checked.content.decode()
    done = browser.post(path, {**hidden(page), "confirmed": "1"})
    assert done.status_code == 302
    return page


def test_a_correction_is_proposed_and_carried_out_without_showing_a_number(catalogue: None) -> None:
    by = clerk()
    person, right = member(by), numbers.resident()
    wrong = person.identities.get()
    browser, second = sign_in(by), sign_in(approver_beside(by))
    pages = [
        send(
            browser,
            f"/people/{person.code}/correct/",
            {"wrong": str(wrong.pk), "identity": right, "reason": "入学时录错一位。"},
        )
    ]
    change = IdentityChange.objects.get()
    assert (change.state, change.number) == ("proposed", right)
    pages.append(second.get("/identity/").content.decode())
    pages.append(second.get(f"/identity/{change.code}/").content.decode())
    second.post(f"/identity/{change.code}/confirm/")
    pages.append(second.get(f"/people/{person.code}/").content.decode())
    assert person.identities.live().get().number == right
    for page in pages:
        assert right not in page
        assert wrong.number not in page


def test_going_back_keeps_the_answers_but_never_the_number(catalogue: None) -> None:
    by = clerk()
    person, number = member(by), numbers.resident()
    browser, path = sign_in(by), f"/people/{person.code}/number/"
    page = browser.post(path, {"identity": number, "reason": "护照本人出示。"}).content.decode()
    again = browser.post(path, {**hidden(page), "back": "1"}).content.decode()
    assert "护照本人出示。" in again
    assert number not in again
    assert "sealed:" not in again
    tampered = browser.post(path, {"identity": "sealed:AAAA", "reason": "护照本人出示。", "confirmed": "1"})
    assert tampered.status_code == 422
    assert not IdentityChange.objects.exists()


def test_two_archives_are_compared_proposed_joined_and_parted(catalogue: None) -> None:
    by = clerk()
    one, other = member(by), member(by)
    entry = on_file(one, "TEA-02")
    same = {name: getattr(entry, name) for name in ("item", "act_date", "document_number", "document_date")}
    f.EntryFactory(record=f.RecordFactory(person=other, organisation=entry.organisation), **same)
    browser, second = sign_in(by), sign_in(approver_beside(by))
    typed = {"first": number_of(other), "second": number_of(one)}
    shown = browser.post("/identity/join/", typed)
    page = shown.content.decode()
    assert shown.status_code == 200
    assert page.index(one.code) < page.index(other.code), "the older archive is kept"
    assert entry.document_number not in page, "of another body's entries only how many"
    assert "另有其他单位的1条" in page
    assert not any(number in page for number in typed.values())
    done = browser.post("/identity/join/", {**hidden(page), **DOCUMENT})
    merge = PersonMerge.objects.get()
    assert done.url == f"/identity/joined/{merge.code}/"
    own = browser.post(f"{done.url}confirm/")
    assert own.status_code == 403, "a clerk carries nothing out"
    second.post(f"{done.url}confirm/")
    assert PersonMerge.objects.family(one.pk) == {one.pk, other.pk}
    second.post(f"{done.url}undo/", {"reason": "照片不是同一人。"})
    assert PersonMerge.objects.family(one.pk) == {one.pk}
    assert second.get(done.url).status_code == 200


def test_the_body_that_reported_sees_what_it_reported_twice(catalogue: None) -> None:
    by = clerk()
    one, other = member(by), member(by)
    entry = on_file(one, "TEA-02")
    f.EntryFactory(
        record=f.RecordFactory(person=other),
        item=entry.item,
        act_date=entry.act_date,
        document_number=entry.document_number,
        document_date=entry.document_date,
    )
    reporter = f.AccountFactory(organisation=entry.organisation, holds=[Role.CLERK])
    for person in (one, other):
        f.MembershipFactory(person=person, organisation=reporter.organisation)
    page = sign_in(reporter).post("/identity/join/", {"one": one.code, "other": other.code}).content.decode()
    assert entry.record.number in page


@pytest.mark.parametrize("known", [0, 1])
def test_who_is_not_the_bodys_is_not_told_of(known: int, catalogue: None) -> None:
    """Whether a number of a stranger is on file is not told."""
    by = clerk()
    own = number_of(member(by))
    stranger = number_of(f.PersonFactory()) if known else numbers.resident()
    page = sign_in(by).post("/identity/join/", {"first": own, "second": stranger})
    assert page.status_code == 422
    assert "信用办" in page.content.decode()


def test_two_numbers_of_one_archive_are_no_pair(catalogue: None) -> None:
    by = clerk()
    person = member(by)
    further = f.IdentityDocumentFactory(person=person)
    page = sign_in(by).post("/identity/join/", {"first": number_of_first(person), "second": further.number})
    assert page.status_code == 422
    assert "同一份档案" in page.content.decode()


def number_of_first(person: Person) -> str:
    return str(person.identities.order_by("pk").first().number)  # type: ignore[union-attr]


def test_people_are_found_by_a_former_name_and_enrolled_with_it(catalogue: None) -> None:
    by = clerk()
    person = member(by, name="张旧")
    rename(person, "张新")
    browser = sign_in(by)
    assert person.code in browser.get("/people/", {"name": "张旧"}).content.decode()
    assert person.code not in browser.get("/people/", {"name": "旧"}).content.decode()
    taken = browser.post(
        "/people/enrol/", {"name": "张旧", "identity": number_of(person), "group": "STU", "unit": "二班"}
    )
    assert taken.status_code == 422, "enrolled already, so the name was taken as hers"
    assert not Person.objects.exclude(pk=person.pk).exists()


def test_the_persons_own_page_names_both_archives(catalogue: None) -> None:
    account, other = f.AccountFactory(a_person=True), f.PersonFactory()
    join(account.person, other)
    page = sign_in(account).get("/my/").content.decode()
    assert other.code in page
    assert all(person.main_identity.masked in page for person in (account.person, other))
