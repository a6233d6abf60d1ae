"""Keeping files that prove. Nothing is stored half: what a rolled-back act has written is taken away again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.evidence import scanner
from archive.evidence.models import Evidence
from archive.evidence.problems import SENTENCES
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Actor, Permission, System, require
from profiles.common.storage import private_storage

MEGABYTE = 1024 * 1024
TITLE_LENGTH = 120
PATIENCE = (
    40  # seconds for one file, less than a web worker is given; the process limits its own computing time to half of it
)
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


@dataclass(frozen=True)
class Examined:
    """An uploaded file after scanner and cleaning, not stored yet. Hashes in hexadecimal."""

    data: bytes
    name: str
    media_type: str
    pages: int
    remarks: list[str]
    received_sha256: str
    scan_state: str
    scanner: str
    scanned_at: dt.datetime | None


@contextmanager
def nothing_half_stored() -> Iterator[None]:
    """Around a transaction that keeps evidence: where it ends in an exception, the files that it wrote go too."""
    around, names = _written.get(), list[str]()
    token = _written.set(names)
    try:
        yield
    except BaseException:
        for name in names:
            private_storage().delete(name)
        raise
    finally:
        _written.reset(token)
    if around is not None:
        around.extend(names)


def examine(*, upload: Any, by: Actor) -> Examined:
    """Look at an uploaded file: size, malware, kind, content; and clean it. Raises `ActionRefused`; stores nothing.

    Outside any transaction: it takes seconds, and the event about malware must outlast the refusal.
    """
    size = upload.size or 0
    if size > settings.EVIDENCE_LIMIT_BYTES:
        raise _refusal("too_large", size=round(size / MEGABYTE, 1), limit=settings.EVIDENCE_LIMIT_BYTES // MEGABYTE)
    data = upload.read()
    received = hashlib.sha256(data).hexdigest()
    state, program, scanned_at = _scan(data)
    if state == Evidence.Scan.INFECTED:
        with transaction.atomic():
            record(by=by, verb=Verb.EVIDENCE_REFUSED, sha256=received, found=program)
        raise _refusal("infected", found=program)
    head, cleaned = _clean(data)
    if "code" in head:
        raise _refusal(head["code"], **head["params"])
    return Examined(
        data=cleaned,
        name=mask_in_text(upload.name or "")[-TITLE_LENGTH:],
        received_sha256=received,
        scan_state=state,
        scanner=program,
        scanned_at=scanned_at,
        **head,
    )


def _refusal(code: str, **params: Any) -> ActionRefused:
    return ActionRefused(str(SENTENCES[code]) % params)


def _scan(data: bytes) -> tuple[str, str, dt.datetime | None]:
    """(state, scanner, when); for malware its name stands in the place of the scanner."""
    if not scanner.is_configured():
        return Evidence.Scan.NOT_CONFIGURED, "", None
    try:
        verdict = scanner.scan(data)
    except scanner.Unreachable:
        return Evidence.Scan.WAITING, "", None
    if verdict.found:
        return Evidence.Scan.INFECTED, verdict.found, timezone.now()
    return Evidence.Scan.CLEAN, verdict.scanner, timezone.now()


def _clean(data: bytes) -> tuple[dict[str, Any], bytes]:
    """In a process of its own, without our secrets in its environment: what parses strangers' files may fall, we stand."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "archive.evidence.cleaning"],
            input=data,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={"LANG": "C.UTF-8"},
            timeout=PATIENCE,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return {"code": "too_much", "params": {}}, b""
    head, _newline, cleaned = done.stdout.partition(b"\n")
    return json.loads(head), cleaned


def keep(
    *, upload: Any, about: models.Model, kind: Evidence.Kind, title: str = "", named_at: str = "", by: Account
) -> Evidence:
    """Keep a file as evidence about a row that belongs to a person and a body. `upload` may be `Examined` already: inside a
    transaction it must be.

    `named_at` says on which page or in which paragraph the document names the person; without it, it does not name the person.
    """
    require(by, Permission.ADD_EVIDENCE, about)
    examined = upload if isinstance(upload, Examined) else examine(upload=upload, by=by)
    with nothing_half_stored(), transaction.atomic():
        evidence = Evidence(
            organisation_id=about.organisation_id,  # type: ignore[attr-defined]
            person_id=about.person_id,  # type: ignore[attr-defined]
            about_type=about._meta.model_name or "",
            about_id=about.pk,
            kind=kind,
            title=mask_in_text(title.strip() or examined.name)[:TITLE_LENGTH],
            media_type=examined.media_type,
            size=len(examined.data),
            pages=examined.pages,
            received_sha256=examined.received_sha256,
            sha256=hashlib.sha256(examined.data).hexdigest(),
            remarks=examined.remarks,
            names_person=bool(named_at.strip()),
            named_at=named_at.strip()[:TITLE_LENGTH],
            scan_state=examined.scan_state,
            scanner=examined.scanner,
            scanned_at=examined.scanned_at,
            added_by=by,
        )
        evidence.file.save("evidence", ContentFile(examined.data), save=False)
        note_written(name=str(evidence.file.name))
        evidence.save()
        record(by=by, verb=Verb.EVIDENCE_KEPT, obj=evidence, kind=str(kind), sha256=evidence.sha256)
    return evidence


def note_written(*, name: str) -> None:
    """A file was written for a row that is not stored yet; it goes too where the transaction ends in an exception."""
    names = _written.get()
    assert names is not None
    names.append(name)


@transaction.atomic
def open_file(*, evidence: Evidence, by: Account) -> bytes:
    """The content, for a reader; the trail keeps who read it. Raises ValueError where the stored file is not what was kept."""
    require(by, Permission.VIEW_ENTRY, evidence)
    if not evidence.is_readable:
        raise ActionRefused(
            _("This file cannot be opened: it was withdrawn, or the malware scanner has not passed it.")
        )
    with evidence.file.open("rb") as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != evidence.sha256:
        raise ValueError(f"The stored file of evidence {evidence.pk} is not the one that was kept.")
    record(by=by, verb=Verb.EVIDENCE_OPENED, obj=evidence, organisation_id=evidence.organisation_id)
    return data


@transaction.atomic
def withdraw(*, evidence: Evidence, reason: str, by: Account) -> Evidence:
    """The file was added by mistake: nobody opens it any more, and the list says who withdrew it and why. It is not deleted."""
    require(by, Permission.ADD_EVIDENCE, evidence)
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if evidence.withdrawn_at is not None:
        raise ActionRefused(_("This file was withdrawn already."))
    if evidence.names_person:
        raise ActionRefused(
            _("The entry rests on this document, because it names the person. It cannot be withdrawn alone.")
        )
    if not reason.strip():
        raise ActionRefused(_("Say in a sentence why the file is withdrawn."))
    evidence.withdrawn_by, evidence.withdrawn_at = by, timezone.now()
    evidence.withdrawn_reason = mask_in_text(reason.strip())[:300]
    evidence.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    record(by=by, verb=Verb.EVIDENCE_WITHDRAWN, obj=evidence)
    return evidence


def scan_waiting(*, by: System) -> int:
    """Scan what had to wait, one transaction each, until nothing waits or the scanner does not answer. Returns how many."""
    require(by, Permission.RUN_SYSTEM)
    done = 0
    while scanner.is_configured() and _scan_one(by=by):
        done += 1
    return done


@transaction.atomic
def _scan_one(*, by: System) -> bool:
    evidence = Evidence.objects.select_for_update(skip_locked=True, of=("self",)).waiting().order_by("pk").first()
    if evidence is None:
        return False
    with evidence.file.open("rb") as file:
        state, program, scanned_at = _scan(file.read())
    if state == Evidence.Scan.WAITING:
        return False
    evidence.scan_state, evidence.scanner, evidence.scanned_at = state, program, scanned_at
    if state == Evidence.Scan.INFECTED:  # malware is no evidence: its hash stays, the content goes
        name = evidence.file.name
        evidence.file = ""
        transaction.on_commit(lambda: private_storage().delete(name))
    evidence.save(update_fields=["scan_state", "scanner", "scanned_at", "file"])
    record(
        by=by,
        verb=Verb.EVIDENCE_SCANNED,
        obj=evidence,
        organisation_id=evidence.organisation_id,
        state=str(state),
        found=program if state == Evidence.Scan.INFECTED else "",
    )
    return True
