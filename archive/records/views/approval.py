"""Approving one or many: a page of what will happen, then the act; many are worked off step by step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.records import actions, tasks
from archive.records.models import ApprovalLine, BulkApproval, Entry
from archive.records.plan import STAYS, plan_of, stayed
from archive.records.tables import ApprovalFilter, ApprovalTable
from archive.records.views.lists import matching
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission, System, can
from profiles.common.views import GatedView, Listing, Request, attempt

LINES_A_PAGE = 50
WAITING_LONG = 20  # seconds without a worker


class Approve(GatedView):
    """The chosen rows, or all undecided ones that match the filter, become a proposal; nothing is decided yet."""

    permissions = (Permission.APPROVE_ENTRY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        query = request.POST.get("query", "") if request.POST.get("what") == "all" else None
        if query is None:
            entries: QuerySet[Entry] = Entry.objects.visible_to(request.user).chosen(
                request.POST.getlist("entry")[:1000]
            )
        else:
            found = matching(request, query)
            if found is None:
                messages.error(
                    request, _("The filter has a mistake, so nobody can say what it matches. Correct it first.")
                )
                return redirect(f"{reverse('records:entries')}?{QueryDict(query).urlencode()}")
            entries = found.filter(state__in=Entry.UNDECIDED)
        approval = attempt(
            request, lambda: actions.propose_approval(entries=entries, query=(query or "")[:2000], by=request.user)
        )
        return redirect("records:approval", approval.code) if approval else redirect("records:entries")


class ApprovalList(Listing):
    permissions = (Permission.VIEW_BATCH,)
    table_class = ApprovalTable
    filterset_class = ApprovalFilter
    title = gettext_lazy("Approvals of many entries")
    lead = gettext_lazy("Who approved which set, what took effect and what stayed as it was.")
    empty_title = gettext_lazy("No approval yet")
    empty_text = gettext_lazy("Choose entries in the list of entries and approve them together.")

    def get_queryset(self) -> Any:
        return BulkApproval.objects.visible_to(self.request.user).confirmed().select_related("account")


class _ApprovalView(GatedView):
    def approval(self) -> BulkApproval:
        return get_object_or_404(
            BulkApproval.objects.visible_to(self.request.user).select_related("account"), code=self.kwargs["code"]
        )


class ApprovalDetail(_ApprovalView):
    """What will happen; while it is carried out the progress; then what became of each."""

    permissions = (Permission.VIEW_BATCH,)

    def get_template_names(self) -> list[str]:
        return ["records/approval_body.html" if self.request.htmx else "records/approval.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        approval, today = self.approval(), timezone.localdate()
        context: dict[str, Any] = {"approval": approval, "at_once": actions.AT_ONCE}
        if approval.state == BulkApproval.State.PROPOSED:
            plan = plan_of(approval, approver=approval.account, day=today)
            context["plan"] = plan
            context["rows"] = [(entry, STAYS[entry.refusal] if entry.refusal else None) for entry in plan.rows]  # type: ignore[attr-defined]
            context["may_confirm"] = approval.account_id == self.request.user.pk
            if approval.rows_total == 1:
                context["next_entry"] = next_to_decide(self.request, after=plan.rows[0])
        else:
            lines = approval.lines.filter(outcome=ApprovalLine.Outcome.STAYS).select_related(
                "entry__record", "entry__person", "entry__item"
            )
            page = Paginator(lines.order_by("pk"), LINES_A_PAGE).get_page(self.request.GET.get("page"))
            context.update(
                page=page,
                lines=[(line.entry, STAYS[line.reason]) for line in page],
                stayed=stayed(approval),
                may_cancel=approval.is_working and can(self.request.user, Permission.APPROVE_ENTRY, approval),
                no_worker=approval.is_working
                and (timezone.now() - approval.heartbeat_at).total_seconds() > WAITING_LONG,
            )
        return super().get_context_data(**context, **kwargs)


class ApprovalConfirm(_ApprovalView):
    permissions = (Permission.APPROVE_ENTRY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        approval = self.approval()
        if "stand" not in request.POST:
            messages.error(request, _("Tick that you stand for the decision; without it nothing is approved."))
            return redirect("records:approval", approval.code)
        if not attempt(request, lambda: actions.confirm_approval(approval=approval, by=request.user)):
            return redirect("records:approval", approval.code)
        if approval.rows_total > actions.AT_ONCE:
            after_commit(tasks.carry_out_approval, approval.pk)
            return redirect("records:approval", approval.code)
        actions.carry_out_approval(approval_id=approval.pk, by=System("web"))
        approval.refresh_from_db()
        return self._told(request, approval)

    def _told(self, request: Request, approval: BulkApproval) -> HttpResponse:
        """A set that was carried out at once; one entry leads back to itself, or on to the next."""
        if approval.rows_total > 1:
            return redirect("records:approval", approval.code)
        line = approval.lines.select_related("entry__record", "entry__person").get()
        if line.outcome == ApprovalLine.Outcome.APPROVED:
            entry = line.entry
            messages.success(
                request,
                _("The approval of %(record)s, %(name)s, took effect.")
                % {"record": entry.record, "name": entry.person.name},
            )
        else:
            messages.error(request, f"{line.entry.record}: {STAYS[line.reason][0]}. {STAYS[line.reason][1]}")
        onward = next_to_decide(request, after=line.entry) if request.POST.get("go") == "next" else None
        return redirect("records:entry", (onward or line.entry).record.number)


class ApprovalCancel(_ApprovalView):
    permissions = (Permission.APPROVE_ENTRY,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        approval = self.approval()
        attempt(
            request,
            lambda: actions.cancel_approval(approval=approval, by=request.user),
            done=_("Stopped. What was approved before stays approved; the rest is as it was."),
        )
        return redirect("records:approval", approval.code)


def next_to_decide(request: Request, *, after: Entry) -> Entry | None:
    """The next entry that waits for this approver, longest waiting first; after the last one the first."""
    return (
        Entry.objects.visible_to(request.user)
        .to_decide(approver_id=request.user.pk, day=timezone.localdate())
        .next_after(after)
    )
