"""Filters that tables share."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _


class YesNoFilter(django_filters.TypedChoiceFilter):
    """Yes, no, or not asked; the library's own says "unknown" where nothing was chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("", "---------"), ("yes", _("yes")), ("no", _("no"))],
            coerce=lambda value: value == "yes",
            **options,
        )
