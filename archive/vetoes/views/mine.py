"""What a body means to decide or has decided about the person, and what it can say to it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.notices.models import Notice
from archive.vetoes import actions
from archive.vetoes.explain import explain
from archive.vetoes.forms import ContestForm, WordForm
from archive.vetoes.models import Answer, Contest, Proposal, Slip
from archive.vetoes.standing import contest_context
from archive.vetoes.ways import way_out
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt

ABOUT: dict[str, type[Proposal] | type[Slip] | type[Contest]] = {"proposal": Proposal, "slip": Slip, "contest": Contest}


class _MineView(GatedView):
    """Reached through the notice that told of it, as letters name it."""

    permissions = (Permission.ANSWER_HEARING,)

    def notice(self) -> Notice:
        return get_object_or_404(
            Notice.objects.visible_to(self.request.user), number=self.kwargs["number"], about_type__in=list(ABOUT)
        )

    def answer(self) -> Answer:
        notice = self.notice()
        about = ABOUT[notice.about_type].objects.filter(pk=notice.about_id, person_id__in=self.request.user.person_ids)
        path = "decision__answer_id" if notice.about_type == "contest" else "answer_id"
        return get_object_or_404(
            Answer.objects.select_related("check_asked", "organisation", "proposal", "decision", "slip"),
            pk__in=about.values(path),
        )

    def context(self, form: WordForm) -> dict[str, Any]:
        answer = self.answer()
        proposal = getattr(answer, "proposal", None)
        return {
            "notice": self.notice(),
            "answer": answer,
            "asked": answer.check_asked,
            "findings": explain(answer),
            "proposal": proposal,
            "statements": proposal.statements.all() if proposal is not None else [],
            "decision": getattr(answer, "decision", None),
            "slip": getattr(answer, "slip", None),
            "way": way_out(answer),
            "form": form,
            "today": timezone.localdate(),
            **contest_context(answer),
        }


class MyDecision(_MineView):
    """The facts, the reasons, and while nothing is decided the person's statement."""

    template_name = "vetoes/my_decision.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.context(WordForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal, form = getattr(self.answer(), "proposal", None), WordForm(request.POST)
        if proposal is None:
            raise Http404
        if form.is_valid():
            try:
                actions.state(proposal=proposal, text=form.cleaned_data["text"], by=request.user)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                return redirect("vetoes:my_decision", self.kwargs["number"])
        return self.render_to_response(self.context(form), status=422)


class MyWaiver(_MineView):
    """First what it means, then the waiver."""

    template_name = "vetoes/my_waiver.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.context(WordForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = getattr(self.answer(), "proposal", None)
        if proposal is None:
            raise Http404
        attempt(
            request,
            lambda: actions.waive(proposal=proposal, by=request.user),
            done=_("Noted: you do not want to make a statement. The body may decide now."),
        )
        return redirect("vetoes:my_decision", self.kwargs["number"])


class MyContest(_MineView):
    template_name = "vetoes/my_contest.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.context(ContestForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        answer, form = self.answer(), ContestForm(request.POST)
        if not hasattr(answer, "decision"):
            raise Http404
        if form.is_valid():
            made = None
            try:
                made = actions.contest(decision=answer.decision, text=form.cleaned_data["text"], by=request.user)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            if made is not None:
                return redirect("vetoes:my_decision", self.kwargs["number"])
        return self.render_to_response(self.context(form), status=422)
