"""A rule that is off by default holds for a body's checks: proposed with the body's document, approved by a second person."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.evidence import actions as evidence
from archive.vetoes.models import RuleAdoption, RuleVersion
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked
from profiles.organisations.models import Competence, Organisation


def propose_adoption(
    *,
    rule: RuleVersion,
    organisation: Organisation,
    document_number: str,
    document_date: dt.date,
    valid_from: dt.date,
    document: Any,
    by: Account,
) -> RuleAdoption:
    """Name the body's own document and attach it (`document`: an upload, or what `evidence.examine` made of one).

    Nothing changes before a credit officer has approved it. Raises `ActionRefused`.
    """
    require(by, Permission.PROPOSE_ADOPTION, organisation)
    if rule.status != RuleVersion.Status.OFF or rule.valid_to is not None:
        raise ActionRefused(_("Only a rule in force that is off by default can be adopted."))
    if not Competence.objects.holding_on(timezone.localdate()).filter(
        organisation=organisation, role=Competence.Role.CHECK, event__in=_events(rule)
    ):
        raise ActionRefused(_("This body checks nobody for the events of this rule, so it would never hold."))
    examined = document if isinstance(document, evidence.Examined) else evidence.examine(upload=document, by=by)
    with evidence.nothing_half_stored(), transaction.atomic():
        if RuleAdoption.objects.filter(
            rule_code=rule.code, organisation=organisation, valid_to=None, declined_at=None
        ).exists():
            raise ActionRefused(_("This body has adopted the rule already, or its proposal waits."))
        adoption = RuleAdoption(
            rule_code=rule.code,
            organisation=organisation,
            document_number=document_number,
            document_date=document_date,
            valid_from=valid_from,
            proposed_by=by,
            file_type=examined.media_type,
            sha256=hashlib.sha256(examined.data).hexdigest(),
        )
        adoption.full_clean(exclude=["approved_by", "approved_at", "declined_by", "declined_at"])
        adoption.file.save("document", ContentFile(examined.data), save=False)
        evidence.note_written(name=str(adoption.file.name))
        adoption.save()
        record(
            by=by,
            verb=Verb.ADOPTION_PROPOSED,
            obj=adoption,
            organisation_id=organisation.pk,
            rule=rule.code,
            sha256=adoption.sha256,
        )
    return adoption


@transaction.atomic
def approve_adoption(*, adoption: RuleAdoption, by: Account) -> RuleAdoption:
    """The second person compared the document: the rule holds for the body's checks from the day named, never earlier than now."""
    require(by, Permission.ADOPT_RULE)
    adoption = _waiting(adoption)
    if adoption.proposed_by_id == by.pk:
        raise ActionRefused(_("You proposed this; a second person approves it."))
    if not RuleVersion.objects.current().filter(code=adoption.rule_code, status=RuleVersion.Status.OFF).exists():
        raise ActionRefused(_("The rule has been ended meanwhile. Decline the proposal."))
    adoption.approved_by, adoption.approved_at = by, moments.of_a_change()
    adoption.save(update_fields=["approved_by", "approved_at"])
    record(
        by=by,
        verb=Verb.RULE_ADOPTED,
        obj=adoption,
        organisation_id=adoption.organisation_id,
        rule=adoption.rule_code,
    )
    return adoption


@transaction.atomic
def decline_adoption(*, adoption: RuleAdoption, reason: str, by: Account) -> RuleAdoption:
    """The document does not carry it; the body reads why."""
    require(by, Permission.ADOPT_RULE)
    adoption = _waiting(adoption)
    if not reason.strip():
        raise ActionRefused(_("Say why, so that the body can mend it."))
    adoption.declined_by, adoption.declined_at, adoption.decline_reason = by, timezone.now(), reason.strip()[:300]
    adoption.save(update_fields=["declined_by", "declined_at", "decline_reason"])
    record(
        by=by,
        verb=Verb.ADOPTION_DECLINED,
        obj=adoption,
        organisation_id=adoption.organisation_id,
        rule=adoption.rule_code,
    )
    return adoption


@transaction.atomic
def end_adoption(*, adoption: RuleAdoption, by: Account) -> RuleAdoption:
    """From tomorrow the rule holds for the body's checks no more; checks made until then replay as they were."""
    require(by, Permission.PROPOSE_ADOPTION, adoption)
    adoption = locked(RuleAdoption.objects.all(), adoption.pk)
    if adoption.approved_at is None or adoption.valid_to is not None:
        raise ActionRefused(_("This is not in force, so there is nothing to end."))
    moments.of_a_change()
    adoption.valid_to = max(timezone.localdate(), adoption.valid_from) + dt.timedelta(days=1)
    adoption.save(update_fields=["valid_to"])
    record(
        by=by,
        verb=Verb.ADOPTION_ENDED,
        obj=adoption,
        organisation_id=adoption.organisation_id,
        rule=adoption.rule_code,
    )
    return adoption


@transaction.atomic
def read_document(*, adoption: RuleAdoption, by: Account) -> bytes:
    """The stored document; raises ValueError where it is not what was stored."""
    require(by, Permission.PROPOSE_ADOPTION, adoption)
    with adoption.file.open("rb") as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != adoption.sha256:
        raise ValueError(f"The stored document of adoption {adoption.pk} is not the one that was stored.")
    record(by=by, verb=Verb.ADOPTION_READ, obj=adoption, organisation_id=adoption.organisation_id)
    return data


def _waiting(adoption: RuleAdoption) -> RuleAdoption:
    adoption = locked(RuleAdoption.objects.all(), adoption.pk)
    if adoption.approved_at is not None or adoption.declined_at is not None:
        raise ActionRefused(_("This has been decided already."))
    return adoption


def _events(rule: RuleVersion) -> set[str]:
    return {*rule.events, *(event for clause in rule.clauses for event in clause.get("events", ()))}
