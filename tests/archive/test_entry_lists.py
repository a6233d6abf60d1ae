"""The list of entries: every filter, order, pages, chips, choosing all, one day of service, the next to decide, exports."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from archive.models import Entry
from archive.records.filters import EntryFilter
from archive.records.models import Entry as EntryModel
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common import export, tables
from profiles.common.vocabulary import Group
from profiles.models import Account
from tests import factories as f
from tests.archive.sheets import approver_beside, clerk
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ENGLISH = {"accept-language": "en"}
NUMBER = re.compile(r"/entries/(R-[0-9A-Z]{12})/")


@pytest.fixture
def by() -> Account:
    return clerk()


@pytest.fixture
def second(by: Account) -> Account:
    return approver_beside(by)


def entry(by: Account, **more: Any) -> Entry:
    person = more.pop("person", None) or f.PersonFactory()
    record = f.RecordFactory(person=person, organisation=by.organisation)
    return f.EntryFactory(**{"record": record, "drafted_by": by, **more})


def listed(browser: Client, query: str) -> set[str]:
    response = browser.get(f"/entries/?{query}", headers=ENGLISH)
    assert response.status_code == 200
    return set(NUMBER.findall(response.content.decode()))


def numbers_of(entries: Iterable[Entry]) -> set[str]:
    return {entry.record.number for entry in entries}


def test_each_filter_finds_its_own_and_nothing_else(by: Account, second: Account) -> None:
    today = timezone.localdate()
    batch = f.BatchFactory(organisation=by.organisation)
    heard = entry(by, notified=True)
    f.HearingAnswerFactory(entry=heard)
    student = f.PersonFactory(name="欧阳示例")
    f.MembershipFactory(person=student, organisation=by.organisation, group=Group.STU, unit="会计2301班")
    revision_of = entry(by, in_force=True, approved_by=second)
    found: dict[str, Entry] = {
        "phase=unserved": entry(by),
        "phase=hearing": entry(by, notified=True, approvable_from=today + 30 * DAY),
        "ends_in=3": entry(by, notified=True, approvable_from=today + 4 * DAY),
        "phase=in_force&severity=general": revision_of,
        "phase=declined": entry(
            by, notified=True, state="declined", declined_by=second, declined_at=timezone.now(), declined_reason="—"
        ),
        "phase=withdrawn": entry(by, state="withdrawn"),
        "phase=ended&end_reason=voided": entry(
            by, in_force=True, approved_by=second, state="ended", end_reason="voided", ended_by=second, ended_at=timezone.now()
        ),
        "statement=unread": heard,
        "severity=minor": entry(by, severity="minor"),
        "polarity=positive": entry(by, item=f.ItemFactory(polarity="positive", name_zh="志愿服务样本")),
        "item=志愿服务样": EntryModel.objects.get(polarity="positive"),
        "document=示特〔2026〕": entry(by, document_number="示特〔2026〕9号"),
        "name=欧阳": entry(by, person=student),
        "unit=会计": EntryModel.objects.get(person=student),
        "kind=revision": f.EntryFactory(
            record=revision_of.record, kind="revision", supersedes=revision_of, change_reason="期限变更", drafted_by=by
        ),
        f"drafted_by={second.username}": entry(by, drafted_by=second),
        f"batch={batch.code}": entry(by, batch_id=batch.pk),
        f"act_from={today - 400 * DAY}&act_to={today - 390 * DAY}": entry(by, act_date=today - 395 * DAY),
    }  # fmt: skip
    browser = sign_in(by)
    for query, wanted in found.items():
        expected = numbers_of([wanted])
        if query == "phase=unserved":
            assert expected <= listed(browser, query)
        elif query == "phase=hearing":
            assert listed(browser, query) == numbers_of([wanted, found["ends_in=3"]])
        else:
            assert listed(browser, query) == expected, query
    assert listed(browser, f"number={heard.record.number.lower()}") == numbers_of([heard])
    assert listed(browser, "item=STU-04 考试&severity=minor") == numbers_of([found["severity=minor"]])
    assert listed(browser, "group=TEA") == set()
    assert listed(browser, "group=STU&name=欧阳") == numbers_of([found["name=欧阳"]])
    asked = {name for query in found for name in re.findall(r"(\w+)=", query)} | {"number", "group"}
    assert asked == set(EntryFilter.base_filters), "a filter without a test"


def test_an_identity_number_is_no_condition(by: Account) -> None:
    person = f.PersonFactory()
    page = sign_in(by).get(
        "/entries/", {"name": person.identities.get().number}, headers=ENGLISH
    ).content.decode()  # fmt: skip
    assert "not looked for by identity number" in page


def test_pages_keep_one_order_and_are_counted_to_a_limit(by: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    day = timezone.localdate() - 90 * DAY
    made = [entry(by, act_date=day) for _entry in range(30)]  # all alike in the order asked for
    browser = sign_in(by)
    first, then = (listed(browser, f"sort=act_date&page={page}") for page in (1, 2))
    assert (len(first), len(then)) == (25, 5)
    assert first | then == numbers_of(made)
    assert len(listed(browser, "per_page=50")) == 30
    assert len(listed(browser, "per_page=7")) == 25
    monkeypatch.setattr(tables, "COUNT_LIMIT", 20)
    page = browser.get("/entries/", headers=ENGLISH).content.decode()
    assert "More than 20 rows" in page


def test_conditions_in_use_can_be_taken_away_one_by_one(by: Account) -> None:
    entry(by)
    page = sign_in(by).get("/entries/?phase=unserved&severity=general&page=1&sort=act_date", headers=ENGLISH)
    chips = {chip.label: (str(chip.value), chip.without) for chip in page.context["chips"]}
    assert chips["Severity"] == ("General", "?phase=unserved&sort=act_date")
    assert chips["State"] == ("notice to be served", "?severity=general&sort=act_date")


def test_one_day_of_service_for_the_chosen(by: Account) -> None:
    letters = [entry(by, written=True) for _entry in range(3)]
    other = entry(by, in_force=True, approved_by=approver_beside(by))
    browser, numbers = sign_in(by), [e.record.number for e in [*letters[:2], other]]
    page = browser.post("/entries/service/", {"entry": numbers})
    assert page.status_code == 200
    assert EntryModel.objects.filter(state="in_hearing").count() == 0
    assert browser.post("/entries/service/", {"entry": numbers, "served_on": "soon"}).status_code == 422
    today = timezone.localdate().isoformat()
    assert browser.post("/entries/service/", {"entry": numbers, "served_on": today}).status_code == 302
    assert numbers_of(EntryModel.objects.filter(state="in_hearing")) == numbers_of(letters[:2])


def test_the_next_to_decide_is_the_one_that_has_waited_longest_after_this(by: Account, second: Account) -> None:
    today = timezone.localdate()
    positive = entry(by, item=f.ItemFactory(polarity="positive"))
    late, early = (entry(by, notified=True, approvable_from=today - days * DAY) for days in (1, 9))
    entry(by, notified=True, drafted_by=second)  # the own draft never waits for oneself
    entry(by, notified=True, approvable_from=today + DAY)
    waiting = EntryModel.objects.visible_to(second).to_decide(approver_id=second.pk, day=today)
    assert list(waiting) == [early, late, positive]
    assert [waiting.next_after(this) for this in (early, late, positive)] == [late, positive, early]


# Exports


def rows_of(browser: Client, query: str, kind: str) -> list[list[Any]]:
    data = browser.get(f"/entries/?{query}&_export={kind}", headers=ENGLISH).getvalue()
    if kind == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_filtered_rows_leave_and_the_trail_says_which_filters(
    by: Account, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK", 10)
    monkeypatch.setattr(tables, "COUNT_LIMIT", 5)
    person = f.PersonFactory()
    number = person.identities.get().number
    made = [entry(by, document_number=f"=1+{n}") for n in range(34)]
    made.append(entry(by, document_number=f"函{number}"))
    entry(by, severity="serious")
    header, *rows = rows_of(sign_in(by), "severity=general&name=", kind)
    assert len(rows) == 35
    header = [title.lower() for title in header]
    place = header.index("document number")
    written = {str(row[place]) for row in rows}
    assert "'=1+0" in written
    assert not [text for text in written if number in text or text.startswith("=")]
    day = made[0].act_date
    acts = {row[header.index("day of the act")] for row in rows}
    assert acts == ({day} if kind == "xlsx" else {day.isoformat()})
    event = AuditEvent.objects.get(verb=Verb.LIST_EXPORTED)
    assert event.details == {"list": "entries", "rows": 35, "format": kind, "filters": "severity"}


def test_too_many_rows_are_refused_with_a_remedy(by: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "LIMIT", 1)
    for _entry in range(2):
        entry(by)
    answer = sign_in(by).get("/entries/?severity=general&_export=csv", headers=ENGLISH, follow=True)
    assert answer.redirect_chain == [("/entries/?severity=general", 302)]
    assert "Narrow the filter" in answer.content.decode()
    assert not AuditEvent.objects.filter(verb=Verb.LIST_EXPORTED).exists()


def test_what_the_trail_cannot_note_does_not_leave(by: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    entry(by)
    browser = sign_in(by)
    monkeypatch.setattr("profiles.audit.exports.record", lambda **event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        browser.get("/entries/?_export=csv")
