"""Reports of a whole list that was checked: what will happen, progress, the file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.intake.views import time_left
from archive.reports import actions, tasks
from archive.reports.models import BundleLine, ReportBundle
from archive.reports.plan import REMEDIES, plan_of
from archive.reports.tables import BundleLineFilter, BundleLineTable
from archive.vetoes.models import Check
from profiles.common.exceptions import ActionRefused
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt

WAITING_LONG = 45  # seconds: a turn of another work, and some more
SHARES = 2  # workers that share a list
STOPPED: dict[str, Any] = {
    ReportBundle.DISK_FULL: gettext_lazy("The disk is full. Tell the system administrator; then set it going again."),
    ReportBundle.NOT_PERMITTED: gettext_lazy(
        "Whoever asked for it may not check people any more. A colleague who may can set it going again."
    ),
}


@dataclass(frozen=True)
class Progress:
    """As the progress bar and the clock want it."""

    rows_done: int
    rows_total: int
    started_at: Any

    @property
    def percent(self) -> int:
        return round(100 * self.rows_done / self.rows_total) if self.rows_total else 0


class BundleAsk(GatedView):
    """First what will happen, with the earlier ones; then the order."""

    permissions = (Permission.CHECK_PERSON,)
    template_name = "reports/bundle_ask.html"

    def asked(self) -> Check:
        checks = Check.objects.visible_to(self.request.user).filter(batch__isnull=False, known_at__isnull=False)
        return get_object_or_404(checks.select_related("batch", "organisation"), code=self.kwargs["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked()
        plan, refusal = None, ""
        try:
            plan = plan_of(asked, organisation=self.request.user.organisation, day=timezone.localdate())
        except ActionRefused as refused:
            refusal = str(refused.message)
        bundles = list(ReportBundle.objects.visible_to(self.request.user).filter(check_asked=asked))
        return super().get_context_data(
            asked=asked,
            plan=plan,
            refusal=refusal,
            bundles=bundles,
            working=next((bundle for bundle in bundles if bundle.is_working), None),
            limit=actions.LIMIT,
            kept=actions.KEPT.days,
            **kwargs,
        )

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.asked()
        bundle = attempt(request, lambda: actions.ask_for_bundle(asked=asked, by=request.user))
        if not bundle:
            return render(request, self.template_name, self.get_context_data(**kwargs), status=422)
        for _share in range(SHARES):
            after_commit(tasks.make_bundle, bundle.pk)
        return redirect("reports:bundle", bundle.code)


class _BundleView:
    kwargs: dict[str, Any]
    request: Request

    def bundle(self) -> ReportBundle:
        return get_object_or_404(
            ReportBundle.objects.visible_to(self.request.user).select_related("check_asked", "account", "organisation"),
            code=self.kwargs["code"],
        )


class BundleDetail(_BundleView, Listing):
    """Progress that can be left and come back to; then the file, and every row with its report or why there is none."""

    permissions = (Permission.CHECK_PERSON,)
    table_class = BundleLineTable
    filterset_class = BundleLineFilter
    template_name = "reports/bundle.html"
    empty_title = gettext_lazy("No row of this kind")

    def get_template_names(self) -> list[str]:
        return ["reports/bundle_body.html"] if self.request.htmx else [self.template_name]

    def get_queryset(self) -> Any:
        return self.bundle().lines.select_related("answer", "report")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bundle = self.bundle()
        tally = bundle.lines.tally()
        open_rows = tally.get("waiting", 0) + tally.get("making", 0)
        # Rows that can have none are told at once; the clock runs for the others.
        begun = bundle.lines.filter(report__isnull=False).count() + tally.get("waiting", 0)
        progress = Progress(max(begun - open_rows, 0), begun, bundle.started_at)
        waited = (timezone.now() - bundle.heartbeat_at).total_seconds()
        labels = dict(BundleLine.State.choices)
        return super().get_context_data(
            bundle=bundle,
            asked=bundle.check_asked,
            progress=progress,
            left=time_left(progress) if bundle.state == ReportBundle.State.RUNNING else "",
            tallies=[(value, labels[value], tally[value]) for value in BundleLine.State.values if tally.get(value)],
            chosen=self.request.GET.get("state", ""),
            reasons=[
                (dict(BundleLine.Why.choices)[why], REMEDIES[why], count) for why, count in bundle.lines.reasons()
            ],
            overtaken=bundle.lines.overtaken().count(),
            stopped=STOPPED.get(
                bundle.error,
                _("What was made is kept. Set it going again; if it stops again, tell the system administrator."),
            ),
            no_worker=bundle.is_working and waited > WAITING_LONG,
            **kwargs,
        )


class BundleFile(_BundleView, GatedView):
    permissions = (Permission.CHECK_PERSON,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        bundle = self.bundle()
        pieces = attempt(request, lambda: actions.take_bundle(bundle=bundle, by=request.user))
        if pieces is None:
            return redirect("reports:bundle", bundle.code)
        return StreamingHttpResponse(
            pieces,
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{bundle.code}.zip"',
                "Content-Length": str(bundle.size),
                "Cache-Control": "private, no-store",
            },
        )


class _BundleAct(ABC, _BundleView, GatedView):
    """A post that moves the work on."""

    permissions = (Permission.CHECK_PERSON,)
    http_method_names = ["post"]
    done: Any = ""
    works = True  # is there something for a worker afterwards?

    @abstractmethod
    def act(self, bundle: ReportBundle) -> Any:
        """Move it on."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        bundle = self.bundle()
        if attempt(request, lambda: self.act(bundle), done=self.done) and self.works:
            for _share in range(SHARES):
                after_commit(tasks.make_bundle, bundle.pk)
        return redirect("reports:bundle", bundle.code)


class BundleCancel(_BundleAct):
    done = gettext_lazy("Cancelled. Reports that were made stay with their answers.")
    works = False

    def act(self, bundle: ReportBundle) -> Any:
        return actions.cancel_bundle(bundle=bundle, by=self.request.user)


class BundleResume(_BundleAct):
    def act(self, bundle: ReportBundle) -> Any:
        return actions.resume_bundle(bundle=bundle, by=self.request.user)


class BundlePack(_BundleAct):
    def act(self, bundle: ReportBundle) -> Any:
        return actions.pack_anew(bundle=bundle, by=self.request.user)
