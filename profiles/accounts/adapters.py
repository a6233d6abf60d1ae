"""allauth's places for our decisions."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from profiles.common import ciphers

CONTEXT = "mfa.authenticator"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: staff accounts are made by administrators, persons activate theirs with a code."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are ciphertext at rest."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(ciphers.encrypt(text.encode(), context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return ciphers.decrypt(base64.b64decode(encrypted_text), context=CONTEXT).decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())
