"""What proves an entry: adding files, withdrawing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from archive.evidence import actions as evidence
from archive.evidence.forms import EvidenceForm, WithdrawForm
from archive.evidence.models import Evidence
from archive.records.models import Entry
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt


class _EvidenceView(GatedView):
    permissions = (Permission.ADD_EVIDENCE,)

    def entry(self) -> Entry:
        """The newest entry of the record: a change is proved by its own document."""
        entry = (
            Entry.objects.visible_to(self.request.user)
            .with_details()
            .filter(record__number=self.kwargs["number"])
            .order_by("-pk")
            .first()
        )
        if entry is None:
            raise Http404
        return entry


class AddEvidence(_EvidenceView):
    template_name = "evidence/add.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response({"entry": self.entry(), "form": EvidenceForm()})

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        form = EvidenceForm(request.POST, request.FILES)
        if form.is_valid():
            answers = form.cleaned_data
            try:
                kept = evidence.keep(
                    upload=answers["file"],
                    about=entry,
                    kind=Evidence.Kind(answers["kind"]),
                    title=answers["title"],
                    by=request.user,
                )
            except ActionRefused as refusal:
                form.add_error("file", str(refusal.message))
            else:
                messages.success(request, _("The file is kept as %(code)s.") % {"code": kept.code})
                return redirect("records:entry", entry.record.number)
        response = self.render_to_response({"entry": entry, "form": form})
        response.status_code = 422
        return response


class WithdrawEvidence(_EvidenceView):
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        entries = entry.record.entries.values_list("pk", flat=True)
        row = get_object_or_404(
            Evidence.objects.visible_to(request.user).about_ids("entry", entries), code=self.kwargs["code"]
        )
        form = WithdrawForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: evidence.withdraw(evidence=row, reason=form.cleaned_data["reason"], by=request.user),
                done=_("The file was withdrawn. Nobody can open it any more."),
            )
        else:
            messages.error(request, _("Say in a sentence why the file is withdrawn."))
        return redirect("records:entry", entry.record.number)
