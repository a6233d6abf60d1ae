"""Before a decision: the letter on paper, its service, the person's statements, for the body."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.vetoes import actions
from archive.vetoes.forms import HandedOverForm
from archive.vetoes.models import Proposal, Slip
from archive.vetoes.views.answers import AnswerView
from profiles.common.permissions import Permission
from profiles.common.views import Request, attempt
from profiles.people.models import Person


def _letter(about: Proposal | Slip, request: Request) -> dict[str, Any]:
    notice, code = actions.print_letter(about=about, by=request.user)
    letter = {"notice": notice, "person": Person.objects.get(pk=about.person_id), "code": code}
    back = reverse("vetoes:answer", args=[about.answer.code])
    return {"letters": [letter], "back": back, "site": settings.PUBLIC_URL}


class _ProposalView(AnswerView):
    permissions = (Permission.DECIDE_CHECK,)
    http_method_names = ["post"]

    def proposal(self) -> Proposal:
        return get_object_or_404(Proposal.objects.select_related("organisation", "answer"), answer=self.answer())


class ProposalLetter(_ProposalView):
    """The notice on paper, with a code where the person has no account."""

    template_name = "records/letters.html"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = self.proposal()
        return self.render_to_response(_letter(proposal, request))


class ProposalServed(_ProposalView):
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = self.proposal()
        form = HandedOverForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.serve_proposal(
                    proposal=proposal, served_on=form.cleaned_data["served_on"], by=request.user
                ),
                done=_("Recorded. The person's days run from then."),
            )
        else:
            messages.error(request, _("Enter the day on which the letter was handed over."))
        return redirect("vetoes:answer", proposal.answer.code)


class _SlipView(AnswerView):
    permissions = (Permission.DECIDE_CHECK,)
    http_method_names = ["post"]

    def slip(self) -> Slip:
        return get_object_or_404(Slip.objects.select_related("organisation", "answer"), answer=self.answer())


class SlipLetter(_SlipView):
    """The letter that tells of the decision; the slip is handed over with it."""

    template_name = "records/letters.html"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(_letter(self.slip(), request))


class SlipHandedOver(_SlipView):
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        slip, form = self.slip(), HandedOverForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.hand_over_slip(slip=slip, handed_on=form.cleaned_data["served_on"], by=request.user),
                done=_("Recorded. The days to contest run from then."),
            )
        else:
            messages.error(request, _("Enter the day on which the letter was handed over."))
        return redirect("vetoes:answer", slip.answer.code)


class StatementsRead(_ProposalView):
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = self.proposal()
        actions.note_statements_read(proposal=proposal, by=request.user)
        return redirect("vetoes:answer", proposal.answer.code)
