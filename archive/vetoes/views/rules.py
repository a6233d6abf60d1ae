"""Rules, for everybody to read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from archive.catalogue.models import Item, LegalBasis
from archive.vetoes import actions
from archive.vetoes.forms import AdoptionForm
from archive.vetoes.models import RuleAdoption, RuleVersion
from archive.vetoes.tables import RuleFilter, RuleTable
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, PublicListing, Request, attempt


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
