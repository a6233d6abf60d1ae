"""Reports that a body has made after a check."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from archive.reports import tasks
from archive.reports.actions import bodies
from archive.reports.models import Report
from archive.vetoes.models import Answer
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt, pdf_response

WAITING_LONG = 20


class BodyReports(GatedView):
    """The reports of an answer; a post has one made."""

    permissions = (Permission.CHECK_PERSON,)
    template_name = "reports/body.html"

    def get_template_names(self) -> list[str]:
        return ["reports/body_inner.html"] if self.request.htmx else [self.template_name]

    def answer(self) -> Answer:
        return get_object_or_404(
            Answer.objects.visible_to(self.request.user).select_related("check_asked", "organisation"),
            code=self.kwargs["code"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answer, today = self.answer(), timezone.localdate()
        reports = list(Report.objects.made_for(self.request.user).filter(answer=answer))
        waiting = [report for report in reports if report.state == Report.State.REQUESTED]
        waited = [(timezone.now() - report.heartbeat_at).total_seconds() for report in waiting]
        return super().get_context_data(
            answer=answer,
            asked=answer.check_asked,
            closed=answer.outcome in bodies.CLOSED,
            reports=[(report, report.is_valid_on(today)) for report in reports],
            waiting=bool(waiting),
            no_worker=any(seconds > WAITING_LONG for seconds in waited),
            **kwargs,
        )

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = self.answer()
        report = attempt(request, lambda: bodies.request_for_body(answer=answer, by=request.user))
        if report:
            after_commit(tasks.issue, report.pk)
        return redirect("reports:for_body", answer.code)


class BodyReportPdf(GatedView):
    permissions = (Permission.CHECK_PERSON,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        made = Report.objects.made_for(request.user).select_related("answer")
        report = get_object_or_404(made, number=self.kwargs["number"])
        data = attempt(request, lambda: bodies.read_by_body(report=report, by=request.user))
        if data is None:
            assert report.answer is not None, "made for a body"
            return redirect("reports:for_body", report.answer.code)
        return pdf_response(data, f"{report.number}.pdf")
