"""Evidence: kept whole or not at all, scanned where there is a scanner, opened by those whom it concerns, never deleted."""

from __future__ import annotations

import hashlib
import io
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import translation
from PIL import Image

from archive.evidence import actions as evidence
from archive.models import Entry, Evidence
from config import env
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import System
from tests import factories as f
from tests import numbers
from tests.archive.papers import EICAR, clamd, kept, pdf, photo, upload
from tests.archive.sheets import kept as files_of
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WORKER = System("test")


def entry(**traits: Any) -> Entry:
    made = f.EntryFactory(notified=True, **traits)
    f.RoleGrantFactory(account=made.drafted_by, role=Role.CLERK)
    made.drafted_by.__dict__.pop("roles", None)
    return made


def test_a_photograph_is_kept_clean_as_ciphertext_with_both_hashes(settings: Any) -> None:
    about, sent = entry(), photo()
    row = kept(about, sent, name="IMG_0001.JPG")
    assert (row.person_id, row.organisation_id, row.about_type, row.about_id) == (
        about.person_id, about.organisation_id, "entry", about.pk,
    )  # fmt: skip
    assert row.received_sha256 == hashlib.sha256(sent).hexdigest() != row.sha256
    assert (row.media_type, row.pages, row.scan_state, row.title) == ("image/jpeg", 1, "not_configured", "IMG_0001.JPG")
    data = evidence.open_file(evidence=row, by=about.drafted_by)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (row.size, row.sha256)
    assert dict(Image.open(io.BytesIO(data)).getexif()) == {}
    (stored,) = files_of(settings)
    assert b"JFIF" not in stored.read_bytes()
    events = AuditEvent.objects.filter(object_type="evidence", object_id=str(row.pk)).order_by("at")
    assert list(events.values_list("verb", flat=True)) == [Verb.EVIDENCE_KEPT, Verb.EVIDENCE_OPENED]


def test_an_identity_number_in_the_name_of_the_file_is_masked() -> None:
    number = numbers.resident()
    assert number not in kept(entry(), name=f"{number}.jpg").title


@pytest.mark.parametrize(
    ("data", "part"),
    [(b"MZ\x90\0", "looks like EXE"), (pdf()[:150], "damaged"), (b"", "empty")],
    ids=["a program", "damaged", "empty"],
)
def test_what_cannot_be_kept_leaves_nothing(data: bytes, part: str, settings: Any) -> None:
    with pytest.raises(ActionRefused, match=part):
        kept(entry(), data or b" ", name="x.pdf")
    assert not Evidence.objects.exists()
    assert not files_of(settings)


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings: Any) -> None:
    settings.EVIDENCE_LIMIT_BYTES = 1024 * 1024
    large = upload(b"")
    large.size = 21 * 1024 * 1024
    with pytest.raises(ActionRefused, match=r"has 21\.0 MB; the limit is 1 MB"):
        evidence.examine(upload=large, by=entry().drafted_by)


def test_a_parser_that_falls_takes_nobody_with_it(settings: Any, tmp_path: Path) -> None:
    """The process that parses is another: here it cannot even start."""
    settings.BASE_DIR = tmp_path
    with pytest.raises(ActionRefused, match="bearable effort"):
        kept(entry())


def test_the_process_that_parses_has_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    real = evidence.subprocess.run
    monkeypatch.setattr(evidence.subprocess, "run", lambda *a, **k: seen.update(k["env"]) or real(*a, **k))
    kept(entry())
    assert seen.keys() == {"LANG"}
    assert any("KEY" in name or "DATABASE" in name for name in os.environ)


def test_a_rolled_back_act_leaves_no_file(settings: Any) -> None:
    about = entry()

    def act() -> None:
        with evidence.nothing_half_stored(), transaction.atomic():
            kept(about)
            assert len(files_of(settings)) == 1
            raise KeyError

    with pytest.raises(KeyError):
        act()
    assert not files_of(settings)
    assert not Evidence.objects.exists()


def test_where_the_trail_cannot_be_written_nothing_is_kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_how: Any) -> None:
        raise OSError

    monkeypatch.setattr(evidence, "record", broken)
    with pytest.raises(OSError):
        kept(entry())
    assert not files_of(settings)
    assert not Evidence.objects.exists()


def test_only_the_clerk_of_the_body_adds(settings: Any) -> None:
    about = entry()
    for account in (
        f.AccountFactory(organisation=about.organisation, holds=[Role.APPROVER]),
        f.AccountFactory(holds=[Role.CLERK]),
        f.AccountFactory(a_person=True),
    ):
        with pytest.raises(PermissionDenied):
            kept(about, by=account)
    assert not files_of(settings)


# the malware scanner


def test_clean_is_said_by_whom_and_when_and_the_scanner_saw_what_was_sent(settings: Any) -> None:
    sent = photo()
    with clamd() as server:
        settings.CLAMAV_ADDRESS = server.server_address
        row = kept(entry(), sent)
    assert (row.scan_state, row.scanner[:12]) == ("clean", "ClamAV 1.4.3")
    assert row.scanned_at is not None
    assert server.seen == [sent]


def test_malware_is_refused_with_its_name_and_the_trail_keeps_it(settings: Any) -> None:
    about = entry()
    with clamd() as server:
        settings.CLAMAV_ADDRESS = server.server_address
        with pytest.raises(ActionRefused, match="found “Eicar-Test-Signature” in this file. It was not kept"):
            kept(about, pdf() + EICAR)
    event = AuditEvent.objects.get(verb=Verb.EVIDENCE_REFUSED)
    assert event.details["found"] == "Eicar-Test-Signature"
    assert event.details["sha256"] == hashlib.sha256(server.seen[0]).hexdigest()
    assert not Evidence.objects.exists()
    assert not files_of(settings)


def nobody_listens() -> tuple[str, int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return ("127.0.0.1", probe.getsockname()[1])


def test_without_the_scanners_word_nobody_opens_it_and_then_everybody_may(settings: Any) -> None:
    settings.CLAMAV_ADDRESS = nobody_listens()
    about = entry()
    row = kept(about)
    assert row.scan_state == "waiting"
    browser = sign_in(about.drafted_by)
    assert browser.get(f"/evidence/{row.code}/").status_code == 409
    assert "waiting for the malware scanner" in browser.get(
        f"/entries/{about.record.number}/", headers={"accept-language": "en"}
    ).content.decode()  # fmt: skip
    assert evidence.scan_waiting(by=WORKER) == 0
    with clamd() as server:
        settings.CLAMAV_ADDRESS = server.server_address
        assert evidence.scan_waiting(by=WORKER) == 1
    assert browser.get(f"/evidence/{row.code}/").status_code == 200
    assert AuditEvent.objects.get(verb=Verb.EVIDENCE_SCANNED).details["state"] == "clean"


def test_malware_found_later_goes_and_its_hash_stays(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.CLAMAV_ADDRESS = nobody_listens()
    row = kept(entry())
    with clamd(says=b"stream: Win.Test FOUND") as server, django_capture_on_commit_callbacks(execute=True):
        settings.CLAMAV_ADDRESS = server.server_address
        assert evidence.scan_waiting(by=WORKER) == 1
    row.refresh_from_db()
    assert (row.scan_state, row.scanner, bool(row.file), len(row.sha256)) == ("infected", "Win.Test", False, 64)
    assert not files_of(settings)
    with pytest.raises(ActionRefused):
        evidence.open_file(evidence=row, by=row.added_by)


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR", b"stream: OK FOUND it ERROR", b""])
def test_an_answer_that_is_not_clear_is_no_answer(says: bytes, settings: Any) -> None:
    with clamd(says=says or b"UNKNOWN COMMAND") as server:
        settings.CLAMAV_ADDRESS = server.server_address
        assert kept(entry()).scan_state == "waiting"


@pytest.mark.parametrize(
    ("written", "read"),
    [("", None), ("clam:3310", ("clam", 3310)), ("[::1]:3310", ("::1", 3310)), ("/run/clamd.sock", "/run/clamd.sock")],
)
def test_the_scanners_address_is_read(written: str, read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAMAV_ADDRESS", written)
    assert env.endpoint("CLAMAV_ADDRESS") == read


# reading and withdrawing


def test_who_may_open_it_and_how_it_is_sent() -> None:
    about = entry()
    image, paper = kept(about), kept(about, pdf(), name="决定书.pdf")
    person = f.AccountFactory(person=about.person, organisation=None)
    approver = f.AccountFactory(organisation=about.organisation, holds=[Role.APPROVER])
    for account in (about.drafted_by, approver, person):
        response = sign_in(account).get(f"/evidence/{image.code}/")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == (
            "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'; sandbox"
        )
        assert response.headers["Content-Disposition"] == f'inline; filename="{image.code}.jpg"'
        assert response.headers["Cache-Control"] == "private, no-store"
    assert AuditEvent.objects.filter(verb=Verb.EVIDENCE_OPENED, person_id=about.person_id).count() == 3
    response = sign_in(person).get(f"/evidence/{paper.code}/?keep")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{paper.code}.pdf"'
    for other in (f.AccountFactory(a_person=True), f.AccountFactory(holds=[Role.CLERK])):
        assert sign_in(other).get(f"/evidence/{image.code}/").status_code == 404


def test_a_file_that_was_exchanged_on_disk_is_not_shown(settings: Any) -> None:
    about = entry()
    one, other = kept(about), kept(about, pdf())
    one_path, other_path = (Path(settings.PRIVATE_ROOT) / row.file.name for row in (one, other))
    one_path.write_bytes(other_path.read_bytes())
    with pytest.raises(ValueError, match="not the one that was kept"):
        evidence.open_file(evidence=one, by=about.drafted_by)


def test_withdrawn_with_a_reason_it_is_listed_and_opened_by_nobody(settings: Any) -> None:
    about = entry()
    row, browser = kept(about), sign_in(about.drafted_by)
    number = about.record.number
    browser.post(f"/entries/{number}/evidence/{row.code}/", {"reason": " "})
    row.refresh_from_db()
    assert row.withdrawn_at is None
    browser.post(f"/entries/{number}/evidence/{row.code}/", {"reason": "上传错误"})
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_reason) == (about.drafted_by, "上传错误")
    assert browser.get(f"/evidence/{row.code}/").status_code == 409
    assert "上传错误" in browser.get(f"/entries/{number}/").content.decode()
    assert len(files_of(settings)) == 1
    with translation.override("en"), pytest.raises(ActionRefused, match="withdrawn already"):
        evidence.withdraw(evidence=row, reason="再一次", by=about.drafted_by)


def test_the_database_keeps_it_as_it_was() -> None:
    row = kept(entry())
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).delete()
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(sha256="1" * 64)
    for change in ({"names_person": True}, {"withdrawn_reason": "x"}, {"scan_state": "clean"}, {"file": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=row.pk).update(**change)


def test_the_page_says_what_is_wrong_beside_the_field() -> None:
    about = entry()
    browser = sign_in(about.drafted_by)
    browser.cookies.load({"django_language": "en"})
    address = f"/entries/{about.record.number}/evidence/"
    page = browser.post(address, {"file": upload(b"<html>"), "kind": "service"})
    assert page.status_code == 422
    assert "it looks like HTML / XML" in page.context["form"].errors["file"][0]
    done = browser.post(address, {"file": upload(pdf(2)), "kind": "service", "title": "送达回证"}, follow=True)
    row = Evidence.objects.get()
    assert (row.kind, row.title, row.pages) == ("service", "送达回证", 2)
    assert row.sha256 in done.content.decode()
