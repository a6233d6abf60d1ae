"""Objections: recorded by a clerk, which marks the entry at once, and settled by a second person."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from archive.records import actions
from archive.records.dispute_forms import DisputeForm, SettleForm
from archive.records.models import Dispute, Entry
from archive.records.views.entries import RecordView
from profiles.common.permissions import Permission, can
from profiles.common.views import GatedView, Request, attempt


class DisputeNew(RecordView):
    """An objection that came on paper or at the counter: the form, a page that says what it will do, the act."""

    permissions = (Permission.MARK_DISPUTED,)
    template_name = "records/dispute_new.html"

    def _holding(self) -> Entry:
        """The entry that holds; 404 where none does."""
        entries = self.record_entries()
        holding = next((entry for entry in entries if entry.is_standing), None)
        if holding is None or any(entry.is_sealed for entry in entries):
            raise Http404
        return holding

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page(self._holding(), DisputeForm())

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry, form = self._holding(), DisputeForm(request.POST)
        if not form.is_valid():
            return self._page(entry, form, status=422)
        if "confirmed" not in request.POST:
            return self._page(entry, form, asked=form.objection(), channel=dict(Dispute.Channel.choices))
        made = attempt(
            request,
            lambda: actions.mark_disputed(entry=entry, objection=form.objection(), by=request.user),
            done=_("The entry is marked as in dispute. The person is told; a second person settles the objection."),
        )
        return redirect("records:dispute", made.code) if made else self._page(entry, form, status=422)

    def _page(self, entry: Entry, form: DisputeForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(entry=entry, form=form, **more), status=status)


class DisputeList(GatedView):
    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/disputes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Dispute.objects.visible_to(self.request.user).select_related("record", "entry__item", "person")
        page = Paginator(rows, 25).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class _DisputeView(GatedView):
    def dispute(self) -> Dispute:
        found = Dispute.objects.visible_to(self.request.user).select_related(
            "record", "entry__item", "person", "organisation", "opened_by", "settled_by"
        )
        return get_object_or_404(found, code=self.kwargs["code"])


class DisputeDetail(_DisputeView):
    permissions = (Permission.VIEW_BATCH,)
    template_name = "records/dispute.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dispute, account = self.dispute(), self.request.user
        may_settle = can(account, Permission.SETTLE_DISPUTE, dispute) and dispute.is_open
        own = dispute.opened_by_id == account.pk
        return super().get_context_data(
            dispute=dispute,
            holds=dispute.entry.is_standing,
            may_settle=may_settle and not own,
            own=may_settle and own,
            **kwargs,
        )


class DisputeSettle(_DisputeView):
    """Outcome and reasons, a page that says what they will do, the act."""

    permissions = (Permission.SETTLE_DISPUTE,)
    template_name = "records/dispute_settle.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        dispute = self.dispute()
        return self._page(dispute, SettleForm(still_holds=dispute.entry.is_standing))

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        dispute = self.dispute()
        form = SettleForm(request.POST, still_holds=dispute.entry.is_standing)
        if not form.is_valid():
            return self._page(dispute, form, status=422)
        if "confirmed" not in request.POST:
            outcome = Dispute.Outcome(form.cleaned_data["outcome"])
            return self._page(dispute, form, outcome=outcome, impossible=self._impossible(dispute, outcome))
        done = attempt(
            request,
            lambda: actions.settle_dispute(dispute=dispute, by=request.user, **form.cleaned_data),
            done=_("The objection is settled. The person is told the reasons."),
        )
        return redirect("records:dispute", dispute.code) if done else self._page(dispute, form, status=422)

    def _impossible(self, dispute: Dispute, outcome: Dispute.Outcome) -> bool:
        return outcome == Dispute.Outcome.UPHELD and dispute.entry.is_standing

    def _page(self, dispute: Dispute, form: SettleForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(dispute=dispute, form=form, **more), status=status)
