"""The ZIP of a list's reports: packed as a stream into private storage, given out for some days, deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.core.files.base import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake.models import let_go
from archive.reports.actions.bundles import stop_bundle
from archive.reports.models import BundleLine, ReportBundle
from archive.reports.pack import Pack
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.faults import is_disk_full
from profiles.common.permissions import Permission, System, require
from profiles.common.storage import private_storage

KEPT = dt.timedelta(days=7)
ATTEMPTS = 3
ALONE = dt.timedelta(seconds=30)  # a packer that gave a sign of life since is at work
State = ReportBundle.State


class Overtaken(Exception):
    """Somebody cancelled it, or another worker packs it."""


def pack_bundle(*, bundle_id: int, by: System) -> None:
    """Pack the file once the last report is made. Safe to run twice, to call too early, and to kill."""
    require(by, Permission.RUN_SYSTEM)
    bundle = _claim(bundle_id, by=by)
    if bundle is None:
        return
    pack = Pack(bundle, beat=_beat)
    try:
        private_storage().save_under(bundle.file.name, pack)
    except Overtaken:
        return
    except Exception as error:
        if not isinstance(error, OperationalError | InterfaceError):
            told = ReportBundle.DISK_FULL if is_disk_full(error) else type(error).__name__
            stop_bundle(bundle_id=bundle.pk, error=told, by=by)
        raise
    with transaction.atomic():
        current = ReportBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
        if not _is_ours(current, bundle):
            private_storage().delete(bundle.file.name)
            return
        current.lines.update(packed=False)
        current.lines.filter(pk__in=pack.packed).update(packed=True)
        current.state, current.size, current.finished_at = State.DONE, pack.size, timezone.now()
        current.expires_at = current.finished_at + KEPT
        current.save()
        record(by=by, verb=Verb.BUNDLE_PACKED, obj=current, reports=len(pack.packed), bytes=pack.size)


@transaction.atomic
def _claim(bundle_id: int, *, by: System) -> ReportBundle | None:
    """Whoever made the last report packs: each looks after its own last row, and one of them sees that none is open."""
    bundle = ReportBundle.objects.select_for_update(of=("self",)).filter(pk=bundle_id).first()
    if bundle is None or not bundle.is_working or bundle.lines.open().exists():
        return None
    now = timezone.now()
    if bundle.state == State.PACKING and bundle.file and bundle.heartbeat_at > now - ALONE:
        return None
    if bundle.attempts >= ATTEMPTS:
        stop_bundle(bundle_id=bundle.pk, error="worker lost three times", by=by)
        return None
    let_go(bundle)  # half a file of a worker that was lost
    bundle.file = private_storage().get_available_name("bundles/zip")
    bundle.state, bundle.attempts = State.PACKING, bundle.attempts + 1
    bundle.started_at = bundle.heartbeat_at = now
    bundle.save()
    return bundle


def _is_ours(current: ReportBundle, claimed: ReportBundle) -> bool:
    return current.state == State.PACKING and current.file.name == claimed.file.name


def _beat(bundle: ReportBundle) -> None:
    ours = ReportBundle.objects.filter(pk=bundle.pk, state=State.PACKING, file=bundle.file.name)
    if not ours.update(heartbeat_at=timezone.now()):
        raise Overtaken


@transaction.atomic
def pack_anew(*, bundle: ReportBundle, by: Account) -> ReportBundle:
    """Without the reports that were overtaken since: the index says so."""
    require(by, Permission.CHECK_PERSON, bundle)
    current = ReportBundle.objects.select_for_update(of=("self",)).get(pk=bundle.pk)
    if current.state != State.DONE or not current.lines.overtaken().exists():
        raise ActionRefused(_("The file is as it should be."))
    let_go(current)
    current.state, current.finished_at, current.attempts = State.PACKING, None, 0
    current.heartbeat_at = timezone.now()
    current.save()
    record(by=by, verb=Verb.BUNDLE_RESUMED, obj=current)
    return current


@transaction.atomic
def take_bundle(*, bundle: ReportBundle, by: Account) -> Iterator[bytes]:
    """The file in pieces. What was voided or repaired since is not handed out once more."""
    require(by, Permission.CHECK_PERSON, bundle)
    if not bundle.is_at_hand:
        raise ActionRefused(
            _("The file is not there any more, or not yet. Have the reports made again if you need it.")
        )
    overtaken = bundle.lines.overtaken().count()
    if overtaken:
        raise ActionRefused(
            _("Entries in %(count)s of these reports have changed since. Have the file packed anew without them.")
            % {"count": overtaken}
        )
    pieces: Iterator[bytes] = File(private_storage().reader(bundle.file.name)).chunks()
    record(by=by, verb=Verb.BUNDLE_TAKEN, obj=bundle, reports=bundle.lines.filter(packed=True).count())
    return pieces


def discard_bundles(*, by: System) -> int:
    """Delete files whose days are over, one transaction each. Returns how many."""
    require(by, Permission.RUN_SYSTEM)
    done = 0
    for pk in ReportBundle.objects.to_discard().values_list("pk", flat=True):
        done += _discard(pk, by=by)
    return done


@transaction.atomic
def _discard(pk: int, *, by: System) -> int:
    bundle = ReportBundle.objects.select_for_update(of=("self",)).to_discard().filter(pk=pk).first()
    if bundle is None:
        return 0
    let_go(bundle)
    bundle.save(update_fields=["file"])
    BundleLine.objects.filter(bundle=bundle).update(packed=False)
    record(by=by, verb=Verb.BUNDLE_DISCARDED, obj=bundle)
    return 1
