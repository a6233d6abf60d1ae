"""Checks for examiners, slips for persons, rules for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from archive.access.actions import reveal_identity
from archive.catalogue.models import Item, LegalBasis
from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.intake.problems import Problem, Refused, sentence
from archive.intake.views import batch_context
from archive.notices.models import Notice
from archive.vetoes import actions, tasks
from archive.vetoes.explain import explain
from archive.vetoes.forms import AdoptionForm, DecisionForm, ListCheckForm, PersonCheckForm
from archive.vetoes.models import Answer, Check, Decision, Outcome, RuleAdoption, RuleVersion, Slip
from archive.vetoes.tables import AnswerFilter, AnswerTable, CheckFilter, CheckTable, RuleFilter, RuleTable
from profiles.common.exceptions import ActionRefused
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Listing, PublicListing, Request, attempt, pdf_response
from profiles.organisations.models import Competence
from profiles.people.forms import RevealForm
from profiles.people.models import Person

ROW_FIELDS = [("name", gettext_lazy("Name")), ("identity_number", gettext_lazy("Identity number"))]

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
    Outcome.NOT_FOUND: gettext_lazy(
        "No archive has this number. That says nothing about the person: compare the number with the card."
    ),
    Outcome.NAME_MISMATCH: gettext_lazy(
        "The number is on file with another name. Nothing is answered before both are right."
    ),
    Outcome.UNAUTHORISED: gettext_lazy("The person has not authorised this query. Ask for it; nothing was looked up."),
    Outcome.UNREADABLE: gettext_lazy("The number cannot be one. Correct it and check again."),
}


def _pairs(request: Request) -> set[tuple[str, str]]:
    return Competence.objects.to_check(request.user.organisation, timezone.localdate())


class CheckList(Listing):
    permissions = (Permission.VIEW_CHECK,)
    table_class = CheckTable
    filterset_class = CheckFilter
    template_name = "vetoes/checks.html"
    title = gettext_lazy("Checks")
    lead = gettext_lazy("What your body asked, and what was answered.")
    empty_title = gettext_lazy("No check yet")
    empty_text = gettext_lazy("Check one person, or upload the list of a whole intake.")

    def get_queryset(self) -> Any:
        return Check.objects.visible_to(self.request.user).select_related("account", "batch")


class CheckPerson(GatedView):
    permissions = (Permission.CHECK_PERSON,)
    template_name = "vetoes/check_person.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": PersonCheckForm(pairs=_pairs(request)), "competent": _pairs(request)})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        pairs = _pairs(request)
        form = PersonCheckForm(request.POST, pairs=pairs)
        if form.is_valid():
            try:
                answer = actions.check_person(
                    name=form.cleaned_data["name"],
                    number=form.cleaned_data["identity"].number,
                    by=request.user,
                    **form.question,
                )
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                return redirect("vetoes:answer", answer.code)
        return render(request, self.template_name, {"form": form, "competent": pairs}, status=422)


class CheckUpload(GatedView):
    permissions = (Permission.CHECK_PERSON,)
    template_name = "vetoes/check_list.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": ListCheckForm(pairs=_pairs(request)), "competent": _pairs(request)})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        pairs = _pairs(request)
        form = ListCheckForm(request.POST, request.FILES, pairs=pairs)
        if form.is_valid():
            try:
                asked = actions.ask_about_list(upload=form.cleaned_data["file"], by=request.user, **form.question)
            except Refused as refusal:
                form.add_error("file", sentence(Problem(refusal.code, params=refusal.params).as_json()))
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                assert asked.batch_id is not None
                after_commit(tasks.read_list, asked.batch_id)
                return redirect("vetoes:check", asked.code)
        return render(request, self.template_name, {"form": form, "competent": pairs}, status=422)


class _CheckView:
    kwargs: dict[str, Any]
    request: Request

    def asked(self) -> Check:
        return get_object_or_404(
            Check.objects.visible_to(self.request.user).select_related("batch", "account", "organisation"),
            code=self.kwargs["code"],
        )


class CheckDetail(_CheckView, Listing):
    """A list's progress and answers; a check of one person leads to its answer."""

    permissions = (Permission.VIEW_CHECK,)
    table_class = AnswerTable
    filterset_class = AnswerFilter
    template_name = "vetoes/check.html"
    empty_title = gettext_lazy("No answer of this kind")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.asked()
        if asked.batch_id is None:
            return redirect("vetoes:answer", asked.answers.get().code)
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["vetoes/check_body.html"] if self.request.htmx else [self.template_name]

    def get_queryset(self) -> Any:
        return Answer.objects.visible_to(self.request.user).filter(check_asked=self.asked()).select_related("decision")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked()
        assert asked.batch is not None
        labels = dict(Outcome.choices)
        context = super().get_context_data(**kwargs)
        context.update(batch_context(asked.batch, self.request, fields=ROW_FIELDS))
        context.update(
            asked=asked,
            outcomes=[
                (value, labels[value], asked.counts[value]) for value in Outcome.values if asked.counts.get(value)
            ],
            undecided=self.get_queryset().undecided().count() if asked.is_answered else 0,
            total=sum(asked.counts.values()),
            chosen=self.request.GET.get("outcome", ""),
            steps=[_("Upload"), _("Reading"), _("Confirm"), _("Answered")],
            step={"received": 2, "reading": 2, "ready": 3, "done": 5}.get(asked.batch.state, 4),
        )
        return context


class CheckConfirm(_CheckView, GatedView):
    permissions = (Permission.CHECK_PERSON,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.asked()
        batch = get_object_or_404(Batch, pk=asked.batch_id)
        if attempt(request, lambda: intake.confirm(batch=batch, permission=Permission.CHECK_PERSON, by=request.user)):
            after_commit(tasks.answer_list, batch.pk)
        return redirect("vetoes:check", asked.code)


class CheckCancel(_CheckView, GatedView):
    permissions = (Permission.CHECK_PERSON,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.asked()
        batch = get_object_or_404(Batch, pk=asked.batch_id)
        attempt(
            request,
            lambda: intake.cancel(batch=batch, permission=Permission.CHECK_PERSON, by=request.user),
            done=_("The list was discarded; nobody was looked up."),
        )
        return redirect("vetoes:checks")


class _AnswerView(GatedView):
    def answer(self) -> Answer:
        return get_object_or_404(
            Answer.objects.visible_to(self.request.user).select_related(
                "check_asked__account", "organisation", "decision__decided_by", "slip"
            ),
            code=self.kwargs["code"],
        )


class AnswerDetail(_AnswerView):
    permissions = (Permission.VIEW_CHECK,)
    template_name = "vetoes/answer.html"

    def _context(self, answer: Answer, form: DecisionForm) -> dict[str, Any]:
        reminders = [
            rule
            for rule in RuleVersion.objects.for_checks_of(
                answer.organisation,
                moment=answer.check_asked.known_at or timezone.now(),
                day=answer.check_asked.day or timezone.localdate(),
            ).filter(needs_outside_check=True)
            if answer.check_asked.event in rule.events
            and (answer.check_asked.group in rule.groups or "*" in rule.groups)
        ]
        return {
            "answer": answer,
            "asked": answer.check_asked,
            "findings": explain(answer),
            "meaning": MEANINGS[answer.outcome],
            "problems": [sentence(problem, row=answer.row) for problem in answer.problems],
            "form": form,
            "reminders": reminders,
            "decision": getattr(answer, "decision", None),
            "slip": getattr(answer, "slip", None),
            "may_decide": can(self.request.user, Permission.DECIDE_CHECK, answer) and answer.awaits_decision,
            "reveal_form": RevealForm(),
        }

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(self.answer(), DecisionForm()))


class AnswerDecide(_AnswerView):
    """First what will happen, then the decision."""

    permissions = (Permission.DECIDE_CHECK,)
    http_method_names = ["post"]
    template_name = "vetoes/decide.html"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = self.answer()
        form = DecisionForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a decision and give the reasons in a sentence."))
            return redirect("vetoes:answer", answer.code)
        kind = Decision.Kind(form.cleaned_data["kind"])
        if "confirmed" not in request.POST:
            return self.render_to_response(
                {
                    "answer": answer,
                    "asked": answer.check_asked,
                    "kind": kind,
                    "reasons": form.cleaned_data["reasons"],
                    "findings": explain(answer),
                }
            )
        done = (
            _("The veto is confirmed. The person is told; the slip is ready.")
            if kind == Decision.Kind.CONFIRMED
            else _("The proposal is lifted. Nothing stands against the person in this matter.")
        )
        attempt(
            request,
            lambda: actions.decide(answer=answer, kind=kind, reasons=form.cleaned_data["reasons"], by=request.user),
            done=done,
        )
        return redirect("vetoes:answer", answer.code)


class AnswerReveal(_AnswerView):
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


class SlipPdf(_AnswerView):
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


class RuleList(PublicListing):
    table_class = RuleTable
    filterset_class = RuleFilter
    title = gettext_lazy("Veto rules")
    lead = gettext_lazy(
        "What bars what, on what basis, for how long. Only laws and administrative regulations carry a veto."
    )
    empty_title = gettext_lazy("The rules have not been loaded")

    def get_queryset(self) -> Any:
        return RuleVersion.objects.current()


class RuleDetail(TemplateView):
    template_name = "vetoes/rule.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = get_object_or_404(RuleVersion.objects.current(), code=self.kwargs["code"])
        titles = LegalBasis.objects.in_bulk([basis["code"] for basis in rule.bases])
        items = {item.code: item for item in Item.objects.newest()}
        clauses = [
            {**clause, "items": [items[code] for code in clause["items"]], "start": clause["from"]}
            for clause in rule.clauses
        ]
        return super().get_context_data(
            rule=rule,
            bases=[(titles[basis["code"]], basis.get("articles", "")) for basis in rule.bases],
            clauses=clauses,
            adoptions=RuleAdoption.objects.filter(rule_code=rule.code).select_related("organisation"),
            **kwargs,
        )


class RuleAdopt(GatedView):
    permissions = (Permission.ADOPT_RULE,)
    template_name = "vetoes/adopt.html"

    def _rule(self) -> RuleVersion:
        return get_object_or_404(RuleVersion.objects.current(), code=self.kwargs["code"], status=RuleVersion.Status.OFF)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": AdoptionForm(), "rule": self._rule()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        rule = self._rule()
        form = AdoptionForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.adopt_rule(rule=rule, by=request.user, **form.cleaned_data),
            done=_("The rule holds for this body's checks."),
        ):
            return redirect("vetoes:rule", rule.code)
        return render(request, self.template_name, {"form": form, "rule": rule}, status=422)
