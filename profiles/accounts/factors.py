"""Second factors: what was used in this session, and the pages on which a demo world shows the current digits."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings

from profiles.accounts.models import Account


def used_in_session(request: Any) -> str:
    """`totp`, `webauthn` or `recovery_codes` as used at sign-in, `totp:new` where it was set up in this session, or nothing."""
    for record in reversed(get_authentication_records(request, request.user)):
        if record.get("method") == "mfa":
            return str(record.get("type", "mfa"))
    factor = Authenticator.objects.filter(user_id=request.user.pk, created_at__gte=request.user.last_login).first()
    return f"{factor.type}:new" if factor is not None else ""


def digits(secret: str) -> str:
    """The six digits of this half minute."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def demo_digits(account: Account) -> str:
    """Only in a demo world: its accounts and secrets are published anyway."""
    if not settings.DEMO:
        return ""
    factor = Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).first()
    return digits(get_adapter().decrypt(factor.data["secret"])) if factor is not None else ""


class Authenticate(AuthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_digits": demo_digits(self.stage.login.user)}


class ActivateTOTP(ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["demo_digits"] = digits(context["form"].secret) if settings.DEMO else ""
        return context
