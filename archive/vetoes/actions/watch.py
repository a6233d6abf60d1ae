"""Continuous check: a body has persons watched, renews it, ends it, takes note of alerts. A worker enrols whole lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access import actions as access
from archive.access.models import Authorisation, Purpose
from archive.vetoes import enrolment
from archive.vetoes.actions.watch_alerts import catch_up
from archive.vetoes.matters import clean_matter_number
from archive.vetoes.models import Answer, Check, Watch, WatchAlert, WatchOrder
from profiles.accounts.models import Account
from profiles.audit.actions import record, record_each
from profiles.audit.verbs import Verb
from profiles.common.copying import copy_rows, parted
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, System, require
from profiles.common.querysets import locked

LONGEST = 365  # days
STEP = 5_000


@transaction.atomic
def watch_answer(*, answer: Answer, valid_until: dt.date, matter_number: str, by: Account) -> WatchOrder:
    """Have the person of one answer watched, at once."""
    require(by, Permission.WATCH_PERSON, answer)
    order = _order(answer.check_asked, answer, valid_until, matter_number, by=by)
    record(by=by, verb=Verb.WATCH_ORDERED, obj=order, person_id=answer.person_id, until=valid_until.isoformat())
    _enrol(order)
    if not order.enrolled:
        (reason,) = order.left_out
        raise ActionRefused(
            _("This person cannot be watched: %(reason)s.") % {"reason": WatchOrder.LeftOut(reason).label}
        )
    return order


@transaction.atomic
def watch_list(*, asked: Check, valid_until: dt.date, matter_number: str, by: Account) -> WatchOrder:
    """Order that all eligible persons of an answered list are watched; a worker enrols them (`enrol_watches`)."""
    require(by, Permission.WATCH_PERSON, asked)
    order = _order(asked, None, valid_until, matter_number, by=by)
    record(by=by, verb=Verb.WATCH_ORDERED, obj=order, until=valid_until.isoformat())
    return order


def _order(asked: Check, answer: Answer | None, valid_until: dt.date, matter_number: str, *, by: Account) -> WatchOrder:
    matter_number = clean_matter_number(matter_number)
    _check_last_day(valid_until)
    if not asked.is_answered:
        raise ActionRefused(_("The list has not been answered yet."))
    access.entitlement(organisation=asked.organisation, group=asked.group, event=asked.event, day=timezone.localdate())
    return WatchOrder.objects.create(
        organisation=asked.organisation,
        account=by,
        check_asked=asked,
        answer=answer,
        matter_number=matter_number,
        valid_until=valid_until,
    )


def _check_last_day(valid_until: dt.date) -> None:
    today = timezone.localdate()
    if not today < valid_until <= today + dt.timedelta(days=LONGEST):
        raise ActionRefused(_("Choose a last day between tomorrow and one year from now."))


@transaction.atomic
def enrol_watches(*, order_id: int, by: System) -> None:
    """Enrol whom a list's order names, in one transaction. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    order = (
        WatchOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("check_asked", "organisation", "account")
        .filter(pk=order_id, state=WatchOrder.State.WAITING)
        .first()
    )
    if order is not None:
        _enrol(order)


def _enrol(order: WatchOrder) -> None:
    """Lines of the watch table, a line in the register for each person, and whatever changed since the list was answered."""
    asked, by, today = order.check_asked, order.account, timezone.localdate()
    found = enrolment.eligible(asked, answer=order.answer, day=today)
    _end_lapsed(found.people, day=today, asked=asked)
    enrolled = 0
    for keys in parted(found.answers, STEP):
        answers = [found.by_key[key] for key in keys]
        lines = enrolment.lines(asked, keys, found, valid_until=order.valid_until)
        copy_rows(
            Watch,
            enrolment.COLUMNS,
            lines,
            organisation_id=order.organisation_id,
            group=asked.group,
            event=asked.event,
            post=asked.post,
            order_id=order.pk,
            valid_from=today,
            ended_at=None,
            end_reason="",
        )
        access.register(
            purpose=Purpose.WATCH,
            asked=[
                access.Asked(person_id, answer=outcome, authorisation=found.authorisations.get(person_id))
                for person_id, outcome in answers
            ],
            organisation=order.organisation,
            group=asked.group,
            event=asked.event,
            matter_number=order.matter_number,
            by=by,
        )
        enrolled += len(lines)
    order.state, order.enrolled, order.left_out = WatchOrder.State.DONE, enrolled, dict(found.left_out)
    order.save(update_fields=["state", "enrolled", "left_out"])
    record(by=by, verb=Verb.WATCH_ENROLLED, obj=order, count=enrolled)
    catch_up(order=order, by=System("worker"))


def _end_lapsed(person_ids: Collection[int], *, day: dt.date, asked: Check) -> None:
    """Watches that no longer hold are written down as ended, so that the same person can be watched anew."""
    same = Watch.objects.about(person_ids).filter(
        organisation_id=asked.organisation_id, group=asked.group, event=asked.event, post=asked.post
    )
    now = timezone.now()
    for reason, lapsed in same.lapsed(day):
        lapsed.update(ended_at=now, end_reason=reason)


@transaction.atomic
def renew_watches(*, codes: Collection[str] | None, valid_until: dt.date, by: Account) -> int:
    """Renew the body's watches with these codes, or (None) all that end soon, until `valid_until`. Returns how many.

    No watch outlasts the person's authorisation, and none is made shorter. Each has its line in the register.
    """
    require(by, Permission.WATCH_PERSON)
    _check_last_day(valid_until)
    today = timezone.localdate()
    wanted = Watch.objects.visible_to(by)
    chosen = wanted.ending_soon(today) if codes is None else wanted.holding_on(today).filter(code__in=list(codes))
    watches = list(chosen.filter(valid_until__lt=valid_until).order_by("code").select_for_update(of=("self",)))
    authorisations = Authorisation.objects.in_bulk({row.authorisation_id for row in watches if row.authorisation_id})
    renewed: dict[int, list[Watch]] = {}
    for watch in watches:
        authorisation = authorisations.get(watch.authorisation_id or 0)
        last_day = min(valid_until, authorisation.valid_until) if authorisation else valid_until
        if last_day > watch.valid_until:
            renewed.setdefault(watch.order_id, []).append(watch)
    orders = WatchOrder.objects.select_related("organisation").in_bulk(list(renewed))
    for order_id, rows in renewed.items():
        own = wanted.filter(code__in=[row.code for row in rows])
        own.filter(authorisation_id=None).update(valid_until=valid_until)
        for row in rows:
            if row.authorisation_id is not None:
                last_day = min(valid_until, authorisations[row.authorisation_id].valid_until)
                own.filter(code=row.code).update(valid_until=last_day)
        for (group, event), same in _by_question(rows).items():
            access.register(
                purpose=Purpose.WATCH,
                asked=[
                    access.Asked(row.person_id, authorisation=authorisations.get(row.authorisation_id or 0))
                    for row in same
                ],
                organisation=orders[order_id].organisation,
                group=group,
                event=event,
                matter_number=orders[order_id].matter_number,
                by=by,
            )
    done = [row for rows in renewed.values() for row in rows]
    if done:
        record_each(
            by=by,
            verb=Verb.WATCH_RENEWED,
            model=WatchOrder,
            rows=[(row.person_id, row.order_id, {"watch": row.code, "until": valid_until.isoformat()}) for row in done],
        )
    return len(done)


def _by_question(rows: list[Watch]) -> dict[tuple[str, str], list[Watch]]:
    found: dict[tuple[str, str], list[Watch]] = {}
    for row in rows:
        found.setdefault((row.group, row.event), []).append(row)
    return found


@transaction.atomic
def stop_watch(*, watch: Watch, by: Account) -> Watch:
    """The body needs it no longer."""
    require(by, Permission.WATCH_PERSON, watch)
    stopped = Watch.objects.open().filter(identity_index=watch.identity_index, code=watch.code)
    if not stopped.update(ended_at=timezone.now(), end_reason=Watch.EndReason.STOPPED):
        raise ActionRefused(_("This continuous check has ended already."))
    order = WatchOrder.objects.get(pk=watch.order_id)
    record(by=by, verb=Verb.WATCH_STOPPED, obj=order, person_id=watch.person_id, watch=watch.code)
    watch.refresh_from_db()
    return watch


@transaction.atomic
def note_alert(*, alert: WatchAlert, by: Account) -> WatchAlert:
    """A named member of staff took note; what follows from it is decided on the answer."""
    require(by, Permission.DECIDE_CHECK, alert)
    alert = locked(WatchAlert.objects.all(), alert.pk)
    if alert.seen_at is None:
        alert.seen_by, alert.seen_at = by, timezone.now()
        alert.save(update_fields=["seen_by", "seen_at"])
        record(by=by, verb=Verb.WATCH_ALERT_NOTED, obj=alert)
    return alert


def close_lapsed(*, by: System, day: dt.date | None = None) -> int:
    """Write down which watches have ended, and why. Returns how many. Nothing waits for it; safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    day, closed = day or timezone.localdate(), 0
    while step := _close_step(day, by=by):
        closed += step
    return closed


@transaction.atomic
def _close_step(day: dt.date, *, by: System) -> int:
    for reason, lapsed in Watch.objects.lapsed(day):
        rows = list(lapsed.order_by("code").select_for_update(skip_locked=True, of=("self",))[:STEP])
        if rows:
            Watch.objects.open().filter(code__in=[row.code for row in rows]).update(
                ended_at=timezone.now(), end_reason=reason
            )
            record_each(
                by=by,
                verb=Verb.WATCH_LAPSED,
                model=WatchOrder,
                rows=[(row.person_id, row.order_id, {"watch": row.code, "reason": reason}) for row in rows],
            )
            return len(rows)
    return 0
