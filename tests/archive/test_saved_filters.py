"""Filters that are kept under a name: whose, what may be in them, undo, opening a list with one."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.models import SavedFilter
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import approver_beside, clerk
from tests.world import sign_in

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def by() -> Account:
    return clerk()


def post(browser: Client, act: str, **data: str) -> str:
    """What is said on the page that follows."""
    return browser.post("/entries/", {"act": act, **data}, headers=ENGLISH, follow=True).content.decode()


def test_conditions_are_kept_and_offered_with_one_click(by: Account) -> None:
    browser = sign_in(by)
    answer = browser.post(
        "/entries/", {"act": "save", "name": " 待送达 ", "query": "phase=unserved&severity=&page=3&sort=-act_date"}
    )
    assert answer.url == "/entries/?phase=unserved&sort=-act_date"
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.shared) == ("待送达", {"phase": "unserved", "sort": "-act_date"}, False)
    page = browser.get(answer.url).context
    assert [(set(offer.url.split("?")[1].split("&")), offer.current) for offer in page["offers"]] == [
        ({"phase=unserved", "sort=-act_date"}, True)
    ]
    assert page["can_save"] is False
    event = AuditEvent.objects.get(verb=Verb.FILTER_SAVED)
    assert event.details == {"list": "entries", "filters": "phase,sort", "shared": False, "default": False}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("name=张&phase=unserved", "standing watch"),
        ("number=R-000000000000", "standing watch"),
        ("phase=unserved&person_id=7", "does not know"),
        ("phase=nonsense", "has a mistake"),
        ("drafted_by=nobody", "has a mistake"),
        ("document=110105194912310021", "has a mistake"),
        ("page=2", "no condition"),
    ],
)
def test_what_names_a_person_or_is_no_condition_of_the_list_is_not_kept(by: Account, query: str, said: str) -> None:
    assert said in post(sign_in(by), "save", name="甲", query=query)
    assert not SavedFilter.objects.exists()


def test_shared_filters_are_offered_to_the_body_and_changed_by_their_owner_only(by: Account) -> None:
    mine = f.SavedFilterFactory(account=by, shared=True)
    f.SavedFilterFactory(account=by, shared=False)
    colleague, stranger = sign_in(approver_beside(by)), sign_in(clerk())
    offers = colleague.get("/entries/").context["offers"]
    assert [(offer.saved, offer.mine) for offer in offers] == [(mine, False)]
    assert stranger.get("/entries/").context["offers"] == []
    for act in ("rename", "delete", "default", "restore"):
        assert colleague.post("/entries/", {"act": act, "filter": mine.code, "name": "乙"}).status_code == 404
    assert [offer.saved for offer in sign_in(by).get("/record/").context["offers"]] == []


def test_a_deleted_filter_comes_back_with_undo_and_names_stay_different(by: Account) -> None:
    browser = sign_in(by)
    one, other = f.SavedFilterFactory(account=by, name="甲"), f.SavedFilterFactory(account=by, name="乙")
    assert "another filter of this name" in post(browser, "rename", filter=one.code, name="乙")
    post(browser, "rename", filter=one.code, name="丙")
    assert "was deleted" in post(browser, "delete", filter=one.code, query="phase=unserved")
    assert [offer.saved for offer in browser.get("/entries/").context["offers"]] == [other]
    post(browser, "restore", filter=one.code)
    assert {offer.saved.name for offer in browser.get("/entries/").context["offers"]} == {"乙", "丙"}
    verbs = AuditEvent.objects.filter(object_type="savedfilter").order_by("at").values_list("verb", flat=True)
    assert list(verbs) == [Verb.FILTER_CHANGED, Verb.FILTER_DELETED, Verb.FILTER_CHANGED]


def test_a_list_opens_with_its_default_until_all_is_asked_for(by: Account) -> None:
    browser = sign_in(by)
    saved = f.SavedFilterFactory(account=by, query={"severity": "minor"})
    post(browser, "default", filter=saved.code, on="1")
    assert browser.get("/entries/").url == "/entries/?severity=minor"
    assert browser.get("/entries/?all=1").status_code == 200
    assert browser.get("/record/").status_code == 200
    post(browser, "default", filter=saved.code, on="0")
    assert browser.get("/entries/").status_code == 200
