"""Setting up a review programme, and bringing applicants into it, each with an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access import actions as access
from archive.vetoes.actions.checks import check_person
from archive.vetoes.matters import clean_matter_number
from archive.vetoes.models import Answer, Applicant, Check, ReviewProgramme
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import ciphers
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.common.querysets import locked

STEP = 2_000


@transaction.atomic
def open_programme(
    *,
    name: str,
    group: str,
    event: str,
    post: str = "",
    matter_number: str,
    basis: str,
    opens_on: dt.date,
    closes_on: dt.date,
    freshness_days: int,
    by: Account,
) -> ReviewProgramme:
    """Set up a round of review. What it asks can never be changed; a mistake is a new programme."""
    require(by, Permission.KEEP_PROGRAMME)
    assert by.organisation is not None, "only staff hold KEEP_PROGRAMME"
    access.entitlement(organisation=by.organisation, group=group, event=event, day=timezone.localdate())
    matter_number = clean_matter_number(matter_number)
    if ReviewProgramme.objects.filter(organisation=by.organisation, name=name.strip()).exists():
        raise ActionRefused(_("Your body has a programme of this name already."))
    programme = ReviewProgramme(
        organisation=by.organisation,
        name=name.strip(),
        group=group,
        event=event,
        post=post,
        matter_number=matter_number,
        basis=basis.strip(),
        opens_on=opens_on,
        closes_on=closes_on,
        freshness_days=freshness_days,
        made_by=by,
    )
    programme.full_clean()
    programme.save()
    record(by=by, verb=Verb.PROGRAMME_OPENED, obj=programme, group=group, event=event, days=freshness_days)
    return programme


@transaction.atomic
def add_applicant(*, programme: ReviewProgramme, name: str, number: str, by: Account) -> Applicant:
    """Add one applicant and check at once, under the programme's matter number. `number` is normalised and readable."""
    require(by, Permission.KEEP_PROGRAMME, programme)
    programme = _open(programme)
    if programme.applicants.filter(identity_index=ciphers.blind_index(number)).exists():
        raise ActionRefused(_("This number is among the applicants already."))
    answer = check_person(name=name, number=number, **programme.question, by=by)
    applicant = Applicant.objects.create(
        programme=programme,
        organisation_id=programme.organisation_id,
        position=_last_position(programme) + 1,
        name=name,
        number=number,
        identity_index=ciphers.blind_index(number),
        answer=answer,
        state=Applicant.State.CHECKED,
        added_by=by,
    )
    record(by=by, verb=Verb.APPLICANT_ADDED, obj=applicant, person_id=_about(answer))
    return applicant


@transaction.atomic
def check_applicant(*, applicant: Applicant, name: str = "", number: str = "", by: Account) -> Applicant:
    """Ask once more about one applicant; with `name` and `number` as corrected, where they had not been right."""
    require(by, Permission.KEEP_PROGRAMME, applicant)
    programme = _open(applicant.programme)
    current = locked(Applicant.objects.all(), applicant.pk)
    if current.state not in Applicant.OPEN:
        raise ActionRefused(_("This applicant has been decided on already."))
    current.name, current.number = name or current.name, number or current.number
    current.identity_index = ciphers.blind_index(current.number)
    if programme.applicants.filter(identity_index=current.identity_index).exclude(pk=current.pk).exists():
        raise ActionRefused(_("This number is among the applicants already."))
    current.answer = check_person(name=current.name, number=current.number, **programme.question, by=by)
    current.state = Applicant.State.CHECKED
    current.save(update_fields=["name", "number", "identity_index", "answer", "state"])
    record(by=by, verb=Verb.APPLICANTS_RECHECKED, obj=current, person_id=_about(current.answer), people=1)
    return current


@transaction.atomic
def take_answers(*, programme: ReviewProgramme, asked: Check, by: Account) -> tuple[int, int]:
    """Bring the answers of a list check to the programme: (new applicants, applicants with a newer answer).

    The check must have asked the programme's question. Nobody comes in twice; who is decided on stays as decided.
    """
    require(by, Permission.KEEP_PROGRAMME, programme)
    programme = locked(ReviewProgramme.objects.all(), programme.pk)
    same = (asked.organisation_id, asked.group, asked.event, asked.post) == (
        programme.organisation_id, programme.group, programme.event, programme.post,
    )  # fmt: skip
    if not same or not asked.is_answered:
        raise ActionRefused(
            _("Only an answered list of this body about the same group, event and post can be taken over.")
        )
    position, added, renewed = _last_position(programme), 0, 0
    for answers in _steps(asked):
        new, old = _sort(programme, answers)
        Applicant.objects.bulk_create(
            [
                Applicant(
                    programme=programme,
                    organisation_id=programme.organisation_id,
                    position=position + place,
                    name=answer.name,
                    number=answer.number,
                    identity_index=index,
                    answer=answer,
                    state=Applicant.State.CHECKED,
                    added_by=by,
                )
                for place, (index, answer) in enumerate(new.items(), 1)
            ]
        )
        Applicant.objects.bulk_update(old, ["answer", "state", "name"])
        position, added, renewed = position + len(new), added + len(new), renewed + len(old)
    record(by=by, verb=Verb.APPLICANTS_TAKEN, obj=programme, check=asked.code, added=added, renewed=renewed)
    return added, renewed


def _steps(asked: Check) -> Iterable[list[Answer]]:
    last = 0
    while answers := list(asked.answers.filter(row__gt=last, same_as_row=None).order_by("row")[:STEP]):
        yield answers
        last = answers[-1].row


def _sort(programme: ReviewProgramme, answers: list[Answer]) -> tuple[dict[bytes, Answer], list[Applicant]]:
    """Answers of new applicants by index; applicants who are there already, with the newer answer put in."""
    by_index = {ciphers.blind_index(answer.number): answer for answer in answers}
    there = programme.applicants.select_related("answer__check_asked").filter(identity_index__in=list(by_index))
    old = []
    for applicant in there.select_for_update(of=("self",)):
        answer = by_index.pop(bytes(applicant.identity_index))
        if applicant.state in Applicant.OPEN and (applicant.answer is None or applicant.answer.pk < answer.pk):
            applicant.answer, applicant.state, applicant.name = answer, Applicant.State.CHECKED, answer.name
            old.append(applicant)
    return by_index, old


def _open(programme: ReviewProgramme) -> ReviewProgramme:
    """The programme, locked: one applicant after the other gets a number."""
    current: ReviewProgramme = locked(ReviewProgramme.objects.all(), programme.pk)
    if not current.is_open_on(timezone.localdate()):
        raise ActionRefused(_("This programme is not open today; see its dates."))
    return current


def _last_position(programme: ReviewProgramme) -> int:
    return programme.applicants.aggregate(last=Max("position"))["last"] or 0


def _about(answer: Answer) -> int | None:
    """Whom an answer is about: nobody where number and name did not belong together."""
    return None if answer.outcome == "name_mismatch" else answer.person_id
