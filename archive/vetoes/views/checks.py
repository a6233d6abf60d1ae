"""Checks for examiners: of one person, of a list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.intake.problems import Problem, Refused, sentence
from archive.intake.views import batch_context
from archive.vetoes import actions, tasks
from archive.vetoes.forms import ListCheckForm, PersonCheckForm
from archive.vetoes.models import Answer, Check, Outcome
from archive.vetoes.tables import AnswerFilter, AnswerTable, CheckFilter, CheckTable
from profiles.common.exceptions import ActionRefused
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt
from profiles.organisations.models import Competence

ROW_FIELDS = [("name", gettext_lazy("Name")), ("identity_number", gettext_lazy("Identity number"))]


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
            result=asked.results.filter(language=get_language() or "").first(),
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
