"""Lists that were confirmed when they were asked about: by another system, or for a programme. Read and answered in one go."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.vetoes.actions.checks import answer_list, ask_about_list, read_list
from archive.vetoes.actions.gate import take_answers
from archive.vetoes.models import Applicant, CarriedList, Check, ReviewProgramme
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require

HEADERS = ("姓名", "身份证号码")
State = Batch.State


@transaction.atomic
def order_list(
    *,
    upload: Any,
    question: dict[str, str],
    programme: ReviewProgramme | None = None,
    by: Account,
) -> Check:
    """As `ask_about_list`, confirmed beforehand: a worker reads and answers it. With a programme the applicants get the answers.

    `question`: group, event, post (may be lacking) and matter_number, as `ask_about_list` takes them.
    """
    if programme is not None:
        require(by, Permission.KEEP_PROGRAMME, programme)
    asked = ask_about_list(upload=upload, **question, by=by)
    CarriedList.objects.create(check_asked=asked, programme=programme)
    return asked


@transaction.atomic
def recheck_stale(*, programme: ReviewProgramme, by: Account) -> Check:
    """Ask again about all undecided applicants whose answer is missing, too old, or on rules that have changed."""
    require(by, Permission.KEEP_PROGRAMME, programme)
    if not programme.is_open_on(timezone.localdate()):
        raise ActionRefused(_("This programme is not open today; see its dates."))
    if programme.carried_lists.filter(taken_at=None, check_asked__batch__state__in=Batch.OPEN).exists():
        raise ActionRefused(_("A list of this programme is being checked. Wait until it is answered."))
    stale = Applicant.objects.stale(programme, now=moments.of_a_question()).order_by("position")
    people = [(applicant.name, applicant.number) for applicant in stale.only("name", "number")]
    if not people:
        raise ActionRefused(_("All answers are fresh; nobody has to be asked about again."))
    asked = order_list(upload=as_file(people), question=programme.question, programme=programme, by=by)
    record(by=by, verb=Verb.APPLICANTS_RECHECKED, obj=programme, check=asked.code, people=len(people))
    return asked


def as_file(people: Iterable[tuple[str, str]]) -> SimpleUploadedFile:
    """Names and numbers as the table that the intake reads. It is in memory only; what is kept is ciphertext."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    writer.writerows(people)
    return SimpleUploadedFile("list.csv", text.getvalue().encode("utf-8-sig"), content_type="text/csv")


def carry_list(*, check_id: int, by: System) -> None:
    """Read, confirm, answer, hand over; each step from where the list stands. Safe to run twice and to kill."""
    require(by, Permission.RUN_SYSTEM)
    carried = CarriedList.objects.select_related("check_asked__account", "programme").get(check_asked_id=check_id)
    asked = carried.check_asked
    assert asked.batch_id is not None
    if _state(asked) in {State.RECEIVED, State.READING}:
        read_list(batch_id=asked.batch_id, by=by)
    if _state(asked) == State.READY:
        try:
            intake.confirm(
                batch=Batch.objects.get(pk=asked.batch_id), permission=Permission.CHECK_PERSON, by=asked.account
            )
        except ActionRefused:
            # No row can be read: the list waits to be discarded, and says why.
            CarriedList.objects.filter(pk=carried.pk).update(taken_at=timezone.now())
            return
    if _state(asked) == State.ADMITTING:
        answer_list(batch_id=asked.batch_id, by=by)
    if _state(asked) == State.DONE:
        _hand_over(carried)


@transaction.atomic
def _hand_over(carried: CarriedList) -> None:
    current = CarriedList.objects.select_for_update(of=("self",)).get(pk=carried.pk)
    if current.taken_at is not None:
        return
    asked = Check.objects.select_related("account").get(pk=current.check_asked_id)
    if current.programme is not None:
        take_answers(programme=current.programme, asked=asked, by=asked.account)
    current.taken_at = timezone.now()
    current.save(update_fields=["taken_at"])


def _state(asked: Check) -> str:
    return str(Batch.objects.values_list("state", flat=True).get(check_asked=asked))
