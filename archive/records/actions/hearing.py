"""Before an entry: notice, service, hearing window, the person's statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.common import calendar
from archive.common.workdays import Calendar, deadline
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.models import Entry, HearingAnswer
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require
from profiles.organisations.models import Organisation

ANSWER_LIMIT = 2000


@transaction.atomic
def notify(*, entries: Iterable[Entry], organisation: Organisation, by: Account) -> list[Notice]:
    """Write the notices of adverse entries. Persons with an account are served by it at once; others when paper was handed over."""
    adverse = [entry for entry in entries if entry.is_adverse and not entry.eases]
    with_account = Account.objects.reading_for({entry.person_id for entry in adverse})
    days = calendar.current()
    today = timezone.localdate()
    served = [entry for entry in adverse if entry.person_id in with_account]
    for entry in adverse:
        entry.state, entry.notified_at = Entry.State.NOTIFIED, timezone.now()
    for entry in served:
        _start_window(entry, served_on=today, days=days)
    Entry.objects.bulk_update(adverse, ["state", "notified_at", "approvable_from"], batch_size=1_000)
    letters = [
        Letter(
            kind=Notice.Kind.ENTRY_PROPOSED,
            person_id=entry.person_id,
            organisation=organisation,
            about=entry,
            context={"entry": entry, "item": entry.item},
            respond_until=entry.hearing_last_day,
        )
        for entry in adverse
    ]
    notices = send(letters=letters, by=by)
    record_many(draft(by=by, verb=Verb.ENTRY_NOTIFIED, obj=entry) for entry in served)
    return notices


def _start_window(entry: Entry, *, served_on: dt.date, days: Calendar) -> None:
    entry.state = Entry.State.IN_HEARING
    entry.notified_at = entry.notified_at or timezone.now()
    entry.approvable_from = max(deadline(served_on, entry.hearing_days, days).first_day_after, served_on)


@transaction.atomic
def record_service(*, entries: Iterable[Entry], served_on: dt.date, by: Account) -> list[Entry]:
    """The notices were handed over on paper on `served_on`: the hearing window runs from then. Served ones stay as they are."""
    today = timezone.localdate()
    rows = list(
        Entry.objects.select_for_update(of=("self",)).filter(pk__in=[entry.pk for entry in entries]).order_by("pk")
    )
    for entry in rows:
        require(by, Permission.SERVE_NOTICE, entry)
    if served_on > today:
        raise ActionRefused(_("The day of service lies in the future. Record it when the notice has been handed over."))
    rows = [entry for entry in rows if entry.is_unserved]
    if any(served_on < timezone.localtime(entry.drafted_at).date() for entry in rows):
        raise ActionRefused(_("The day of service is before the notice was written. Correct the date."))
    days = calendar.current()
    answer_until: dict[dt.date | None, list[int]] = {}
    for entry in rows:
        _start_window(entry, served_on=served_on, days=days)
        answer_until.setdefault(entry.hearing_last_day, []).append(entry.pk)
    for day, pks in answer_until.items():
        proposed = Notice.objects.filter(kind=Notice.Kind.ENTRY_PROPOSED, about_type="entry", about_id__in=pks)
        proposed.update(respond_until=day)
    Entry.objects.bulk_update(rows, ["state", "notified_at", "approvable_from"], batch_size=1_000)
    record_many(draft(by=by, verb=Verb.ENTRY_NOTIFIED, obj=entry, served_on=served_on.isoformat()) for entry in rows)
    return rows


@transaction.atomic
def answer(*, entry: Entry, text: str, by: Account) -> HearingAnswer:
    """The person's statement within the window. Several are possible; none is changed."""
    require(by, Permission.ANSWER_HEARING, entry)
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.state not in Entry.UNDECIDED:
        raise ActionRefused(_("This entry has been decided; a statement before the decision is no longer possible."))
    text = text.strip()
    if not text:
        raise ActionRefused(_("Write what you want the body to consider."))
    if len(text) > ANSWER_LIMIT:
        raise ActionRefused(
            _("The statement is longer than %(limit)s characters. Shorten it.") % {"limit": ANSWER_LIMIT}
        )
    given = HearingAnswer.objects.create(entry=entry, person_id=entry.person_id, text=text)
    record(by=by, verb=Verb.ENTRY_ANSWERED, obj=entry, organisation_id=entry.organisation_id)
    return given


@transaction.atomic
def note_answers_read(*, entry: Entry, by: Account) -> int:
    """The approver has read the person's statements; without it there is no approval."""
    require(by, Permission.APPROVE_ENTRY, entry)
    read = entry.answers.filter(read_at=None).update(read_by=by, read_at=timezone.now())
    if read:
        record(by=by, verb=Verb.STATEMENT_READ, obj=entry, count=read)
    return int(read)
