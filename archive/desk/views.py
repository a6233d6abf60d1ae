"""Home pages by role, the calendar, the gallery of components."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from archive.common import calendar
from archive.common.models import CalendarDay, CalendarYear
from archive.desk import queries
from profiles.common.permissions import Permission
from profiles.common.tones import TONES
from profiles.common.views import GatedView, Request


class Desk(GatedView):
    """What waits for you. Persons land in their archive."""

    permissions = tuple(Permission)
    template_name = "desk/home.html"

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not request.user.roles:
            return self.render_roleless(request)
        return super().dispatch(request, *args, **kwargs)

    def render_roleless(self, request: Request) -> HttpResponse:
        return TemplateView.as_view(template_name="desk/no_role.html")(request)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.person_id is not None:
            return redirect("records:my_archive")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(tiles=queries.tiles(self.request.user, today), today=today, **kwargs)


class Calendar(TemplateView):
    """The working days by which deadlines are counted; open to everybody."""

    template_name = "desk/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        year = int(kwargs.pop("year", today.year))
        years = list(CalendarYear.objects.order_by("-year").values_list("year", flat=True))
        return super().get_context_data(
            year=year,
            years=years,
            known=year in years,
            missing=calendar.missing_year(today),
            days=CalendarDay.objects.filter(date__year=year),
            **kwargs,
        )


class Gallery(TemplateView):
    """All components on one page, for those who build screens."""

    template_name = "desk/gallery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        from archive.vetoes.forms import DecisionForm

        form = DecisionForm({})
        form.is_valid()
        return super().get_context_data(
            tones=sorted(TONES), form=form, steps=[_("Upload"), _("Rehearsal"), _("Decide")], **kwargs
        )
