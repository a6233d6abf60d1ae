"""Proofs without content: for a body, that it made a check; for a person, that nothing bars it from one event."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.access import actions as access
from archive.access.models import Purpose
from archive.common import documents, signing
from archive.vetoes.asking import findings_of, rules_used
from archive.vetoes.models import Certificate, Check, CheckProof
from archive.vetoes.rules import Outcome, Question, outcome
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import identity, moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require
from profiles.common.querysets import locked

SHORTEST, LONGEST = 1, 90  # days that a certificate may be valid, chosen by its owner
GOOD = frozenset({Outcome.CLEAR, Outcome.NOTE})


@transaction.atomic
def prove_check(*, check: Check, by: Account) -> CheckProof:
    """A signed paper that says who checked how many, when, for what and by which rules; asked again, the same one."""
    require(by, Permission.VIEW_CHECK, check)
    check = Check.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=check.pk)
    if check.known_at is None or check.day is None:
        raise ActionRefused(_("This check has not been answered yet."))
    proof = CheckProof.objects.filter(check_asked=check).first()
    if proof is None:
        rules, digest = rules_used(
            check.organisation, group=check.group, event=check.event, known_at=check.known_at, day=check.day
        )
        proof = CheckProof(
            check_asked=check,
            organisation=check.organisation,
            people=sum(check.counts.values()),
            rules=rules,
            rules_hash=digest,
            asked_by=by,
        )
        with override("zh-hans"):
            html = documents.render_html(
                "documents/check_proof.html",
                {"proof": proof, "check": check, "qr": documents.qr_svg(proof.signed_url)},
            )
            reason = _("Proof of a check")
            proof.store_pdf(
                signing.sign_pdf(documents.render_pdf(html), reason=reason, location=check.organisation.name)
            )
        proof.save()
        record(by=by, verb=Verb.CHECK_PROVED, obj=proof, people=proof.people)
    return proof


@transaction.atomic
def download_proof(*, proof: CheckProof, by: Account) -> bytes:
    require(by, Permission.VIEW_CHECK, proof)
    record(by=by, verb=Verb.PROOF_DOWNLOADED, obj=proof)
    return proof.read_pdf()


@transaction.atomic
def certify(*, group: str, event: str, post: str = "", reader: str = "", days: int, by: Account) -> Certificate | None:
    """The person asks whether anything bars it from one event, and has a certificate made where nothing does.

    None: something does, or a person would have to look; then nothing is issued. Either way the question stands in the
    register as the person's own. Only rules that hold by law are asked: what single bodies adopted is theirs to say.
    """
    require(by, Permission.REQUEST_REPORT)
    assert by.person is not None, "only persons hold REQUEST_REPORT"
    if not SHORTEST <= days <= LONGEST:
        raise ActionRefused(_("Choose between 1 and 90 days."))
    today, now = timezone.localdate(), moments.of_a_question()
    found = findings_of([by.person.pk], question=Question(group, event, today, post), organisation=None, known_at=now)[
        by.person.pk
    ]
    answer = outcome(found)
    access.register(
        purpose=Purpose.OWN_CERTIFICATE,
        asked=[access.Asked(by.person.pk, answer=answer.value)],
        organisation=None,
        group=group,
        event=event,
        by=by,
    )
    if answer not in GOOD:
        record(by=by, verb=Verb.CERTIFICATE_REFUSED, obj=by.person, group=group, event=event)
        return None
    rules, digest = rules_used(None, group=group, event=event, known_at=now, day=today)
    certificate = Certificate(
        person=by.person,
        asked_by=by,
        asked_at=now,
        day=today,
        group=group,
        event=event,
        post=post,
        reader=identity.mask_in_text(" ".join(reader.split()))[:120],
        rules=rules,
        rules_hash=digest,
        valid_until=today + dt.timedelta(days=days),
    )
    with override("zh-hans"):
        html = documents.render_html(
            "documents/certificate.html",
            {
                "certificate": certificate,
                "person": by.person,
                "identity": by.person.identities.live().newest_first().first(),
                "qr": documents.qr_svg(certificate.signed_url),
            },
        )
        certificate.store_pdf(
            signing.sign_pdf(documents.render_pdf(html), reason=_("Certificate of no veto"), location="")
        )
    certificate.save()
    record(by=by, verb=Verb.CERTIFICATE_ISSUED, obj=certificate, person_id=by.person.pk)
    return certificate


@transaction.atomic
def download_certificate(*, certificate: Certificate, by: Account) -> bytes:
    require(by, Permission.REQUEST_REPORT, certificate)
    record(by=by, verb=Verb.CERTIFICATE_DOWNLOADED, obj=certificate)
    return certificate.read_pdf()


@transaction.atomic
def end_certificate(*, certificate: Certificate, by: Account) -> Certificate:
    """Its owner ends it: whoever verifies it from now on reads so."""
    require(by, Permission.REQUEST_REPORT, certificate)
    certificate = locked(Certificate.objects.all(), certificate.pk)
    if certificate.ended_at is None:
        certificate.ended_at = timezone.now()
        certificate.save(update_fields=["ended_at"])
        record(by=by, verb=Verb.CERTIFICATE_ENDED, obj=certificate)
    return certificate


@transaction.atomic
def ask_again(*, certificate: Certificate, by: System) -> Certificate:
    """Does a live certificate still hold? Asked when somebody verifies it; what was overtaken once stays so.

    Nothing is told but yes or no, and the owner sees each use: it is the owner's own question, asked once more for the reader
    to whom it gave the code.
    """
    require(by, Permission.RUN_SYSTEM)
    certificate = locked(Certificate.objects.all(), certificate.pk)
    today = timezone.localdate()
    if not certificate.is_valid_on(today):
        return certificate
    question = Question(certificate.group, certificate.event, today, certificate.post)
    person_id = certificate.person_id
    found = findings_of([person_id], question=question, organisation=None, known_at=moments.of_a_question())
    if outcome(found[person_id]) not in GOOD:
        certificate.replaced_at = timezone.now()
        certificate.save(update_fields=["replaced_at"])
        record(by=by, verb=Verb.CERTIFICATE_REPLACED, obj=certificate, person_id=person_id)
    return certificate
