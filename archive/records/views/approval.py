"""Approving one or many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.records import actions
from archive.records.models import Entry, HearingAnswer
from archive.records.rules import may_approve
from profiles.common.permissions import Permission
from profiles.common.views import GatedView, Request, attempt


class Approve(GatedView):
    """Approving one or many: first a page that says what will happen, then the act."""

    permissions = (Permission.APPROVE_ENTRY,)
    template_name = "records/approve.html"
    http_method_names = ["post"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        numbers = request.POST.getlist("entry")[:1000]
        entries = list(
            Entry.objects.visible_to(request.user).with_details().filter(record__number__in=numbers).order_by("pk")
        )
        if not entries:
            messages.error(request, _("Choose at least one entry."))
            return redirect("records:entries")
        if "confirmed" in request.POST:
            approved = attempt(request, lambda: actions.approve(entries=entries, by=request.user))
            if isinstance(approved, list):
                messages.success(request, _("%(count)s entries are in force.") % {"count": len(approved)})
                if len(approved) == 1:
                    return redirect("records:entry", approved[0].record.number)
            return redirect("records:entries")
        unread = set(HearingAnswer.objects.filter(entry__in=entries, read_at=None).values_list("entry_id", flat=True))
        judged = [(entry, self._refusal(entry, unread)) for entry in entries]
        ready = [entry for entry, refusal in judged if not refusal]
        return self.render_to_response({"judged": judged, "ready": ready})

    def _refusal(self, entry: Entry, unread: set[int]) -> Any:
        if entry.state not in Entry.UNDECIDED:
            return _("This has been decided already.")
        code = may_approve(
            drafted_by_id=entry.drafted_by_id,
            approver_id=self.request.user.pk,
            unread_answers=int(entry.pk in unread),
            approvable_from=entry.approvable_from,
            needs_hearing=entry.is_adverse and not entry.eases,
            today=timezone.localdate(),
        )
        return _(actions.REFUSALS[code]) if code else ""
