"""Who looked: for the person and for the auditor. Authorisations given and withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.access import actions, sampling
from archive.access.forms import AuthorisationForm, SampleForm
from archive.access.models import Authorisation, QueryLine, Sample, SampledLine
from archive.access.tables import MyQueryFilter, MyQueryTable, RegisterFilter, RegisterTable, SampleFilter, SampleTable
from profiles.accounts.models import Account
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt


class Register(Listing):
    """For auditors; a person's account has the own lines on its own page."""

    permissions = (Permission.VIEW_TRAIL,)
    table_class = RegisterTable
    filterset_class = RegisterFilter
    template_name = "access/register.html"
    paginate_by = 50
    title = gettext_lazy("Query register")
    lead = gettext_lazy("Every query about a person: who asked, for what matter, by what right, and what was answered.")
    empty_title = gettext_lazy("Nobody has asked yet")

    def get_queryset(self) -> Any:
        return QueryLine.objects.visible_to(self.request.user).select_related("organisation")


class MyQueries(Listing):
    permissions = (Permission.VIEW_ARCHIVE,)
    table_class = MyQueryTable
    filterset_class = MyQueryFilter
    template_name = "access/my_queries.html"
    title = gettext_lazy("Who looked at your archive")
    lead = gettext_lazy("Each query by a body, and each report that you made. Lines are kept for ten years.")
    empty_title = gettext_lazy("Nobody has looked")
    empty_text = gettext_lazy("As soon as a body asks about you, it stands here with purpose and matter number.")

    def get_queryset(self) -> Any:
        return QueryLine.objects.visible_to(self.request.user).select_related("organisation")


class MyAuthorisations(GatedView):
    permissions = (Permission.AUTHORISE,)
    template_name = "access/authorisations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        rows = Authorisation.objects.visible_to(self.request.user).select_related("organisation")
        shown = [(row, row.is_live_on(today)) for row in rows]
        return super().get_context_data(authorisations=shown, **kwargs)


class Authorise(GatedView):
    permissions = (Permission.AUTHORISE,)
    template_name = "access/authorise.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": AuthorisationForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AuthorisationForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.authorise(by=request.user, **form.cleaned_data),
            done=_("The authorisation is given. You can withdraw it at any time."),
        ):
            return redirect("access:my_authorisations")
        return render(request, self.template_name, {"form": form}, status=422)


class Withdraw(GatedView):
    permissions = (Permission.AUTHORISE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        authorisation = get_object_or_404(Authorisation.objects.visible_to(request.user), code=self.kwargs["code"])
        attempt(
            request,
            lambda: actions.withdraw(authorisation=authorisation, by=request.user),
            done=_("The authorisation is withdrawn."),
        )
        return redirect("access:my_authorisations")


class Samples(Listing):
    permissions = (Permission.SAMPLE_QUERIES,)
    table_class = SampleTable
    filterset_class = SampleFilter
    template_name = "access/samples.html"
    title = gettext_lazy("Samples of queries")
    lead = gettext_lazy("Drawn at random: does each query belong to the matter that it names?")
    empty_title = gettext_lazy("No sample drawn yet")
    empty_text = gettext_lazy("Draw one: a good habit is twenty queries a month.")

    def get_queryset(self) -> Any:
        return Sample.objects.select_related("organisation", "drawn_by").annotate(
            drawn=Count("lines"),
            open=Count("lines", filter=Q(lines__finding="open")),
            questioned=Count("lines", filter=Q(lines__finding="questioned")),
        )


class DrawSample(GatedView):
    permissions = (Permission.SAMPLE_QUERIES,)
    template_name = "access/draw_sample.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        return self.render_to_response(
            {"form": SampleForm(initial={"since": today - dt.timedelta(days=30), "until": today})}
        )

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SampleForm(request.POST)
        if form.is_valid():
            sample = attempt(request, lambda: sampling.draw_sample(by=request.user, **form.cleaned_data))
            if sample is not None:
                return redirect("access:sample", sample.code)
        return render(request, self.template_name, {"form": form}, status=422)


class SampleDetail(GatedView):
    permissions = (Permission.SAMPLE_QUERIES,)
    template_name = "access/sample.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sample = get_object_or_404(Sample.objects.select_related("organisation", "drawn_by"), code=self.kwargs["code"])
        lines = list(sample.lines.select_related("judged_by"))
        asked = QueryLine.objects.filter(
            uid__in=[line.line_uid for line in lines],
            at__gte=min(line.line_at for line in lines),
            at__lte=max(line.line_at for line in lines),
        ).select_related("organisation")
        found = {line.uid: line for line in asked}
        accounts = Account.objects.in_bulk({line.account_id for line in found.values() if line.account_id})
        rows = [(line, found[line.line_uid], accounts.get(found[line.line_uid].account_id)) for line in lines]
        left = sum(line.finding == SampledLine.Finding.OPEN for line in lines)
        return super().get_context_data(sample=sample, rows=rows, left=left, findings=SampledLine.Finding, **kwargs)


class JudgeLine(GatedView):
    permissions = (Permission.SAMPLE_QUERIES,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        line = get_object_or_404(SampledLine, sample__code=self.kwargs["code"], position=self.kwargs["position"])
        attempt(
            request,
            lambda: sampling.judge_line(
                line=line, finding=request.POST.get("finding", ""), note=request.POST.get("note", ""), by=request.user
            ),
        )
        return redirect(f"{reverse('access:sample', args=[self.kwargs['code']])}#line-{line.position}")
