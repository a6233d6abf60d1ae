"""A person's own reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.reports import actions, tasks
from archive.reports.forms import ReportForm
from archive.reports.models import Report, VerificationUse
from archive.reports.verify import Verdict
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt, pdf_response

WAITING_LONG = 20


class MyReports(GatedView):
    permissions = (Permission.REQUEST_REPORT,)
    template_name = "reports/mine.html"

    def _context(self, form: ReportForm) -> dict[str, Any]:
        today = timezone.localdate()
        reports = Report.objects.visible_to(self.request.user)
        return {"form": form, "reports": [(report, report.is_valid_on(today)) for report in reports]}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(ReportForm()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReportForm(request.POST)
        if form.is_valid():
            report = attempt(
                request, lambda: actions.request_report(purpose=form.cleaned_data["purpose"], by=request.user)
            )
            if report:
                after_commit(tasks.issue, report.pk)
                return redirect("reports:report", report.number)
        return render(request, self.template_name, self._context(form), status=422)


class _ReportView(GatedView):
    permissions = (Permission.REQUEST_REPORT,)

    def report(self) -> Report:
        return get_object_or_404(Report.objects.visible_to(self.request.user), number=self.kwargs["number"])


class ReportDetail(_ReportView):
    """Progress while it is made, then the file, its code and who used it."""

    template_name = "reports/report.html"

    def get_template_names(self) -> list[str]:
        return ["reports/report_body.html"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.report()
        waited = (timezone.now() - report.heartbeat_at).total_seconds()
        return super().get_context_data(
            report=report,
            valid=report.is_valid_on(timezone.localdate()),
            uses=VerificationUse.objects.filter(code=report.verification_code).order_by("-at")[:50],
            no_worker=report.state == Report.State.REQUESTED and waited > WAITING_LONG,
            verdicts=dict(Verdict.choices),
            **kwargs,
        )


class ReportPdf(_ReportView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        data = attempt(request, lambda: actions.download(report=report, by=request.user))
        if data is None:
            return redirect("reports:report", report.number)
        return pdf_response(data, f"{report.number}.pdf")


class ReportEnd(_ReportView):
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        attempt(
            request,
            lambda: actions.end(report=report, by=request.user),
            done=_("From now on the verification page says that you have ended this report."),
        )
        return redirect("reports:report", report.number)
