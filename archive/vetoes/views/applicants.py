"""One applicant: what is happening with the case, the final word, asking once more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.vetoes import actions
from archive.vetoes.actions.gate_deciding import SENTENCES
from archive.vetoes.explain import explain
from archive.vetoes.gate_forms import ApplicantForm, FinalForm
from archive.vetoes.gate_rules import Fault, Standing, approval_fault, refusal_fault
from archive.vetoes.gate_text import badge, happens, holds_until, stands
from archive.vetoes.models import Applicant, GateDecision
from profiles.audit.models import AuditEvent
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Request, attempt

HISTORY = 50


class _ApplicantView(GatedView):
    def applicant(self) -> Applicant:
        found = Applicant.objects.visible_to(self.request.user).select_related(
            "programme", "organisation", "added_by", "answer__check_asked__account", "answer__decision__decided_by",
            "answer__slip", "final__decided_by", "final__slip", "final__check_asked",
        )  # fmt: skip
        return get_object_or_404(found, code=self.kwargs["code"])

    def standing(self, applicant: Applicant) -> Standing:
        now = timezone.now()
        fresh = Applicant.objects.fresh(applicant.programme, now=now).filter(pk=applicant.pk).exists()
        return stands(applicant, fresh=fresh)


class ApplicantDetail(_ApplicantView):
    permissions = (Permission.KEEP_PROGRAMME, Permission.DECIDE_APPLICANT)
    template_name = "vetoes/gate_applicant.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        applicant = self.applicant()
        now = self.standing(applicant)
        outcome = applicant.answer.outcome if applicant.answer is not None else ""
        deciding = can(self.request.user, Permission.DECIDE_APPLICANT, applicant)
        final = getattr(applicant, "final", None)
        needs = approval_fault(now, outcome=outcome, reasons="")
        return super().get_context_data(
            applicant=applicant,
            programme=applicant.programme,
            answer=applicant.answer,
            decision=getattr(applicant.answer, "decision", None),
            final=final,
            standing=now,
            badge=badge(now),
            happens=happens(now, told=final is not None and final.slip is not None),
            holds_until=holds_until(applicant),
            findings=explain(applicant.answer) if applicant.answer is not None else [],
            steps=[_("Received"), _("Checked"), _("Decision")],
            step=4 if now in {Standing.APPROVED, Standing.REFUSED} else 2 if now is Standing.STALE else 3,
            may_approve=deciding and needs in {None, Fault.NO_REASONS},
            reasons_needed=needs is Fault.NO_REASONS,
            may_refuse=deciding and refusal_fault(now, reasons="x") is None,
            why_not=SENTENCES[needs] if needs not in {None, Fault.NO_REASONS, Fault.DECIDED} else "",
            may_check=now not in {Standing.APPROVED, Standing.REFUSED}
            and can(self.request.user, Permission.KEEP_PROGRAMME, applicant),
            form=FinalForm(),
            correction=ApplicantForm() if now is Standing.UNCLEAR else None,
            history=self._history(applicant),
            **kwargs,
        )

    def _history(self, applicant: Applicant) -> Any:
        events = AuditEvent.objects.filter(object_type="applicant", object_id=str(applicant.pk)).order_by("-at")
        return list(events[:HISTORY])


class ApplicantDecide(_ApplicantView):
    """What will happen, then the act."""

    permissions = (Permission.DECIDE_APPLICANT,)
    http_method_names = ["post"]
    template_name = "vetoes/gate_decide.html"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        applicant, form = self.applicant(), FinalForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a decision and give the reasons in a sentence."))
            return redirect("vetoes:applicant", applicant.code)
        kind, reasons = GateDecision.Kind(form.cleaned_data["kind"]), form.cleaned_data["reasons"]
        if "confirmed" not in request.POST:
            told = kind == GateDecision.Kind.REFUSED and getattr(applicant.answer, "slip", None) is not None
            context = {"applicant": applicant, "programme": applicant.programme, "kind": kind, "reasons": reasons}
            return self.render_to_response({**context, "answer": applicant.answer, "told": told})
        act = actions.approve_applicant if kind == GateDecision.Kind.APPROVED else actions.refuse_applicant
        done = _("The applicant is approved.") if kind == GateDecision.Kind.APPROVED else _("The applicant is refused.")
        attempt(request, lambda: act(applicant=applicant, reasons=reasons, by=request.user), done=done)
        return redirect("vetoes:applicant", applicant.code)


class ApplicantCheck(_ApplicantView):
    """Ask once more, with name and number corrected where they had not been right."""

    permissions = (Permission.KEEP_PROGRAMME,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        applicant, changed = self.applicant(), {}
        if "identity" in request.POST:
            form = ApplicantForm(request.POST)
            if not form.is_valid():
                messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
                return redirect("vetoes:applicant", applicant.code)
            changed = {"name": form.cleaned_data["name"], "number": form.cleaned_data["identity"].number}
        attempt(
            request,
            lambda: actions.check_applicant(applicant=applicant, **changed, by=request.user),
            done=_("The answer is new."),
        )
        return redirect("vetoes:applicant", applicant.code)
