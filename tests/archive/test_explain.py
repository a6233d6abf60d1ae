"""Why a date is what it is: every date of an entry can be counted once more, and the pages say how."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from archive.catalogue.periods import settings_of
from archive.common import calendar
from archive.common.workdays import Calendar
from archive.models import CalendarDay, CalendarYear, Entry, Notice, Service
from archive.records import actions as records
from archive.records.explain import TITLES, explain
from archive.reports.compile import compile_report, shown_entries
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from tests import factories as f
from tests.archive.lives import demo_clerk, fresh, standing
from tests.archive.sheets import admitted, approver_beside, clerk, fact
from tests.world import sign_in

pytestmark = pytest.mark.django_db


def why(entry: Entry, clock: str, served_on: dt.date | None = None, days: Calendar | None = None) -> Any:
    return explain(
        fresh(entry),
        clock,
        settings=settings_of(entry.organisation.jurisdiction),
        days=days or calendar.current(),
        names={day.date: day.name_en for day in CalendarDay.objects.all()},
        served_on=served_on,
    )


@pytest.mark.parametrize("item", ["STU-01", "STU-04", "STU-05", "志愿服务"])
def test_what_the_rule_gives_is_what_is_stored(item: str) -> None:
    by = clerk()
    (entry,) = admitted(fact(item=item), by=by)
    records.record_service(entries=[entry], served_on=timezone.localdate(), by=by)
    for clock in TITLES:
        found = why(entry, clock, timezone.localdate())
        assert found.agrees, clock
        assert found.rules or found.told


def test_a_date_that_was_counted_otherwise_is_said_to_be() -> None:
    entry = standing(demo_clerk())
    Entry.objects.filter(pk=entry.pk).update(repair_from=dt.date(2030, 1, 1))
    found = why(entry, "repair")
    assert (found.agrees, found.stored) == (False, dt.date(2030, 1, 1))
    page = sign_in(approver_beside(entry.drafted_by)).get(
        f"/entries/{entry.record.number}/1/why/repair/", headers={"accept-language": "en"}
    )
    assert "the date would be another" in page.content.decode()


def test_the_window_is_shown_day_by_day_with_holidays_and_made_up_days() -> None:
    entry = f.EntryFactory(notified=True, hearing_days=5)
    Entry.objects.filter(pk=entry.pk).update(approvable_from=dt.date(2026, 10, 14))
    found = why(entry, "hearing", dt.date(2026, 9, 30))
    assert found.agrees
    assert [row.day.isoformat() for row in found.days if row.counts] == [
        "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13",
    ]  # fmt: skip
    names = {row.day.isoformat(): row.name for row in found.days}
    assert "National" in names["2026-10-01"]
    assert "make-up" in names["2026-10-10"], "a Saturday that is worked"
    assert names["2026-10-11"] == "", "a plain Sunday"


def test_a_year_without_notice_is_warned_of() -> None:
    entry = f.EntryFactory(notified=True, hearing_days=3)
    assert why(entry, "hearing", dt.date(2026, 12, 30)).uncertain_years == [2027]


def test_the_person_reads_the_same_page(client: Any) -> None:
    person = f.AccountFactory(a_person=True)
    entry = standing(demo_clerk(), person=person.person)
    page = sign_in(person).get("/my/").content.decode()
    path = f"/entries/{entry.record.number}/1/why/display/"
    assert path in page
    text = sign_in(person).get(path, headers={"accept-language": "en"}).content.decode()
    assert "Civil Code 202" in text
    assert "Civil Code 201" in text, "the source of the period"
    assert sign_in(person).get(f"/entries/{entry.record.number}/2/why/display/").status_code == 404
    assert sign_in(person).get(f"/entries/{entry.record.number}/1/why/nonsense/").status_code == 404


class TestService:
    @pytest.fixture
    def by(self) -> Any:
        return clerk()

    @pytest.fixture
    def entry(self, by: Any) -> Entry:
        return admitted(fact(), by=by)[0]

    def test_the_record_of_it_says_how_and_by_whom(self, entry: Entry, by: Any) -> None:
        today = timezone.localdate()
        sign_in(by).post(
            f"/entries/{entry.record.number}/service/",
            {
                "served_on": today.isoformat(),
                "how": "post",
                "bearer": "王送达",
                "note": "回执 11010519491231002X",
                "shown": "1",
            },
        )
        service = Service.objects.get(entry=entry)
        assert (service.how, service.bearer, service.served_on, service.recorded_by) == ("post", "王送达", today, by)
        assert "11010519491231002X" not in service.note
        page = sign_in(by).get(f"/entries/{entry.record.number}/").content.decode()
        assert "王送达" in page

    def test_a_public_notice_counts_thirty_days_later(self, entry: Entry, by: Any) -> None:
        today = timezone.localdate()
        records.record_service(entries=[entry], served_on=today, how="public", by=by)
        service = Service.objects.get(entry=entry)
        assert service.served_on == today + dt.timedelta(days=30)
        assert fresh(entry).approvable_from > today + dt.timedelta(days=34)
        assert why(entry, "hearing", service.served_on).agrees

    def test_what_was_served_once_stays(self, entry: Entry, by: Any) -> None:
        records.record_service(entries=[entry], served_on=timezone.localdate(), by=by)
        records.record_service(entries=[entry], served_on=timezone.localdate(), how="post", by=by)
        assert Service.objects.get(entry=entry).how == "in_person"

    def test_an_act_never_hits_another_entry_than_the_page_showed(self, entry: Entry, by: Any) -> None:
        path = f"/entries/{entry.record.number}/service/"
        sign_in(by).post(path, {"served_on": timezone.localdate().isoformat(), "shown": "2"})
        assert not Service.objects.exists()


class TestExtendedWindows:
    def test_only_to_the_persons_gain_with_trail_and_notice(self) -> None:
        by = clerk()
        first, last = admitted(fact(), fact(), by=by)
        today = timezone.localdate()
        records.record_service(entries=[first, last], served_on=today, by=by)
        before = fresh(first).approvable_from
        Entry.objects.filter(pk=last.pk).update(approvable_from=before + dt.timedelta(days=90))
        free = before - dt.timedelta(days=1)
        CalendarDay.objects.update_or_create(date=free, defaults={"working": False, "name_zh": "假", "name_en": "free"})
        CalendarYear.objects.get_or_create(year=free.year, defaults={"source": "test"})
        assert records.extend_windows(by=System("test")) == 1
        assert records.extend_windows(by=System("test")) == 0
        assert fresh(first).approvable_from > before
        assert fresh(last).approvable_from == before + dt.timedelta(days=90)
        assert Notice.objects.about(first).get().respond_until == fresh(first).hearing_last_day
        assert AuditEvent.objects.filter(verb=Verb.WINDOW_EXTENDED).count() == 1


def test_a_late_answer_is_still_read_before_anything_is_decided() -> None:
    by, person = demo_clerk(), f.AccountFactory(a_person=True)
    number = person.person.identities.get().number
    (entry,) = admitted(fact(name=person.person.name, identity_number=number), by=by)
    assert fresh(entry).approvable_from <= timezone.localdate(), "the window is over"
    notice = Notice.objects.about(entry).get()
    page = sign_in(person).post(f"/my/entries/{notice.number}/", {"text": "我有话说。"})
    assert page.status_code == 302
    translation.activate("en")
    with pytest.raises(ActionRefused, match="Read it first"):
        records.approve(entries=[entry], by=approver_beside(by))


class TestOwnStatement:
    @pytest.fixture
    def person(self) -> Any:
        return f.AccountFactory(a_person=True)

    @pytest.fixture
    def entry(self, person: Any) -> Entry:
        return standing(demo_clerk(), person=person.person)

    def test_it_travels_with_the_record(self, entry: Entry, person: Any) -> None:
        client, path = sign_in(person), f"/my/records/{entry.record.number}/statement/"
        assert client.post(path, {"text": "当时已向老师说明。"}).status_code == 302
        assert client.post(path, {"text": "已向学院说明，证件11010519491231002X。"}).status_code == 302
        for reader, where in ((person, "/my/"), (entry.drafted_by, f"/entries/{entry.record.number}/")):
            page = sign_in(reader).get(where).content.decode()
            assert "已向学院说明" in page
            assert "当时已向老师说明" not in page, "only the newest"
            assert "11010519491231002X" not in page
        report = f.ReportFactory(person=person.person, requested_by=person)
        assert compile_report(report, shown_entries(report))["adverse"][0]["statement"].startswith("已向学院说明")
        assert entry.record.statements.count() == 2

    def test_it_is_withdrawn_and_kept(self, entry: Entry, person: Any) -> None:
        records.make_statement(about=entry.record, text="说明", by=person)
        sign_in(person).post(f"/my/records/{entry.record.number}/statement/", {"withdraw": "1"})
        assert "<blockquote" not in sign_in(entry.drafted_by).get(f"/entries/{entry.record.number}/").content.decode()
        assert not entry.record.statements.current().exists()
        assert [row.text for row in entry.record.statements.order_by("version")] == ["说明", ""]
        translation.activate("en")
        with pytest.raises(ActionRefused, match="no statement"):
            records.withdraw_statement(about=entry.record, by=person)

    @pytest.mark.parametrize(
        ("text", "message"),
        [(" ", "Write what"), ("长" * 501, "longer than 500"), ("当时我患有抑郁症", "your own words")],
    )
    def test_what_may_not_be_said(self, entry: Entry, person: Any, text: str, message: str) -> None:
        with pytest.raises(ActionRefused, match=message):
            records.make_statement(about=entry.record, text=text, by=person)

    def test_only_the_person_and_only_of_what_holds(self, entry: Entry, person: Any) -> None:
        with pytest.raises(PermissionDenied):
            records.make_statement(about=entry.record, text="说明", by=f.AccountFactory(a_person=True))
        records.mark_repaired(entries=[entry], by=approver_beside(entry.drafted_by))
        with pytest.raises(ActionRefused, match="as long as it holds"):
            records.make_statement(about=entry.record, text="说明", by=person)
