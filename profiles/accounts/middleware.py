"""Access ends with employment, and begins with a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from profiles.accounts.actions import turn_away
from profiles.common.permissions import System
from profiles.common.views import client_address
from profiles.organisations.rules import may_work

Handler = Callable[[HttpRequest], HttpResponse]


class EmploymentMiddleware:
    """An open session ends on the leaving date, not at the next sign-in; a later change of the date does not revive it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The backend knows nobody who has left: such a session has an account, but the request has none.
        if SESSION_KEY in request.session and not request.user.is_authenticated:
            logout(request)
            return redirect(settings.LOGIN_URL)
        return self.get_response(request)


class SignInRulesMiddleware:
    """Staff work from their body's networks and at its hours, where it has set some; an open session ends at the hour."""

    WORDS: ClassVar = {
        "network": _("Your body does not let its staff work from this address. Use its own network."),
        "hours": _("Your body does not let its staff work at this hour."),
    }

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user
        if account.is_authenticated and account.organisation is not None:
            body = account.organisation
            refusal = (body.networks or body.open_from) and may_work(
                networks=body.networks,
                open_from=body.open_from,
                open_until=body.open_until,
                address=client_address(request),
                at=timezone.localtime().time(),
            )
            if refusal:
                turn_away(account=account, rule=refusal, by=System("sign-in"))
                logout(request)
                messages.error(request, gettext(self.WORDS[refusal]))
                return redirect(settings.LOGIN_URL)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Without a second factor an account can only set one up (GB/T 22239-2019 8.1.4.1 d)."""

    OPEN = ("/accounts/", "/static/", "/language/", "/preferences/", "/healthz")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.user.is_authenticated
            and not request.path.startswith(self.OPEN)
            and not self._has_factor(request)
        ):
            messages.info(request, gettext("Set up a second factor first: a passkey, or an app that shows six digits."))
            return redirect(reverse("mfa_index"))
        return self.get_response(request)

    @staticmethod
    def _has_factor(request: HttpRequest) -> bool:
        if request.session.get("second_factor"):
            return True
        has = bool(get_adapter().is_mfa_enabled(request.user))
        if has:
            request.session["second_factor"] = True
        return has
