"""Staff accounts for administrators, and how a person opens the own account."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from profiles.accounts import actions
from profiles.accounts.forms import ActivationForm, GrantForm, LeavingForm, StaffForm
from profiles.accounts.models import Account, RoleGrant
from profiles.accounts.permissions import ADMINISTRATORS, GRANTS, Role
from profiles.accounts.tables import AccountFilter, AccountTable
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require
from profiles.common.views import GatedView, Listing, Request, attempt

BACKEND = "profiles.accounts.backends.AccountBackend"


@method_decorator(never_cache, name="dispatch")
class Activate(FormView):
    """Open to everybody; ten tries an hour from one address."""

    template_name = "account/activate.html"
    form_class = ActivationForm

    def form_valid(self, form: ActivationForm) -> HttpResponse:
        if not ratelimit.consume(self.request, action="activate"):
            form.add_error(None, _("Too many attempts from this address. Try again in an hour."))
            return self.form_invalid(form)
        data = form.cleaned_data
        try:
            account = actions.activate(
                code=data["code"],
                name=data["name"],
                number=data["identity"].number,
                username=data["username"],
                password=data["password"],
                email=data["email"],
                by=System("activation"),
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
            return self.form_invalid(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        login(self.request, account, backend=BACKEND)
        record_authentication(self.request, account, "password", reauthenticated=True)
        messages.success(
            self.request, _("Your account is open. Now set up a second factor, then you see your archive.")
        )
        return redirect("mfa_index")

    def form_invalid(self, form: ActivationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class StaffList(Listing):
    permissions = (Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES)
    table_class = AccountTable
    filterset_class = AccountFilter
    template_name = "staff/list.html"
    title = gettext_lazy("Accounts")
    lead = gettext_lazy(
        "Members of staff. System administrators open and end accounts, security administrators grant roles."
    )
    empty_title = gettext_lazy("No account yet")

    def get_queryset(self) -> Any:
        current = Prefetch("role_grants", RoleGrant.objects.current(), to_attr="current_grants")
        return Account.objects.visible_to(self.request.user).select_related("organisation").prefetch_related(current)


class StaffNew(GatedView):
    permissions = (Permission.MANAGE_ACCOUNTS,)
    template_name = "staff/new.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": StaffForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = StaffForm(request.POST)
        if form.is_valid():
            data = {key: value for key, value in form.cleaned_data.items() if key != "password_again"}
            account = actions.create_staff_account(**data, by=request.user)
            messages.success(request, _("The account is open. A security administrator grants its roles."))
            return redirect("staff:detail", account.username)
        return render(request, self.template_name, {"form": form}, status=422)


class _StaffView(GatedView):
    def account(self) -> Account:
        return get_object_or_404(Account.objects.visible_to(self.request.user), username=self.kwargs["username"])


class StaffDetail(_StaffView):
    permissions = (Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES)
    template_name = "staff/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.account()
        return super().get_context_data(
            account=account,
            grants=account.role_grants.select_related("granted_by", "revoked_by").order_by("-granted_at"),
            leaving_form=LeavingForm(initial={"left_on": account.left_on}),
            grant_form=GrantForm(),
            **kwargs,
        )


class StaffLeave(_StaffView):
    permissions = (Permission.MANAGE_ACCOUNTS,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        account = self.account()
        form = LeavingForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.set_leaving_date(
                    account=account, left_on=form.cleaned_data["left_on"], by=request.user
                ),
                done=_("The leaving date was set."),
            )
        else:
            messages.error(request, _("Enter the leaving date as a day, or leave it empty."))
        return redirect("staff:detail", account.username)


class StaffGrant(_StaffView):
    permissions = (Permission.GRANT_ROLES,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        account = self.account()
        form = GrantForm(request.POST)
        if form.is_valid():
            role = Role(form.cleaned_data["role"])
            attempt(
                request,
                lambda: actions.grant_role(account=account, role=role, by=request.user),
                done=_("The role was granted."),
            )
        return redirect("staff:detail", account.username)


class StaffRevoke(_StaffView):
    permissions = (Permission.GRANT_ROLES,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        account = self.account()
        grant = get_object_or_404(RoleGrant.objects.current(), account=account, role=self.kwargs["role"])
        attempt(request, lambda: actions.revoke_role(grant=grant, by=request.user), done=_("The role was revoked."))
        return redirect("staff:detail", account.username)


class RoleMatrix(GatedView):
    """Who may do what, read from the code that decides it."""

    permissions = (Permission.GRANT_ROLES,)
    template_name = "staff/roles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        require(self.request.user, Permission.GRANT_ROLES)
        used = [permission for permission in Permission if any(permission in held for held in GRANTS.values())]
        rows = [(permission, [GRANTS[role].get(permission) for role in Role]) for permission in used]
        return super().get_context_data(roles_shown=list(Role), rows=rows, administrators=ADMINISTRATORS, **kwargs)
