"""Who reports, who is late, who is silent; and reminding those that owe their statement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archive.oversight import actions, chart, figures
from archive.oversight.forms import ReminderForm
from archive.oversight.tables import BodyFilter, BodyTable, shown_years
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt
from profiles.organisations.models import Organisation


def wanted_year(text: str | None) -> int:
    """The year asked for, or the last one that is over."""
    years = shown_years()
    return int(text) if text and text.isdigit() and int(text) in years else years[-2]


class WhoReports(Listing):
    permissions = (Permission.OVERSEE,)
    table_class = BodyTable
    filterset_class = BodyFilter
    template_name = "oversight/bodies.html"
    title = gettext_lazy("Who reports")
    lead = gettext_lazy(
        "All bodies that are competent to report, by the year of the documents: "
        "in time, late, stated that there was nothing, or silent."
    )
    empty_title = gettext_lazy("No body is competent to report in this year")
    empty_text = gettext_lazy("Competences are given by the system administrator.")

    def get_queryset(self) -> Any:
        return Organisation.objects.filter(competences__role="report").distinct()

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_filterset_kwargs(filterset_class)
        data = (kwargs["data"] or self.request.GET).copy()
        data["year"] = str(self.year)
        return {**kwargs, "data": data}

    @cached_property
    def year(self) -> int:
        return wanted_year(self.request.GET.get("year"))

    @cached_property
    def standings(self) -> list[figures.Standing]:
        return figures.standings(shown_years(), self.object_list, day=timezone.localdate())

    def get_table_data(self) -> list[figures.Standing]:
        of_year = [row for row in self.standings if row.year == self.year]
        wanted = self.filterset.form.cleaned_data.get("standing") if self.filterset.form.is_valid() else ""
        return [row for row in of_year if row.code == wanted] if wanted else of_year

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        counts = figures.tally(self.standings)
        years = shown_years()
        of_year = [row for row in self.standings if row.year == self.year]
        asked = {name: value for name, value in context["filter"].data.items() if name != "year" and value}
        context.update(
            year=self.year,
            bars=chart.bars(counts, years),
            height=chart.height(years),
            width=chart.WIDTH,
            legend=figures.STANDINGS.items(),
            counts=[(code, label, counts[self.year][code]) for code, label in figures.STANDINGS.items()],
            owing=sum(row.overdue for row in of_year),
            never=sum(row.never_reported for row in of_year),
            is_filtered=any(asked.get(name) for name in ("standing", "group", "jurisdiction", "name")),
        )
        return context


class Remind(GatedView):
    """First who would be reminded, then the act."""

    permissions = (Permission.OVERSEE,)
    template_name = "oversight/remind.html"

    def _owing(self, year: int) -> list[figures.Standing]:
        bodies = Organisation.objects.filter(competences__role="report").distinct()
        chosen = BodyFilter(self.request.GET, queryset=bodies).qs
        found = figures.standings(range(year, year + 1), chosen, day=timezone.localdate())
        return [row for row in found if row.overdue]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        year = wanted_year(request.GET.get("year"))
        today = timezone.localdate()
        owing = [
            (row, row.reminded_at is not None and timezone.localtime(row.reminded_at).date() == today)
            for row in self._owing(year)
        ]
        return self.render_to_response({"year": year, "owing": owing, "form": ReminderForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        year = wanted_year(request.POST.get("year"))
        form = ReminderForm(request.POST)
        chosen = set(request.POST.getlist("body"))
        bodies = [row.organisation for row in self._owing(year) if row.organisation.code in chosen]
        if not form.is_valid():
            messages.error(request, _("The message is longer than 300 characters. Shorten it."))
        elif not bodies:
            messages.error(request, _("Choose at least one body."))
        else:
            sent = attempt(
                request,
                lambda: actions.remind(
                    organisations=bodies, year=year, text=form.cleaned_data["text"], by=request.user
                ),
            )
            if isinstance(sent, list):
                messages.success(
                    request,
                    ngettext("%(n)s body was reminded.", "%(n)s bodies were reminded.", len(sent)) % {"n": len(sent)},
                )
        address = redirect("oversight:bodies").url
        return redirect(f"{address}?year={year}")
