"""Signing in and out belongs in the trail. allauth and Django tell of it by signal only; an error here stops the sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction

from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import System


@transaction.atomic
def signed_in(sender: Any, request: Any, user: Account, **kwargs: Any) -> None:
    record(by=user, verb=Verb.SIGNED_IN, obj=user)


@transaction.atomic
def signed_out(sender: Any, request: Any, user: Account | None, **kwargs: Any) -> None:
    if user is not None:
        record(by=user, verb=Verb.SIGNED_OUT, obj=user)


@transaction.atomic
def sign_in_failed(sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """The name that was tried is kept only where it is an account's: people type passwords and numbers into that field."""
    tried = Account.objects.filter(username=str(credentials.get("username", "")).lower()).first()
    record(by=System("sign-in"), verb=Verb.SIGN_IN_FAILED, obj=tried)


@transaction.atomic
def second_factor_changed(sender: Any, request: Any, user: Account, **kwargs: Any) -> None:
    record(by=user, verb=Verb.SECOND_FACTOR_CHANGED, obj=user)
    if request is not None:
        request.session.pop("second_factor", None)


@transaction.atomic
def changed_password(sender: Any, request: Any, user: Account, **kwargs: Any) -> None:
    record(by=user, verb=Verb.PASSWORD_CHANGED, obj=user)


@transaction.atomic
def reset_password(sender: Any, request: Any, user: Account, **kwargs: Any) -> None:
    record(by=user, verb=Verb.PASSWORD_RESET, obj=user)


def connect() -> None:
    user_logged_in.connect(signed_in, dispatch_uid="trail")
    user_logged_out.connect(signed_out, dispatch_uid="trail")
    user_login_failed.connect(sign_in_failed, dispatch_uid="trail")
    password_changed.connect(changed_password, dispatch_uid="trail")
    password_reset.connect(reset_password, dispatch_uid="trail")
    for signal in (authenticator_added, authenticator_removed, authenticator_reset):
        signal.connect(second_factor_changed, dispatch_uid="trail")
