"""Telling persons, and keeping the proof that they were told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive.notices.models import Delivery, Notice
from profiles.accounts.models import Account
from profiles.audit.actions import draft, record, record_many
from profiles.audit.verbs import Verb
from profiles.common.permissions import Actor, Permission, System, require
from profiles.organisations.models import Organisation

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice to be sent: `template` under templates/notices/ has the blocks subject and body as two files."""

    kind: Notice.Kind
    person_id: int
    organisation: Organisation
    about: models.Model
    context: dict[str, Any]
    respond_until: dt.date | None = None


@transaction.atomic
def send(*, letters: Iterable[Letter], by: Actor) -> list[Notice]:
    """Store notices and their deliveries in the current transaction: into the account always, by e-mail where it is known."""
    notices = Notice.objects.bulk_create(_compose(list(letters)), batch_size=1_000)
    accounts = Account.objects.reading_for({notice.person_id for notice in notices})
    deliveries = []
    for notice in notices:
        deliveries.append(Delivery(notice=notice, channel=Delivery.Channel.IN_APP))
        if notice.person_id in accounts and accounts[notice.person_id].email:
            deliveries.append(Delivery(notice=notice, channel=Delivery.Channel.EMAIL))
    now = timezone.now()
    for delivery in deliveries:
        if delivery.channel == Delivery.Channel.IN_APP and delivery.notice.person_id in accounts:
            delivery.state, delivery.done_at = Delivery.State.DONE, now
    Delivery.objects.bulk_create(deliveries, batch_size=2_000)
    record_many(
        draft(by=by, verb=Verb.NOTICE_SENT, obj=notice, organisation_id=notice.organisation_id, kind=str(notice.kind))
        for notice in notices
    )
    return notices


def _compose(letters: list[Letter]) -> list[Notice]:
    """Language by language: changing it, and finding templates, costs as much as a short text."""
    notices = [
        Notice(
            kind=letter.kind,
            person_id=letter.person_id,
            organisation=letter.organisation,
            about_type=letter.about._meta.model_name or "",
            about_id=letter.about.pk,
            respond_until=letter.respond_until,
        )
        for letter in letters
    ]
    parts = [
        (part, kind, get_template(f"notices/{kind}_{part}.txt"))
        for kind in {letter.kind for letter in letters}
        for part in ("subject", "body")
    ]
    for short, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            for part, kind, template in parts:
                for letter, notice in zip(letters, notices, strict=True):
                    if letter.kind == kind:
                        more = {"organisation": letter.organisation, "respond_until": letter.respond_until}
                        setattr(notice, f"{part}_{short}", template.render({**letter.context, **more}).strip())
    return notices


@transaction.atomic
def mark_read(*, notice: Notice, by: Account) -> Notice:
    """The person opened the notice: that is when it was served in the account."""
    require(by, Permission.VIEW_ARCHIVE, notice)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
        Delivery.objects.filter(notice=notice, channel=Delivery.Channel.IN_APP).exclude(
            state=Delivery.State.DONE
        ).update(state=Delivery.State.DONE, done_at=notice.read_at)
        record(by=by, verb=Verb.NOTICE_READ, obj=notice)
    return notice


@transaction.atomic
def note_printed(*, notice: Notice, permission: Permission = Permission.SERVE_NOTICE, by: Account) -> Delivery:
    """The body printed the notice to serve it on paper. `permission`: by which the act that it tells of is done."""
    require(by, permission, notice)
    delivery, _created = Delivery.objects.update_or_create(
        notice=notice,
        channel=Delivery.Channel.PAPER,
        defaults={"state": Delivery.State.DONE, "done_at": timezone.now(), "done_by": by},
    )
    record(by=by, verb=Verb.NOTICE_PRINTED, obj=notice)
    return delivery


def deliver_waiting(*, by: System) -> int:
    """Send waiting e-mails, one transaction each; after five failures a delivery is marked failed. Returns how many went out."""
    require(by, Permission.RUN_SYSTEM)
    sent = 0
    while (outcome := _deliver_one()) is not None:
        sent += outcome
    return sent


@transaction.atomic
def _deliver_one() -> int | None:
    """None: nothing waits. 1: sent. 0: failed this time. The letter says only that there is a notice, not what it says."""
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("notice__organisation")
        .filter(channel=Delivery.Channel.EMAIL, state=Delivery.State.WAITING, attempts__lt=ATTEMPTS)
        .filter(next_try_at__lte=timezone.now())
        .order_by("pk")
        .first()
    )
    if delivery is None:
        return None
    delivery.attempts += 1
    reader = Account.objects.reading_for([delivery.notice.person_id]).get(delivery.notice.person_id)
    if reader is None:  # it was the account of an archive that has been parted from this one
        delivery.state, delivery.error = Delivery.State.FAILED, "no account"
        delivery.save()
        return 0
    try:
        send_mail(
            subject=_("You have a notice in your integrity archive"),
            message=_("%(body)s has a notice for you (number %(number)s). Sign in to read it: %(address)s")
            % {
                "body": delivery.notice.organisation.name,
                "number": delivery.notice.number,
                "address": f"{settings.PUBLIC_URL}/my/notices/",
            },
            from_email=None,
            recipient_list=[reader.email],
        )
    except OSError as error:
        delivery.error = type(error).__name__
        delivery.next_try_at = timezone.now() + dt.timedelta(minutes=5 * delivery.attempts)
        if delivery.attempts >= ATTEMPTS:
            delivery.state = Delivery.State.FAILED
        delivery.save()
        return 0
    delivery.state, delivery.done_at, delivery.error = Delivery.State.DONE, timezone.now(), ""
    delivery.save()
    return 1
