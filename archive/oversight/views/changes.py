"""A change of law: proposing it, seeing what it touches, approving it, following the work, the result."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.catalogue.models import Item, LegalBasis
from archive.oversight import actions, impact, tasks
from archive.oversight.forms import ApprovalForm, LawChangeForm
from archive.oversight.models import LawChange
from archive.oversight.tables import LawChangeFilter, LawChangeTable
from archive.records.models import Entry
from profiles.common.bilingual import language_suffix
from profiles.common.jobs import after_commit
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Listing, Request, attempt


class ChangeList(Listing):
    permissions = (Permission.PROPOSE_LAW_CHANGE, Permission.APPROVE_LAW_CHANGE)
    table_class = LawChangeTable
    filterset_class = LawChangeFilter
    template_name = "oversight/changes.html"
    title = gettext_lazy("Changes of law")
    lead = gettext_lazy(
        "When a law, an article or an item falls: what rests on it is counted, and ends everywhere in one approved step."
    )
    empty_title = gettext_lazy("No change of law yet")
    empty_text = gettext_lazy("Propose one when a basis of the catalogue is repealed.")

    def get_queryset(self) -> Any:
        return LawChange.objects.select_related("basis")


class Propose(GatedView):
    permissions = (Permission.PROPOSE_LAW_CHANGE,)
    template_name = "oversight/propose.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"form": LawChangeForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LawChangeForm(request.POST)
        if form.is_valid():
            change = attempt(
                request,
                lambda: actions.propose(**form.proposal, by=request.user),
                done=_("The change is proposed. A second person approves it."),
            )
            if change is not None:
                return redirect("oversight:change", change.code)
        return self.render_to_response({"form": form}, status=422)


class _ChangeView(GatedView):
    permissions: ClassVar[tuple[Permission, ...]] = (Permission.PROPOSE_LAW_CHANGE, Permission.APPROVE_LAW_CHANGE)

    def change(self) -> LawChange:
        people = ("proposed_by", "approved_by", "dropped_by")
        return get_object_or_404(LawChange.objects.select_related("basis", *people), code=self.kwargs["code"])

    def shown(self, change: LawChange, plan: dict[str, Any]) -> dict[str, Any]:
        """The plan in the page's language, with what is needed to decide."""
        short = language_suffix()
        titles = LegalBasis.objects.in_bulk()
        for row in (*plan["items"], *plan["rules"]):
            row["name"] = row[f"name_{short}"]
            row["left_bases"] = [(titles[basis["code"]], basis.get("articles", "")) for basis in row["left"]]
        states = dict(Entry.State.choices)
        for row in plan["sample"]:
            row["state_label"] = states[row["state"]]
            row["act_day"] = dt.date.fromisoformat(row["act_date"])
        own = change.proposed_by_id == self.request.user.pk
        early = change.from_date > timezone.localdate()
        item = Item.objects.newest().filter(code=change.item_code).first() if change.item_code else None
        return {"change": change, "plan": plan, "item": item, "own": own, "early": early}


class ChangeDetail(_ChangeView):
    """The impact while it waits, the progress while it is carried out, the result afterwards."""

    template_name = "oversight/change.html"

    def get_template_names(self) -> list[str]:
        return ["oversight/change_work.html"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = self.change()
        plan = impact.plan(change) if change.state == LawChange.State.PROPOSED else change.plan
        shown = self.shown(change, plan) if plan else {"change": change, "plan": None}
        return super().get_context_data(**shown, **kwargs)


class Approve(_ChangeView):
    """What will happen, once more and in short; then the one step."""

    permissions = (Permission.APPROVE_LAW_CHANGE,)
    template_name = "oversight/approve.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        change = self.change()
        if change.state != LawChange.State.PROPOSED:
            return redirect("oversight:change", change.code)
        plan = impact.plan(change)
        form = ApprovalForm(initial={"seen": impact.fingerprint(plan)})
        return self.render_to_response({**self.shown(change, plan), "form": form})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        change = self.change()
        form = ApprovalForm(request.POST)
        if not form.is_valid():
            return self.render_to_response({**self.shown(change, impact.plan(change)), "form": form}, status=422)
        approved = attempt(
            request,
            lambda: actions.approve(change=change, seen=form.cleaned_data["seen"], by=request.user),
            done=_("Approved. Items and rules have ended; the entries are being withdrawn."),
        )
        if approved is not None:
            after_commit(tasks.carry_out_law_change, change.pk)
        return redirect("oversight:change", change.code)


class Drop(_ChangeView):
    permissions = (Permission.PROPOSE_LAW_CHANGE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        change = self.change()
        attempt(
            request,
            lambda: actions.drop(change=change, by=request.user),
            done=_("The proposal was dropped. Nothing has changed."),
        )
        return redirect("oversight:change", change.code)


class Resume(_ChangeView):
    permissions = (Permission.APPROVE_LAW_CHANGE,)
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        change = self.change()
        if attempt(
            request,
            lambda: actions.resume(change=change, by=request.user),
            done=_("The work goes on where it stopped."),
        ):
            after_commit(tasks.carry_out_law_change, change.pk)
        return redirect("oversight:change", change.code)
