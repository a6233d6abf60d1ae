"""Why a date is what it is: one page for each date of an entry and for the days of a revocation."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.catalogue.periods import settings_of
from archive.common import calendar
from archive.common.models import CalendarDay
from archive.records.explain import TITLES, explain, working_days
from archive.records.models import Entry, Revocation, Service
from profiles.common.permissions import Permission
from profiles.common.views import GatedView


def _names() -> dict[Any, str]:
    return {day.date: day.name for day in CalendarDay.objects.all()}


class WhyDate(GatedView):
    """For the body and for the person alike."""

    permissions = (Permission.VIEW_ENTRY,)
    template_name = "records/why.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number, clock = self.kwargs["number"], self.kwargs["clock"]
        entry = get_object_or_404(
            Entry.objects.visible_to(self.request.user).unsealed().at(number, self.kwargs["position"]).with_details()
        )
        if clock not in TITLES:
            raise Http404
        service = Service.objects.filter(entry=entry).first()
        served_on = service.served_on if service else None
        if served_on is None and entry.notified_at is not None and entry.approvable_from is not None:
            served_on = timezone.localtime(entry.notified_at).date()  # by the account
        found = explain(
            entry,
            clock,
            settings=settings_of(entry.organisation.jurisdiction),
            days=calendar.current(),
            names=_names(),
            served_on=served_on,
        )
        own = self.request.user.person_id is not None
        back = (
            (reverse("records:my_archive"), _("My archive"))
            if own
            else (reverse("records:entry", args=[number]), number)
        )
        more = {"why": found, "subject": entry.item.name, "service": service, "back": back}
        return super().get_context_data(**kwargs, **more)


class WhyDeadline(GatedView):
    """The days within which a revocation must be carried out."""

    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/why.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revocation = get_object_or_404(
            Revocation.objects.visible_to(self.request.user).select_related("organisation"), code=self.kwargs["code"]
        )
        found = working_days(
            _("Last day to carry out the revocation"),
            revocation.learned_on,
            revocation.working_days,
            stored=revocation.deadline,
            days=calendar.current(),
            names=_names(),
        )
        found.start_means = _("day on which your body learned of it")
        found.settings = [settings_of(revocation.organisation.jurisdiction)["revoked_base_working_days"]]
        back = (reverse("records:revocation", args=[revocation.code]), revocation.code)
        more = {"why": found, "subject": revocation.document_number, "number": revocation.code, "back": back}
        return super().get_context_data(**kwargs, **more)
