"""Continuous check: what the change feed says about watched persons becomes an alert, where the answer is another one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive.access import actions as access
from archive.access.models import Purpose
from archive.common import feed
from archive.common.models import Change
from archive.vetoes import comparing, engine
from archive.vetoes.models import Answer, Check, FindingRow, Watch, WatchAlert, WatchOrder
from archive.vetoes.rules import Question
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.copying import keys_text, parted, texts_text
from profiles.common.permissions import Permission, System, require
from profiles.organisations.models import Competence
from profiles.people.models import PersonMerge

READER = "watch"
STEP = 5_000
# Lines that change no answer: nothing holds yet, or the end was told when it began. Whatever else is said of an entry is looked
# at: an alert comes only where the answer is another one.
QUIET = {
    Change.Kind.ENTRY_ADMITTED,
    Change.Kind.ENTRY_DECLINED,
    Change.Kind.ENTRY_WITHDRAWN,
    Change.Kind.ENTRY_DISPLAY_OVER,
}

# One statement for many watches, each with its own new answer.
KNOWN_NOW = """
    UPDATE watch SET answer_id = told.answer_id
    FROM unnest(%s::text[], %s::bigint[]) AS told (code, answer_id) WHERE watch.code = told.code
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A watch whose answer is another one now."""

    watch: Watch
    order: WatchOrder
    before: Answer
    given: engine.Answered
    cause: Change


def follow_watches(*, by: System) -> int:
    """Act on the lines of the change feed that were not read yet. Returns how many there were."""
    require(by, Permission.RUN_SYSTEM)

    def act(lines: list[Change]) -> None:
        _alert(_relevant(lines), by=by)

    return feed.follow(READER, act)


@transaction.atomic
def catch_up(*, order: WatchOrder, by: System) -> None:
    """Alerts for what changed between the answer from which persons were enrolled, and now.

    The reader's position is held meanwhile: a line that it has read is seen here, one that it has not will find the watches.
    """
    feed.hold(READER)
    since = order.check_asked.known_at
    watches = Watch.objects.open().filter(order_id=order.pk).order_by("code")
    for person_ids in parted(watches.values_list("person_id", flat=True), STEP):
        members = {one for family in PersonMerge.objects.families(person_ids).values() for one in family}
        lines = Change.objects.filter(person_id__in=members, at__gte=since).order_by("id")
        _alert(_relevant(lines), by=by, order=order)


def _relevant(lines: Iterable[Change]) -> dict[int, Change]:
    """Person id → the last line about it that may change an answer."""
    return {
        line.person_id: line
        for line in lines
        if line.kind not in QUIET and line.kind.startswith(("entry.", Change.Kind.PERSON_CHANGED))
    }


@transaction.atomic
def _alert(lines: dict[int, Change], *, by: System, order: WatchOrder | None = None) -> list[WatchAlert]:
    """Judge the watches about these persons as of today, and tell the bodies whose answer has become another one."""
    if not lines:
        return []
    day = timezone.localdate()
    watches = Watch.objects.matching(lines).holding_on(day)
    if order is not None:
        watches = watches.filter(order_id=order.pk)
    found = list(watches.order_by("code"))
    if not found:
        return []
    now = moments.of_a_question()
    return _store(_judged(found, lines, day=day, now=now), day=day, now=now, by=by)


def _causes(lines: dict[int, Change]) -> dict[int, Change]:
    """As `lines`, also for those who are joined with the persons."""
    found: dict[int, Change] = {}
    for person_id, family in PersonMerge.objects.families(lines).items():
        for member in family:
            if member not in found or lines[person_id].pk > found[member].pk:
                found[member] = lines[person_id]
    return found


def _judged(watches: list[Watch], lines: dict[int, Change], *, day: dt.date, now: dt.datetime) -> list[Judged]:
    """The watches whose answer is another one now: one question to the engine for each body, group, event and post."""
    known = Answer.objects.prefetch_related("findings__rule").in_bulk([watch.answer_id for watch in watches])
    orders = WatchOrder.objects.select_related("organisation", "account").in_bulk({row.order_id for row in watches})
    causes, last = _causes(lines), max(lines.values(), key=lambda line: line.pk)
    competences = _competences({watch.organisation_id for watch in watches}, day)
    groups: dict[tuple[int, str, str, str], list[Watch]] = defaultdict(list)
    for watch in watches:
        groups[(watch.organisation_id, watch.group, watch.event, watch.post)].append(watch)
    judged = []
    for (organisation_id, group, event, post), same in groups.items():
        given = engine.answer(
            [
                engine.Asked(row, known[watch.answer_id].name, known[watch.answer_id].number)
                for row, watch in enumerate(same)
            ],
            question=Question(group, event, day, post),
            organisation=orders[same[0].order_id].organisation,
            known_at=now,
            needs_authorisation=competences[(organisation_id, group, event)],
        )
        judged += [
            Judged(watch, orders[watch.order_id], known[watch.answer_id], item, causes.get(watch.person_id, last))
            for watch, item in zip(same, sorted(given, key=lambda item: item.asked.row), strict=True)
            if comparing.said(known[watch.answer_id]) != comparing.given(item)
        ]
    return judged


def _competences(organisation_ids: Collection[int], day: dt.date) -> dict[tuple[int, str, str], bool]:
    """(body, group, event) → does it need the person's authorisation?"""
    rows = Competence.objects.holding_on(day).filter(organisation__in=organisation_ids, role=Competence.Role.CHECK)
    return {
        (organisation_id, group, event): needs
        for organisation_id, group, event, needs in rows.values_list(
            "organisation_id", "group", "event", "needs_authorisation"
        )
    }


def _store(judged: list[Judged], *, day: dt.date, now: dt.datetime, by: System) -> list[WatchAlert]:
    """A check with its answer and findings for each, the line in the register, the alert, the event."""
    if not judged:
        return []
    checks = Check.objects.bulk_create(
        [
            Check(
                organisation=item.order.organisation,
                account=item.order.account,
                group=item.watch.group,
                event=item.watch.event,
                post=item.watch.post,
                matter_number=item.order.matter_number,
                known_at=now,
                day=day,
                counts={item.given.outcome.value: 1},
                watch_code=item.watch.code,
            )
            for item in judged
        ],
        batch_size=2_000,
    )
    answers = Answer.objects.bulk_create(
        [
            Answer(
                check_asked=check,
                organisation=check.organisation,
                row=1,
                name=item.before.name,
                number=item.before.number,
                person_id=item.given.person_id,
                outcome=item.given.outcome.value,
            )
            for check, item in zip(checks, judged, strict=True)
        ],
        batch_size=2_000,
    )
    FindingRow.objects.bulk_create(
        [
            FindingRow(
                answer=answer,
                position=position,
                rule_id=finding.rule_id,
                clause=finding.clause,
                entry_id=finding.entry_id,
                effect=finding.effect.value,
                until=finding.until,
                doubt=finding.doubt.value if finding.doubt else "",
            )
            for answer, item in zip(answers, judged, strict=True)
            for position, finding in enumerate(item.given.findings)
        ],
        batch_size=2_000,
    )
    _register(judged, by=by)
    with connection.cursor() as cursor:
        cursor.execute(
            KNOWN_NOW, [texts_text(item.watch.code for item in judged), keys_text(answer.pk for answer in answers)]
        )
    alerts = WatchAlert.objects.bulk_create(
        [
            WatchAlert(
                organisation=item.order.organisation,
                order=item.order,
                watch_code=item.watch.code,
                person_id=item.watch.person_id,
                before=item.before,
                answer=answer,
                cause=item.cause.kind,
                change_id=item.cause.pk,
            )
            for answer, item in zip(answers, judged, strict=True)
        ],
        batch_size=2_000,
    )
    record_many(
        draft(
            by=by,
            verb=Verb.WATCH_ALERTED,
            obj=alert,
            organisation_id=alert.organisation_id,
            cause=str(alert.cause),
            outcome=str(alert.answer.outcome),
        )
        for alert in alerts
    )
    return alerts


def _register(judged: list[Judged], *, by: System) -> None:
    by_order: dict[int, list[Judged]] = defaultdict(list)
    for item in judged:
        if item.given.person_id is not None:
            by_order[item.order.pk].append(item)
    for same in by_order.values():
        order, watch = same[0].order, same[0].watch
        access.register(
            purpose=Purpose.WATCH,
            asked=[
                access.Asked(
                    item.given.person_id,
                    answer=item.given.outcome.value,
                    authorisation=item.given.authorisation,
                )
                for item in same
                if item.given.person_id is not None
            ],
            organisation=order.organisation,
            group=watch.group,
            event=watch.event,
            matter_number=order.matter_number,
            by=by,
        )


def mail_alerts(*, by: System) -> int:
    """One letter to each member of staff who enrolled somebody of whom there is news. Returns how many went out."""
    require(by, Permission.RUN_SYSTEM)
    waiting = WatchAlert.objects.filter(mailed_at=None, seen_at=None)
    return sum(_mail(pk, by=by) for pk in sorted(set(waiting.values_list("order__account", flat=True))))


@transaction.atomic
def _mail(account_id: int, *, by: System) -> int:
    """The letter says how many there are, never about whom. What could not be sent is tried again next time."""
    account = Account.objects.get(pk=account_id)
    alerts = list(
        WatchAlert.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            order__account=account_id, mailed_at=None, seen_at=None
        )
    )
    if not alerts:
        return 0
    reads = bool(account.email) and account.employed_on(timezone.localdate())
    if reads:
        with translation.override("zh-hans"):
            try:
                send_mail(
                    subject=_("Continuous check: there is news"),
                    message=_(
                        "%(count)s persons whom you have watched: their answer has changed. Sign in to read it: %(address)s"
                    )
                    % {"count": len(alerts), "address": f"{settings.PUBLIC_URL}/watch/alerts/"},
                    from_email=None,
                    recipient_list=[account.email],
                )
            except OSError:
                return 0
        record(
            by=by,
            verb=Verb.WATCH_ALERTS_MAILED,
            obj=account,
            organisation_id=account.organisation_id,
            count=len(alerts),
        )
    WatchAlert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(mailed_at=timezone.now())
    return int(reads)
