"""Who looked: for the person and for the auditor. Authorisations given and withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.access import actions
from archive.access.forms import AuthorisationForm
from archive.access.models import Authorisation, QueryLine
from archive.access.tables import MyQueryFilter, MyQueryTable, RegisterFilter, RegisterTable
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt


class Register(Listing):
    """For auditors; a person's account has the own lines on its own page."""

    permissions = (Permission.VIEW_TRAIL,)
    table_class = RegisterTable
    filterset_class = RegisterFilter
    paginate_by = 50
    title = gettext_lazy("Query register")
    lead = gettext_lazy("Every query about a person: who asked, for what matter, by what right, and what was answered.")
    empty_title = gettext_lazy("Nobody has asked yet")

    def get_queryset(self) -> Any:
        return QueryLine.objects.visible_to(self.request.user).select_related("organisation")


class MyQueries(Listing):
    permissions = (Permission.VIEW_ARCHIVE,)
    table_class = MyQueryTable
    filterset_class = MyQueryFilter
    template_name = "access/my_queries.html"
    title = gettext_lazy("Who looked at your archive")
    lead = gettext_lazy("Each query by a body, and each report that you made. Lines are kept for ten years.")
    empty_title = gettext_lazy("Nobody has looked")
    empty_text = gettext_lazy("As soon as a body asks about you, it stands here with purpose and matter number.")

    def get_queryset(self) -> Any:
        return QueryLine.objects.visible_to(self.request.user).select_related("organisation")


class MyAuthorisations(GatedView):
    permissions = (Permission.AUTHORISE,)
    template_name = "access/authorisations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        rows = Authorisation.objects.visible_to(self.request.user).select_related("organisation")
        shown = [(row, row.is_live_on(today)) for row in rows]
        return super().get_context_data(authorisations=shown, **kwargs)


class Authorise(GatedView):
    permissions = (Permission.AUTHORISE,)
    template_name = "access/authorise.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": AuthorisationForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AuthorisationForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.authorise(by=request.user, **form.cleaned_data),
            done=_("The authorisation is given. You can withdraw it at any time."),
        ):
            return redirect("access:my_authorisations")
        return render(request, self.template_name, {"form": form}, status=422)


class Withdraw(GatedView):
    permissions = (Permission.AUTHORISE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        authorisation = get_object_or_404(Authorisation.objects.visible_to(request.user), code=self.kwargs["code"])
        attempt(
            request,
            lambda: actions.withdraw(authorisation=authorisation, by=request.user),
            done=_("The authorisation is withdrawn."),
        )
        return redirect("access:my_authorisations")
