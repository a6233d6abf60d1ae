"""Review programmes: their list, setting one up, its page with the progress, and what is done for many applicants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.intake.models import Batch
from archive.intake.problems import Problem, Refused, sentence
from archive.vetoes import actions, tasks
from archive.vetoes.actions.gate_deciding import BULK_LIMIT
from archive.vetoes.gate_forms import ApplicantForm, ApplicantListForm, ProgrammeForm
from archive.vetoes.gate_queries import rules_since
from archive.vetoes.gate_tables import ApplicantFilter, ApplicantTable, ProgrammeFilter, ProgrammeTable
from archive.vetoes.gate_text import WIDTH, picture
from archive.vetoes.models import Applicant, Check, ReviewProgramme
from archive.vetoes.views.checks import _pairs
from profiles.common.exceptions import ActionRefused
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt


class ProgrammeList(Listing):
    permissions = (Permission.KEEP_PROGRAMME, Permission.DECIDE_APPLICANT)
    table_class = ProgrammeTable
    filterset_class = ProgrammeFilter
    template_name = "vetoes/gate_programmes.html"
    title = gettext_lazy("Review programmes")
    lead = gettext_lazy("Rounds of review in which nobody is approved without a fresh check.")
    empty_title = gettext_lazy("No programme yet")
    empty_text = gettext_lazy("Set one up for the next annual review, intake or title evaluation.")

    def get_queryset(self) -> Any:
        return ReviewProgramme.objects.visible_to(self.request.user).with_counts()


class ProgrammeNew(GatedView):
    """The form, the page that says what will happen, then the programme."""

    permissions = (Permission.KEEP_PROGRAMME,)
    template_name = "vetoes/gate_new.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        pairs = _pairs(request)
        return self.render_to_response({"form": ProgrammeForm(pairs=pairs), "competent": pairs})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        pairs = _pairs(request)
        form = ProgrammeForm(request.POST, pairs=pairs)
        if form.is_valid():
            if "confirmed" not in request.POST:
                return self.render_to_response({"form": form, "chosen": form.chosen})
            try:
                programme = actions.open_programme(**form.programme, by=request.user)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                return redirect("vetoes:programme", programme.code)
        return self.render_to_response({"form": form, "competent": pairs}, status=422)


class _ProgrammeView:
    kwargs: dict[str, Any]
    request: Request

    def programme(self) -> ReviewProgramme:
        return get_object_or_404(
            ReviewProgramme.objects.visible_to(self.request.user).select_related("organisation", "made_by"),
            code=self.kwargs["code"],
        )


class ProgrammeDetail(_ProgrammeView, Listing):
    """The progress as a picture, the applicants as a table."""

    permissions = (Permission.KEEP_PROGRAMME, Permission.DECIDE_APPLICANT)
    table_class = ApplicantTable
    filterset_class = ApplicantFilter
    template_name = "vetoes/gate_programme.html"
    empty_title = gettext_lazy("No applicant yet")
    empty_text = gettext_lazy("Add them one by one, upload their list, or take over a list that was answered.")

    def setup(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()

    def get_queryset(self) -> Any:
        self.shown = self.programme()
        applicants = Applicant.objects.visible_to(self.request.user).of_programme(self.shown)
        return applicants.with_freshness(self.shown, now=self.now)

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(filterset_class), "programme": self.shown, "now": self.now}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme = self.shown
        tally = Applicant.objects.tally(programme, now=self.now)
        context = super().get_context_data(**kwargs)
        context.update(
            title=programme.name,
            programme=programme,
            is_open=programme.is_open_on(timezone.localdate(self.now)),
            tally=tally,
            parts=picture(tally),
            width=WIDTH,
            rules_since=rules_since(programme, now=self.now),
            working=programme.carried_lists.filter(taken_at=None, check_asked__batch__state__in=Batch.OPEN)
            .select_related("check_asked")
            .first(),
            steps=[_("Received"), _("Checked"), _("Decision")],
            step=1 if not tally["total"] else 4 if tally["total"] == tally["approved"] + tally["refused"] else 2,
        )
        return context


class ProgrammePrint(_ProgrammeView, GatedView):
    """The programme on paper: its terms, its progress, everybody with what was decided."""

    permissions = (Permission.KEEP_PROGRAMME, Permission.DECIDE_APPLICANT)
    template_name = "vetoes/gate_print.html"
    LIMIT = 2_000

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme, now = self.programme(), timezone.now()
        applicants = Applicant.objects.of_programme(programme).with_freshness(programme, now=now)
        rows = list(applicants.select_related("final__decided_by", "final__slip")[: self.LIMIT])
        tally = Applicant.objects.tally(programme, now=now)
        return super().get_context_data(
            programme=programme, now=now, rows=rows, tally=tally, parts=picture(tally), limit=self.LIMIT, **kwargs
        )


class ApplicantAdd(_ProgrammeView, GatedView):
    permissions = (Permission.KEEP_PROGRAMME,)
    template_name = "vetoes/gate_add.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": ApplicantForm(), "programme": self.programme()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme, form = self.programme(), ApplicantForm(request.POST)
        if form.is_valid():
            name, number = form.cleaned_data["name"], form.cleaned_data["identity"].number
            try:
                applicant = actions.add_applicant(programme=programme, name=name, number=number, by=request.user)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                return redirect("vetoes:applicant", applicant.code)
        return self.render_to_response({"form": form, "programme": programme}, status=422)


class ApplicantUpload(_ProgrammeView, GatedView):
    """A list of applicants goes through the road of checks, and comes back with its answers."""

    permissions = (Permission.KEEP_PROGRAMME,)
    template_name = "vetoes/gate_upload.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": ApplicantListForm(), "programme": self.programme()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme, form = self.programme(), ApplicantListForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                asked = actions.order_list(
                    upload=form.cleaned_data["file"], question=programme.question, programme=programme, by=request.user
                )
            except Refused as refusal:
                form.add_error("file", sentence(Problem(refusal.code, params=refusal.params).as_json()))
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                after_commit(tasks.carry_list, asked.pk)
                return redirect("vetoes:programme", programme.code)
        return self.render_to_response({"form": form, "programme": programme}, status=422)


class TakeOver(_ProgrammeView, GatedView):
    """Answered lists of the same question; what will happen stands beside each."""

    permissions = (Permission.KEEP_PROGRAMME,)
    template_name = "vetoes/gate_take.html"

    def lists(self, programme: ReviewProgramme) -> Any:
        same = {name: getattr(programme, name) for name in ("organisation", "group", "event", "post")}
        asked = Check.objects.filter(**same, batch__isnull=False, known_at__isnull=False).exclude(
            carried__programme=programme
        )
        return asked.select_related("batch", "account").order_by("-asked_at")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme = self.programme()
        return self.render_to_response({"programme": programme, "lists": self.lists(programme)[:50]})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme = self.programme()
        asked = get_object_or_404(self.lists(programme), code=request.POST.get("check", ""))
        taken = attempt(request, lambda: actions.take_answers(programme=programme, asked=asked, by=request.user))
        if taken:
            messages.success(
                request,
                _("%(added)s applicants are new, %(renewed)s have a newer answer.")
                % {"added": taken[0], "renewed": taken[1]},
            )
        return redirect("vetoes:programme", programme.code)


class Recheck(_ProgrammeView, GatedView):
    """Ask again about all whose answer does not count any more: first what will happen, then the list."""

    permissions = (Permission.KEEP_PROGRAMME,)
    template_name = "vetoes/gate_recheck.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme = self.programme()
        stale = Applicant.objects.stale(programme, now=timezone.now()).count()
        return self.render_to_response({"programme": programme, "stale": stale})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme = self.programme()
        asked = attempt(
            request,
            lambda: actions.recheck_stale(programme=programme, by=request.user),
            done=_("The list is being checked. The answers come in by themselves."),
        )
        if asked:
            after_commit(tasks.carry_list, asked.pk)
        return redirect("vetoes:programme", programme.code)


class ApproveReady(_ProgrammeView, GatedView):
    """Approve all who are clear and fresh: first what will happen, then the act."""

    permissions = (Permission.DECIDE_APPLICANT,)
    template_name = "vetoes/gate_approve.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme, now = self.programme(), timezone.now()
        ready = Applicant.objects.ready(programme, now=now)
        own = ready.filter(answer__check_asked__account=request.user).count()
        everybody = Applicant.objects.ready(programme, now=now, unknown=True)
        unknown = (
            everybody.filter(answer__outcome="not_found").exclude(answer__check_asked__account=request.user).count()
        )
        tally = Applicant.objects.tally(programme, now=now)
        return self.render_to_response(
            {
                "programme": programme,
                "ready": min(tally["ready"] - own, BULK_LIMIT),
                "later": max(tally["ready"] - own - BULK_LIMIT, 0),
                "own": own,
                "unknown": unknown,
                "parts": [part for part in picture(tally) if part["code"] not in {"ready", "approved", "refused"}],
            }
        )

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        programme = self.programme()
        if "stand" not in request.POST:
            return redirect("vetoes:approve_ready", programme.code)
        reasons = request.POST.get("reasons", "") if "unknown" in request.POST else ""
        if "unknown" in request.POST and not reasons.strip():
            messages.error(request, _("Give the reasons in a sentence."))
            return redirect("vetoes:approve_ready", programme.code)
        done = attempt(request, lambda: actions.approve_ready(programme=programme, reasons=reasons, by=request.user))
        if done:
            messages.success(request, _("%(count)s applicants are approved.") % {"count": done})
        return redirect("vetoes:programme", programme.code)
