"""Bodies, for system administrators."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, client_address
from profiles.organisations import actions
from profiles.organisations.forms import CompetenceForm, OrganisationForm, SignInRulesForm
from profiles.organisations.models import Organisation
from profiles.organisations.tables import OrganisationFilter, OrganisationTable, SignInRulesTable


def jurisdictions() -> list[tuple[str, str]]:
    """Codes and names, from the catalogue downstream; asked for by name because profiles do not import the archive."""
    model: Any = apps.get_model("archive", "Jurisdiction")
    return [(row.code, row.name) for row in model.objects.all()] or [("national", "national")]


class OrganisationList(Listing):
    permissions = (Permission.MANAGE_ORGANISATIONS,)
    table_class = OrganisationTable
    filterset_class = OrganisationFilter
    template_name = "organisations/list.html"
    title = gettext_lazy("Bodies")
    lead = gettext_lazy("Schools, source bodies and licensing bodies, and what each may do.")
    empty_title = gettext_lazy("No body yet")

    def get_queryset(self) -> Any:
        return Organisation.objects.visible_to(self.request.user).select_related("parent")


class OrganisationEdit(GatedView):
    """One page for a new body and for changing one."""

    permissions = (Permission.MANAGE_ORGANISATIONS,)
    template_name = "organisations/edit.html"

    def _organisation(self) -> Organisation | None:
        if "code" not in self.kwargs:
            return None
        return get_object_or_404(Organisation.objects.visible_to(self.request.user), code=self.kwargs["code"])

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = self._organisation()
        form = OrganisationForm(instance=organisation, jurisdictions=jurisdictions())
        return self.render_to_response({"form": form, "organisation": organisation})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = self._organisation()
        form = OrganisationForm(request.POST, instance=organisation, jurisdictions=jurisdictions())
        if form.is_valid():
            saved = actions.save_organisation(organisation=form.save(commit=False), by=request.user)
            messages.success(request, _("Saved."))
            return redirect("organisations:detail", saved.code)
        return self.render_to_response({"form": form, "organisation": organisation}, status=422)


class OrganisationDetail(GatedView):
    permissions = (Permission.MANAGE_ORGANISATIONS,)
    template_name = "organisations/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = get_object_or_404(
            Organisation.objects.visible_to(self.request.user).select_related("parent"), code=self.kwargs["code"]
        )
        return super().get_context_data(
            organisation=organisation,
            jurisdiction=dict(jurisdictions()).get(organisation.jurisdiction, organisation.jurisdiction),
            competences=organisation.competences.all(),
            **kwargs,
        )


class SignInRulesList(Listing):
    """For security administrators: from where and when the staff of each body may work."""

    permissions = (Permission.SET_SIGN_IN_RULES,)
    table_class = SignInRulesTable
    filterset_class = OrganisationFilter
    title = gettext_lazy("Sign-in rules")
    lead = gettext_lazy(
        "From where and at which hours the staff of each body may work. Persons reach their archive always."
    )
    empty_title = gettext_lazy("No body yet")

    def get_queryset(self) -> Any:
        return Organisation.objects.with_sign_in_rules_for(self.request.user)


class SignInRules(GatedView):
    permissions = (Permission.SET_SIGN_IN_RULES,)
    template_name = "organisations/sign_in_rules.html"

    def _organisation(self) -> Organisation:
        found: Organisation = get_object_or_404(
            Organisation.objects.with_sign_in_rules_for(self.request.user), code=self.kwargs["code"]
        )
        return found

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = self._organisation()
        form = SignInRulesForm(
            initial={
                "networks": "\n".join(organisation.networks),
                "open_from": organisation.open_from,
                "open_until": organisation.open_until,
            }
        )
        return self.render_to_response({"form": form, "organisation": organisation, "address": client_address(request)})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation, address = self._organisation(), client_address(request)
        form = SignInRulesForm(request.POST)
        if form.is_valid():
            try:
                actions.set_sign_in_rules(
                    organisation=organisation, address=address, by=request.user, **form.cleaned_data
                )
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("Saved. The rules hold from the next click of everybody in this body."))
                return redirect("organisations:sign_in_rules")
        return self.render_to_response({"form": form, "organisation": organisation, "address": address}, status=422)


class CompetenceCreate(GatedView):
    permissions = (Permission.MANAGE_ORGANISATIONS,)
    template_name = "organisations/competence.html"

    def _render(self, form: CompetenceForm, organisation: Organisation, status: int = 200) -> HttpResponse:
        return render(self.request, self.template_name, {"form": form, "organisation": organisation}, status=status)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=self.kwargs["code"])
        return self._render(CompetenceForm(), organisation)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=self.kwargs["code"])
        form = CompetenceForm(request.POST)
        if form.is_valid():
            try:
                actions.give_competence(organisation=organisation, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The competence was entered."))
                return redirect(reverse("organisations:detail", args=[organisation.code]))
        return self._render(form, organisation, status=422)
