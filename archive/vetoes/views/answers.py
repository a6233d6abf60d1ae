"""Answers and decisions for examiners, slips for both sides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.access.actions import reveal_identity
from archive.intake.problems import sentence
from archive.notices.models import Notice
from archive.vetoes import actions
from archive.vetoes.explain import explain
from archive.vetoes.forms import DecisionForm, ProposalForm
from archive.vetoes.models import Answer, Decision, Outcome, RuleVersion, Slip
from archive.vetoes.rules import Question, that_apply
from archive.vetoes.standing import decision_context, window_context
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt, pdf_response
from profiles.people.forms import RevealForm
from profiles.people.models import Person

MEANINGS: dict[str, Any] = {
    Outcome.CLEAR: gettext_lazy("No rule for this event finds an obstacle."),
    Outcome.NOTE: gettext_lazy("No obstacle; there is something to take note of."),
    Outcome.REVIEW: gettext_lazy(
        "A person has to look: the law leaves it to a committee, or the archive cannot know all of it."
    ),
    Outcome.CONDITION: gettext_lazy("A condition of the competent body is touched. A person has to look and decide."),
    Outcome.VETO: gettext_lazy(
        "The law bars this event. The machine proposes, you decide: look, give reasons, confirm or lift."
    ),
    Outcome.IN_DISPUTE: gettext_lazy(
        "What would stand in the way is in dispute, and decides nothing before the objection is settled. Ask the body that"
        " reported it, and check again."
    ),
    Outcome.NOT_FOUND: gettext_lazy(
        "No archive has this number. That says nothing about the person: compare the number with the card."
    ),
    Outcome.NAME_MISMATCH: gettext_lazy(
        "The number is on file with another name. Nothing is answered before both are right."
    ),
    Outcome.UNAUTHORISED: gettext_lazy("The person has not authorised this query. Ask for it; nothing was looked up."),
    Outcome.UNREADABLE: gettext_lazy("The number cannot be one. Correct it and check again."),
}


class AnswerView(GatedView):
    """A page about one answer of the own body."""

    def answer(self) -> Answer:
        return get_object_or_404(
            Answer.objects.visible_to(self.request.user).select_related(
                "check_asked__account", "organisation", "decision__decided_by", "slip", "proposal__proposed_by"
            ),
            code=self.kwargs["code"],
        )


class AnswerDetail(AnswerView):
    permissions = (Permission.VIEW_CHECK,)
    template_name = "vetoes/answer.html"

    def _context(self, answer: Answer, form: DecisionForm) -> dict[str, Any]:
        day = answer.check_asked.day or timezone.localdate()
        reminders = [
            rule
            for rule in RuleVersion.objects.for_checks_of(
                answer.organisation,
                moment=answer.check_asked.known_at or timezone.now(),
                day=day,
            ).filter(needs_outside_check=True)
            if that_apply([rule.compiled()], Question(answer.check_asked.group, answer.check_asked.event, day))
        ]
        return {
            "answer": answer,
            "asked": answer.check_asked,
            "findings": explain(answer),
            "meaning": MEANINGS[answer.outcome],
            "problems": [sentence(problem, row=answer.row) for problem in answer.problems],
            "form": form,
            "reminders": reminders,
            "slip": getattr(answer, "slip", None),
            **decision_context(answer, self.request.user),
            "reveal_form": RevealForm(),
            "recalls": answer.recalls.order_by("-pk"),
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = self.answer()
        return self.render_to_response(self._context(answer, form_for(answer)()))


def form_for(answer: Answer) -> type[DecisionForm]:
    """Before a proposal the choice is to propose or to lift; after it, to confirm or to lift."""
    return DecisionForm if hasattr(answer, "proposal") else ProposalForm


class AnswerDecide(AnswerView):
    """First what will happen, then the proposal or the decision."""

    permissions = (Permission.DECIDE_CHECK,)
    http_method_names = ["post"]
    template_name = "vetoes/decide.html"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = self.answer()
        form = form_for(answer)(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a decision and give the reasons in a sentence."))
            return redirect("vetoes:answer", answer.code)
        kind, reasons = Decision.Kind(form.cleaned_data["kind"]), form.cleaned_data["reasons"]
        proposes = kind == Decision.Kind.CONFIRMED and not hasattr(answer, "proposal")
        if "confirmed" not in request.POST:
            return self.render_to_response(
                {
                    "answer": answer,
                    "asked": answer.check_asked,
                    "kind": kind,
                    "proposes": proposes,
                    "reasons": reasons,
                    "findings": explain(answer),
                    **window_context(answer),
                }
            )
        if proposes:
            attempt(
                request,
                lambda: actions.propose(answer=answer, reasons=reasons, by=request.user),
                done=_("The proposal is kept and the notice to the person is written. Nothing is decided yet."),
            )
            return redirect("vetoes:answer", answer.code)
        if kind != Decision.Kind.CONFIRMED:
            done = _("The proposal is lifted. Nothing stands against the person in this matter.")
        elif window_context(answer)["served_at_once"]:
            done = _("The veto is confirmed. The person is told; the slip is ready.")
        else:
            done = _("The veto is confirmed and the slip is ready. Hand it over with the letter.")
        attempt(
            request,
            lambda: actions.decide(answer=answer, kind=kind, reasons=reasons, by=request.user),
            done=done,
        )
        return redirect("vetoes:answer", answer.code)


class AnswerReveal(AnswerView):
    permissions = (Permission.REVEAL_IDENTITY,)
    template_name = "records/revealed.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = self.answer()
        if answer.outcome in {Outcome.NAME_MISMATCH, Outcome.UNAUTHORISED}:
            raise Http404  # nothing was answered about this person, so there is nobody to show
        person = get_object_or_404(Person, pk=answer.person_id)
        form = RevealForm(request.POST)
        if form.is_valid():
            number = attempt(
                request,
                lambda: reveal_identity(
                    person=person,
                    context=answer,
                    matter_number=answer.check_asked.matter_number,
                    reason=form.cleaned_data["reason"],
                    typed=answer.number,
                    by=request.user,
                ),
            )
            if number:
                back = request.path.replace("reveal/", "")
                return self.render_to_response({"number": number, "person": person, "back": back})
        else:
            messages.error(request, _("Say in a few words why the full number is needed."))
        return redirect("vetoes:answer", answer.code)


class SlipPdf(AnswerView):
    permissions = (Permission.VIEW_CHECK,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        slip = get_object_or_404(Slip, answer=self.answer())
        return pdf_response(actions.download_slip(slip=slip, by=request.user), f"{slip.number}.pdf")


class MySlip(GatedView):
    """The person downloads the slip through the notice that told of it."""

    permissions = (Permission.VIEW_ARCHIVE,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = get_object_or_404(
            Notice.objects.visible_to(request.user), number=self.kwargs["number"], about_type="slip"
        )
        slip = get_object_or_404(Slip, pk=notice.about_id, person_id__in=request.user.person_ids)
        return pdf_response(actions.download_slip(slip=slip, by=request.user), f"{slip.number}.pdf")
