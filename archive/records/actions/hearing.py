"""Before an entry: notice, service, hearing window, the person's statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.periods import terms_of
from archive.common import calendar
from archive.common.workdays import Calendar, deadline
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.models import Entry, HearingAnswer, Service
from archive.records.story import change_rows
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask_in_text
from profiles.common.permissions import Permission, System, require
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
    now = timezone.now()
    for entry in adverse:
        entry.state, entry.notified_at = Entry.State.NOTIFIED, now
    for entry in served:
        _start_window(entry, served_on=today, days=days)
    by_outcome: dict[tuple[str, dt.date | None], list[int]] = {}
    for entry in adverse:
        by_outcome.setdefault((entry.state, entry.approvable_from), []).append(entry.pk)
    for (state, day), keys in by_outcome.items():
        Entry.objects.filter(pk__in=keys).update(state=state, notified_at=now, approvable_from=day)
    letters = [
        Letter(
            kind=Notice.Kind.ENTRY_PROPOSED,
            person_id=entry.person_id,
            organisation=organisation,
            about=entry,
            context={"entry": entry, "item": entry.item, "changed": partial(change_rows, entry)},
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
def record_service(
    *,
    entries: Iterable[Entry],
    served_on: dt.date,
    how: Service.How | str = Service.How.IN_PERSON,
    bearer: str = "",
    note: str = "",
    by: Account,
) -> list[Entry]:
    """The notices reached the persons otherwise than by their account; the hearing window runs from then. Served ones stay.

    `served_on`: handed over, delivered by the post, or published. A public notice counts as service when the days of the
    jurisdiction have passed since. An e-mail is a copy that tells of the notice, never its service.
    """
    today = timezone.localdate()
    rows = list(
        Entry.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk__in=[entry.pk for entry in entries])
        .order_by("pk")
    )
    for entry in rows:
        require(by, Permission.SERVE_NOTICE, entry)
    if served_on > today:
        raise ActionRefused(_("The day of service lies in the future. Record it when the notice has been handed over."))
    rows = [entry for entry in rows if entry.is_unserved]
    if any(entry.state == Entry.State.DRAFTED for entry in rows):  # it would go into its hearing untold
        raise ActionRefused(_("Notices are still being written. Record the service when they are ready."))
    if any(served_on < timezone.localtime(entry.drafted_at).date() for entry in rows):
        raise ActionRefused(_("The day of service is before the notice was written. Correct the date."))
    days = calendar.current()
    counts_from = {place: _served_day(served_on, how, place) for place in {e.organisation.jurisdiction for e in rows}}
    services = []
    for entry in rows:
        day = counts_from[entry.organisation.jurisdiction]
        _start_window(entry, served_on=day, days=days)
        services.append(
            Service(
                entry=entry,
                person_id=entry.person_id,
                how=how,
                handed_on=served_on,
                served_on=day,
                bearer=mask_in_text(bearer.strip())[:60],
                note=mask_in_text(note.strip())[:300],
                recorded_by=by,
            )
        )
    Service.objects.bulk_create(services, batch_size=1_000)
    _tell_last_day(rows)
    Entry.objects.bulk_update(rows, ["state", "notified_at", "approvable_from"], batch_size=1_000)
    record_many(
        draft(by=by, verb=Verb.ENTRY_NOTIFIED, obj=entry, how=str(how), served_on=service.served_on.isoformat())
        for entry, service in zip(rows, services, strict=True)
    )
    return rows


def _served_day(handed_on: dt.date, how: Service.How | str, jurisdiction: str) -> dt.date:
    if how != Service.How.PUBLIC:
        return handed_on
    return handed_on + dt.timedelta(days=terms_of(jurisdiction).number("public_notice_days"))


def _tell_last_day(rows: list[Entry]) -> None:
    """The notices of entries say until when the person can answer."""
    answer_until: dict[dt.date | None, list[int]] = {}
    for entry in rows:
        answer_until.setdefault(entry.hearing_last_day, []).append(entry.pk)
    for day, pks in answer_until.items():
        proposed = Notice.objects.filter(kind=Notice.Kind.ENTRY_PROPOSED, about_type="entry", about_id__in=pks)
        proposed.update(respond_until=day)


@transaction.atomic
def extend_windows(*, by: System) -> int:
    """After working days were entered: hearing windows that ran by a guess are counted anew, only to the person's gain.

    Returns how many were extended. Safe to run twice.
    """
    require(by, Permission.RUN_SYSTEM)
    days = calendar.current()
    rows = list(
        Entry.objects.select_for_update(of=("self",))
        .filter(state=Entry.State.IN_HEARING, hearing_days__gt=0)
        .order_by("pk")
    )
    served = dict(Service.objects.filter(entry__in=rows).values_list("entry_id", "served_on"))
    extended = []
    for entry in rows:
        start = served.get(entry.pk) or timezone.localtime(entry.notified_at).date()
        first_day = deadline(start, entry.hearing_days, days).first_day_after
        if entry.approvable_from is not None and first_day > entry.approvable_from:
            entry.approvable_from = first_day
            extended.append(entry)
    Entry.objects.bulk_update(extended, ["approvable_from"], batch_size=1_000)
    _tell_last_day(extended)
    record_many(draft(by=by, verb=Verb.WINDOW_EXTENDED, obj=entry, to=str(entry.approvable_from)) for entry in extended)
    return len(extended)


@transaction.atomic
def answer(*, entry: Entry, text: str, by: Account) -> HearingAnswer:
    """The person's statement: within the window, and after it while nothing is decided. Several are possible; none is changed."""
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
