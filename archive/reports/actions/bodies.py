"""Reports that a body has made about a person whom it checked: through the same door as the check, and only for it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.access import actions as access
from archive.access.models import Authorisation, Purpose
from archive.reports import rules
from archive.reports.compile import LANGUAGES, compile_report, shown_entries
from archive.reports.freezing import freeze
from archive.reports.models import Report
from archive.vetoes.models import Answer, Outcome
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked
from profiles.organisations.models import Competence
from profiles.people.models import Person

# What these answers are about was never opened: there is nobody to make a report about.
CLOSED = {Outcome.NOT_FOUND, Outcome.NAME_MISMATCH, Outcome.UNAUTHORISED, Outcome.UNREADABLE}


class NotOpened(ActionRefused):
    """The check opened no archive."""


class NotAuthorised(ActionRefused):
    """The law wants the person's authorisation, and there is none that is alive."""


@transaction.atomic
def request_for_body(*, answer: Answer, by: Account) -> Report:
    """The report about the person of an answer, for the body that asked, under the check's matter number.

    The competence must hold today; where the check needs the person's authorisation, the report needs one that is alive now: one
    for a single query was used up by the check. The line in the register is written first, the person sees it.
    """
    require(by, Permission.CHECK_PERSON, answer)
    assert by.organisation is not None, "only staff hold CHECK_PERSON"
    if answer.outcome in CLOSED or answer.person_id is None:
        raise NotOpened(_("The check opened no archive, so there is nothing to report. Check the person again."))
    asked, now, today = answer.check_asked, timezone.now(), timezone.localdate()
    competence = access.entitlement(organisation=by.organisation, group=asked.group, event=asked.event, day=today)
    person = Person.objects.get(pk=answer.person_id)
    authorisation = _authorisation(competence, answer) if competence.needs_authorisation else None
    if competence.needs_authorisation and authorisation is None:
        raise NotAuthorised(
            _("The report needs an authorisation of its own. Ask the person for one for this event, then try again.")
        )
    access.register(
        purpose=Purpose.REPORT,
        asked=[access.Asked(person.pk, authorisation=authorisation)],
        organisation=by.organisation,
        group=asked.group,
        event=asked.event,
        matter_number=asked.matter_number,
        by=by,
    )
    with override(LANGUAGES[Report.Language.CHINESE]):  # of the paper, not of whoever asks
        purpose = f"{asked.get_group_display()} · {asked.get_event_display()} · {asked.matter_number}"[:100]
    report = Report(
        person=person,
        requested_by=by,
        answer=answer,
        purpose=purpose,
        group=asked.group if person.memberships.filter(group=asked.group).exists() else "",
        reader=by.organisation.name[:120],
        as_of=now,
        valid_until=rules.last_day(today),
    )
    entries = shown_entries(report)
    freeze(report, compile_report(report, entries), entries)
    record(by=by, verb=Verb.REPORT_MADE_FOR_BODY, obj=report, event=asked.event)
    return report


def _authorisation(competence: Competence, answer: Answer) -> Authorisation | None:
    locked(Competence.objects.all(), competence.pk)  # what is authorised for once is used once
    assert answer.person_id is not None, "asked for by the caller"
    found = Authorisation.objects.for_check(
        organisation=answer.organisation,
        group=answer.check_asked.group,
        event=answer.check_asked.event,
        person_ids=[answer.person_id],
        day=timezone.localdate(),
        moment=moments.of_a_question(),
    )
    return found.get(answer.person_id)


@transaction.atomic
def read_by_body(*, report: Report, by: Account) -> bytes:
    require(by, Permission.CHECK_PERSON, report)
    if report.state != Report.State.READY:
        raise ActionRefused(_("The report is not ready yet."))
    if report.replaced_at is not None:  # what was voided or repaired is not handed out once more
        raise ActionRefused(_("An entry in this report has changed since. Have a newer one made."))
    record(by=by, verb=Verb.REPORT_READ_BY_BODY, obj=report)
    return report.read_pdf()
