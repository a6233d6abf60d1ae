"""Reports for a whole list: one door, each made once, a ZIP with an index, an end."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from pypdf import PdfReader

from archive.models import BundleLine, QueryLine, Report, ReportBundle
from archive.records.actions.effect import end_entries
from archive.reports import actions, pack, recall, tasks
from archive.reports.actions import bundles, issuing, packing
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.storage import private_storage
from profiles.models import Account, Competence, RoleGrant
from tests import factories as f
from tests.archive.bundles import WORKER, answered, finished, index_of, opened, stranger
from tests.archive.checking import MATTER, examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def by() -> Account:
    return examiner()


def people(count: int) -> list[Any]:
    return [f.PersonFactory() for _n in range(count)]


def made(asked: Any, by: Account) -> ReportBundle:
    return finished(actions.ask_for_bundle(asked=asked, by=by))


# The road


def test_from_the_list_to_the_file_on_the_screen(by: Account, at_once: None) -> None:
    who = people(2)
    asked = answered(who, by=by, more=stranger())
    client = sign_in(by)
    place = f"/check/{asked.code}/reports/"
    assert place in client.get(f"/check/{asked.code}/").content.decode()
    page = client.get(place, headers={"accept-language": "en"}).content.decode()
    assert "2 reports will be made" in page
    assert "No archive has this number" in page
    with transaction.atomic():
        address = client.post(place, headers={"accept-language": "en"})["Location"]
    bundle = ReportBundle.objects.get()
    assert address == f"/check/bundles/{bundle.code}/"
    assert "every 2s" in client.get(address).content.decode()
    assert client.get(f"{address}file/").status_code == 302
    finished(bundle)
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "Download the ZIP file" in page
    assert "every 2s" not in page
    response = client.get(f"{address}file/")
    data = b"".join(response.streaming_content)
    assert len(data) == int(response["Content-Length"]) == bundle.size
    assert len(opened(bundle).namelist()) == 3
    assert AuditEvent.objects.get(verb=Verb.BUNDLE_TAKEN).details == {"reports": 2}
    assert client.get(f"{address}?_export=csv").status_code == 200


def test_each_person_is_asked_about_by_a_line_of_the_register_and_sees_it(by: Account) -> None:
    owner = f.AccountFactory(a_person=True)
    entry = on_file(owner.person, "STU-P1")
    bundle = made(answered([owner.person, *people(1)], by=by), by)
    line = QueryLine.objects.visible_to(owner).get(purpose="report")
    assert (line.organisation_id, line.matter_number, line.basis, line.account_id) == (
        by.organisation_id, MATTER, "statute", by.pk,
    )  # fmt: skip
    assert QueryLine.objects.filter(purpose="report").count() == 2
    report = Report.objects.get(person=owner.person)
    assert [row["record"] for row in json.loads(report.content)["positive"]] == [entry.record.number]
    pages = PdfReader(io.BytesIO(opened(bundle).read(f"reports/00002-{report.number}.pdf"))).pages
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert owner.person.name in text
    assert MATTER in text


def test_the_index_tells_every_row_and_why_there_is_no_report(by: Account) -> None:
    (one, other) = people(2)
    more = f"{stranger()}\n另一人,{other.identities.get().number}\n王五,110\n{one.name},{one.identities.get().number}"
    bundle = made(answered([one], by=by, more=more), by)
    rows, without = index_of(bundle), index_of(bundle, sheet=1)
    report = Report.objects.get()
    told = {row["Row"]: row for row in rows}
    assert list(told) == [2, 3, 4, 5, 6]
    assert (told[2]["Report number"], told[2]["Verification code"]) == (report.number, report.verification_code)
    assert (told[2]["File"], told[2]["Adverse entries on display"]) == (f"reports/00002-{report.number}.pdf", 0)
    assert told[2]["Valid until"].date() == report.valid_until
    assert [told[row]["Why there is no report"] for row in (3, 4, 5, 6)] == [
        "No archive has this number",
        "The name does not match the number",
        "The number cannot be read",
        "The person stands in row 2",
    ]
    assert all(told[row]["What helps"] for row in (3, 4, 5, 6))
    assert [row["Row"] for row in without] == [3, 4, 5, 6]
    data = b"".join(opened(bundle).read(name) for name in opened(bundle).namelist())
    assert one.identities.get().number.encode() not in data
    assert all(not re.search(r"\d{6,}", name) for name in opened(bundle).namelist() if report.number not in name)


def test_the_paper_is_chinese_whatever_the_language_of_who_asks(by: Account) -> None:
    made(answered(people(1), by=by), by)
    assert translation.get_language() == "en"
    assert json.loads(Report.objects.get().content)["purpose"].startswith("教师 · ")


# Who may


def test_only_the_body_that_asked_and_only_for_an_answered_list(by: Account) -> None:
    asked = answered(people(1), by=by)
    for other in (examiner(), f.AccountFactory(a_person=True)):
        with pytest.raises(PermissionDenied):
            actions.ask_for_bundle(asked=asked, by=other)
    unanswered = f.CheckFactory(organisation=by.organisation, account=by)
    with pytest.raises(ActionRefused, match="has been answered"):
        actions.ask_for_bundle(asked=unanswered, by=by)
    bundle = actions.ask_for_bundle(asked=asked, by=by)
    for act in (actions.cancel_bundle, actions.resume_bundle, actions.pack_anew, actions.take_bundle):
        with pytest.raises(PermissionDenied):
            act(bundle=bundle, by=examiner())
    with pytest.raises(PermissionDenied):
        actions.make_reports(bundle_id=bundle.pk, by=by)  # type: ignore[arg-type]


def test_without_a_competence_today_there_are_none(by: Account) -> None:
    asked = answered(people(2), by=by)
    bundle = actions.ask_for_bundle(asked=asked, by=by)
    Competence.objects.filter(organisation=by.organisation).update(valid_until=timezone.localdate())
    finished(bundle)
    assert set(bundle.lines.values_list("why", flat=True)) == {"not_competent"}
    assert not Report.objects.exists()
    with pytest.raises(ActionRefused, match="not competent"):
        actions.ask_for_bundle(asked=asked, by=by)
    page = sign_in(by).get(f"/check/{asked.code}/reports/", headers={"accept-language": "en"})
    assert "not competent" in page.content.decode()


def test_where_the_law_asks_only_who_authorises_now_is_reported_on() -> None:
    by = examiner(needs_authorisation=True)
    who = people(3)

    def authorise(person: Any, *, once: bool) -> None:
        f.AuthorisationFactory(
            person=person, organisation=by.organisation, group="TEA", event="access", once=once,
            valid_until=timezone.localdate() + DAY,
        )  # fmt: skip

    for person in who[:2]:
        authorise(person, once=person is who[0])
    asked = answered(who, by=by)
    page = sign_in(by).get(f"/check/{asked.code}/reports/", headers={"accept-language": "en"}).content.decode()
    assert "1 report will be made" in page
    bundle = made(asked, by)
    assert [line.why for line in bundle.lines.order_by("answer__row")] == ["no_authorisation", "", "unauthorised"]
    line = QueryLine.objects.get(purpose="report")
    assert (line.person_id, line.basis) == (who[1].pk, "authorisation")
    assert Report.objects.get().person_id == who[1].pk


def test_who_loses_the_role_meanwhile_has_no_more_made(by: Account) -> None:
    asked = answered(people(2), by=by)
    bundle = actions.ask_for_bundle(asked=asked, by=by)
    taken = bundles._take(bundle.pk)
    assert taken
    RoleGrant.objects.filter(account=by).update(revoked_at=timezone.now(), revoked_by=f.AccountFactory())
    finished(bundle)
    assert (bundle.state, bundle.error) == ("failed", "not_permitted")
    assert Report.objects.count() == 1
    colleague = f.AccountFactory(organisation=by.organisation, holds=[Role.EXAMINER])
    page = sign_in(colleague).get(f"/check/bundles/{bundle.code}/", headers={"accept-language": "en"})
    assert "A colleague who may" in page.content.decode()
    actions.resume_bundle(bundle=bundle, by=colleague)
    Report.objects.update(heartbeat_at=timezone.now() - DAY)
    assert finished(bundle).state == "done"
    assert set(QueryLine.objects.filter(purpose="report").values_list("account_id", flat=True)) == {by.pk, colleague.pk}


def test_no_line_in_the_register_no_report(by: Account, settings: Any) -> None:
    bundle = actions.ask_for_bundle(asked=answered(people(1), by=by), by=by)
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON archive_queryline FROM {settings.DATABASE_APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    actions.make_reports(bundle_id=bundle.pk, by=WORKER)
    assert not Report.objects.exists()
    assert bundle.lines.get().report is None


# One at a time, stopped, taken up again


def test_one_set_of_a_list_at_a_time_and_another_after_it(by: Account) -> None:
    asked = answered(people(1), by=by)
    first = actions.ask_for_bundle(asked=asked, by=by)
    with pytest.raises(ActionRefused, match="being made already"):
        actions.ask_for_bundle(asked=asked, by=by)
    finished(first)
    finished(actions.ask_for_bundle(asked=asked, by=by))
    assert Report.objects.count() == 2


def test_a_cancelled_set_opens_no_further_archive(by: Account) -> None:
    bundle = actions.ask_for_bundle(asked=answered(people(3), by=by), by=by)
    report = bundles._take(bundle.pk)
    assert report
    bundles._make(report, by=WORKER)
    address = f"/check/bundles/{bundle.code}/"
    sign_in(by).post(f"{address}cancel/")
    finished(bundle)
    assert (bundle.state, bundle.file.name) == ("cancelled", "")
    assert [line.state for line in bundle.lines.all()] == ["made", "none", "none"]
    assert QueryLine.objects.filter(purpose="report").count() == Report.objects.count() == 1
    assert "opened" in sign_in(by).get(address, headers={"accept-language": "en"}).content.decode()
    with pytest.raises(ActionRefused, match="not running"):
        actions.cancel_bundle(bundle=bundle, by=by)


def test_a_task_that_comes_again_makes_nothing_twice(by: Account, at_once: None) -> None:
    bundle = made(answered(people(2), by=by), by)
    before = sorted(Report.objects.values_list("sha256", flat=True)), bundle.file.name
    for _again in range(3):
        ReportBundle.objects.update(heartbeat_at=timezone.now() - DAY)
        tasks.make_bundle.apply(args=(bundle.pk,), throw=True)
        tasks.pick_up_left.apply(throw=True)
    bundle.refresh_from_db()
    assert (sorted(Report.objects.values_list("sha256", flat=True)), bundle.file.name) == before
    assert AuditEvent.objects.filter(verb=Verb.REPORT_ISSUED).count() == 2


def test_a_turn_ends_in_time_and_the_next_goes_on(by: Account) -> None:
    bundle = actions.ask_for_bundle(asked=answered(people(3), by=by), by=by)
    assert actions.make_reports(bundle_id=bundle.pk, turn=0, by=WORKER)
    assert bundle.lines.tally() == {"made": 1, "waiting": 2}
    assert finished(bundle).state == "done"


@pytest.mark.parametrize("begun", [False, True])
def test_what_a_lost_worker_left_half_made_is_made_by_the_next(by: Account, begun: bool) -> None:
    bundle = actions.ask_for_bundle(asked=answered(people(2), by=by), by=by)
    half = bundles._take(bundle.pk)  # killed here: the archive is opened, the paper is not made
    assert half
    if begun:
        assert issuing._claim(half, by=WORKER) is not None
        finished(bundle)
        assert (bundle.state, bundle.lines.tally()) == ("running", {"making": 1, "made": 1})
        Report.objects.filter(pk=half).update(heartbeat_at=timezone.now() - DAY)
    assert finished(bundle).state == "done"
    assert bundle.lines.tally() == {"made": 2}
    assert QueryLine.objects.filter(purpose="report").count() == 2


def test_an_error_with_one_report_holds_up_no_other(by: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    who = people(3)
    bundle = actions.ask_for_bundle(asked=answered(who, by=by), by=by)
    real = bundles.issue

    def fails(*, report_id: int, by: Any) -> None:
        if Report.objects.get(pk=report_id).person_id == who[1].pk:
            Report.objects.filter(pk=report_id).update(attempts=3, heartbeat_at=timezone.now() - DAY)
            real(report_id=report_id, by=by)
            raise RuntimeError("a font of another world")
        real(report_id=report_id, by=by)

    monkeypatch.setattr(bundles, "issue", fails)
    finished(bundle)
    assert (bundle.state, bundle.lines.tally()) == ("done", {"made": 2, "none": 1})
    assert index_of(bundle, sheet=1)[0]["Why there is no report"] == "An error of ours"


def test_a_full_disk_stops_it_until_somebody_made_room(by: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = actions.ask_for_bundle(asked=answered(people(1), by=by), by=by)

    def full(*_given: Any) -> Any:
        yield b"PK"
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pack.Pack, "chunks", full)
        with pytest.raises(OSError, match="No space"):
            finished(bundle)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.error, bundle.file.name) == ("failed", "disk_full", "")
    client = sign_in(by)
    address = f"/check/bundles/{bundle.code}/"
    assert "The disk is full" in client.get(address, headers={"accept-language": "en"}).content.decode()
    client.post(f"{address}resume/")
    assert finished(bundle).state == "done"


# The file


def stored_files() -> list[Path]:
    return [path for path in (Path(private_storage().location) / "bundles").rglob("*") if path.is_file()]


def test_the_file_lies_as_ciphertext_under_a_name_that_tells_nothing(by: Account) -> None:
    bundle = made(answered(people(1), by=by), by)
    (path,) = stored_files()
    data = path.read_bytes()
    assert b"PK\x03\x04" not in data
    assert b"%PDF" not in data
    assert bundle.code not in path.name


def test_it_is_packed_once_and_what_a_lost_packer_left_is_removed(by: Account) -> None:
    bundle = actions.ask_for_bundle(asked=answered(people(1), by=by), by=by)
    while actions.make_reports(bundle_id=bundle.pk, by=WORKER):
        pass
    claimed = packing._claim(bundle.pk, by=WORKER)
    assert claimed is not None
    half = Path(private_storage().path(claimed.file.name))
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    actions.pack_bundle(bundle_id=bundle.pk, by=WORKER)  # a second delivery: the first is at work
    bundle.refresh_from_db()
    assert bundle.state == "packing"
    ReportBundle.objects.update(heartbeat_at=timezone.now() - DAY)
    with transaction.atomic():
        finished(bundle)
    assert bundle.state == "done"
    assert AuditEvent.objects.filter(verb=Verb.BUNDLE_PACKED).count() == 1


def test_after_a_week_it_is_given_out_no_more_and_deleted(by: Account) -> None:
    bundle = made(answered(people(1), by=by), by)
    assert bundle.expires_at - bundle.finished_at == 7 * DAY
    assert actions.discard_bundles(by=WORKER) == 0
    ReportBundle.objects.update(expires_at=timezone.now())
    bundle.refresh_from_db()
    with pytest.raises(ActionRefused, match="not there any more"):
        actions.take_bundle(bundle=bundle, by=by)
    assert stored_files()
    assert actions.discard_bundles(by=WORKER) == 1
    assert actions.discard_bundles(by=WORKER) == 0
    page = sign_in(by).get(f"/check/bundles/{bundle.code}/", headers={"accept-language": "en"}).content.decode()
    assert "The file has been deleted" in page
    assert Report.objects.get().read_pdf()


def test_what_was_withdrawn_since_is_not_handed_out_and_the_index_says_so(by: Account) -> None:
    who = people(2)
    entry = on_file(who[0], "STU-P1")
    bundle = made(answered(who, by=by), by)
    officer = f.AccountFactory(organisation=entry.organisation, holds=[Role.APPROVER])
    end_entries(entries=[entry], reason="opted_out", at=timezone.now(), ended_by=officer, by=officer)  # type: ignore[arg-type]
    recall.follow_feed(by=WORKER)
    with pytest.raises(ActionRefused, match="changed since"):
        actions.take_bundle(bundle=bundle, by=by)
    client, address = sign_in(by), f"/check/bundles/{bundle.code}/"
    assert client.get(f"{address}file/").status_code == 302
    assert (
        "1 report in this file has been overtaken"
        in client.get(address, headers={"accept-language": "en"}).content.decode()
    )
    client.post(f"{address}pack/")
    finished(bundle)
    assert len(opened(bundle).namelist()) == 2
    assert index_of(bundle, sheet=1)[0]["Why there is no report"] == "An entry in it has changed since it was made"
    assert list(actions.take_bundle(bundle=bundle, by=by))
    with pytest.raises(ActionRefused):
        actions.pack_anew(bundle=bundle, by=by)


def test_the_database_keeps_its_word() -> None:
    line = f.BundleLineFactory()
    for broken in ({"state": "made"}, {"state": "none"}, {"why": "failed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BundleLine.objects.filter(pk=line.pk).update(**broken)
    for broken in ({"state": "done"}, {"state": "cancelled"}, {"file": "bundles/00/0"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportBundle.objects.filter(pk=line.bundle_id).update(**broken)
