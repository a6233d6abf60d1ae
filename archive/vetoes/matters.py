"""Matter numbers stand in the register, in lists and in letters as they are."""

from __future__ import annotations

import re

from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.common import identity
from profiles.common.exceptions import ActionRefused


def clean_matter_number(typed: str) -> str:
    """The number without blanks around it; refused where there is none, or where it holds a person's identity number."""
    if not typed.strip():
        raise ActionRefused(
            _("Without a matter number there is no check. Enter the number of the application or file.")
        )
    if _names_a_person(typed):
        raise ActionRefused(
            _("The matter number holds an identity number. Enter the number of the application or file instead.")
        )
    return typed.strip()


def _names_a_person(matter_number: str) -> bool:
    """One that begins with a date is no number of a grown-up person."""
    today = timezone.localdate()
    readings = [identity.read(token, today=today) for token in re.findall(r"\d{17}[\dXx]", matter_number)]
    return any(reading.birth_date is not None and identity.adult_on(reading.birth_date, today) for reading in readings)
