"""Contested decisions: what waits for another examiner, and the review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.vetoes import actions
from archive.vetoes.explain import explain
from archive.vetoes.forms import ReviewForm
from archive.vetoes.models import Contest
from archive.vetoes.tables import ContestFilter, ContestTable
from archive.vetoes.views.answers import AnswerView
from profiles.common.permissions import Permission
from profiles.common.views import Listing, Request, attempt


class ContestList(Listing):
    permissions = (Permission.VIEW_CHECK,)
    table_class = ContestTable
    filterset_class = ContestFilter
    title = gettext_lazy("Contested decisions")
    lead = gettext_lazy("Another examiner than the one who decided looks again, within the days shown.")
    empty_title = gettext_lazy("No contest")
    empty_text = gettext_lazy("When a person contests a decision of your body, it waits here.")

    def get_queryset(self) -> Any:
        return Contest.objects.visible_to(self.request.user).select_related("decision__answer__check_asked", "decider")


class ContestReview(AnswerView):
    """What was put forward beside what was decided; first what will happen, then the review."""

    permissions = (Permission.DECIDE_CHECK,)
    template_name = "vetoes/review.html"

    def _contest(self) -> Contest:
        return get_object_or_404(
            Contest.objects.select_related("decision__decided_by", "organisation", "reviewed_by"),
            decision__answer=self.answer(),
        )

    def _context(self, contest: Contest, form: ReviewForm) -> dict[str, Any]:
        answer = self.answer()
        return {
            "contest": contest,
            "answer": answer,
            "asked": answer.check_asked,
            "findings": explain(answer),
            "statements": answer.proposal.statements.all() if hasattr(answer, "proposal") else [],
            "form": form,
            "is_own": contest.decider_id == self.request.user.pk,
            "late": contest.is_open and contest.review_until < timezone.localdate(),
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(self._contest(), ReviewForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        contest, form = self._contest(), ReviewForm(request.POST)
        code = contest.decision.answer.code
        if not form.is_valid():
            messages.error(request, _("Choose an outcome and give the reasons in a sentence."))
            return self.render_to_response(self._context(contest, form), status=422)
        outcome, reasons = Contest.Outcome(form.cleaned_data["outcome"]), form.cleaned_data["reasons"]
        if "confirmed" not in request.POST:
            sure = {"sure": True, "outcome": outcome, "reasons": reasons}
            return self.render_to_response({**self._context(contest, form), **sure})
        attempt(
            request,
            lambda: actions.review_contest(contest=contest, outcome=outcome, reasons=reasons, by=request.user),
            done=_("The contest is answered; the person is told."),
        )
        return redirect("vetoes:answer", code)
