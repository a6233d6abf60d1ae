"""Before a decision: the letter on paper, its service, the person's statements, for the body."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.vetoes import actions
from archive.vetoes.forms import HandedOverForm
from archive.vetoes.models import Proposal, Slip
from archive.vetoes.views.answers import AnswerView
from profiles.common.permissions import Permission
from profiles.common.views import Request, attempt
from profiles.people.models import Person


class _LetterView(AnswerView):
    """About one that has a letter: the proposal, or the slip of the decision."""

    permissions = (Permission.DECIDE_CHECK,)
    http_method_names = ["post"]
    model: type[Proposal | Slip]

    def about(self) -> Any:
        found = self.model._default_manager.select_related("organisation", "answer")
        return get_object_or_404(found, answer=self.answer())


class _Letter(_LetterView):
    """On paper, with a code where the person has no account."""

    template_name = "records/letters.html"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        about = self.about()
        notice, code = actions.print_letter(about=about, by=request.user)
        letter = {"notice": notice, "person": Person.objects.get(pk=about.person_id), "code": code}
        back = reverse("vetoes:answer", args=[about.answer.code])
        return self.render_to_response({"letters": [letter], "back": back, "site": settings.PUBLIC_URL})


class _HandedOver(_LetterView):
    done: Any

    @abstractmethod
    def act(self, about: Any, day: dt.date) -> object: ...

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        about, form = self.about(), HandedOverForm(request.POST)
        if form.is_valid():
            attempt(request, lambda: self.act(about, form.cleaned_data["served_on"]), done=str(self.done))
        else:
            messages.error(request, _("Enter the day on which the letter was handed over."))
        return redirect("vetoes:answer", about.answer.code)


class ProposalLetter(_Letter):
    model = Proposal


class ProposalServed(_HandedOver):
    model, done = Proposal, gettext_lazy("Recorded. The person's days run from then.")

    def act(self, about: Proposal, day: dt.date) -> object:
        return actions.serve_proposal(proposal=about, served_on=day, by=self.request.user)


class SlipLetter(_Letter):
    """The letter that tells of the decision; the slip is handed over with it."""

    model = Slip


class SlipHandedOver(_HandedOver):
    model, done = Slip, gettext_lazy("Recorded. The days to contest run from then.")

    def act(self, about: Slip, day: dt.date) -> object:
        return actions.hand_over_slip(slip=about, handed_on=day, by=self.request.user)


class StatementsRead(_LetterView):
    model = Proposal

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = self.about()
        actions.note_statements_read(proposal=proposal, by=request.user)
        return redirect("vetoes:answer", proposal.answer.code)
