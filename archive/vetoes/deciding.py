"""What the acts around a decision share: the answer that is still open, words as they are kept, the last day to contest."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.periods import terms_of
from archive.notices.models import Delivery, Notice
from archive.vetoes.models import Answer, Decision, Outcome, Slip
from profiles.common import identity
from profiles.common.exceptions import ActionRefused

REASONS_LEAST = 8
STATEMENT_LIMIT = 2000
TO_DECIDE = frozenset({Outcome.VETO, Outcome.CONDITION, Outcome.REVIEW})


def open_answer(answer: Answer) -> Answer:
    """The answer, locked, where there is something to decide that nobody has decided. Who comes second waits, and is refused."""
    answer = (
        Answer.objects.select_for_update(of=("self",)).select_related("check_asked", "organisation").get(pk=answer.pk)
    )
    if answer.outcome not in TO_DECIDE:
        raise ActionRefused(_("There is nothing to decide: the check found no obstacle."))
    if Decision.objects.filter(answer=answer).exists():
        raise ActionRefused(_("This has been decided already."))
    if answer.is_erased:
        raise ActionRefused(_("The checked list has been deleted after its period. Check this person anew."))
    return answer


def reasons_in_a_sentence(reasons: str) -> str:
    if len(reasons.strip()) < REASONS_LEAST:
        raise ActionRefused(_("Give the reasons in a sentence; the person will read them."))
    return identity.mask_in_text(reasons.strip())[:1000]


def statement_of_a_person(text: str) -> str:
    """As it was written; identity numbers in it stay, they are its own."""
    text = text.strip()
    if not text:
        raise ActionRefused(_("Write what you want the body to consider."))
    if len(text) > STATEMENT_LIMIT:
        raise ActionRefused(
            _("The statement is longer than %(limit)s characters. Shorten it.") % {"limit": STATEMENT_LIMIT}
        )
    return text


def told_on(decision: Decision) -> dt.date | None:
    """When the person was told of a confirmed veto: in its account or on paper, whichever was first; None while it was not."""
    slip = Slip.objects.only("handed_on").get(answer_id=decision.answer_id)
    told = Notice.objects.about(slip).filter(kind=Notice.Kind.VETO_CONFIRMED)
    in_app = Delivery.objects.filter(
        notice__in=told, channel=Delivery.Channel.IN_APP, state=Delivery.State.DONE
    ).first()
    days = [timezone.localtime(in_app.done_at).date()] if in_app is not None and in_app.done_at is not None else []
    return min([*days, *([slip.handed_on] if slip.handed_on else [])], default=None)


def contest_until(decision: Decision) -> dt.date | None:
    """Last day to contest; None while the person has not been told."""
    told = told_on(decision)
    days = terms_of(decision.organisation.jurisdiction).number("contest_days")
    return told + dt.timedelta(days=days) if told is not None else None
