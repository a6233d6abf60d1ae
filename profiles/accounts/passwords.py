"""What a password must be, said in whole sentences in both languages."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's own sentence has no translation into Chinese."""

    def get_error_message(self) -> str:
        return _("This password is too short. Use at least %(count)s characters.") % {"count": self.min_length}
