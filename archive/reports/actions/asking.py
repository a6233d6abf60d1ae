"""Asking for a report: compiled and frozen in the transaction that read the archive."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access import actions as access
from archive.access.models import Purpose
from archive.reports import rules
from archive.reports.compile import compile_report, shown_entries
from archive.reports.freezing import freeze
from archive.reports.models import Report
from archive.reports.wishes import PURPOSE_LIMIT, READER_LIMIT, end_of_validity, one_line
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission, require


@dataclass(frozen=True)
class Wish:
    """What the person wants: edition, profession, language, reader, how many days it is to be valid, which report it renews."""

    purpose: str = ""
    edition: Report.Edition = Report.Edition.FULL
    group: str = ""
    language: Report.Language = Report.Language.CHINESE
    reader: str = ""
    days: int = rules.LONGEST
    renews: Report | None = None


@transaction.atomic
def request_report(*, wish: Wish, by: Account) -> Report:
    """The person's own report: compiled and frozen now, made into a signed PDF by a worker."""
    require(by, Permission.REQUEST_REPORT)
    assert by.person is not None, "only persons hold REQUEST_REPORT"
    now = timezone.now()
    today = timezone.localdate(now)
    report = Report(
        person=by.person,
        requested_by=by,
        purpose=one_line(wish.purpose, PURPOSE_LIMIT) or ("本人查阅" if wish.language == "zh" else "own reading"),
        edition=wish.edition,
        group=wish.group,
        language=wish.language,
        reader=one_line(wish.reader, READER_LIMIT),
        as_of=now,
        valid_until=end_of_validity(as_of=today, today=today, days=wish.days),
        renews=wish.renews,
    )
    if wish.group and not by.person.memberships.filter(group=wish.group).exists():
        raise ActionRefused(_("You are not enrolled in this profession. Choose one of yours, or the general report."))
    entries = shown_entries(report)
    content = compile_report(report, entries)
    if wish.edition == Report.Edition.CERTIFICATE and content["adverse"]:
        raise ActionRefused(
            _(
                "Adverse entries are on display (%(count)s), so this certificate cannot be made."
                " A full report shows them as they are."
            )
            % {"count": len(content["adverse"])}
        )
    if wish.edition == Report.Edition.CERTIFICATE:
        content |= {name: [] for name in ("memberships", "positive", "pledges", "queries", "coverage")}
        content["counts"] = dict.fromkeys(content["counts"], 0)
        entries = []
    freeze(report, content, entries)
    access.register(purpose=Purpose.OWN_REPORT, asked=[access.Asked(report.person_id)], organisation=None, by=by)
    record(by=by, verb=Verb.REPORT_REQUESTED, obj=report, edition=str(wish.edition))
    return report
