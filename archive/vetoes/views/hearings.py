"""Before a decision: the letter on paper, its service, the person's statements, for the body."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.notices.models import Notice
from archive.vetoes import actions
from archive.vetoes.forms import HandedOverForm
from archive.vetoes.models import Proposal
from archive.vetoes.views.answers import AnswerView
from profiles.common.permissions import Permission
from profiles.common.views import Request, attempt
from profiles.people.models import Person


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
        code = actions.print_proposal(proposal=proposal, by=request.user)
        letter = {
            "notice": Notice.objects.about(proposal).select_related("organisation").get(kind="veto_proposed"),
            "person": Person.objects.get(pk=proposal.person_id),
            "code": code,
        }
        back = reverse("vetoes:answer", args=[proposal.answer.code])
        return self.render_to_response({"letters": [letter], "back": back, "site": settings.PUBLIC_URL})


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


class StatementsRead(_ProposalView):
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = self.proposal()
        actions.note_statements_read(proposal=proposal, by=request.user)
        return redirect("vetoes:answer", proposal.answer.code)
