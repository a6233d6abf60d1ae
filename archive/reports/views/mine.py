"""A person's own reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.reports import actions, tasks
from archive.reports.forms import LinkForm, ReportForm, ValidityForm
from archive.reports.models import Report, VerificationUse
from archive.reports.verify import Verdict
from profiles.common.exceptions import ActionRefused
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt, pdf_response

WAITING_LONG = 20
USES_SHOWN = 50


class MyReports(GatedView):
    permissions = (Permission.REQUEST_REPORT,)
    template_name = "reports/mine.html"

    def _form(self, data: Any = None) -> ReportForm:
        groups = {row.group: row.get_group_display() for row in self.request.user.person.memberships.all()}
        return ReportForm(data, groups=list(groups.items()))

    def _context(self, form: ReportForm) -> dict[str, Any]:
        today = timezone.localdate()
        reports = Report.objects.visible_to(self.request.user)
        return {"form": form, "reports": [(report, report.is_valid_on(today)) for report in reports]}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(self._form()))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                report = actions.request_report(wish=actions.Wish(**form.cleaned_data), by=request.user)
            except ActionRefused as refusal:
                form.add_error(None, str(refusal.message))
            else:
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
            uses=[
                (use.at, dict(Verdict.choices).get(use.verdict, ""), use.verdict)
                for use in VerificationUse.objects.filter(code=report.verification_code).order_by("-at")[:USES_SHOWN]
            ],
            links=self._links(report),
            validity_form=ValidityForm(initial={"days": 30}),
            link_form=LinkForm(),
            no_worker=report.state == Report.State.REQUESTED and waited > WAITING_LONG,
            **kwargs,
        )

    def _links(self, report: Report) -> list[dict[str, Any]]:
        links = list(report.links.all())
        uses: dict[str, list[VerificationUse]] = {}
        for use in VerificationUse.objects.filter(code__in=[link.verification_code for link in links]).order_by("-at"):
            uses.setdefault(use.code, []).append(use)
        today = timezone.localdate()
        return [
            {
                "link": link,
                "live": link.ended_at is None and today <= link.valid_until,
                "uses": uses.get(link.verification_code, []),
            }
            for link in links
        ]


class ReportPdf(_ReportView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        data = attempt(request, lambda: actions.download(report=report, by=request.user))
        if data is None:
            return redirect("reports:report", report.number)
        return pdf_response(data, f"{report.number}.pdf")


class ReportEnd(_ReportView):
    """First what will happen: an end cannot be taken back."""

    template_name = "reports/end.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        links = [link for link in report.links.all() if link.is_valid_on(timezone.localdate())]
        return self.render_to_response({"report": report, "links": links})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        attempt(
            request,
            lambda: actions.end(report=report, by=request.user),
            done=_("From now on the verification page says that you have ended this report."),
        )
        return redirect("reports:report", report.number)


class ReportValidity(_ReportView):
    """Longer or shorter, from today."""

    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        form = ValidityForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: actions.set_validity(report=report, days=form.cleaned_data["days"], by=request.user),
                done=_("The verification page shows the new date."),
            )
        else:
            messages.error(request, _("Enter a number of days from 1 to 90."))
        return redirect("reports:report", report.number)


class ReportRenew(_ReportView):
    """The same report with today's data; the old one is told to be replaced once the new one is ready."""

    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        old = self.report()
        wish = actions.Wish(
            purpose=old.purpose,
            edition=Report.Edition(old.edition),
            group=old.group,
            language=Report.Language(old.language),
            reader=old.reader,
            renews=old,
        )
        report = attempt(request, lambda: actions.request_report(wish=wish, by=request.user))
        if not report:
            return redirect("reports:report", old.number)
        after_commit(tasks.issue, report.pk)
        return redirect("reports:report", report.number)


class LinkMake(_ReportView):
    """One link a reader: an own code, an own end, what may be seen."""

    template_name = "reports/link.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"report": self.report(), "form": LinkForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        form = LinkForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.make_link(report=report, **form.cleaned_data, by=request.user),
            done=_("The link is ready. Give it to this reader only: you see each of its uses."),
        ):
            return redirect("reports:report", report.number)
        return render(request, self.template_name, {"report": report, "form": form}, status=422)


class LinkEnd(_ReportView):
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report()
        link = get_object_or_404(report.links, verification_code=self.kwargs["code"])
        attempt(request, lambda: actions.end_link(link=link, by=request.user), done=_("The link has ended."))
        return redirect("reports:report", report.number)
