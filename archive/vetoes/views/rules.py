"""Rules, for everybody to read; bodies adopt those that are off."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from archive.catalogue.models import Item, LegalBasis
from archive.vetoes import actions
from archive.vetoes.forms import AdoptionForm, ReasonForm
from archive.vetoes.models import RuleAdoption, RuleVersion
from archive.vetoes.tables import AdoptionFilter, AdoptionTable, RuleFilter, RuleTable
from profiles.common.permissions import Permission, Scope, can
from profiles.common.views import GatedView, Listing, PublicListing, Request, attempt, file_response


class RuleList(PublicListing):
    table_class = RuleTable
    filterset_class = RuleFilter
    template_name = "vetoes/rules.html"
    title = gettext_lazy("Veto rules")
    lead = gettext_lazy(
        "What bars what, on what basis, for how long. Only laws and administrative regulations carry a veto."
    )
    empty_title = gettext_lazy("The rules have not been loaded")

    def get_queryset(self) -> Any:
        return RuleVersion.objects.current()


class RuleDetail(TemplateView):
    """The version in force, or an earlier one by its number."""

    template_name = "vetoes/rule.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = RuleVersion.objects.filter(code=self.kwargs["code"]).order_by("-version")
        wanted = self.kwargs.get("version")
        rule = get_object_or_404(versions, version=wanted) if wanted else versions.filter(valid_to=None).first()
        rule = rule or get_object_or_404(versions[:1])
        titles = LegalBasis.objects.in_bulk([basis["code"] for basis in rule.bases])
        items = {item.code: item for item in Item.objects.newest()}
        clauses = [
            {**clause, "items": [items[code] for code in clause["items"]], "start": clause["from"]}
            for clause in rule.clauses
        ]
        adoptions = RuleAdoption.objects.filter(rule_code=rule.code, approved_at__isnull=False)
        return super().get_context_data(
            rule=rule,
            versions=list(versions),
            bases=[(titles[basis["code"]], basis.get("articles", "")) for basis in rule.bases],
            clauses=clauses,
            adoptions=adoptions.select_related("organisation"),
            **kwargs,
        )


class RuleAdopt(GatedView):
    """A body's examiner proposes for the own body; an officer for any."""

    permissions = (Permission.PROPOSE_ADOPTION,)
    template_name = "vetoes/adopt.html"

    def _rule(self) -> RuleVersion:
        return get_object_or_404(RuleVersion.objects.current(), code=self.kwargs["code"], status=RuleVersion.Status.OFF)

    def _form(self, *data: Any) -> AdoptionForm:
        for_all = Scope.ALL in self.request.user.scopes(Permission.PROPOSE_ADOPTION)
        return AdoptionForm(*data, organisation=None if for_all else self.request.user.organisation)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": self._form(), "rule": self._rule()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        rule, form = self._rule(), self._form(request.POST, request.FILES)
        if form.is_valid():
            said = {"organisation": request.user.organisation, **form.cleaned_data}
            adoption = attempt(
                request,
                lambda: actions.propose_adoption(rule=rule, by=request.user, **said),
                done=_("Proposed. The credit office compares the document and approves it."),
            )
            if adoption is not None:
                return redirect("vetoes:adoption", adoption.code)
        return render(request, self.template_name, {"form": form, "rule": rule}, status=422)


class AdoptionList(Listing):
    permissions = (Permission.PROPOSE_ADOPTION, Permission.ADOPT_RULE)
    table_class = AdoptionTable
    filterset_class = AdoptionFilter
    title = gettext_lazy("Adopted rules")
    lead = gettext_lazy("Rules that are off by default and hold for a body's checks by its own document.")
    empty_title = gettext_lazy("Nothing adopted yet")
    empty_text = gettext_lazy("Open a rule that is off and propose it for your body, with the document attached.")

    def get_queryset(self) -> Any:
        return RuleAdoption.objects.visible_to(self.request.user).select_related("organisation", "proposed_by")


class _AdoptionView(GatedView):
    permissions: ClassVar[tuple[Permission, ...]] = (Permission.PROPOSE_ADOPTION, Permission.ADOPT_RULE)

    def adoption(self) -> RuleAdoption:
        rows = RuleAdoption.objects.visible_to(self.request.user)
        return get_object_or_404(
            rows.select_related("organisation", "proposed_by", "approved_by", "declined_by"), code=self.kwargs["code"]
        )


class AdoptionDetail(_AdoptionView):
    template_name = "vetoes/adoption.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        adoption, account = self.adoption(), self.request.user
        return super().get_context_data(
            adoption=adoption,
            rule=RuleVersion.objects.newest().filter(code=adoption.rule_code).first(),
            may_decide=can(account, Permission.ADOPT_RULE) and adoption.state == "proposed",
            own=adoption.proposed_by_id == account.pk,
            form=ReasonForm(),
            **kwargs,
        )


class AdoptionDocument(_AdoptionView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        adoption = self.adoption()
        data = actions.read_document(adoption=adoption, by=request.user)
        ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}.get(adoption.file_type, "bin")
        return file_response(data, f"{adoption.code}.{ending}", adoption.file_type)


class AdoptionApprove(_AdoptionView):
    permissions = (Permission.ADOPT_RULE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        adoption = self.adoption()
        attempt(
            request,
            lambda: actions.approve_adoption(adoption=adoption, by=request.user),
            done=_("The rule holds for this body's checks."),
        )
        return redirect("vetoes:adoption", adoption.code)


class AdoptionDecline(_AdoptionView):
    permissions = (Permission.ADOPT_RULE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        adoption = self.adoption()
        attempt(
            request,
            lambda: actions.decline_adoption(adoption=adoption, reason=request.POST.get("reason", ""), by=request.user),
            done=_("Declined. The body reads why."),
        )
        return redirect("vetoes:adoption", adoption.code)


class AdoptionEnd(_AdoptionView):
    permissions = (Permission.PROPOSE_ADOPTION,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        adoption = self.adoption()
        attempt(
            request,
            lambda: actions.end_adoption(adoption=adoption, by=request.user),
            done=_("Ended. From tomorrow the rule holds for this body's checks no more."),
        )
        return redirect("vetoes:adoption", adoption.code)
