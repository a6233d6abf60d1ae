"""Letters on paper for persons without an account."""

from __future__ import annotations

from typing import Any

from archive.notices.actions import note_printed
from archive.notices.models import Notice
from archive.records.models import Entry
from profiles.accounts.actions import issue_activation_code
from profiles.common.exceptions import ActionRefused
from profiles.common.views import Request


def letters(entries: list[Entry], request: Request) -> list[dict[str, Any]]:
    """The proposed-entry notices of `entries` with a code for each person who has no account; printing is noted."""
    letters = []
    codes: dict[int, str] = {}
    for entry in entries:
        notice = Notice.objects.about(entry).filter(kind=Notice.Kind.ENTRY_PROPOSED).first()
        if notice is None:
            continue
        note_printed(notice=notice, by=request.user)
        if entry.person_id not in codes:
            try:
                codes[entry.person_id] = issue_activation_code(person=entry.person, context=entry, by=request.user)
            except ActionRefused:
                codes[entry.person_id] = ""  # has an account
        letters.append({"notice": notice, "person": entry.person, "code": codes[entry.person_id]})
    return letters
