"""A checked list goes after its period: rows, file, names and numbers. Counts, register, trail and findings stay."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from archive.catalogue.periods import terms_of
from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.vetoes.models import Answer, Check, RecallTask, ResultFile
from archive.vetoes.results import let_go_of_result
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.permissions import Permission, System, require


def erase_lists(*, by: System) -> int:
    """Every list whose body's period is over, one transaction each. Returns how many. Safe to run twice."""
    require(by, Permission.RUN_SYSTEM)
    done, periods = 0, {}
    waiting = Check.objects.filter(batch__isnull=False, list_erased_on=None).exclude(batch__state__in=Batch.OPEN)
    for pk, asked_at, jurisdiction in waiting.order_by("pk").values_list(
        "pk", "asked_at", "organisation__jurisdiction"
    ):
        if jurisdiction not in periods:
            periods[jurisdiction] = terms_of(jurisdiction).number("check_list_days")
        if asked_at + dt.timedelta(days=periods[jurisdiction]) <= timezone.now():
            done += erase_list(check_id=pk, by=by)
    return done


@transaction.atomic
def erase_list(*, check_id: int, by: System) -> int:
    """One list, whatever its age. Who was proposed to be barred, or decided about, keeps name and number: the act needs them.

    What the check answered can still be replayed, by the archives that it found. Returns 1, or 0 where it was done before.
    """
    require(by, Permission.RUN_SYSTEM)
    check = Check.objects.select_for_update(of=("self",)).select_related("batch").get(pk=check_id)
    if check.list_erased_on is not None or check.batch is None or check.batch.is_working:
        return 0
    idle = Answer.objects.filter(check_asked=check, decision=None, proposal=None)
    idle = idle.exclude(pk__in=RecallTask.objects.open().values("answer"))  # somebody still has to look
    keys = idle.select_for_update(of=("self",)).values_list("pk", flat=True)
    erased = Answer.objects.filter(pk__in=list(keys)).update(name="", number="")
    for result in ResultFile.objects.select_for_update().filter(check_asked=check):
        let_go_of_result(result)
    intake.erase(batch=check.batch, by=by)
    check.list_erased_on = timezone.localdate()
    check.save(update_fields=["list_erased_on"])
    record(by=by, verb=Verb.LIST_ERASED, obj=check, organisation_id=check.organisation_id, people=erased)
    return 1
