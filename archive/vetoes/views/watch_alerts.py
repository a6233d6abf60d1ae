"""Alerts of continuous checks: what changed, and what follows from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.vetoes import actions
from archive.vetoes.explain import explain
from archive.vetoes.models import WatchAlert
from archive.vetoes.watch_tables import AlertFilter, AlertTable
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Listing, Request, attempt


class Alerts(Listing):
    permissions = (Permission.VIEW_CHECK,)
    table_class = AlertTable
    filterset_class = AlertFilter
    template_name = "vetoes/watch_alerts.html"
    title = gettext_lazy("Alerts of continuous checks")
    lead = gettext_lazy("Persons whom your body has watched and whose answer has changed, newest first.")
    empty_title = gettext_lazy("No alert")
    empty_text = gettext_lazy("As soon as the answer about a watched person changes, it stands here.")

    def get_queryset(self) -> Any:
        return WatchAlert.objects.visible_to(self.request.user).select_related("order", "before", "answer__check_asked")


class _AlertView(GatedView):
    def alert(self) -> WatchAlert:
        alerts = WatchAlert.objects.visible_to(self.request.user).select_related(
            "order", "before__check_asked", "answer__check_asked", "answer__decision", "seen_by"
        )
        return get_object_or_404(alerts, code=self.kwargs["code"])


class AlertDetail(_AlertView):
    permissions = (Permission.VIEW_CHECK,)
    template_name = "vetoes/watch_alert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alert = self.alert()
        before, now = explain(alert.before), explain(alert.answer)
        were = {_key(row) for row in before}
        are = {_key(row) for row in now}
        return super().get_context_data(
            alert=alert,
            answer=alert.answer,
            asked=alert.answer.check_asked,
            new=[row for row in now if _key(row) not in were],
            gone=[row for row in before if _key(row) not in are],
            kept=[row for row in now if _key(row) in were],
            may_note=alert.seen_at is None and can(self.request.user, Permission.DECIDE_CHECK, alert),
            **kwargs,
        )


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    finding = row["finding"]
    return row["rule"].code, finding.clause, finding.entry_id, finding.effect, finding.until, finding.doubt


class AlertNote(_AlertView):
    permissions = (Permission.DECIDE_CHECK,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        alert = self.alert()
        attempt(request, lambda: actions.note_alert(alert=alert, by=request.user), done=_("You have taken note of it."))
        if alert.answer.awaits_decision:
            return redirect("vetoes:answer", alert.answer.code)
        return redirect("vetoes:watch_alerts")
