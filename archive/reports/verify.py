"""What the public page says about a document's code."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.pledges.models import Pledge
from archive.reports.files import FileFault, fault_of
from archive.reports.models import Report, ReportLink, VerificationUse
from archive.vetoes import actions as vetoes
from archive.vetoes.models import Certificate, CheckProof, Slip
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import codes
from profiles.common.permissions import System
from profiles.common.statements import Statement
from profiles.people.models import IdentityDocument
from profiles.people.queries import IdentityQuerySet

Document = Report | Slip | Pledge | CheckProof | Certificate
KINDS: dict[type[Document], Any] = {
    Report: _("Professional credit report"),
    Slip: _("Slip of a check"),
    Pledge: _("Credit pledge"),
    CheckProof: _("Proof of a check"),
    Certificate: _("Certificate of no veto"),
}


class Verdict(models.TextChoices):
    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    ENDED = "ended", _("Ended by its owner")
    REPLACED = "replaced", _("Replaced by a newer one")
    WITHDRAWN = "withdrawn", _("Withdrawn by the body")
    ALTERED = "altered", _("Altered, or not ours")
    UNKNOWN = "unknown", _("Not known here")


@dataclass(frozen=True)
class Verified:
    """Only what the page shows: kind, number, dates, the last four characters of the identity number, the file's hash; no name."""

    verdict: Verdict
    fault: FileFault | None = None
    kind: Any = ""
    number: str = ""
    issued_at: Any = None
    valid_until: Any = None
    identity_tail: str = ""
    sha256: str = ""
    counts: dict[str, int] | None = None
    file_code: str = ""


@transaction.atomic
def look_up(*, typed: str, by: System) -> Verified:
    """The verdict for a typed or scanned code. Each use of a real code is kept for its owner, without who it was."""
    code = codes.clean(typed)
    found = _report(code) or _find_by(Q(verification_code=code)) if len(code) == 19 else None
    result = _judge(found) if found is not None else Verified(Verdict.UNKNOWN)
    if found is not None:
        _note_use(found, result, by=by)
    elif len(code) == 19 and (
        link := ReportLink.objects.select_related("report").filter(verification_code=code).first()
    ):
        result = _judge_link(link)
        _note_use(link.report, result, by=by, code=code)
    return result


def _judge_link(link: ReportLink) -> Verified:
    """The report's verdict, ended where the link has ended; with what its owner allows this reader to see."""
    result = _judge(link.report)
    today = timezone.localdate()
    if link.ended_at is not None:
        result = replace(result, verdict=Verdict.ENDED)
    elif today > link.valid_until and result.verdict == Verdict.VALID:
        result = replace(result, verdict=Verdict.EXPIRED)
    shown = link.shows if result.verdict == Verdict.VALID else ReportLink.Shows.VERDICT
    counts = json.loads(link.report.content)["counts"] if shown != ReportLink.Shows.VERDICT else None
    file_code = link.verification_code if shown == ReportLink.Shows.FILE else ""
    return replace(
        result, valid_until=min(link.valid_until, link.report.valid_until), counts=counts, file_code=file_code
    )


@transaction.atomic
def look_up_file(*, data: bytes, by: System) -> Verified:
    """The verdict for a file: an issued one is known by its hash; what is wrong with another is told by its signature."""
    digest = hashlib.sha256(data).hexdigest()
    found = _find_by(Q(sha256=digest) | Q(first_sha256=digest))
    if found is None:
        return Verified(Verdict.ALTERED, fault=fault_of(data))
    result = _judge(found)
    _note_use(found, result, by=by)
    return result


def _note_use(found: Document, result: Verified, *, by: System, code: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(USED, [code or found.verification_code, timezone.now(), result.verdict.value])
    record(by=by, verb=Verb.DOCUMENT_VERIFIED, obj=found, person_id=found.person_id, verdict=str(result.verdict.value))


def _report_by(*, code: str) -> models.QuerySet[Any]:
    return Report.objects.order_by().filter(verification_code=code, issued_at__isnull=False).values_list(*LOOKED_AT)


def _numbers_of(*, person_id: int, moment: dt.datetime) -> models.QuerySet[Any]:
    """The number that stood on a document: newest when it was issued."""
    numbers: IdentityQuerySet = IdentityDocument.objects.filter(person_id=person_id)
    return numbers.live(known_at=moment).newest_first().values_list("number")[:1]


# What nearly every look asks for. A report without what it says: nothing of that is shown here.
_SHOWN = {
    "id", "person_id", "number", "verification_code", "state", "issued_at", "valid_until", "ended_at", "replaced_at", "sha256",
}  # fmt: skip
LOOKED_AT = [
    field.attname for field in Report._meta.concrete_fields if field.attname in _SHOWN
]  # in the order of the row
USED = f"INSERT INTO {VerificationUse._meta.db_table} (code, at, verdict) VALUES (%s, %s, %s)"  # noqa: S608  our own name
REPORT_BY = Statement(_report_by, code=str)
NUMBERS_OF = Statement(_numbers_of, person_id=int, moment=dt.datetime)


def _report(code: str) -> Report | None:
    rows = REPORT_BY.rows(code=code)
    return Report.from_db(DEFAULT_DB_ALIAS, LOOKED_AT, rows[0]) if rows else None


def _find_by(condition: Q) -> Document | None:
    for model in KINDS:
        kept: models.QuerySet[Any] = model.objects.all()
        if model is Report:
            kept = kept.only(*LOOKED_AT)
        found: Document | None = kept.filter(condition, issued_at__isnull=False).first()
        if found is not None:
            return found
    return None


def _judge(found: Document) -> Verified:
    if isinstance(found, CheckProof):  # about nobody, and for ever true
        return Verified(
            verdict=Verdict.VALID,
            kind=KINDS[CheckProof],
            number=found.number,
            issued_at=found.issued_at,
            sha256=found.sha256,
        )
    numbers = NUMBERS_OF.rows(person_id=found.person_id, moment=found.issued_at)
    verdict, valid_until = Verdict.VALID, None
    if isinstance(found, Report):
        valid_until = found.valid_until
        if found.ended_at is not None:
            verdict = Verdict.ENDED
        elif found.replaced_at is not None:
            verdict = Verdict.REPLACED
        elif not found.is_valid_on(timezone.localdate()):
            verdict = Verdict.EXPIRED
    elif isinstance(found, Certificate):
        found = vetoes.ask_again(certificate=found, by=System("verification"))
        verdict, valid_until = _of_certificate(found), found.valid_until
    elif isinstance(found, Slip) and found.withdrawn_at is not None:
        verdict = Verdict.WITHDRAWN
    return Verified(
        verdict=verdict,
        kind=KINDS[type(found)],
        number=found.number,
        issued_at=found.issued_at,
        valid_until=valid_until,
        identity_tail=numbers[0][0][-4:] if numbers else "",
        sha256=found.sha256,
    )


def _of_certificate(certificate: Certificate) -> Verdict:
    if certificate.ended_at is not None:
        return Verdict.ENDED
    if certificate.replaced_at is not None:
        return Verdict.REPLACED
    return Verdict.VALID if timezone.localdate() <= certificate.valid_until else Verdict.EXPIRED
