"""An entry ended: reports that hold it are replaced, their owners and the bodies that had been shown it are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import models, transaction
from django.utils import timezone

from archive.common import feed
from archive.common.models import Change
from archive.notices.actions import Letter, send
from archive.notices.models import Notice
from archive.records.models import Entry
from archive.reports.models import ReaderNotice, Report, ReportEntry
from archive.vetoes.models import FindingRow
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common.permissions import Actor, Permission, System, require

READER = "reports"
READERS_YEARS = 3


def follow_feed(*, by: System) -> int:
    """Act on the lines of the change feed that were not read yet. Returns how many there were.

    An entry that is corrected or revised is announced as ended too, and a planned one that is withdrawn was in no report: the
    ended ones are all that matters. The end of a display period is no change: the report said when it comes.
    """
    require(by, Permission.RUN_SYSTEM)

    def act(lines: list[Change]) -> None:
        recall_entries(ids={line.object_id for line in lines if line.kind == Change.Kind.ENTRY_ENDED}, by=by)

    return feed.follow(READER, act)


@transaction.atomic
def recall_entries(*, ids: Collection[int], by: System) -> None:
    """Entries that ended: their reports and readers, with a number of queries that does not depend on how many there are."""
    entries = Entry.objects.select_related("record", "organisation").in_bulk(ids)
    if entries:
        _recall_reports(entries, Report.objects.filter(held__entry__in=entries), by=by)
        _tell_readers(entries, by=by)


@transaction.atomic
def recall_if_overtaken(*, report: Report, by: Actor) -> None:
    """A report that was asked for before an entry in it ended, and came into the table after the feed had told so."""
    ended = Entry.objects.filter(state=Entry.State.ENDED, pk__in=report.held.values("entry")).exclude(
        end_reason=Entry.EndReason.DISPLAY_OVER
    )
    entries = {entry.pk: entry for entry in ended.select_related("record", "organisation")}
    if entries:
        _recall_reports(entries, Report.objects.filter(pk=report.pk), by=by)


def replace(reports: models.QuerySet[Report], *, why: Report.Replaced) -> int:
    return reports.filter(replaced_at=None).update(replaced_at=timezone.now(), replaced_why=why)


def _recall_reports(entries: dict[int, Entry], reports: models.QuerySet[Report], *, by: Actor) -> None:
    """Also those that are still being made: the paper is frozen. Who ended a report himself, or let it expire, is told nothing."""
    standing = reports.filter(ended_at=None, replaced_at=None).order_by("pk").distinct()
    found = list(Report.objects.filter(pk__in=standing.values("pk")).order_by("pk").select_for_update(of=("self",)))
    replace(Report.objects.filter(pk__in=[report.pk for report in found]), why=Report.Replaced.CHANGED)
    # A report is told of once, whatever the number of its entries that ended.
    held = dict(ReportEntry.objects.filter(report__in=found, entry__in=entries).values_list("report_id", "entry_id"))
    today = timezone.localdate()
    send(
        letters=[
            Letter(
                kind=Notice.Kind.REPORT_REPLACED,
                person_id=report.person_id,
                organisation=entries[held[report.pk]].organisation,
                about=report,
                context={"report": report, "record": entries[held[report.pk]].record.number},
            )
            for report in found
            if report.valid_until >= today and report.answer_id is None  # a body is told among the readers
        ],
        by=by,
    )
    record_many(draft(by=by, verb=Verb.REPORT_REPLACED, obj=report, entry=held[report.pk]) for report in found)


def _tell_readers(entries: dict[int, Entry], *, by: Actor) -> None:
    """Bodies that an answer or its report showed the entry in the last three years, other than the one whose entry it is.

    A body that asked and was shown nothing is not told: that there was something is not its business.
    """
    since = timezone.now() - dt.timedelta(days=365 * READERS_YEARS + 1)
    shown = (
        FindingRow.objects.filter(entry_id__in=entries, answer__check_asked__asked_at__gte=since)
        .values_list("entry_id", "answer_id", "answer__organisation_id", "answer__person_id")
        .distinct()
    )
    reported = (
        ReportEntry.objects.filter(entry__in=entries, report__answer__isnull=False, report__as_of__gte=since)
        .values_list("entry_id", "report__answer_id", "report__answer__organisation_id", "report__person_id")
        .distinct()
    )
    told = [
        ReaderNotice(entry_id=entry_id, answer_id=answer_id, organisation_id=body_id, person_id=person_id)
        for entry_id, answer_id, body_id, person_id in sorted({*shown, *reported})
        if person_id is not None and body_id != entries[entry_id].organisation_id
    ]
    ReaderNotice.objects.bulk_create(told, ignore_conflicts=True, batch_size=2_000)
    counts: dict[int, int] = {}
    for notice in told:
        counts[notice.entry_id] = counts.get(notice.entry_id, 0) + 1
    record_many(
        draft(by=by, verb=Verb.READERS_TOLD, obj=entries[entry_id], answers=count) for entry_id, count in counts.items()
    )


@transaction.atomic
def mark_seen(*, upto: int, by: Account) -> int:
    """The body took note of what it was told, up to the notice with this id. Returns how many were new."""
    require(by, Permission.VIEW_CHECK)
    unseen = ReaderNotice.objects.visible_to(by).unseen().filter(pk__lte=upto)
    count = unseen.update(seen_at=timezone.now())
    if count:
        record(by=by, verb=Verb.READER_NOTICES_SEEN, count=count)
    return count
