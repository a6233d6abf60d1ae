"""Recalls: the worklist, and one of them with what was answered, what changed, and what holds now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.catalogue.periods import settings_of
from archive.records.models import Entry
from archive.vetoes import actions, comparing
from archive.vetoes.explain import explain
from archive.vetoes.models import Decision, RecallTask
from archive.vetoes.recall_tables import RecallFilter, RecallTable
from archive.vetoes.watch_forms import RecallForm
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Listing, Request, attempt


class Recalls(Listing):
    permissions = (Permission.VIEW_CHECK,)
    table_class = RecallTable
    filterset_class = RecallFilter
    title = gettext_lazy("Recalled answers")
    lead = gettext_lazy(
        "An entry on which these answers rest has since been corrected, repaired or withdrawn. Look again and say what becomes "
        "of the decision."
    )
    empty_title = gettext_lazy("Nothing is recalled")
    empty_text = gettext_lazy("When an entry on which an answer of your body rests no longer holds, it stands here.")

    def get_queryset(self) -> Any:
        return RecallTask.objects.visible_to(self.request.user).select_related(
            "answer__check_asked", "answer__decision"
        )


class _RecallView(GatedView):
    def recalled(self) -> RecallTask:
        tasks = RecallTask.objects.visible_to(self.request.user).select_related(
            "answer__check_asked__account", "answer__organisation", "answer__decision__decided_by", "answer__slip",
            "organisation", "rechecked__check_asked", "done_by",
        )  # fmt: skip
        return get_object_or_404(tasks, code=self.kwargs["code"])


class RecallDetail(_RecallView):
    permissions = (Permission.VIEW_CHECK,)
    template_name = "vetoes/recall_one.html"

    def page(self, recalled: RecallTask, form: RecallForm, status: int = 200) -> HttpResponse:
        account: Any = self.request.user
        decision = getattr(recalled.answer, "decision", None)
        causes = list(recalled.causes.all())
        entries = Entry.objects.select_related("record").in_bulk([cause.entry_id for cause in causes])
        context = {
            "recalled": recalled,
            "answer": recalled.answer,
            "asked": recalled.answer.check_asked,
            "decision": decision,
            "slip": getattr(recalled.answer, "slip", None),
            "causes": [(cause, entries.get(cause.entry_id)) for cause in causes],
            "then": explain(recalled.answer),
            "replays": comparing.replays(recalled.answer),
            "now": explain(recalled.rechecked) if recalled.rechecked else [],
            "overdue": recalled.is_overdue(timezone.localdate()),
            "setting": settings_of(recalled.organisation.jurisdiction).get("recall_working_days"),
            "form": form,
            "may_check": recalled.done_at is None and can(account, Permission.CHECK_PERSON, recalled),
            "may_conclude": recalled.done_at is None and can(account, Permission.DECIDE_CHECK, recalled),
        }
        return self.render_to_response(context, status=status)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        recalled = self.recalled()
        return self.page(recalled, RecallForm(confirmed=is_confirmed(recalled)))


def is_confirmed(recalled: RecallTask) -> bool:
    decision = getattr(recalled.answer, "decision", None)
    return decision is not None and decision.kind == Decision.Kind.CONFIRMED


class RecallCheck(_RecallView):
    permissions = (Permission.CHECK_PERSON,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        recalled = self.recalled()
        attempt(
            request,
            lambda: actions.recheck(recalled=recalled, by=request.user),
            done=_("The check was run again. The query stands in the register."),
        )
        return redirect("vetoes:recall", recalled.code)


class RecallConclude(_RecallView):
    """First what will happen, then the conclusion."""

    permissions = (Permission.DECIDE_CHECK,)
    http_method_names = ["post"]
    template_name = "vetoes/recall_conclude.html"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        recalled = self.recalled()
        form = RecallForm(request.POST, confirmed=is_confirmed(recalled))
        if not form.is_valid():
            messages.error(request, _("Choose an outcome and give the reasons in a sentence."))
            return redirect("vetoes:recall", recalled.code)
        outcome = RecallTask.Outcome(form.cleaned_data["outcome"])
        if "confirmed" not in request.POST:
            context = {"recalled": recalled, "answer": recalled.answer, "asked": recalled.answer.check_asked,
                       "outcome": outcome, "reasons": form.cleaned_data["reasons"]}  # fmt: skip
            return self.render_to_response(context)
        attempt(
            request,
            lambda: actions.conclude_recall(
                recalled=recalled, outcome=outcome, reasons=form.cleaned_data["reasons"], by=request.user
            ),
            done=_("The recall is concluded."),
        )
        return redirect("vetoes:recall", recalled.code)
