"""What an owner may write and choose; refused with a sentence."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from archive.reports import rules
from profiles.common import identity
from profiles.common.exceptions import ActionRefused

PURPOSE_LIMIT = 100
READER_LIMIT = 120


def one_line(text: str, limit: int) -> str:
    text = identity.mask_in_text(" ".join(text.split()))
    if len(text) > limit:
        raise ActionRefused(_("Write at most %(limit)s characters.") % {"limit": limit})
    return text


def end_of_validity(*, as_of: dt.date, today: dt.date, days: int) -> dt.date:
    until = rules.valid_until(as_of=as_of, today=today, days=days)
    if until is None:
        raise ActionRefused(
            _("Choose between 1 and 90 days; no report counts after %(day)s. For longer, make a new one.")
            % {"day": rules.last_day(as_of).isoformat()}
        )
    return until
