"""The yearly statement: who reported cannot say nothing, nothing is overwritten, silence shows, and bodies are reminded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.desk.queries import tiles
from archive.models import Attestation, Reminder
from archive.oversight import actions, duty, figures
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from tests import factories as f
from tests.archive.oversight import LAST_YEAR, body, clerk_of, entry, noon, officer
from tests.world import sign_in

pytestmark = pytest.mark.django_db
IN_MAY = dt.date(LAST_YEAR, 5, 6)
TODAY = timezone.localdate()


def sign(by: Any, *, nothing: bool = True, shown: int = 0, remark: str = "", year: int = LAST_YEAR) -> Attestation:
    return actions.sign(year=year, nothing=nothing, shown=shown, remark=remark, by=by)


def test_who_has_nothing_says_so() -> None:
    school = body()
    clerk = clerk_of(school)
    statement = sign(clerk)
    assert (statement.reported, statement.groups, statement.by_item) == (0, ["STU"], [])
    assert str(LAST_YEAR) in statement.text_zh
    event = AuditEvent.objects.get(verb=Verb.STATEMENT_SIGNED)
    assert (event.organisation_id, event.details["reported"]) == (school.pk, 0)


def test_who_reported_cannot_say_nothing() -> None:
    school = body()
    entry(school, IN_MAY)
    with pytest.raises(ActionRefused, match="cannot state that there was nothing"):
        sign(clerk_of(school))
    statement = sign(clerk_of(school, Role.APPROVER), nothing=False, shown=1)
    assert (statement.reported, statement.by_item) == (1, [["STU-04", 1, 0]])


def test_the_number_that_is_signed_is_the_number_that_was_shown() -> None:
    school = body()
    entry(school, IN_MAY)
    for nothing, shown in ((False, 2), (False, 0)):
        with pytest.raises(ActionRefused, match="has changed"):
            sign(clerk_of(school), nothing=nothing, shown=shown)


def test_a_year_that_runs_and_a_year_without_competence_are_not_stated() -> None:
    school = f.OrganisationFactory()
    f.CompetenceFactory(organisation=school, valid_from=dt.date(LAST_YEAR, 3, 1))
    with pytest.raises(ActionRefused, match="not over yet"):
        sign(clerk_of(school), year=TODAY.year)
    with pytest.raises(ActionRefused, match="no competence"):
        sign(clerk_of(school), year=LAST_YEAR - 1)


def test_a_correction_replaces_and_says_why() -> None:
    school = body()
    first = sign(clerk_of(school))
    entry(school, IN_MAY, TODAY)
    with pytest.raises(ActionRefused, match="Say in the remark why"):
        sign(clerk_of(school), nothing=False, shown=1)
    second = sign(clerk_of(school), nothing=False, shown=1, remark="补报一条。")
    assert second.replaces == first
    assert list(Attestation.objects.standing()) == [second]
    for change in (lambda: Attestation.objects.update(reported=9), lambda: first.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_entries_after_the_statement_are_taken_and_flagged() -> None:
    school = body()
    early = noon(dt.date(TODAY.year, 1, 5))
    f.AttestationFactory(organisation=school, year=LAST_YEAR, signed_at=early)
    entry(school, IN_MAY, TODAY)
    entry(school, IN_MAY, IN_MAY)
    found = figures.by_body(range(LAST_YEAR, LAST_YEAR + 1))[school.pk, LAST_YEAR]
    assert (found.reported, found.after) == (2, 1)
    page = sign_in(clerk_of(school)).get(f"/statements/{LAST_YEAR}/").content.decode()
    assert "was reported after the statement was signed" in page or "签署" in page


def test_only_the_bodys_staff_sign() -> None:
    with pytest.raises(PermissionDenied):
        sign(officer())
    with pytest.raises(PermissionDenied):
        sign(f.AccountFactory(holds=[Role.EXAMINER]))


def test_the_page_signs_and_confirms() -> None:
    school = body()
    browser = sign_in(clerk_of(school))
    address = f"/statements/{LAST_YEAR}/"
    form = {"shown": "0", "nothing": "yes", "remark": ""}
    assert browser.post(address, form).status_code == 422  # without the tick
    assert not Attestation.objects.exists()
    confirmed = browser.post(address, {**form, "agreed": "on"}, follow=True)
    assert Attestation.objects.get().number in confirmed.content.decode()
    assert "anew" in browser.get(address).content.decode()
    assert 'name="agreed"' not in browser.get(address).content.decode()
    assert 'name="agreed"' in browser.get(f"{address}?anew").content.decode()


def test_a_year_out_of_reach_is_not_found() -> None:
    browser = sign_in(clerk_of(body()))
    assert browser.get("/statements/1999/").status_code == 404
    assert sign_in(clerk_of(f.OrganisationFactory())).get(f"/statements/{LAST_YEAR}/").status_code == 404


# The desk


def labels(account: Any, day: dt.date) -> str:
    return " ".join(f"{tile.count} {tile.label} {tile.text}" for _role, row in tiles(account, day) for tile in row)


def test_the_desk_counts_the_working_days_and_says_overdue() -> None:
    account = clerk_of(body())
    assert f"Yearly statement {LAST_YEAR}" in labels(account, dt.date(LAST_YEAR + 1, 1, 5))
    assert "Overdue" not in labels(account, dt.date(LAST_YEAR + 1, 1, 5))
    assert "Overdue" in labels(account, dt.date(LAST_YEAR + 1, 3, 2))
    owed = duty.asked_now(account.organisation, day=dt.date(LAST_YEAR + 1, 3, 2))
    assert owed is not None
    assert owed.days_over >= 15
    sign(account)
    assert "early statement" not in labels(account, dt.date(LAST_YEAR + 1, 3, 2))


def test_who_is_clerk_and_approver_is_asked_once() -> None:
    school = body()
    account = f.AccountFactory(organisation=school, holds=[Role.CLERK, Role.APPROVER])
    assert labels(account, TODAY).count(f"early statement {LAST_YEAR}") == 1


# Silence


def test_silence_shows_and_ends_with_a_statement_or_an_entry() -> None:
    silent, stating, reporting = body(), body(), body()
    f.OrganisationFactory()  # not competent: not on the list
    sign(clerk_of(stating))
    entry(reporting, IN_MAY)
    assert list(figures.silent_bodies(LAST_YEAR)) == [silent]
    found = figures.standings(
        range(LAST_YEAR, LAST_YEAR + 1), type(silent).objects.all(), day=TODAY
    )  # fmt: skip
    assert {row.organisation.pk: row.code for row in found} == {
        silent.pk: "silent", stating.pk: "zero", reporting.pk: "reported",
    }  # fmt: skip
    assert [row.organisation for row in found if row.never_reported] in ([silent, stating], [stating, silent])
    entry(reporting, IN_MAY, IN_MAY + dt.timedelta(days=60))
    late = figures.standings(range(LAST_YEAR, LAST_YEAR + 1), type(silent).objects.filter(pk=reporting.pk), day=TODAY)
    assert late[0].code == "late"


def test_the_list_filters_sorts_and_exports() -> None:
    silent = body(name="示例沉默学校", jurisdiction="henan")
    reporting = body(name="示例勤报学校")
    entry(reporting, IN_MAY)
    browser = sign_in(officer())
    address = f"/oversight/bodies/?year={LAST_YEAR}"
    page = browser.get(address).content.decode()
    assert silent.name in page
    assert reporting.name in page
    assert "<svg" in page
    for query in ("standing=silent", "jurisdiction=henan", "name=沉默"):
        rows = browser.get(f"{address}&{query}&_export=csv").getvalue().decode()
        assert silent.name in rows, query
        assert reporting.name not in rows, query
    assert silent.name in browser.get(f"{address}&group=STU&_export=csv").getvalue().decode()
    assert silent.name not in browser.get(f"{address}&group=MED&_export=csv").getvalue().decode()
    lines = browser.get(f"{address}&sort=-reported&_export=csv").getvalue().decode().splitlines()
    assert reporting.name in lines[1]
    assert browser.get("/oversight/bodies/?year=nonsense").status_code == 200


def test_the_list_asks_no_more_for_more_bodies() -> None:
    browser = sign_in(officer())

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/oversight/bodies/?year={LAST_YEAR}").status_code == 200
        return len(captured)

    def add(number: int) -> None:
        for _body in range(number):
            school = body()
            entry(school, IN_MAY)
            f.ReminderFactory(organisation=school, year=LAST_YEAR)

    add(2)
    count()
    few = count()
    add(10)
    assert count() <= few


# Reminders


def test_silent_bodies_are_reminded_once_a_day_and_see_it() -> None:
    silent, stating = body(), body()
    sign(clerk_of(stating))
    by = officer()
    sent = actions.remind(organisations=[silent, stating], year=LAST_YEAR, text="请于本周内申报。", by=by)
    assert [row.organisation_id for row in sent] == [silent.pk]
    assert actions.remind(organisations=[silent], year=LAST_YEAR, text="", by=by) == []
    assert AuditEvent.objects.filter(verb=Verb.BODY_REMINDED).count() == 1
    account = clerk_of(silent)
    assert "the credit office has reminded you" in labels(account, TODAY)
    assert "请于本周内申报。" in sign_in(account).get(f"/statements/{LAST_YEAR}/").content.decode()


def test_nobody_is_reminded_of_a_year_that_runs_nor_by_a_body() -> None:
    silent = body()
    with pytest.raises(ActionRefused, match="not over yet"):
        actions.remind(organisations=[silent], year=TODAY.year, text="", by=officer())
    with pytest.raises(PermissionDenied):
        actions.remind(organisations=[silent], year=LAST_YEAR, text="", by=clerk_of(silent))


def test_the_page_reminds_those_that_were_chosen() -> None:
    one, other = body(), body()
    browser = sign_in(officer())
    year = LAST_YEAR - 1  # overdue on every day of a year
    address = f"/oversight/remind/?year={year}"
    page = browser.get(address).content.decode()
    assert one.name in page
    assert other.name in page
    browser.post(address, {"year": year, "text": "", "body": [one.code]})
    assert [row.organisation for row in Reminder.objects.all()] == [one]
    assert "disabled" in browser.get(address).content.decode()
